"""What the clock runs on a server (docs/operating.md): a row each says when it ran and how it ended."""

import logging
import sys
from contextlib import suppress

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models.functions import Now

from izmek.acts.queries import DUE, WORKER
from izmek.models import Upkeep

log = logging.getLogger(__name__)


def set_up(using):
    """The rows that there must be; called after each migration."""
    rows = Upkeep.objects.using(using)
    names = [*DUE, WORKER]
    rows.exclude(command__in=names).delete()
    rows.bulk_create([Upkeep(command=name) for name in names], ignore_conflicts=True)


def begun(command):
    _note(command, began_at=Now())


def ended(command, well):
    _note(command, ended_at=Now(), **({"good_at": Now()} if well else {}))


def _note(command, **times):
    """That the database is away keeps no work from being done."""
    with suppress(DatabaseError), transaction.atomic():
        Upkeep.objects.filter(pk=command).update(**times)


class ByTheClock(BaseCommand):
    """A command whose runs are noted; not those that only look (`--dry-run`).

    An error of ours goes into the log, and by mail to settings.ADMINS, like that of a page: without its
    words, which the clock would write into the journal of the server. `--traceback` shows them.
    """

    def run_from_argv(self, argv):
        try:
            super().run_from_argv(argv)
        except Exception:
            if "--traceback" in argv:
                raise
            log.exception("%s failed", argv[1])
            sys.exit(1)

    def execute(self, *args, **options):
        name = self.__module__.rpartition(".")[2]
        if options.get("dry_run"):
            return super().execute(*args, **options)
        begun(name)
        well = False
        try:
            answer = super().execute(*args, **options)
            well = True
            return answer
        finally:
            ended(name, well)
