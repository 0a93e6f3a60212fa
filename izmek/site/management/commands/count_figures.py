"""`manage.py count_figures`: count every education year again; for a timer, every night."""

from izmek.acts.upkeep import ByTheClock
from izmek.site.figures import counted_through, years
from trainees.services import recount


class Command(ByTheClock):
    help = "Counts the figures of all education years again, so that corrections arrive there."

    def handle(self, **options):
        through = counted_through()
        counted = [recount(year=year, through=through) for year in years(through)]
        self.stdout.write(f"{len(counted)} years counted")
