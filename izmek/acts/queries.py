"""QuerySet methods of counters, letters and jobs."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from izmek.acts.enums import JobState, LetterState

SILENCE = timedelta(minutes=3)  # without a word of a running job: its worker is gone
LONGEST_WAIT = timedelta(hours=1)  # for a worker that begins
KEPT = timedelta(days=1)  # a finished job with its file


class CounterQuerySet(models.QuerySet):
    def take(self, kind, year):
        """The next number of a kind in a year, starting at 1; never the same twice.

        The row is locked until the transaction ends, and after a rollback the number is free again.
        Raises TransactionManagementError outside a transaction.
        """
        if not transaction.get_connection(self.db).in_atomic_block:
            raise transaction.TransactionManagementError("a number is taken inside a transaction")
        self.get_or_create(kind=kind, year=year)
        row = self.select_for_update().get(kind=kind, year=year)
        row.last += 1
        row.save(update_fields=["last"])
        return row.last


class LetterQuerySet(models.QuerySet):
    def waiting(self):
        """Letters that are to be sent, now or later."""
        return self.filter(state=LetterState.WAITING)

    def due(self):
        """Letters that should be sent now, for the first time or again."""
        return self.waiting().filter(next_try_at__lte=Now())


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody sees what they ordered themselves, for its day."""
        return self.filter(by=user, told_at__gte=timezone.now() - KEPT)

    def interrupted(self):
        """Jobs that nobody works on any more: the worker was killed, or never came."""
        now = timezone.now()
        return self.filter(
            Q(state=JobState.RUNNING, told_at__lt=now - SILENCE)
            | Q(state=JobState.WAITING, told_at__lt=now - LONGEST_WAIT)
        )

    def over(self):
        """Jobs whose day is over; `sweep_media` removes them with their files."""
        return self.filter(told_at__lt=timezone.now() - KEPT)
