"""`manage.py demo`: load the demo municipality."""

import logging
import secrets
import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from izmek.acts.refusal import Refusal
from izmek.site.demo.build import build

PASSWORD = "izmek-demo"  # noqa: S105  (public, and only where DEBUG says that this is a trial)


class Command(BaseCommand):
    help = (
        "Load the demo municipality: centres, courses, invented people, exhibitions with drawn "
        "works. Changes nothing when it is there already."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--force",
            action="store_true",
            help="load it where DEBUG is off as well; the sign-ins then get a password of chance",
        )
        parser.add_argument("--password", help="the password of the sign-ins, with --force")
        parser.add_argument(
            "--pictures",
            type=int,
            default=sys.maxsize,
            metavar="N",
            help="draw at most so many pictures: quicker, and barer",
        )

    def handle(self, *, force, password, pictures, **options):
        if not settings.DEBUG and not force:
            raise CommandError(
                "DEBUG is off, so this may be a real site. With --force the demo is loaded all the "
                "same, and every page will say that it is one."
            )
        password = PASSWORD if settings.DEBUG else password or secrets.token_urlsafe(12)
        logging.getLogger("django_tasks").setLevel(logging.WARNING)  # hundreds, each in order
        began = time.monotonic()
        try:
            loaded = build(password=password, most_pictures=pictures)
        except Refusal as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        if not loaded:
            self.stdout.write("The demo is loaded already; nothing was changed.")
            return
        self.stdout.write(f"The demo is loaded ({time.monotonic() - began:.0f} s).")
        if not settings.DEBUG:
            self.stdout.write(
                f"Password of yonetici, merkez, ogretmen, kurator, denetci: {password}"
            )
