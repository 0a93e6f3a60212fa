"""Destroys what is kept no longer (DOMAIN.md §5, retention): `manage.py destroy_expired`.

An app registers each kind of thing whose time ends, with the Period of the record of processing:

    @expires(ENQUIRIES, "enquiries", _("Enquiries"), Enquiry)
    def old(before):
        return Enquiry.objects.filter(received_at__date__lt=before)

A run takes one kind after the other, by its keys in batches, each batch in a transaction of its own
with its counts in the destruction log: it can be stopped at any moment, and the next one goes on with what
is left.
"""

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
    at_once: int  # rows in one transaction


def expires(period, key, words, model, *, destroy=None, at_once=AT_ONCE):
    """Register what finds the rows of a kind; without `destroy` they are erased as they are declared."""

    def register(find):
        def erase(keys):
            return erase_rows(record.of(model), model._base_manager.filter(pk__in=keys))

        _kinds[key] = Expiry(key, words, period, model, find, destroy or erase, at_once)
        return find

    return register


def kinds():
    """All kinds, in the order in which they go: what hangs on others first."""
    return list(_kinds.values())


def count(kind, today=None):
    """How many rows of a kind would go now."""
    return kind.find(kind.period.over_before(today or timezone.localdate())).count()


def destroy_expired(*, by=None, tell=lambda kind, number: None):
    """Destroy what is over, of all kinds; returns the Counter {table: rows} of the whole run.

    `by`: the user who ordered it, None for the timer. `tell(kind, number)` is called after each batch.
    """
    from izmek.models import DestructionLog

    begun, total = timezone.now(), Counter()
    for kind in kinds():
        total.update(_destroy(kind, by, tell))
    DestructionLog.objects.create(
        begun_at=begun, ended_at=timezone.now(), by=by, rows=_rows(total), counts=total
    )
    return total


def _rows(counts):
    return sum(number for what, number in counts.items() if what != LEFT)


def _destroy(kind, by, tell):
    from izmek.models import DestructionLog

    before = kind.period.over_before(timezone.localdate())
    note, counts, last = None, Counter(), None
    while True:
        rows = kind.find(before).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        keys = list(rows.values_list("pk", flat=True)[: kind.at_once])
        if not keys:
            break
        last = keys[-1]
        with transaction.atomic():
            counts.update(kind.destroy(keys))
            number = _rows(counts)
            if note is None and number:
                note = DestructionLog.objects.create(
                    kind=kind.key, kept=kind.period.told, before=before, by=by
                )
            if note:
                DestructionLog.objects.filter(pk=note.pk).update(
                    rows=number, counts=counts, ended_at=timezone.now()
                )
        tell(kind, len(keys))
    return counts


def standing(today=None):
    """(when the last run ended, the day by which the next one is due), both None before the first."""
    from izmek.models import DestructionLog

    last = DestructionLog.objects.runs().order_by("-ended_at").values_list("ended_at", flat=True)
    ended = last.first()
    return (ended, timezone.localdate(ended) + DESTROY_EVERY) if ended else (None, None)
