"""`manage.py send_letters`: send what is due, first or again, and ask what became of text messages; for a
timer, every minute or so."""

from izmek.acts.letters import ask_reports, send_due
from izmek.acts.upkeep import ByTheClock
from izmek.models import Letter


class Command(ByTheClock):
    help = "Sends the letters that are due, also those that failed before."

    def handle(self, **options):
        sent = send_due()
        ask_reports()
        waiting = Letter.objects.waiting().count()
        self.stdout.write(f"{sent} sent, {waiting} wait for another try")
