"""When a row was last changed."""

from django.db.models import OuterRef, Subquery


def with_change(rows):
    """Annotate `changed_at`: the time of the row's last change, from its history."""
    versions = rows.model.history.filter(id=OuterRef("pk")).order_by("-history_date")
    latest = versions.values("history_date")
    return rows.annotate(changed_at=Subquery(latest[:1]))
