"""`manage.py populate`: load a town of a given size, to see how fast the site is with it."""

import secrets
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from izmek.acts.refusal import Refusal
from izmek.site.management.commands.demo import PASSWORD
from izmek.site.populate.build import build
from izmek.site.populate.town import SIZES


class Command(BaseCommand):
    help = (
        "Load invented people, courses and exhibitions by the thousand, to measure with. On SQLite "
        "a tenth of the size. Wants a database without people."
    )

    def add_arguments(self, parser):
        parser.add_argument("size", nargs="?", default="small", choices=sorted(SIZES))
        parser.add_argument("--seed", type=int, default=1, help="another one gives other rows")
        parser.add_argument(
            "--force",
            action="store_true",
            help="load it where DEBUG is off as well; the sign-ins then get a password of chance",
        )
        parser.add_argument("--password", help="the password of the sign-ins, with --force")

    def handle(self, *, size, seed, force, password, **options):
        if not settings.DEBUG and not force:
            raise CommandError(
                "DEBUG is off, so this may be a real site. With --force the rows are loaded all the "
                "same, and every page will say that they are invented."
            )
        password = PASSWORD if settings.DEBUG else password or secrets.token_urlsafe(12)
        chosen = SIZES[size]
        if connection.vendor == "sqlite" and size != "tiny":
            chosen = chosen.tenth
        began = time.monotonic()

        def say(step):
            self.stdout.write(f"{time.monotonic() - began:5.0f} s  {step}")

        try:
            counts = build(chosen, password=password, seed=seed, say=say)
        except Refusal as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        for name, count in counts.items():
            self.stdout.write(f"{count:11,}  {name}")
        self.stdout.write(f"Loaded in {time.monotonic() - began:.0f} s.")
        if not settings.DEBUG:
            self.stdout.write(
                f"Password of yonetici, merkez, ogretmen, kurator, denetci: {password}"
            )
