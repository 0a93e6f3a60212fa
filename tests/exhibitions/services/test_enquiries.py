"""Answering enquiries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exhibitions import services
from exhibitions.enums import EnquiryState
from exhibitions.models import Enquiry, VisitorNote
from izmek.models import Letter
from tests import factories as make
from tests.exhibitions.visitors import enquiry, fill
from tests.forms import typed
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_an_answer_is_kept_and_sent(work, officer):
    answered = services.answer_enquiry(enquiry=enquiry(work), answer="Evet, satılık.", by=officer)
    assert (answered.state, answered.channel, answered.answered_by) == (
        EnquiryState.ANSWERED,
        "email",
        officer,
    )
    letter = Letter.objects.get(kind="enquiry_answer")
    assert letter.to == "ayse@example.org"
    assert "Evet, satılık." in letter.text
    assert "Bu oya satılık mı?" in letter.text
    refused("state", services.answer_enquiry, enquiry=answered, answer="Bir daha", by=officer)
    refused("state", services.close_enquiry, enquiry=answered, reason="Reklam", by=officer)
    assert services.reopen_enquiry(enquiry=answered, by=officer).state == EnquiryState.NEW


def test_who_gave_no_address_is_called(work, officer):
    asked = enquiry(work, email="", phone="+905551112233")
    refused("email", services.answer_enquiry, enquiry=asked, answer="Evet", by=officer)
    told = services.note_answer(enquiry=asked, answer="Aradım, anlattım", by=officer)
    assert (told.state, told.channel) == (EnquiryState.ANSWERED, "phone")
    assert not Letter.objects.filter(kind="enquiry_answer").exists()


def test_overdue_is_an_open_request_past_its_day(work):
    today = timezone.localdate()
    late = enquiry(work, kind="privacy")
    Enquiry.objects.update(answer_by=today - timedelta(days=1))
    enquiry(work)  # a question has no such day
    on_the_day = enquiry(work, kind="privacy")
    assert list(Enquiry.objects.overdue()) == [late]
    assert not on_the_day.is_overdue(on_the_day.answer_by)
    services.note_answer(enquiry=late, answer="Kaldırıldı", by=None)
    assert not Enquiry.objects.overdue().exists()


def test_who_writes_too_often_by_one_name_or_the_same_line_is_told(client, patient, monkeypatch):
    monkeypatch.setattr(
        "exhibitions.views.visitor_book.FROM_ONE_PERSON", {"times": 2, "seconds": 60}
    )
    exhibition = make.exhibition()
    address = f"/sergiler/{exhibition.slug}/defter/yaz/"
    lines = [
        ("Ada", "Bir"),
        ("ADA", "İki"),
        ("ada", "Üç"),
        ("", "Aynı"),
        ("", "aynı"),
        ("", "AYNI"),
    ]
    codes = [fill(client, address, name=name, text=text).status_code for name, text in lines]
    assert codes == [302, 302, 429, 302, 302, 429]


def test_one_form_makes_one_line(client, patient):
    exhibition = make.exhibition()
    address = f"/sergiler/{exhibition.slug}/defter/yaz/"
    page = client.get(address)
    first, same = (client.post(address, typed(page, text="Bir")) for _n in range(2))
    other = client.post(address, typed(page, text="İki"))
    assert (first.status_code, same.status_code, other.status_code) == (302, 302, 200)
    assert VisitorNote.objects.count() == 1
    assert client.post(address, typed(other)).status_code == 302
    assert VisitorNote.objects.count() == 2
