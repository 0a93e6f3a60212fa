"""A centre officer's work beyond the queue, by the pages of the admin: her whole demonstration in one
test, then the end of a course, the ways out of a seat, corrected rolls and letters."""

from datetime import datetime, time, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from courses.enums import CourseState
from izmek.accounts.roles import Role
from izmek.acts.enums import LetterState
from izmek.models import Letter, Override
from tests import factories as make
from tests.classroom import Classroom, day
from tests.forms import errors, shown
from trainees import services
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Absence, Application, Enrolment, Mark, RollCall

pytestmark = pytest.mark.django_db

NUMBER = "17291716060"


def page(name, *args):
    return reverse(f"admin:{name}", args=[getattr(arg, "pk", arg) for arg in args])


def act(row, action):
    return page(f"{row._meta.app_label}_{row._meta.model_name}_act", row, action)


def seen(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def again(row):
    return type(row).objects.get(pk=row.pk)


# --- The demonstration ------------------------------------------------------------------------


def test_an_offer_ends_the_next_is_called_comes_and_is_enrolled_then_the_teacher_changes(client):
    """Issue 3: an offer expires, the next is called by phone, comes, is enrolled; a course changes
    teacher and the old one gets 404 from that day on."""
    room = Classroom(trainees=0, capacity=1, state="open", lesson=False, begin=day(10))
    course = room.course
    officer = make.user(Role.OFFICER, centres=[course.centre])
    client.force_login(officer)
    calls = page("trainees_call_desk")
    first, second = (
        services.apply(
            course=course, first_name=name, last_name="Yılmaz", birth_year=1980, by=officer, **more
        )
        for name, more in (
            ("Zehra", {"phone": "05551112200", "email": "zehra@example.org"}),
            ("Ayşe", {"phone": "05551112233"}),  # no e-mail address
        )
    )
    assert (first.state, second.state) == (ApplicationState.OFFERED, ApplicationState.RECEIVED)

    # The time of the offer passes; the clock alone frees the seat, the next one moves up.
    over = timezone.now() - timedelta(minutes=1)
    Application.objects.filter(pk=first.pk).update(offer_until=over)
    call_command("advance_queues", stdout=StringIO())
    assert again(first).state == ApplicationState.EXPIRED
    why = services.why_not_offered(again(first))[0]
    assert why in seen(client.get(page("trainees_application_change", first)))
    assert (again(second).state, again(second).offer_until) == (ApplicationState.OFFERED, None)
    text = seen(client.get(calls))
    assert "Ayşe Yılmaz" in text and "tel:+905551112233" in text and "Zehra" not in text

    # She is told by phone: from then on she has two days.
    reached = {"say": f"offer-{second.pk}", "answer": "reached"}
    assert client.post(calls, reached)["Location"] == calls
    assert "Ayşe" not in seen(client.get(calls)).split("content-main")[1]
    assert timedelta(hours=47) < again(second).offer_until - timezone.now() < timedelta(hours=49)

    # She comes with her identity card: one step, what she applied with carried over.
    data = shown(client.get(act(second, "accept"), follow=True))
    assert (data["first_name"], data["last_name"]) == ("Ayşe", "Yılmaz")
    data |= {"identity_number": NUMBER, "birth_date": "17.05.1980"}
    assert client.post(page("trainees_enrolment_counter"), data).status_code == 302
    seat = Enrolment.objects.get()
    who = seat.trainee
    assert (str(who), seat.application, seat.course) == ("Ayşe Yılmaz", second, course)
    assert (who.identity.number, str(who.phone.as_e164)) == (NUMBER, "+905551112233")
    assert (seat.joined_on, again(second).state) == (course.begin, ApplicationState.ENROLLED)

    # The course changes teacher from tomorrow on.
    old = reverse("teacher-course", args=[course.pk])
    successor = make.teacher("Sevim", "Kurt", with_user=True)
    successor.centres.add(course.centre)
    data = {"teacher": successor.pk, "begins_on": f"{day(1):%d.%m.%Y}", "reason": "Doğum izni"}
    assert client.post(act(course, "change_teacher"), data).status_code == 302
    client.force_login(room.user)
    assert "Ayşe Yılmaz" in seen(client.get(old))
    midnight = timezone.make_aware(datetime.combine(day(1), time(0, 1)))
    with time_machine.travel(midnight, tick=False):
        client.force_login(room.user)
        assert client.get(old).status_code == 404
        assert client.get(reverse("teacher-enrolment", args=[seat.pk])).status_code == 404
        client.force_login(successor.user)
        assert "Ayşe Yılmaz" in seen(client.get(old))


# --- The end of a course ----------------------------------------------------------------------


def finish_page(room):
    return page("courses_course_outcome", room.course)


def as_shown(answer):
    """What the button of the page sends."""
    return {"shown": answer.context["shown"]}


def held(room):
    """The class once its lessons are over: one has passed everything, the other was away too long."""
    call = services.call_roll(session=room.session, by=room.user)
    for module in room.modules:
        services.set_mark(enrolment=room.seats[0], module=module, value=80, by=room.user)
    for offset in (-1, -2, -3):
        past = make.session(room.course, day(offset), lesson_hours=8)
        services.mark_absent(enrolment=room.seats[1], session=past, by=room.user)
        services.call_roll(session=past, by=room.user)
    return call


def test_finishing_shows_every_outcome_with_its_reason_then_freezes_it(client, room, officer):
    held(room)
    assert finish_page(room) in seen(client.get(page("courses_course_change", room.course)))
    answer = client.get(finish_page(room))
    text = seen(answer)
    assert "2 modülün 2 tanesi" in text or "2 modülden 2" in text, text
    assert str(room.seats[1].trainee) in text and "24" in text
    assert again(room.course).state == CourseState.RUNNING
    done = client.post(finish_page(room), as_shown(answer))
    assert done["Location"] == page("courses_course_marks", room.course)
    assert again(room.course).state == CourseState.FINISHED
    assert [again(seat).state for seat in room.seats] == [
        EnrolmentState.COMPLETED,
        EnrolmentState.ABSENT,
    ]
    assert client.post(finish_page(room), as_shown(answer)).status_code == 302  # clicked twice


def test_what_changed_since_the_preview_is_not_frozen_unseen(client, room, officer):
    held(room)
    answer = client.get(finish_page(room))
    services.set_mark(enrolment=room.seats[0], module=room.modules[0], value=10, by=room.user)
    assert "errornote" in seen(client.post(finish_page(room), as_shown(answer)))
    assert again(room.course).state == CourseState.RUNNING
    assert again(room.seats[0]).state == EnrolmentState.ENROLLED


def test_what_is_still_open_is_said_before_a_course_is_finished(client, room, officer):
    text = seen(client.get(finish_page(room)))  # today's roll was not called, no mark given
    assert page("courses_session_change", room.session) in text
    make.session(room.course, day(3))
    assert 'type="submit"' not in seen(client.get(finish_page(room))).split("<main")[1]
    client.post(finish_page(room), {"shown": ""})
    assert again(room.course).state == CourseState.RUNNING


def test_reopening_needs_a_reason_and_takes_the_outcomes_off(client, room, officer):
    held(room)
    client.post(finish_page(room), as_shown(client.get(finish_page(room))))
    assert act(room.course, "reopen") in seen(
        client.get(page("courses_course_change", room.course))
    )
    assert list(errors(client.post(act(room.course, "reopen"), {"reason": " "}))) == ["reason"]
    assert client.post(act(room.course, "reopen"), {"reason": "Not hatası"}).status_code == 302
    assert again(room.course).state == CourseState.RUNNING
    assert {again(seat).state for seat in room.seats} == {EnrolmentState.ENROLLED}


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [(Role.OFFICER, False, 404), (Role.AUDITOR, False, 403), (Role.TEACHER, False, 403)],
)
def test_who_may_finish_a_course(client, room, role, own, status):
    client.force_login(make.user(role, centres=[make.centre()] if role == Role.OFFICER else []))
    assert client.get(finish_page(room)).status_code == status
    assert client.post(act(room.course, "reopen"), {"reason": "x"}).status_code == status


# --- Seats ------------------------------------------------------------------------------------


def test_an_officer_sets_a_rule_aside_in_writing_when_she_enrols(client, officer):
    centre = officer.offices.get().centre
    two = [make.course(centre=centre) for _n in range(2)]
    third, who = make.course(centre=centre), make.trainee(phone="05550001122")
    services.record_identity(trainee=who, kind="tckn", number=NUMBER, by=None)
    for other in two:
        make.enrolment(who, other)
    counter = page("trainees_enrolment_counter")
    data = shown(client.get(counter, {"course": third.pk, "person": who.pk}))
    assert client.post(counter, data | {"override": " "}).status_code == 422
    assert client.post(counter, data | {"override": "Kısa kurs"}).status_code == 302
    assert Override.objects.get().reason == "Kısa kurs"
    assert third.enrolments.get().trainee == who


def test_the_ways_out_of_a_seat(client, room, officer):
    seat, other = room.seats
    target = make.course(centre=room.course.centre, programme=room.course.programme)
    text = seen(client.get(page("trainees_enrolment_change", seat)))
    for way in ("transfer", "withdraw", "remove"):
        assert act(seat, way) in text
    assert list(errors(client.post(act(seat, "transfer"), {}))) == ["course", "reason"]
    data = {"course": target.pk, "reason": "Taşındı", "override": ""}
    assert client.post(act(seat, "transfer"), data).status_code == 302
    assert again(seat).state == EnrolmentState.TRANSFERRED
    assert list(errors(client.post(act(other, "remove"), {}))) == ["reason"]
    assert client.post(act(other, "remove"), {"reason": "Kavga"}).status_code == 302
    assert again(other).state == EnrolmentState.REMOVED
    last = room.seat()
    data = {"reason": "Hastalık", "left_on": f"{day(1):%d.%m.%Y}"}
    assert list(errors(client.post(act(last, "withdraw"), data))) == ["left_on"]
    assert client.post(act(last, "withdraw"), data | {"left_on": ""}).status_code == 302
    assert act(last, "withdraw") not in seen(client.get(page("trainees_enrolment_change", last)))


def test_the_list_of_seats_warns_from_half_of_the_limit_on(client, room, officer):
    for hours, words in ((9, None), (1, "sınırın yarısı"), (6, "sınıra"), (5, "geçemez")):
        past = make.session(room.course, day(-hours), lesson_hours=hours)
        services.mark_absent(enrolment=room.seats[0], session=past, by=room.user)
        text = seen(client.get(page("trainees_enrolment_changelist")))
        assert (words in text) if words else ('class="warning"' not in text)


# --- Rolls and marks --------------------------------------------------------------------------


def test_an_officer_corrects_a_roll_that_is_too_old_for_the_teacher(client, room, officer):
    seat, old = room.seats[0], make.session(room.course, day(-20))
    column = f"{page('courses_course_roll', room.course)}?lesson={old.pk}"
    assert column in seen(client.get(page("courses_session_change", old)))
    client.post(column, shown(client.get(column)))
    RollCall.objects.update(at=timezone.now() - timedelta(days=20))
    hours = f"k{seat.pk}-hours"
    client.post(column, shown(client.get(column)) | {hours: "2"})
    absence = Absence.objects.get()
    assert (absence.hours, absence.by) == (2, officer)
    assert str(seat.trainee) in seen(client.get(page("courses_session_change", old)))
    change = page("trainees_absence_change", absence)
    typed = shown(client.get(change)) | {"hours": "3"}
    assert client.post(change, typed).status_code == 302
    client.post(column, shown(client.get(column)) | {hours: "0"})
    history = Absence.history.order_by("history_id")
    assert list(history.values_list("hours", "history_type", "history_user")) == [
        (2, "+", officer.pk),
        (3, "~", officer.pk),
        (3, "-", officer.pk),
    ]


def test_marks_of_a_finished_course_are_corrected_after_reopening_alone(client, room, officer):
    held(room)
    mark = Mark.objects.first()
    change = page("trainees_mark_change", mark)
    typed = shown(client.get(change)) | {"value": "70"}
    services.finish_course(course=room.course, by=officer)
    assert "kapalı" in seen(client.post(change, typed))
    assert again(mark).value == 80
    services.reopen_course(course=room.course, reason="Not hatası", by=officer)
    assert client.post(change, typed).status_code == 302
    assert again(mark).value == 70


# --- Letters ----------------------------------------------------------------------------------


def test_letters_stand_with_what_they_are_about_and_are_sent_again(
    client, room, officer, django_capture_on_commit_callbacks
):
    who = make.trainee("Ayşe", "Ak", email="ayse@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        seat = services.enrol(trainee=who, course=room.course, by=officer)
    letter = Letter.objects.get()
    text = seen(client.get(page("trainees_enrolment_change", seat)))
    assert "ayse@example.org" in text and letter.subject in text
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(act(seat, "resend"), {"letter": letter.pk}).status_code == 302
    assert len(mail.outbox) == 2
    other = services.enrol(
        trainee=make.trainee("F", "G", email="f@example.org"), course=room.course, by=officer
    )
    strange = Letter.objects.get(to="f@example.org")
    assert list(errors(client.post(act(seat, "resend"), {"letter": strange.pk}))) == ["letter"]
    assert other.pk != seat.pk


def test_the_manager_sees_every_letter_and_sends_the_failed_ones_again(
    client, room, django_capture_on_commit_callbacks
):
    who = make.trainee("Ayşe", "Ak", email="ayse@example.org")
    services.enrol(trainee=who, course=room.course, by=None)
    Letter.objects.update(state=LetterState.FAILED, error="nobody listens")
    letter = Letter.objects.get()
    client.force_login(make.user(Role.AUDITOR))
    assert "nobody listens" in seen(client.get(page("izmek_letter_change", letter)))
    assert client.post(act(letter, "resend")).status_code == 403
    client.force_login(make.user(Role.MANAGER))
    assert act(letter, "resend") in seen(client.get(page("izmek_letter_change", letter)))
    chosen = {"action": "resend_chosen", "apply": "yes", "_selected_action": [letter.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page("izmek_letter_changelist"), chosen).status_code == 302
    assert again(letter).state == LetterState.SENT
    assert mail.outbox[0].to == ["ayse@example.org"]
