"""The access log: who saw, exported or changed protected data (DOMAIN.md §5, need to know)."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from izmek.acts.seals import destroy_days_before, forget_details  # noqa: F401  (offered here)
from izmek.models import AboutObject, AccessLog
from izmek.privacy import record


def log_access(action, row, *, by, fields="", reason=""):
    """Add an entry to the access log: who did what with the protected data of which row.

    `action`: an Access. `row`: the row with the data, of any table; or a model, for its rows as a
    whole. `by`: a User, or None for the system. `fields`: which data, a key of PROTECTED or in words.
    `reason`: the reason that the user gave. Whose data they are follows from the row (`whose_of`).
    """
    AccessLog.objects.create(
        action=action,
        content_type=ContentType.objects.get_for_model(row),
        object_id="" if isinstance(row, type) else str(row.pk),
        by=by,
        fields=cut(fields),
        reason=cut(reason),
        **_columns(*whose_of(row)),
    )


def log_access_to_many(action, model, keys, *, by, fields="", reason=""):
    """`log_access` for many rows of a model, named by their keys."""
    content_type = ContentType.objects.get_for_model(model)
    now = timezone.now()  # an expression of the database would take twice the time
    whose = _whose_of_many(model, keys)
    AccessLog.objects.bulk_create(
        AccessLog(
            action=action,
            content_type=content_type,
            object_id=str(key),
            at=now,
            by=by,
            fields=cut(fields),
            reason=cut(reason),
            **whose.get(key, {}),
        )
        for key in sorted(keys)
    )


# --- Whose data -------------------------------------------------------------------------------


def whose_of(row):
    """(model, key) of the person to whom a row belongs by the record of processing; else two None.

    A letter and the like belong to whoever the row is about of which they tell.
    """
    if isinstance(row, type):
        return None, None
    for path in _paths(type(row)):
        if key := _key_at(row, path):
            return record.end_of(type(row), path), key
    about = row.object if isinstance(row, AboutObject) else None
    return whose_of(about) if about else (None, None)


def _paths(model):
    declaration = record.of(model)
    return declaration.paths if declaration else ()


def _key_at(row, path):
    """The key of the person at the end of a path, which may lead nowhere."""
    *relations, last = path.split("__") if path else [row._meta.pk.name]
    for name in relations:
        row = getattr(row, name, None)
        if row is None:
            return None
    return getattr(row, row._meta.get_field(last).attname)


def _whose_of_many(model, keys):
    """{key of a row: the columns of its person}."""
    found = {}
    for path in _paths(model):
        person = record.end_of(model, path)
        pairs = (
            model._base_manager.filter(pk__in=keys).values_list("pk", path)
            if path
            else ((key, key) for key in keys)
        )
        for key, whose in pairs:
            if whose:
                found.setdefault(key, _columns(person, whose))
    return found


def _columns(person, key):
    kind = ContentType.objects.get_for_model(person) if person else None
    return {"whose_type": kind, "whose_id": key}


def cut(text, most=500):
    """A text that fits into a column of the access log."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
