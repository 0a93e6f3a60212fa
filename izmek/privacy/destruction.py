"""Destroys what is kept no longer (DOMAIN.md §5, retention): `manage.py destroy_expired`.

An app registers each kind of thing whose time ends, with the Period of the record of processing:

    @expires(ENQUIRIES, "enquiries", _("Enquiries"), Enquiry)
    def old(before):
        return Enquiry.objects.filter(received_at__date__lt=before)

A run takes one kind after the other, by its keys in batches, each batch in a transaction of its own
with its counts in the destruction log: it can be stopped at any moment, and the next one goes on with what
is left. A row is destroyed only if its time is still over once it is locked: whoever has enrolled anew
meanwhile stays, and what somebody holds just now waits for the next run.

What is about people whose data may be stored only stays (`record.in_use`).
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from izmek.acts.queries import DESTROY_EVERY
from izmek.privacy import record
from izmek.privacy.erasing import erase_rows
from izmek.privacy.record import Period, Words

AT_ONCE = 200
LEFT = "left"  # among the counts of a `destroy`: rows that stay because something is open
FAILED = "failed"  # among those of a run: rows that could not be destroyed

log = logging.getLogger(__name__)

_kinds = {}


@dataclass(frozen=True)
class Expiry:
    """`find(before)`: the rows whose time was counted from before that day and is over.

    `destroy(keys)` destroys those with these keys, in a transaction, and returns a Counter {table: rows};
    under LEFT it counts those that have to wait.
    """

    key: str
    words: Words
    period: Period
    model: type
    find: Callable
    destroy: Callable
    at_once: int = AT_ONCE  # rows in one transaction


def expires(period, key, words, model, *, destroy=None):
    """Register what finds the rows of a kind; without `destroy` they are erased as they are declared."""

    def register(find):
        def erase(keys):
            return erase_rows(record.of(model), model._base_manager.filter(pk__in=keys))

        _kinds[key] = Expiry(key, words, period, model, find, destroy or erase)
        return find

    return register


def kinds():
    """All kinds, in the order in which they go: what hangs on others first."""
    return list(_kinds.values())


def over(kind, today=None):
    """The rows of a kind whose time is over."""
    before = kind.period.over_before(today or timezone.localdate())
    return record.in_use(kind.find(before))


def count(kind, today=None):
    """How many rows of a kind would go now."""
    return over(kind, today).count()


def destroy_expired(*, by=None, only=None, tell=lambda kind, number: None):
    """Destroy what is over, of all kinds; returns the Counter {table: rows} of the whole run.

    `by`: the user who ordered it, None for the timer. `only`: the key of a single kind, which is no whole
    run. `tell(kind, number)` is called after each batch. A row that cannot be destroyed is told to the log
    of the server and counted under FAILED, the others go; the run is then not noted as done.
    """
    from izmek.models import DestructionLog

    begun, total = timezone.now(), Counter()
    for kind in kinds():
        if only in (None, kind.key):
            total.update(_destroy(kind, by, tell))
    if only is None and not total[FAILED]:
        DestructionLog.objects.create(
            begun_at=begun, ended_at=timezone.now(), by=by, rows=_rows(total), counts=+total
        )
    return +total


def _rows(counts):
    return sum(number for what, number in counts.items() if what not in (LEFT, FAILED))


def _destroy(kind, by, tell):
    run, last = _Run(kind, by), None
    while True:
        rows = over(kind).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        keys = list(rows.values_list("pk", flat=True)[: kind.at_once])
        if not keys:
            return run.counts
        last = keys[-1]
        run.batch(keys)
        tell(kind, len(keys))


class _Run:
    """What a run has destroyed of one kind so far, and its line in the destruction log."""

    def __init__(self, kind, by):
        self.kind, self.by = kind, by
        self.counts, self.line = Counter(), None

    def batch(self, keys):
        """Destroy the rows with these keys; one that fails is found by taking each alone."""
        try:
            with transaction.atomic():
                counts = self.counts + self._destroyed(keys)
                line = self._noted(counts)
        except Exception:
            if len(keys) > 1:
                for key in keys:
                    self.batch([key])
                return
            log.exception("%s %s could not be destroyed", self.kind.key, keys[0])
            self.counts[FAILED] += 1
        else:
            self.counts, self.line = counts, line

    def _destroyed(self, keys):
        """Lock, look again, destroy."""
        rows = self.kind.model._base_manager.filter(pk__in=keys).order_by("pk")
        free = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
        still = over(self.kind).filter(pk__in=free).order_by("pk")
        keys = list(still.values_list("pk", flat=True))
        return self.kind.destroy(keys) if keys else Counter()

    def _noted(self, counts):
        from izmek.models import DestructionLog

        number, line = _rows(counts), self.line
        if line is None and number:
            line = DestructionLog.objects.create(
                kind=self.kind.key,
                kept=self.kind.period.told,
                before=self.kind.period.over_before(timezone.localdate()),
                by=self.by,
            )
        if line:
            DestructionLog.objects.filter(pk=line.pk).update(
                rows=number, counts=counts, ended_at=timezone.now()
            )
        return line


def standing(today=None):
    """(when the last run ended, the day by which the next one is due), both None before the first."""
    from izmek.models import DestructionLog

    last = DestructionLog.objects.runs().order_by("-ended_at").values_list("ended_at", flat=True)
    ended = last.first()
    return (ended, timezone.localdate(ended) + DESTROY_EVERY) if ended else (None, None)
