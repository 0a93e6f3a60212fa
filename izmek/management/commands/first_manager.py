"""`manage.py first_manager USERNAME E-MAIL`: prints the link for who invites all others."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from izmek.accounts.invitations import invite_first_manager
from izmek.acts.refusal import Refusal


class Command(BaseCommand):
    help = "Opens the account of the first manager and prints the link at which they choose a password."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("email")

    def handle(self, *, username, email, **options):
        try:
            address = invite_first_manager(username=username, email=email)
        except Refusal as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(
            f"{username} chooses a password here, within {settings.INVITATION_DAYS} days; whoever has the "
            f"link can do so:\n{address}"
        )
