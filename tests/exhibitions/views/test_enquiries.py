"""Enquiries by the public pages."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from exhibitions import services
from exhibitions.enums import EnquiryKind
from exhibitions.models import Enquiry
from izmek.models import Letter
from izmek.public import forms as kit
from izmek.public.slugs import remember
from tests import factories as make
from tests.exhibitions.visitors import AYSE, fill
from tests.forms import typed
from tests.refusals import refused
from trainees.models import NoticeText

pytestmark = pytest.mark.django_db


def ask(client, work, **fields):
    return fill(client, f"/eserler/{work.number}/sor/", **(AYSE | fields))


def test_a_question_is_stored_then_told_to_the_centre_and_confirmed(
    client, patient, work, officer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(client, work)
    enquiry = Enquiry.objects.get()
    assert (enquiry.work, enquiry.centre, enquiry.kind) == (work, work.centre, "question")
    assert answer["Location"] == f"/yaziniz/{enquiry.reference}/"
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "ayse@example.org",
        "sorumlu@example.org",
    ]
    by_kind = {letter.kind: letter.text for letter in Letter.objects.all()}
    assert enquiry.reference in by_kind["enquiry_received"]
    # The receipt goes to whatever address was typed: nothing that was typed goes with it.
    assert "satılık" not in by_kind["enquiry_received"]
    assert "Ayşe" not in by_kind["enquiry_received"]
    assert f"/yonetim/exhibitions/enquiry/{enquiry.pk}/change/" in by_kind["enquiry_new"]


def test_what_happens_next_is_said_without_saying_who_asked(client, patient, work):
    page = client.get(ask(client, work)["Location"])
    told = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "Akmeşe Kurs Merkezi" in told
    assert work.get_absolute_url() in told
    assert "Ayşe" not in told
    assert "ayse@" not in told
    assert client.get("/yaziniz/K7RC-3VTD-MZ4P/").status_code == 404
    assert client.get("/yaziniz/x/").status_code == 404


def test_no_telephone_of_a_person_stands_on_the_form(client, work):
    told = client.get(f"/eserler/{work.number}/sor/").content.decode()
    assert "5551234567" not in told.replace(" ", "")


def test_a_script_tag_is_text(client, patient, work, officer):
    evil = "<script>alert(1)</script>"
    ask(client, work, message=evil, name=evil)
    enquiry = Enquiry.objects.get()
    assert enquiry.message == evil
    client.force_login(officer)
    for page in (
        f"/yonetim/exhibitions/enquiry/{enquiry.pk}/change/",
        f"/yonetim/exhibitions/enquiry/{enquiry.pk}/act/answer/",
        "/yonetim/exhibitions/enquiry/",
    ):
        assert evil not in client.get(page).content.decode()


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(client, patient, work):
    answer = ask(client, work, email="", phone="12", name="")
    told = answer.content.decode()
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["name", "phone"]
    assert 'href="#id_name"' in told
    assert "Bu oya satılık mı?" in told
    assert 'value="12"' in told
    answer = ask(client, work, email="", phone="")
    assert list(answer.context["form"].errors) == ["email"]
    assert not Enquiry.objects.exists()


def test_too_long_is_said_with_the_number_of_letters(client, patient, work):
    answer = ask(client, work, message="a" * 4001)
    assert "4001" in answer.context["form"].errors["message"][0]


@pytest.mark.parametrize("address", ["/eserler/{}/sor/", "/en/works/{}/ask/"])
def test_programs_are_kept_out_and_people_told_why(client, work, address):
    page = client.get(address.format(work.number))
    fast = client.post(address.format(work.number), typed(page, **AYSE))
    assert [error.code for error in fast.context["form"].non_field_errors().as_data()] == ["fast"]
    assert not Enquiry.objects.exists()


def test_a_field_that_nobody_sees_is_a_trap(client, patient, work):
    answer = ask(client, work, web="http://example.org")
    assert [error.code for error in answer.context["form"].non_field_errors().as_data()] == [
        "filled"
    ]
    assert not Enquiry.objects.exists()


def test_too_many_are_asked_to_wait_and_lose_nothing(client, patient, work, monkeypatch):
    monkeypatch.setitem(kit.FROM_ONE_ADDRESS, "times", 1)
    ask(client, work)
    answer = ask(client, work, message="Bir soru daha")
    assert answer.status_code == 429
    assert "Bir soru daha" in answer.content.decode()
    assert Enquiry.objects.count() == 1


def test_the_form_sent_twice_is_one_enquiry_and_one_answer(client, patient, work, officer):
    address = f"/eserler/{work.number}/sor/"
    data = typed(client.get(address), **AYSE)
    first, second = client.post(address, data), client.post(address, data)
    assert first["Location"] == second["Location"]
    assert Enquiry.objects.count() == 1
    assert Letter.objects.count() == 2
    changed = client.post(address, data | {"message": "Başka bir soru"})
    assert "Bu form daha önce gönderildi" in changed.content.decode()
    assert Enquiry.objects.count() == 1
    changed = client.post(address, typed(changed))
    assert changed["Location"] != first["Location"]
    assert Enquiry.objects.count() == 2


def test_who_changes_the_language_keeps_what_she_typed(client, work):
    data = typed(client.get(f"/eserler/{work.number}/sor/"), **AYSE)
    page = client.post(f"/en/works/{work.number}/ask/", data | {"language": "en"})
    assert page.status_code == 200
    assert not page.context["form"].is_bound
    assert "Bu oya satılık mı?" in page.content.decode()
    assert not Enquiry.objects.exists()


def test_an_english_question_is_answered_in_english(client, patient, work, officer):
    fill(client, f"/en/works/{work.number}/ask/", **AYSE)
    enquiry = Enquiry.objects.get()
    assert enquiry.language == "en"
    assert Letter.objects.get(kind="enquiry_received").subject == "Your question has reached us"
    services.answer_enquiry(enquiry=enquiry, answer="Yes, it is.", by=officer)
    assert "Dear Ayşe Işık" in Letter.objects.get(kind="enquiry_answer").text


def test_a_request_about_personal_data_has_a_clock(client, patient, work, officer):
    fill(client, f"/eserler/{work.number}/talep/", topic="name", **AYSE)
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.topic) == ("privacy", "name")
    assert enquiry.answer_by == timezone.localdate() + timedelta(days=30)
    told = client.get(f"/yaziniz/{enquiry.reference}/").content.decode()
    assert f"{enquiry.answer_by.day} " in told
    letter = Letter.objects.get(kind="enquiry_new")
    assert "Kişisel veri talebi" in letter.subject


def test_an_exhibition_of_one_centre_is_answered_there_another_by_the_curators(
    client, patient, place, officer
):
    curator = make.user("sergi-sorumlusu", email="kurator@example.org")
    one, many = make.exhibition(), make.exhibition()
    one.centres.set([place])
    many.centres.set([place, make.centre()])
    for exhibition in (one, many):
        fill(client, f"/sergiler/{exhibition.slug}/sor/", **AYSE)
    assert Enquiry.objects.get(exhibition=one).centre == place
    assert Enquiry.objects.get(exhibition=many).centre is None
    to = list(Letter.objects.filter(kind="enquiry_new").order_by("pk").values_list("to", flat=True))
    assert to == [officer.email, curator.email]
    fill(client, f"/sergiler/{many.slug}/talep/", topic="photo", **AYSE)
    assert Enquiry.objects.get(kind="privacy").exhibition == many


def test_the_contact_form_goes_to_the_chosen_centre_or_becomes_a_request(client, patient, place):
    fill(client, "/iletisim/yaz/", topic="complaint", centre=place.pk, **AYSE)
    fill(client, "/iletisim/yaz/", topic="data", **AYSE)
    complaint, request = Enquiry.objects.order_by("pk")
    assert (complaint.kind, complaint.centre) == (EnquiryKind.FEEDBACK, place)
    assert (request.kind, request.centre) == (EnquiryKind.PRIVACY, None)


def test_the_notice_is_shown_in_the_language_of_the_page(client, work):
    for language, text in (("tr", "Verileriniz"), ("en", "Your data are kept")):
        NoticeText.objects.create(kind="enquiry", version=1, language=language, text=text)
    assert "Verileriniz" in client.get(f"/eserler/{work.number}/sor/").content.decode()
    assert "Your data are kept" in client.get(f"/en/works/{work.number}/ask/").content.decode()


def test_what_she_wrote_arrives_though_the_work_was_withdrawn_meanwhile(client, patient, work):
    address = f"/eserler/{work.number}/talep/"
    page = client.get(address)
    services.withdraw_work(work=work, reason="Geri alındı", by=None)
    answer = client.post(address, typed(page, **AYSE, topic="name") | {"name": ""})
    assert answer.status_code == 200
    seen = answer.content.decode()
    assert work.title not in seen and AYSE["message"] in seen
    answer = client.post(address, typed(answer, **AYSE, topic="name"))
    assert answer.status_code == 302
    assert Enquiry.objects.get().work == work


def test_a_work_that_is_not_public_takes_no_question(client, work):
    services.withdraw_work(work=work, reason="Geri alındı", by=None)
    for address in ("sor", "talep"):
        assert client.get(f"/eserler/{work.number}/{address}/").status_code == 410
    assert client.get("/eserler/2001-0001/sor/").status_code == 404


@pytest.mark.parametrize("end", ["", "sor/", "talep/", "defter/", "defter/yaz/", "takvim.ics"])
def test_an_address_that_an_exhibition_once_had_leads_to_the_one_it_has(client, end):
    exhibition = make.exhibition(slug="eski")
    exhibition.slug = "yeni"
    exhibition.save()
    remember(exhibition, "eski")
    answer = client.get(f"/sergiler/eski/{end}")
    assert (answer.status_code, answer["Location"]) == (302, f"/sergiler/yeni/{end}")


def test_nobody_who_cannot_be_answered_is_taken_in(work):
    refused("contact", services.ask, kind="question", name="A", message="B", work=work)
