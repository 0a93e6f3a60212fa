"""The access log: who saw, exported or changed protected data (DOMAIN.md §5, need to know)."""

from datetime import timedelta
from functools import cache
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from izmek.acts.enums import Access
from izmek.acts.seals import destroy_days_before, forget_details  # noqa: F401  (offered here)
from izmek.models import AboutObject, AccessLog, User
from izmek.privacy import record

LOOK_LASTS = timedelta(minutes=10)


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
        at=timezone.now(),
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


def log_look(row, *, by):
    """Note that a user opens a page of a row that is somebody's; of other rows nothing.

    Within LOOK_LASTS all pages of one person are one look of the user: one statement notes it, or finds
    that it is noted. A look that cannot be noted is not to be shown: the error of the database goes on.
    """
    if not is_somebodys(row):
        return
    person, key = whose_of(row)
    about = ContentType.objects.get_for_model(row).pk, str(row.pk)
    whose = (person and ContentType.objects.get_for_model(person).pk, key)
    place, where = (_OF_PERSON, whose) if person else (_OF_ROW, about)
    now, salt = timezone.now(), AccessLog._meta.get_field("salt")
    asked = [now, by.pk, Access.SEEN.value, *about, *whose, "record"]
    asked += [salt.get_db_prep_value(uuid4(), connection)]
    asked += [Access.SEEN.value, by.pk, now - LOOK_LASTS, *where]
    with connection.cursor() as cursor:
        cursor.execute(place, asked)


def _look(where):
    return (
        "INSERT INTO izmek_accesslog"  # noqa: S608 - of two constants
        " (at, by_id, action, content_type_id, object_id, whose_type_id,"
        " whose_id, fields, salt, reason, digest)"
        " SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, '', ''"
        " WHERE NOT EXISTS (SELECT 1 FROM izmek_accesslog"
        f" WHERE action = %s AND by_id = %s AND at > %s AND {where})"
    )


_OF_PERSON = _look("whose_type_id = %s AND whose_id = %s")
_OF_ROW = _look("content_type_id = %s AND object_id = %s")


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


def is_somebodys(row):
    """Whether the record of processing says that rows such as this belong to a person."""
    if isinstance(row, AccessLog):  # whoever reads the log would fill it
        return False
    if isinstance(row, AboutObject):
        return row.object is not None and is_somebodys(row.object)
    paths = _paths(type(row))
    return any(not path or not _is_staff(record.end_of(type(row), path)) for path in paths)


def _is_staff(person):
    """Whether people of the table may have an account: a course is not its teacher’s own record."""
    columns = person._meta.concrete_fields
    return person is User or any(one.related_model is User and one.one_to_one for one in columns)


@cache
def _paths(model):
    """The paths that lead to one person; a work of several makers is nobody's alone."""
    declaration = record.of(model)
    paths = declaration.paths if declaration else ()
    return [path for path in paths if path != record.OBJECT and _leads_to_one(model, path)]


def _leads_to_one(model, path):
    for name in path.split("__") if path else ():
        column = model._meta.get_field(name)
        if column.one_to_many or column.many_to_many:
            return False
        model = column.related_model
    return True


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
