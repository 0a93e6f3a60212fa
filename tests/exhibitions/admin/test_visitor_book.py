"""The visitor book in the admin."""

import pytest

from exhibitions.enums import NoteState
from tests import factories as make
from tests.exhibitions.admin.desk import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_notes_are_shown_and_refused_in_one_go(curator):
    exhibition = make.exhibition()
    notes = [exhibition.notes.create(text=f"Satır {number}") for number in range(3)]
    data = {"action": "show_selected", "_selected_action": [notes[0].pk, notes[1].pk]}
    assert curator.post(page("visitornote_changelist"), data).status_code == 200  # asks first
    curator.post(page("visitornote_changelist"), data | {"apply": "yes"})
    assert exhibition.notes.shown().count() == 2
    curator.post(page("visitornote_act", notes[0].pk, "refuse"))
    notes[0].refresh_from_db()
    assert notes[0].state == NoteState.REFUSED
