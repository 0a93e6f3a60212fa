"""A trainee's page in the teacher pages."""

import time

import pytest
import time_machine

from courses.services import change_teacher
from izmek.acts.enums import Access
from izmek.models import AccessLog
from tests import factories as make
from tests.classroom import Classroom, day, phone
from tests.forms import shown
from tests.pdfs import assert_accessible, whole
from tests.trainees.certificates import CONTENT, make_certificate
from tests.trainees.teacher_pages import at, text, told
from trainees.enums import Channel, EnrolmentState, Purpose
from trainees.models import (
    Consent,
)
from trainees.services import (
    answers_of,
    apply,
    give_consent,
    record_support,
    withdraw_consent,
)
from trainees.wording import QUESTIONS

pytestmark = pytest.mark.django_db


def test_the_support_need_is_shown_on_request_and_the_look_is_noted(client, room):
    seat = room.seats[0]
    record_support(trainee=seat.trainee, support="Öne otursun", by=None)
    assert "Öne otursun" not in text(client.get(at("enrolment", seat)))
    assert "Öne otursun" in text(client.post(at("support", seat)))
    look = AccessLog.objects.get(action=Access.SUPPORT_SEEN)
    assert (look.by, look.object_id) == (room.user, str(seat.trainee.pk))


def test_no_support_need_is_shown_on_a_telephone_that_was_left(client, room):
    seat = room.seats[0]
    record_support(trainee=seat.trainee, support="Öne otursun", by=None)
    room.user.set_password("kilim dokur gibi")
    room.user.save()
    client.force_login(room.user)
    with time_machine.travel(time.time() + 16 * 60):
        asked = client.post(at("support", seat))
        assert asked.url.startswith("/hesap/reauthenticate/")
        assert client.get(at("enrolment", seat)).status_code == 200  # the rest asks nothing
        assert not AccessLog.objects.filter(action=Access.SUPPORT_SEEN).exists()
        back = client.post(asked.url, {"password": "kilim dokur gibi"})
        assert "Öne otursun" in text(client.get(back.url))  # what was asked for goes on by itself


def test_who_corrects_a_name_is_told_which_certificates_bear_the_former_one(client, room):
    seat = room.seats[0]
    former = {**CONTENT, "name": str(seat.trainee)}
    valid = make_certificate(seat, content=former)
    elsewhere = make.enrolment(seat.trainee, Classroom(lesson=False, trainees=0).course)
    revoked = make_certificate(elsewhere, content=former, state="revoked", state_reason="Yanlış")
    names = shown(client.get(at("name", seat)))
    said = client.post(at("name", seat), names, follow=True).content.decode()
    assert valid.number not in said  # nothing was changed
    answer = client.post(at("name", seat), names | {"first_name": "Şükriye"}, follow=True)
    assert f"{valid.number} numaralı belgede eski ad" in answer.content.decode()
    assert revoked.number not in answer.content.decode()


def test_an_older_page_or_paper_brings_no_withdrawn_consent_back(client, room):
    seat = room.seats[0]
    who = {"trainee": seat.trainee, "purpose": Purpose.NAME_WEB, "by": None}
    old = shown(client.get(at("consents", seat)))
    withdraw_consent(channel=Channel.PHONE, **who)
    data = old | {"consent_name_web": "yes", "channel": "in person"}
    answer = client.post(at("consents", seat), data)
    assert answer.status_code == 422 and "Şimdiye kadarki yanıt: hayır" in text(answer)
    data |= {"seen": shown(answer)["seen"], "channel": "paper"}
    answer = client.post(at("consents", seat), data | {"signed_on": day(-1).isoformat()})
    assert list(answer.context["form"].errors) == ["signed_on"]
    assert not answers_of(seat.trainee)[Purpose.NAME_WEB].answer
    data["signed_on"] = day().isoformat()
    assert client.post(at("consents", seat), data).status_code == 302
    assert answers_of(seat.trainee)[Purpose.NAME_WEB].answer


def test_consents_are_recorded_later_from_the_signed_paper(client, room):
    seat = room.seats[0]
    give_consent(trainee=seat.trainee, purpose=Purpose.PHOTO, channel=Channel.PHONE, by=None)
    page = client.get(at("consents", seat))
    assert "Şimdiye kadarki yanıt: evet" in text(page)
    assert "checked" not in page.content.decode()
    answer = client.post(at("consents", seat), {})
    assert answer.status_code == 422
    client.post(
        at("consents", seat),
        {"consent_name_web": "yes", "channel": "paper", "signed_on": day(-1).isoformat()},
    )
    consent = Consent.objects.get(purpose=Purpose.NAME_WEB)
    assert (consent.answer, consent.signed_on, consent.by) == (True, day(-1), room.user)
    assert Consent.objects.count() == 2  # the other answer stands


def test_under_18_the_guardian_answers(client, room):
    seat = make.enrolment(make.minor(), room.course)
    data = {"consent_photo": "yes", "channel": "in person"}
    answer = client.post(at("consents", seat), data)
    assert any("veli" in error.casefold() for error in told(answer))
    client.post(at("consents", seat), data | {"guardian": seat.trainee.guardians.get().pk})
    assert Consent.objects.get().guardian == seat.trainee.guardians.get()


def test_leaving_needs_a_reason_and_frees_the_seat(client, room):
    seat = room.seats[0]
    answer = client.post(at("leave", seat), {"reason": "", "left_on": day().isoformat()})
    assert answer.status_code == 422
    client.post(at("leave", seat), {"reason": "Taşındı", "left_on": day().isoformat()})
    seat.refresh_from_db()
    assert (seat.state, seat.state_reason) == (EnrolmentState.WITHDRAWN, "Taşındı")
    assert "Taşındı" in text(client.get(at("course", room.course)))
    assert client.get(at("enrolment", seat)).status_code == 200


def test_transfer_to_a_course_of_the_same_programme(client, room):
    target = Classroom(programme=room.course.programme, lesson=False, trainees=0)
    elsewhere = Classroom(lesson=False)
    seat = room.seats[0]
    page = client.get(at("transfer", seat)).content.decode()
    assert f'value="{target.course.pk}"' in page and f'value="{elsewhere.course.pk}"' not in page
    answer = client.post(at("transfer", seat), {"course": target.course.pk, "reason": "Saat"})
    assert answer.status_code == 302
    assert target.course.enrolments.get().continues == seat


def test_the_list_of_courses_to_transfer_to_names_who_teaches_now(client, room):
    target = Classroom(programme=room.course.programme, lesson=False, trainees=0)
    successor = make.teacher("Ayla", "Kaya")
    change_teacher(course=target.course, teacher=successor, begins_on=day(), by=None)
    assert f"{target.course} · Ayla Kaya" in text(client.get(at("transfer", room.seats[0])))


def test_a_transfer_that_is_refused_says_why(client, room):
    full = Classroom(programme=room.course.programme, lesson=False, trainees=1, capacity=1)
    data = {"course": full.course.pk, "reason": "Saat"}
    answer = client.post(at("transfer", room.seats[0]), data)
    assert answer.status_code == 422 and "Kurs dolu." in told(answer)
    apply(
        course=full.course,
        first_name="Filiz",
        last_name="Ak",
        phone=phone(),
        birth_year=1980,
        by=make.user("yonetici"),
    )
    answer = client.post(at("transfer", room.seats[0]), data)
    assert "Önünde bekleyen 1 kişi var." in told(answer)
    room.seats[0].refresh_from_db()
    assert room.seats[0].state == EnrolmentState.ENROLLED


def test_the_registration_form_asks_and_answers_nothing_beforehand(client, room, notices):
    give_consent(
        trainee=room.seats[0].trainee, purpose=Purpose.PHOTO, channel=Channel.PAPER, by=None
    )
    pdf = client.get(at("form", room.seats[0])).content
    assert_accessible(pdf, title="Kesin kayıt formu")
    page = whole(pdf)
    assert str(room.seats[0].trainee) in page
    assert "Kesin kayıt aydınlatma metni (sürüm 7)" in page
    assert all(" ".join(str(question).split()) in page for question in QUESTIONS.values())
