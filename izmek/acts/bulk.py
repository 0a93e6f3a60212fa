"""Write many rows without `save()`, but with search keys and history.

Django's `bulk_create` and `bulk_update` write no history, and `bulk_update` does not update a
`FoldedField`. Use only these functions to write many rows of a tracked model, or to insert or
overwrite one row in a single statement.
"""

from django.db import transaction
from django.dispatch import Signal
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from izmek.text.fields import FoldedField

BATCH = 500

rows_written = (
    Signal()
)  # sender: the model; fields: the fields of existing rows that were written without `save()`


def bulk_create(objs, by=None, batch_size=BATCH):
    """Insert new rows of one model, all or none; returns them with their keys.

    `by`: the user in the history (by default the user of the request, if any).
    """
    objs = list(objs)
    if not objs:
        return objs
    model = type(objs[0])
    with transaction.atomic():
        rows_written.send(model, fields=())
        if _is_tracked(model):
            return bulk_create_with_history(objs, model, batch_size=batch_size, default_user=by)
        return model._default_manager.bulk_create(objs, batch_size=batch_size)


def bulk_update(objs, fields, by=None, batch_size=BATCH):
    """Write the named fields of rows of one model, all or none; returns the number of rows.

    Folded fields that depend on `fields` are computed and written too. `by` as in `bulk_create`.
    """
    objs, fields = list(objs), list(fields)
    if not objs:
        return 0
    model = type(objs[0])
    for folded in model._meta.concrete_fields:
        if isinstance(folded, FoldedField) and set(fields) & set(folded.source):
            for obj in objs:
                folded.pre_save(obj, add=False)
            if folded.name not in fields:
                fields.append(folded.name)
    with transaction.atomic():
        rows_written.send(model, fields=fields)
        if _is_tracked(model):
            return bulk_update_with_history(
                objs,
                model,
                fields,
                batch_size=batch_size,
                default_user=by,
                manager=model._base_manager,  # also rows that lists leave out
            )
        return model._base_manager.bulk_update(objs, fields, batch_size=batch_size)


def upsert(row, *, unique, by, known):
    """Insert a row, or overwrite the one with the same `unique` fields, in one statement.

    If two users write at the same time, neither fails, and the last one's row stays. Sets the key
    of the row. `known`: whether the caller has seen an existing row; the history then says
    "changed" instead of "created".
    """
    model = type(row)
    others = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    with transaction.atomic(savepoint=False):
        rows_written.send(model, fields=others)
        model._default_manager.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=unique,
            update_fields=[name for name in others if name not in unique],
        )
        if _is_tracked(model):
            model.history.bulk_history_create([row], update=known, default_user=by)
    return row


def _is_tracked(model):
    return hasattr(model._meta, "simple_history_manager_attribute")
