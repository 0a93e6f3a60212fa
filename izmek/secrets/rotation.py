"""Other keys for what is kept: every secret and every keyed hash comes under the newest key.

People work meanwhile: each row is changed alone and only if it still holds what was read (whoever saves
one has written it with the newest keys), so nothing waits and nothing deadlocks. It can be stopped at any
moment and begun again: what is done is passed over. Memory holds a batch, whatever the size of a table.
"""

from collections import Counter
from dataclasses import dataclass
from secrets import token_hex

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from izmek.secrets.encryption import Unreadable, is_current, rotate
from izmek.secrets.fields import EncryptedTextField

BATCH = 500

# What lies elsewhere under these keys: {name: function() that re-encrypts it and returns a Counter}.
_others = {}
_hashed = []


@dataclass(frozen=True)
class Hashed:
    """A column with a keyed hash. `reads`: the columns that its message is made of.

    The method `hashes` of a row gives it under each key, newest first; () if it has none.
    """

    model: type
    column: str
    reads: tuple


def register(*hashed, **others):
    """What an app keeps under the keys: Hashed columns, and by name what lies elsewhere (files, JSON)."""
    _hashed.extend(hashed)
    _others.update(others)


def rotate_all():
    """Re-encrypt and hash anew whatever is not under the newest keys.

    Yields (what, Counter) as it gets done: `done` rows; `unreadable`, of which the key is missing; `twice`,
    whose number somebody else has under the other key.
    """
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield f"{model._meta.label}.{field.name}", _reencrypted(field)
    for name, act in _others.items():
        yield name, act()
    for hashed in _hashed:
        yield f"{hashed.model._meta.label}.{hashed.column}", _rehashed(hashed)


def _reencrypted(field):
    counts = Counter()
    rows = field.model._base_manager.annotate(token=Cast(field.name, TextField()))
    for pk, token in _in_batches(rows, lambda rows: rows.values_list("pk", "token")):
        if not token or is_current(token):
            continue
        try:
            new = Value(rotate(token), TextField())
        except Unreadable:
            counts["unreadable"] += 1
            continue
        counts["done"] += rows.filter(pk=pk, token=token).update(**{field.name: new})
    return counts


def _rehashed(hashed):
    counts = Counter()
    rows = hashed.model._base_manager.defer(None).only("pk", hashed.column, *hashed.reads)
    for row in _in_batches(rows, lambda rows: rows):
        kept = getattr(row, hashed.column)
        try:
            hashes = row.hashes()
        except Unreadable:
            counts["unreadable"] += 1
            continue
        if kept not in hashes[1:]:
            continue
        same = hashed.model._base_manager.filter(pk=row.pk, **{hashed.column: kept})
        try:
            counts["done"] += same.update(**{hashed.column: hashes[0]})
        except IntegrityError:
            counts["twice"] += 1
    return counts


def rotate_kept(model, folder, again):
    """Re-encrypt the files that rows name in their column `file`; for `register`. Returns the Counter.

    `again(stored)` gives an open file with the new contents, or None where the newest key is used. The
    former file stays for whoever is about to open it; `sweep_media` deletes it after a day.
    """
    counts = Counter()
    rows = model._base_manager.exclude(file="")
    for pk, path in _in_batches(rows, lambda rows: rows.values_list("pk", "file")):
        try:
            with default_storage.open(path) as stored:
                made = again(stored)
        except FileNotFoundError:
            continue
        except Unreadable:
            counts["unreadable"] += 1
            continue
        if made is None:
            continue
        with made:
            new = default_storage.save(f"{folder}/{token_hex(16)}", File(made))
        if model._base_manager.filter(pk=pk, file=path).update(file=new):
            counts["done"] += 1
        else:
            default_storage.delete(new)
    return counts


def _in_batches(rows, read):
    """The rows in the order of their keys; `read` makes of a query what is given for each."""
    rows, last = rows.order_by("pk"), None
    while True:
        further = rows if last is None else rows.filter(pk__gt=last)
        batch = list(read(further)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1][0] if isinstance(batch[-1], tuple) else batch[-1].pk
