"""The order of the works in an exhibition."""

from django.db import transaction
from django.utils.translation import gettext as _

from exhibitions import rights
from exhibitions.models.showings import STEP
from izmek.acts.bulk import bulk_update
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save


@transaction.atomic
def place_showing(*, showing, before, by):
    """Put a work before another one in its exhibition, or last (`before` None).

    Raises Refusal (`gone`) when one of them no longer exists.
    """
    rights.require(by, "place_showing", showing.exhibition)
    rows = _rows(showing)
    others = [row for row in rows if row != showing]
    if before is not None and before not in others:
        raise order_has_changed()
    at = len(others) if before is None else others.index(before)
    if rows.index(showing) == at:
        return showing
    showing = rows[rows.index(showing)]
    low = others[at - 1].order if at else -1
    high = others[at].order if at < len(others) else low + 2 * STEP
    if high - low > 1:
        showing.order = (low + high) // 2
        return save(showing, by=by)
    others.insert(at, showing)
    for place, row in enumerate(others, 1):
        row.order = place * STEP
    bulk_update(others, ["order"], by=by)
    return showing


@transaction.atomic
def move_showing(*, showing, move, by):
    """Move a work in its exhibition: "first", "up", "down" or "last"; at the end it stays there.

    Raises Refusal (`gone`) when the work no longer exists.
    """
    rights.require(by, "move_showing", showing.exhibition)
    rows = _rows(showing)
    at = rows.index(showing)
    target = {"first": 0, "up": max(at - 1, 0), "down": at + 2, "last": len(rows)}[move]
    before = rows[target] if target < len(rows) else None
    return showing if before == showing else place_showing(showing=showing, before=before, by=by)


def _rows(showing):
    """The showings of the exhibition in order, read under its lock; the given one is among them."""
    rows = list(lock(showing.exhibition).showings.order_by("order", "pk"))
    if showing not in rows:
        raise order_has_changed()
    return rows


def order_has_changed():
    """The refusal when a work that is moved, or its new neighbour, was removed meanwhile."""
    return Refusal(_("The order has changed meanwhile. Look at it and try again."), code="gone")
