"""When a row was last changed, for those who keep a copy: feeds, calendars, site maps."""

from datetime import UTC, datetime

from django.db.models import DateTimeField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, NullIf

_NEVER = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())


def latest(rows, moment="history_date"):
    """The latest `moment` of these rows, as a subquery. By default rows of a history."""
    return Subquery(rows.order_by(f"-{moment}").values(moment)[:1])


def with_change(rows, *others):
    """Annotate `changed_at`: the time of the row's last change, from its history.

    `others`: subqueries (`latest`) of what belongs to the row as well. None without any change.
    """
    moments = [latest(rows.model.history.filter(**{rows.model._meta.pk.name: OuterRef("pk")}))]
    found = [Coalesce(moment, _NEVER) for moment in (*moments, *others)]
    newest = Greatest(*found) if others else found[0]
    return rows.annotate(changed_at=NullIf(newest, _NEVER))
