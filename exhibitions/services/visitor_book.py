"""The visitor book: visitors write notes, the curator reads and shows them."""

from django.db import transaction
from django.utils.translation import gettext as _

from exhibitions import rights
from exhibitions.enums import NoteState, Phase
from exhibitions.models import VisitorNote
from exhibitions.services.enquiries import cleaned_text
from exhibitions.services.names_in_texts import check_names_in_texts
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.acts.sent_once import save_once

# --- The visitor book -------------------------------------------------------------------------


@transaction.atomic
def write_note(*, exhibition, text, name="", language="tr", reference="", by=None):
    """Save a note for an exhibition's visitor book; it appears after the curator has approved it.

    `reference` as in `ask`. Raises Refusal `early` before the exhibition's first day.
    """
    rights.require(by, "write_note")
    if exhibition.phase() == Phase.SOON:
        raise Refusal(_("The visitor book opens with the exhibition."), code="early")
    note = VisitorNote(
        exhibition=exhibition,
        text=cleaned_text(text),
        name=" ".join(name.split()),
        language=language,
    )
    note.clean_fields(exclude=["exhibition"])
    return save_once(note, reference, by, same=("exhibition", "text", "name")) or note


@transaction.atomic
def show_note(*, note, by):
    """Show a note in the visitor book.

    Raises Refusal when it names a maker or trainee who may not be named on the web.
    """
    rights.require(by, "show_note", note)
    check_names_in_texts(note)
    return _moderated(note, NoteState.SHOWN, by)


@transaction.atomic
def refuse_note(*, note, by):
    """Keep a note out of the visitor book, whether it was waiting or shown."""
    rights.require(by, "refuse_note", note)
    return _moderated(note, NoteState.REFUSED, by)


def _moderated(note, state, by):
    note = lock(note)
    if note.state == state:
        return note
    note.state = state
    return save(note, by=by)
