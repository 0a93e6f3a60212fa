"""`manage.py find_names`: look for names without consent in all public texts; for a timer, every night."""

from django.core.management.base import BaseCommand

from exhibitions.services import find_named_texts


class Command(BaseCommand):
    help = "Looks through all public texts for names without consent; staff see what is found."

    def handle(self, **options):
        self.stdout.write(f"{find_named_texts()} found")
