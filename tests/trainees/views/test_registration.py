"""Kesin kayıt in the teacher pages."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enums import CourseState, Education
from izmek.secrets.identity import IdentityKind
from tests import factories as make
from tests.classroom import Classroom, day, phone, signed_in
from tests.forms import shown
from tests.trainees.teacher_pages import NUMBERS, at, card, enrol, person, text, told
from trainees.enums import ApplicationState, Channel, NoticeKind, Purpose
from trainees.models import (
    Application,
    Consent,
    Enrolment,
    Identity,
    NoticeText,
    Trainee,
)
from trainees.services import (
    apply,
    record_identity,
)

pytestmark = pytest.mark.django_db


def here(answer):
    """The address that gave this answer: of the second page, with the code of this enrolment."""
    return answer.request["PATH_INFO"]


def test_a_new_trainee_is_enrolled_in_two_pages(client, room, notices):
    answer = card(client, room.course, " 1000 0000 146 ", follow=True)
    assert "sürüm 7" in text(answer)
    assert "checked" not in answer.content.decode()  # nothing is chosen beforehand
    answer = client.post(
        here(answer),
        person(
            birth_date="05061985",
            consent_name_label="yes",
            consent_name_web="no",
            channel="paper",
            signed_on=day().isoformat(),
        ),
        follow=True,
    )
    seat = Enrolment.objects.get(trainee__first_name="Sevgi")
    assert answer.redirect_chain[-1][0] == at("enrolment", seat)
    assert "Sevgi Aksoy kaydedildi." in text(answer)
    assert seat.course == room.course
    who = seat.trainee
    assert (str(who.birth_date), who.phone.as_e164, who.masked_number) == (
        "1985-06-05",
        "+905321234567",
        "100******46",
    )
    answers = {(c.purpose, c.answer, c.channel, c.notice.version) for c in who.consents.all()}
    assert answers == {
        (Purpose.NAME_LABEL, True, Channel.PAPER, 7),
        (Purpose.NAME_WEB, False, Channel.PAPER, 7),
    }


def test_the_identity_number_stands_in_no_address_and_no_page(client, room):
    answer = card(client, room.course)
    assert NUMBERS[0] not in answer["Location"]
    page = client.get(answer["Location"]).content.decode()
    assert NUMBERS[0] not in page
    assert NUMBERS[0] not in json.dumps(dict(client.session.items()))


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Kimlik kartındaki numarayı girin"),
        ("1000000014", "11 rakam"),
        ("10000000147", "doğrulanm"),
        ("11111111110", "rakam"),
        ("١٠٠٠٠٠٠٠١٤٦", "0–9"),
    ],
)
def test_an_impossible_number_is_refused_at_its_field(client, room, number, sentence):
    answer = card(client, room.course, number)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert told(answer)


def known(number=NUMBERS[1], **fields):
    who = make.trainee("Emine", "Yalçın", phone=phone(), education="3", **fields)
    return record_identity(trainee=who, kind=IdentityKind.TCKN, number=number, by=None)


def test_a_known_trainee_is_shown_masked_and_enrolled_without_typing(client, room):
    who = known()
    answer = card(client, room.course, NUMBERS[1], follow=True)
    assert "E*** Y***" in text(answer) and "172******60" in text(answer)
    page = answer.content.decode()
    assert "Emine" not in page and str(who.phone) not in page and 'name="birth_date"' not in page
    answer = client.post(here(answer), shown(answer), follow=True)
    assert "Emine Yalçın kaydedildi." in text(answer)
    who.refresh_from_db()
    assert who.phone.as_e164.startswith("+90555")  # an empty field changes nothing


def test_a_known_phone_and_address_change_once_both_were_shown_and_chosen(client, room):
    who = make.trainee(
        "Sevgi", "Aksoy", phone="+905321112233", email="eski@example.org", education="3"
    )
    record_identity(trainee=who, kind="tckn", number="10000000146", by=None)
    card = client.post(reverse("teacher-enrol", args=[room.course.pk]), {"number": "10000000146"})
    typed = {"phone": "0555 999 88 77", "email": "yeni@example.org"}
    answer = client.post(card["Location"], typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "*** ** 33" in page and "e***@***" in page
    assert "111 22 33" not in page and "eski@" not in page
    keys = dict(re.findall(r'name="(\w+_counts)"[^>]* value="(typed-\w+)"', page))
    assert set(keys) == {"phone_counts", "email_counts"}
    kept = keys["email_counts"].replace("typed", "recorded")
    other = typed | keys | {"email_counts": kept}
    assert client.post(card["Location"], other | {"phone": "0555 999 88 76"}).status_code == 422
    assert client.post(card["Location"], other).status_code == 302
    who.refresh_from_db()
    assert (who.phone.as_e164, who.email) == ("+905559998877", "eski@example.org")


def test_a_known_trainee_whom_she_teaches_elsewhere_is_named(client, room):
    who = known()
    other = Classroom(teacher=room.teacher)
    make.enrolment(who, other.course)
    assert "Emine Yalçın" in text(card(client, room.course, NUMBERS[1], follow=True))


def test_someone_who_has_a_seat_is_shown_instead_of_asked_again(client, room):
    seat = make.enrolment(known(), room.course)
    answer = card(client, room.course, NUMBERS[1], follow=True)
    assert answer.redirect_chain[-1][0] == at("enrolment", seat)
    assert "zaten kayıtlı" in text(answer)


def test_sent_twice_there_is_one_seat_and_each_consent_once(client, room):
    address = card(client, room.course)["Location"]
    data = person(consent_photo="yes", channel="in person")
    first, second = client.post(address, data), client.post(address, data)
    assert first["Location"] == second["Location"]
    assert Trainee.objects.filter(first_name="Sevgi").count() == 1
    assert Consent.objects.count() == 1
    assert client.get(address)["Location"] == first["Location"]


def test_two_tabs_are_two_people(client, room):
    one = card(client, room.course, NUMBERS[0])["Location"]
    other = card(client, room.course, NUMBERS[1])["Location"]
    assert "100******46" in text(client.get(one))
    client.post(one, person(first_name="Birinci"))
    client.post(other, person(first_name="İkinci", last_name="Kişi", phone="0532 765 43 21"))
    numbers = {one.trainee.first_name: one.number for one in Identity.objects.all()}
    assert (numbers["Birinci"], numbers["İkinci"]) == (NUMBERS[0], NUMBERS[1])


def test_the_second_page_without_the_first_leads_to_it(client, room):
    first = at("enrol", room.course)
    assert client.get(at("enrol-person", room.course, "yok"))["Location"] == first
    of_another = card(client, Classroom(teacher=room.teacher).course)["Location"]
    code = of_another.rstrip("/").rpartition("/")[2]
    assert client.get(at("enrol-person", room.course, code))["Location"] == first


def test_errors_keep_all_that_was_typed(client, room):
    answer = enrol(client, room.course, birth_date="31.02.1985", consent_photo="yes")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Sevgi"' in page and 'value="31.02.1985"' in page
    assert re.search(r'name="consent_photo" value="yes"[^>]*checked', page)
    assert "nasıl verildiğini seçin" in page  # of the channel
    assert not Trainee.objects.filter(first_name="Sevgi").exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"birth_date": "05.06.2985"}, "Bu tarih henüz gelmedi."),
        ({"birth_date": "01.01.1880"}, "Bu doğum tarihi doğru olamaz: yılına yeniden bakın."),
        ({"birth_date": "05.06.0085"}, "Yılı dört rakamla yazın, örneğin 1985."),
        ({"phone": "123"}, "Geçerli bir telefon numarası yazın, örneğin 0555 123 45 67."),
    ],
)
def test_one_slip_is_one_sentence(client, room, typed, says):
    [error] = [one for one in told(enrol(client, room.course, **typed)) if " – " in one]
    assert error.endswith(says)


def test_consent_on_paper_needs_the_day_of_the_signature(client, room):
    answer = enrol(client, room.course, consent_photo="yes", channel="paper")
    assert any("imzalandığı günü" in error for error in told(answer))
    answer = enrol(
        client, room.course, consent_photo="yes", channel="paper", signed_on=day(1).isoformat()
    )
    assert any("henüz gelmedi" in error for error in told(answer))


@pytest.mark.parametrize(
    ("signed_on", "sentence"),
    [
        ("0001-01-01", "İmza tarihi doğum tarihinden (5 Haziran 1985) önce olamaz."),
        ("1985-06-04", "İmza tarihi doğum tarihinden (5 Haziran 1985) önce olamaz."),
        ("1999-12-31", "Rıza metni 1 Eylül 2020 tarihinden beri yürürlükte"),
    ],
)
def test_a_paper_is_not_signed_before_there_was_one(client, room, notices, signed_on, sentence):
    NoticeText.objects.update(written_on=date(2020, 9, 1))
    answer = enrol(client, room.course, consent_photo="yes", channel="paper", signed_on=signed_on)
    assert answer.status_code == 422
    [error] = answer.context["form"].errors["signed_on"]
    assert error.startswith(sentence)
    assert not Trainee.objects.filter(first_name="Sevgi").exists()


def test_a_signed_paper_is_kept_with_the_text_of_its_day(client, room, notices):
    NoticeText.objects.update(written_on=date(2020, 9, 1))
    NoticeText.objects.create(kind=NoticeKind.CONSENT, version=8, language="tr", text="Yeni")
    enrol(client, room.course, consent_photo="yes", channel="paper", signed_on=day(-1).isoformat())
    assert Consent.objects.get().notice.version == 7


def test_without_an_answer_no_consent_is_recorded(client, room):
    enrol(client, room.course)
    assert Enrolment.objects.filter(trainee__first_name="Sevgi").exists()
    assert not Consent.objects.exists()


def young(years):
    return day().replace(year=day().year - years, day=1).strftime("%d.%m.%Y")


def test_under_18_the_guardian_is_asked_for_and_consents(client, room):
    answer = enrol(client, room.course, birth_date=young(17))
    assert any("velisinin adını" in error for error in told(answer))
    assert '<details class="fold" open>' in answer.content.decode()
    guardian = {
        "guardian_name": "ayla ığdır",
        "guardian_relation": "anne",
        "guardian_phone": "",
        "guardian_permits": "on",
    }
    answer = enrol(
        client,
        room.course,
        birth_date=young(17),
        consent_photo="yes",
        channel="in person",
        **guardian,
    )
    assert answer.status_code == 302, told(answer)
    who = Trainee.objects.get(first_name="Sevgi")
    assert who.consents.get().guardian == who.guardians.get()
    assert who.guardians.get().permission_on == day()
    assert who.guardians.get().name == "Ayla Iğdır"


def test_13_years_are_told_the_programmes_minimum_age_and_nothing_of_a_guardian(client, room):
    answer = enrol(client, room.course, birth_date=young(13))
    assert answer.status_code == 422
    errors = " ".join(told(answer))
    assert "16" in errors and "velisi" not in errors
    assert not Trainee.objects.filter(first_name="Sevgi").exists()  # all of it or nothing


def test_clashing_hours_name_the_course_and_the_hours(client, room):
    other = Classroom(programme=make.programme("İğne Oyası"), lesson=False)
    who = known()
    make.enrolment(who, other.course)
    for course in (room.course, other.course):
        make.session(course, day(7), begin=make.time(14), end=make.time(16))
    answer = card(client, room.course, NUMBERS[1], follow=True)
    assert "İğne Oyası" in text(answer) and "14.00-16.00" in text(answer)
    assert "Kurs merkezi sorumlusu gerekçesini yazarak izin verebilir." in text(answer)
    answer = client.post(here(answer), shown(answer))
    assert any("14.00-16.00" in error for error in told(answer))


def test_a_full_course_offers_the_waiting_list(client):
    room = Classroom(trainees=2, capacity=2)
    signed_in(client, room.user)
    answer = enrol(client, room.course)
    assert answer.status_code == 422
    assert "Yedek listeye yaz" in text(answer)
    data = person(waiting="1")
    answer = client.post(here(answer), data, follow=True)
    assert "yedek listeye yazıldı" in text(answer)
    assert room.course.applications.waiting().get().trainee.first_name == "Sevgi"


def test_of_a_known_trainee_a_full_course_says_so_before_anything_is_typed(client):
    room = Classroom(trainees=2, capacity=2)
    known = make.trainee("Sevgi", "Aksoy", phone=phone())
    record_identity(trainee=known, kind=IdentityKind.TCKN, number=NUMBERS[0], by=None)
    answer = card(signed_in(client, room.user), room.course, follow=True)
    assert "Kurs dolu. Kursiyer yedek listeye yazılabilir." in text(answer)
    assert "az önce" not in text(answer)
    data = shown(answer) | {"waiting": "1"}
    assert 'name="waiting" value="1"' in answer.content.decode()
    client.post(here(answer), data)
    assert room.course.applications.waiting().get().trainee == known


@pytest.mark.parametrize("state", [CourseState.FINISHED, CourseState.CANCELLED])
def test_a_course_that_is_over_says_so_instead_of_asking_for_a_number(client, room, state):
    begun = card(client, room.course)["Location"]
    room.course.state = state
    room.course.save()
    page = client.get(at("enrol", room.course))
    assert "Kurs şu anda kimseyi almıyor" in text(page)
    assert 'name="number"' not in page.content.decode()
    assert client.get(begun)["Location"] == at("enrol", room.course)


def test_who_waits_ahead_goes_first(client):
    room = Classroom(trainees=1, capacity=1)
    apply(
        course=room.course,
        first_name="Filiz",
        last_name="Ak",
        phone=phone(),
        birth_year=1980,
        by=room.user,
    )
    room.course.capacity = 2
    room.course.save()
    answer = enrol(signed_in(client, room.user), room.course)
    assert "Yedek listeye yaz" in text(answer)


def test_her_education_is_optional_only_where_the_programme_asks_for_none(client):
    plain = Classroom(trainees=0)
    signed_in(client, plain.user)
    field = card(client, plain.course, follow=True).context["form"]["education"].field
    assert not field.required and not field.help_text
    room = Classroom(
        trainees=0,
        programme=make.programme(minimum_education=Education.UPPER_SECONDARY),
        teacher=plain.teacher,
    )
    page = card(client, room.course, follow=True)
    assert "Programın aradığı en az öğrenim: lise." in text(page)
    answer = client.post(here(page), person(education=""))
    assert answer.context["form"].errors.keys() == {"education"}
    assert client.post(here(page), person(education="4")).status_code == 302


def test_who_is_on_the_list_already_is_not_asked_to_be_put_there(client):
    room = Classroom(trainees=1, capacity=1)
    application = apply(
        course=room.course,
        first_name="Sevgi",
        last_name="Aksoy",
        phone=phone(),
        birth_year=1985,
        by=room.user,
    )
    address = f"{at('enrol', room.course)}?basvuru={application.pk}"
    answer = signed_in(client, room.user).post(address, {"number": NUMBERS[0]}, follow=True)
    answer = client.post(here(answer), person())
    assert answer.status_code == 422
    assert any("zaten yedek listede, 1. sırada" in error for error in told(answer))
    assert 'name="waiting"' not in answer.content.decode()


def test_an_application_becomes_a_seat_with_its_data(client, room):
    application = apply(
        course=room.course,
        first_name="Sevgi",
        last_name="Aksoy",
        phone="+905321234567",
        birth_year=1985,
        by=room.user,
    )
    address = f"{at('enrol', room.course)}?basvuru={application.pk}"
    assert "Sevgi Aksoy" in text(client.get(address))
    answer = client.post(address, {"number": NUMBERS[0]}, follow=True)
    data = shown(answer)
    assert (data["first_name"], data["last_name"]) == ("Sevgi", "Aksoy")
    assert "532" in data["phone"]
    client.post(here(answer), data | {"birth_date": "05.06.1985", "education": "3"})
    application.refresh_from_db()
    assert application.enrolment.trainee.first_name == "Sevgi"


def test_somebody_else_does_not_take_the_seat_of_an_applicant_unasked(client, room):
    application = apply(
        course=room.course,
        first_name="Vildan",
        last_name="Yedek",
        phone="+905321112233",
        birth_year=1985,
        by=room.user,
    )
    address = f"{at('enrol', room.course)}?basvuru={application.pk}"
    answer = client.post(address, {"number": NUMBERS[0]}, follow=True)
    answer = client.post(here(answer), person())
    assert answer.status_code == 422
    assert "Vildan Yedek" in text(answer) and 'name="is_applicant"' in answer.content.decode()
    assert not Trainee.objects.filter(first_name="Sevgi").exists()
    client.post(here(answer), person(is_applicant="no"))
    application.refresh_from_db()
    assert Enrolment.objects.get(trainee__first_name="Sevgi").application is None
    assert application.state in ApplicationState.open()


def test_an_application_of_another_course_is_not_taken(client, room):
    other = Classroom()
    application = Application.objects.create(
        course=other.course,
        first_name="Gizli",
        last_name="Kişi",
        phone=phone(),
        birth_year=1985,
        reference="x",
    )
    answer = client.get(f"{at('enrol', room.course)}?basvuru={application.pk}")
    assert "Gizli" not in answer.content.decode()


def test_the_address_of_an_expired_offer_says_so_at_once(client, room):
    facts = {"last_name": "Yedek", "phone": phone(), "birth_year": 1985, "by": room.user}
    application = apply(course=room.course, first_name="Vildan", **facts)
    address = f"{at('enrol', room.course)}?basvuru={application.pk}"
    form = here(client.post(address, {"number": NUMBERS[0]}, follow=True))
    Application.objects.update(offer_until=timezone.now())
    for expired in (address, form):
        answer = client.get(expired, follow=True)
        assert answer.redirect_chain == [(at("course", room.course), 302)]
        assert "artık yer vermiyor" in answer.content.decode()


def test_the_sister_with_the_same_phone_does_not_take_the_seat_unasked(client, room):
    facts = {"last_name": "Aksoy", "phone": "+905321234567", "birth_year": 1985, "by": room.user}
    application = apply(course=room.course, first_name="Vildan", **facts)
    address = f"{at('enrol', room.course)}?basvuru={application.pk}"
    answer = client.post(address, {"number": NUMBERS[0]}, follow=True)
    answer = client.post(here(answer), person())
    assert answer.status_code == 422 and 'name="is_applicant"' in answer.content.decode()


@pytest.mark.parametrize("theirs", [True, False])
def test_an_application_in_another_spelling_is_asked_about(client, room, theirs):
    facts = {"phone": "+905321234567", "birth_year": 1985, "by": room.user}
    application = apply(course=room.course, first_name="Aksoy", last_name="Sevgi-Su", **facts)
    answer = enrol(client, room.course)
    assert answer.status_code == 422 and "Aksoy Sevgi-Su" in text(answer)
    choice = application.pk if theirs else "none"
    assert client.post(here(answer), person(theirs=choice)).status_code == 302
    seat = Enrolment.objects.get(trainee__first_name="Sevgi")
    assert seat.application == (application if theirs else None)


def test_a_namesake_with_the_same_birth_date_is_asked_about(client, room):
    like = make.trainee("SEVGİ", "Aksoy", birth_date=make.date(1985, 6, 5))  # typed in, no number
    answer = enrol(client, room.course)
    assert answer.status_code == 422
    assert "Aynı kişi mi?" in text(answer) and "S*** A***, 1985" in text(answer)
    client.post(here(answer), person(same_as=str(like.pk)))
    like.refresh_from_db()
    assert like.enrolments.get().course == room.course
    assert like.masked_number == "100******46"
    assert like.phone.as_e164 == "+905321234567"


def test_a_namesake_may_be_somebody_else(client, room):
    other = known(NUMBERS[1])
    other.first_name, other.last_name, other.birth_date = "Sevgi", "Aksoy", make.date(1985, 6, 5)
    other.save()
    answer = enrol(client, room.course)
    assert "172******60" in text(answer)
    assert (
        f'type="radio" name="same_as" value="{other.pk}"' not in answer.content.decode()
    )  # her number is another one
    answer = client.post(here(answer), person(same_as=str(other.pk)))
    assert answer.status_code == 422
    assert client.post(here(answer), person(same_as="new")).status_code == 302
    assert Trainee.objects.filter(folded="sevgi aksoy").count() == 2


def test_a_name_in_capitals_is_written_as_a_name(client, room):
    enrol(client, room.course, first_name="SEVGİ NUR", last_name="ışık")
    who = Trainee.objects.get(folded__startswith="sevgi nur")
    assert (who.first_name, who.last_name) == ("Sevgi Nur", "Işık")
