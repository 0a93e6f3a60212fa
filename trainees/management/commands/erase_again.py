"""`manage.py erase_again`: who was erased and is back from an older backup."""

from django.core.management.base import BaseCommand, CommandError

from trainees.services.erased_again import erase_again


class Command(BaseCommand):
    help = "Erases again whom an older backup has brought back; for after a restore."

    def handle(self, **options):
        if left := erase_again(say=self.stdout.write):
            raise CommandError(f"{left} stay: do first what is said above, then run this once more")
