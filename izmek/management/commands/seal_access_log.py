"""`manage.py seal_access_log`: seal the days of the access log that are over (izmek/acts/seals.py).

And write down here who was erased on other hosts.
"""

from django.core.management.base import CommandError

from izmek.acts import seals
from izmek.acts.refusal import Refusal
from izmek.acts.upkeep import ByTheClock
from izmek.media.room import StorageAway


class Command(ByTheClock):
    help = (
        "Seals the days of the access log that are over, in the database and outside of it; gathers "
        "there who was erased on other hosts."
    )

    def handle(self, **options):
        try:
            sealed = seals.seal_days(say=self.stdout.write)
        except Refusal as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        except OSError as error:
            raise CommandError(
                f"The seals are in the database alone, outside nothing could be written: {error}"
            ) from None
        self.stdout.write(f"{sealed} days sealed.")
        try:
            gathered = seals.gather_erased()
        except (OSError, StorageAway):
            raise CommandError("Who was erased on other hosts could not be noted here.") from None
        if gathered:
            self.stdout.write(f"{gathered} lines of {seals.ERASED} from other hosts.")
