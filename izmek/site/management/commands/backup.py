"""`manage.py backup`: everything into one encrypted file that was tried out."""

from django.core.management.base import CommandError

from izmek.acts.refusal import Refusal
from izmek.acts.upkeep import ByTheClock
from izmek.media.room import StorageAway
from izmek.site.backup.making import back_up


class Command(ByTheClock):
    help = (
        "Makes a backup in BACKUP_FOLDER, tries it out, and deletes those that no generation keeps."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--plain",
            action="store_true",
            help="without encryption, whatever BACKUP_RECIPIENT says",
        )

    def handle(self, *, plain, **options):
        try:
            file = back_up(plain=plain, say=self.stdout.write)
        except (Refusal, StorageAway) as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(str(file))
