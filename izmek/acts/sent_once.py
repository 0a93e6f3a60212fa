"""A form sent twice makes one row."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.text.codes import new_code


def save_once(row, reference, by, same, also=lambda known: True):
    """Save a new row under the reference of its form.

    If the form was sent twice, return the row that exists; a unique constraint decides between two
    requests at the same moment. `same`: the columns that tell it; `also`: what else the row that
    exists must fulfil. If something else was typed into a form that made a row already, it is a new
    row; of the public (`by` None) a Refusal `used` asks to send it again: one form, one row.
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
        if by is None:
            raise Refusal(
                _("This form was sent already. Look it over and send it again: it counts anew."),
                code="used",
            ) from None
        row.reference = new_code()
        save(row, by=by)
    return None
