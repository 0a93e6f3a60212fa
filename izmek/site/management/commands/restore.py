"""`manage.py restore FILE`: a backup comes back, compared with what it says of itself."""

from django.core.management.base import BaseCommand, CommandError

from izmek.acts.refusal import Refusal
from izmek.media.room import StorageAway
from izmek.site.backup.restoring import restore


class Command(BaseCommand):
    help = "Restores a backup: database, photos, seals of the access log."
    requires_migrations_checks = False
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument(
            "--identity", help="the file with the private half of the key (of age-keygen)"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="in the place of the rows and photos that are there",
        )

    def handle(self, *, file, identity, replace, **options):
        try:
            restore(file, identity=identity, replace=replace, say=self.stdout.write)
        except (Refusal, StorageAway) as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        except FileNotFoundError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            "Restored. Now `manage.py migrate`, start all processes again, and `manage.py doctor`."
        )
