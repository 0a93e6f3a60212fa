"""`manage.py find_names`: look for names without consent in all public texts; for a timer, every night."""

from exhibitions.services import find_named_texts
from izmek.acts.upkeep import ByTheClock


class Command(ByTheClock):
    help = "Looks through all public texts for names without consent; staff see what is found."

    def handle(self, **options):
        self.stdout.write(f"{find_named_texts()} found")
