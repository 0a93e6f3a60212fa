"""The same form sent twice at the same moment, on PostgreSQL with real threads."""

from functools import partial

import pytest

from exhibitions import services
from exhibitions.models import Enquiry
from izmek.acts import sent_once
from izmek.models import Letter
from tests.races.together import Meeting, at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

FORM = {
    "kind": "feedback",
    "name": "Ayşe Işık",
    "email": "ayse@example.org",
    "message": "Teşekkürler",
    "reference": "K7RC-3VTD-MZ4P",
}


@pytest.fixture(autouse=True)
def emptied():
    yield
    Enquiry.objects.all().delete()
    Enquiry.history.all().delete()


def test_it_is_one_enquiry_with_one_answer_and_one_letter(monkeypatch):
    meeting, real = Meeting(), sent_once.save

    def save(*args, **facts):
        meeting()  # neither has stored anything when both begin to
        return real(*args, **facts)

    monkeypatch.setattr(sent_once, "save", save)
    results = at_once(*[partial(services.ask, **FORM)] * 2)
    assert results[0] == results[1] == Enquiry.objects.get()
    assert Letter.objects.count() == 1
