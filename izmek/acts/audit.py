"""The access log: who saw, exported or changed protected data (DOMAIN.md §5, need to know)."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from izmek.models import AccessLog


def log_access(action, row, *, by, fields="", reason=""):
    """Add an entry to the access log: who did what with the protected data of which row.

    `action`: an Access. `row`: the row with the data, of any table; or a model, for its rows as a
    whole. `by`: a User, or None for the system. `fields`: which data, a key of PROTECTED or in words.
    `reason`: the reason that the user gave.
    """
    AccessLog.objects.create(
        action=action,
        content_type=ContentType.objects.get_for_model(row),
        object_id="" if isinstance(row, type) else str(row.pk),
        by=by,
        fields=cut(fields),
        reason=cut(reason),
    )


def log_access_to_many(action, model, keys, *, by, fields="", reason=""):
    """`log_access` for many rows of a model, named by their keys."""
    content_type = ContentType.objects.get_for_model(model)
    now = timezone.now()  # an expression of the database would take twice the time
    AccessLog.objects.bulk_create(
        AccessLog(
            action=action,
            content_type=content_type,
            object_id=str(key),
            at=now,
            by=by,
            fields=fields,
            reason=cut(reason),
        )
        for key in sorted(keys)
    )


def cut(text, most=500):
    """A text that fits into a column of the access log."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
