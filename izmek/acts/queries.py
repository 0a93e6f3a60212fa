"""QuerySet methods of counters and letters."""

from django.db import models, transaction
from django.db.models.functions import Now

from izmek.acts.enums import LetterState


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
