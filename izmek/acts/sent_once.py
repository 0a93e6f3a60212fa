"""A form sent twice makes one row."""

from django.db import IntegrityError, transaction

from izmek.acts.saving import save
from izmek.text.codes import new_code


def save_once(row, reference, by, same, also=lambda known: True):
    """Save a new row under the reference of its form.

    If the form was sent twice, return the row that exists; a unique constraint decides between two
    requests at the same moment. If the user went back and typed something else, it is saved as a
    new row. `same`: the columns that tell it; `also`: what else the row that exists must fulfil.
    """
    row.reference = reference or new_code()
    try:
        with transaction.atomic():
            save(row, by=by)
    except IntegrityError:
        sent = {name: getattr(row, name) for name in same}
        known = type(row).objects.filter(reference=row.reference, **sent).first()
        if known and also(known):
            return known
        row.reference = new_code()
        save(row, by=by)
    return None
