"""`manage.py erase_again`: who was erased and is back from an older backup."""

from django.core.management.base import BaseCommand, CommandError

from izmek.media.room import StorageAway
from trainees.services.erased_again import erase_again


class Command(BaseCommand):
    help = "Erases again whom an older backup has brought back; for after a restore."

    def handle(self, **options):
        try:
            left = erase_again(say=self.stdout.write)
        except StorageAway as away:
            raise CommandError(" ".join(away.messages)) from None
        if left:
            raise CommandError(f"{left} stay: do first what is said above, then run this once more")
