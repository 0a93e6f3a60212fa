"""`manage.py find_look_alikes`: who may be on record twice; for a timer, every night."""

from izmek.acts.merging import close_old
from izmek.acts.upkeep import ByTheClock
from trainees.services import find_look_alikes


class Command(ByTheClock):
    help = "Finds pairs of records that may be one person; closes the merges that are older than a week."

    def handle(self, **options):
        found, closed = find_look_alikes(), close_old()
        self.stdout.write(f"{found.pairs} pairs, {found.gone} look alike no more")
        if found.too_large:
            self.stdout.write(
                f"{found.too_large} blocks were too large and left out (a telephone of very many people)"
            )
        if closed:
            self.stdout.write(f"{closed} merges can no longer be undone")
