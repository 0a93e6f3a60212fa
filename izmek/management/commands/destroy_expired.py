from django.core.management.base import CommandError

from izmek.acts.upkeep import ByTheClock
from izmek.privacy import destruction


class Command(ByTheClock):
    help = (
        "Destroys what is kept no longer: docs/operating.md lists the periods. Works in batches and can "
        "be stopped at any moment."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count what would go")
        parser.add_argument(
            "--only",
            choices=[kind.key for kind in destruction.kinds()],
            help="one kind alone; it does not count as the periodic destruction",
        )

    def handle(self, *, dry_run, only, **options):
        for kind in destruction.kinds():
            if only not in (None, kind.key):
                continue
            number = destruction.count(kind)
            if number:
                self.stdout.write(
                    f"{number} {kind.key}, kept for {kind.period.length} {kind.period.unit}"
                )
        if dry_run:
            return
        done = destruction.destroy_expired(only=only)
        failed = done.pop(destruction.FAILED, 0)
        if left := done.pop(destruction.LEFT, 0):
            self.stdout.write(f"left until what is open is done: {left} people")
        for table, number in sorted(done.items()):
            self.stdout.write(f"destroyed: {number} {table}")
        if failed:
            raise CommandError(f"{failed} rows could not be destroyed; the log names them")
        if not done:
            self.stdout.write("Nothing is over.")
