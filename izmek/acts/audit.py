"""The access log: who saw, exported or changed protected data (DOMAIN.md §5, need to know)."""

from django.contrib.contenttypes.models import ContentType

from izmek.models import AccessLog


def log_access(action, row, *, by, fields="", reason=""):
    """Add an entry to the access log: who did what with the protected data of which row.

    `action`: an Access. `row`: the row with the data, of any table. `by`: a User, or None for the
    system. `fields`: which data, a key of PROTECTED. `reason`: the reason that the user gave.
    """
    AccessLog.objects.create(
        action=action,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        by=by,
        fields=fields,
        reason=reason,
    )
