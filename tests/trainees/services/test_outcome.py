"""Marks and the end of a course, by the services (DOMAIN.md §3, Marks)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from courses.enums import CourseState
from tests import factories
from tests.refusals import refused
from trainees import services
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Absence, Enrolment, Mark

pytestmark = pytest.mark.django_db


def today(offset=0):
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def course():
    """A running course of 40 hours, of which 8 may be missed, with two modules."""
    course = factories.course(programme=factories.programme(total_hours=40), capacity=3)
    course.modules.create(name="Temel teknikler", hours=20, order=1)
    course.modules.create(name="Desen", hours=20, order=2)
    return course


def attending(course, name="Zeynep", missed=0, marks=()):
    enrolment = factories.enrolment(factories.trainee(name), course)
    if missed:
        session = factories.session(course, today(-len(name)), lesson_hours=12)
        Absence.objects.create(enrolment=enrolment, session=session, hours=missed)
    for module, mark in zip(course.modules.all(), marks, strict=False):
        services.set_mark(enrolment=enrolment, module=module, value=mark, by=None)
    return enrolment


# --- Marks ------------------------------------------------------------------------------------


def mark(enrolment, value, module=None):
    module = module or enrolment.course.modules.first()
    return services.set_mark(enrolment=enrolment, module=module, value=value, by=None)


@pytest.mark.parametrize(
    ("value", "stored"),
    [(0, (0, False)), (" 100 ", (100, False)), ("M", (None, True)), ("m", (None, True))],
)
def test_a_mark_from_0_to_100_or_exempt(course, value, stored):
    made = mark(attending(course), value)
    assert (made.value, made.exempt) == stored


@pytest.mark.parametrize("value", [101, -1, "101", "9" * 5000, "85,5", "iyi", "٥٠", "1e1"])
def test_anything_else_is_refused_with_the_range(course, value):
    sentence = refused("range", mark, enrolment=attending(course), value=value)
    assert "0" in sentence and "100" in sentence


def test_a_mark_is_changed_and_taken_back_and_the_history_keeps_it(course):
    enrolment = attending(course)
    for value in (40, 40, 60, "", None):
        mark(enrolment, value)
    assert not Mark.objects.exists()
    values = Mark.history.order_by("history_id").values_list("history_type", "value")
    assert list(values) == [("+", 40), ("~", 60), ("-", 60)]


def test_marks_are_for_those_who_attend_and_for_their_own_modules(course):
    left = attending(course)
    services.withdraw(enrolment=left, by=None)
    refused("state", mark, enrolment=left, value=50)
    other = factories.course().modules.create(name="Başka", hours=8)
    refused("module", mark, enrolment=attending(course, "Ada"), value=50, module=other)
    done = factories.course("finished")
    module = done.modules.create(name="Temel", hours=8)
    refused("state", mark, enrolment=factories.enrolment(of=done), value=50, module=module)


# --- Finishing --------------------------------------------------------------------------------


def test_the_preview_tells_every_outcome_with_its_reason_in_turkish_order(course):
    attending(course, "Şule", marks=[50, 70])
    attending(course, "Sevda", marks=[90])
    attending(course, "Çiçek", marks=[49, 10])
    attending(course, "Cemile", missed=9, marks=[100, 100])
    gone = attending(course, "Ada")
    services.withdraw(enrolment=gone, by=None)
    finish = services.preview_finish(course)
    told = [
        (row.trainee.first_name, outcome.state, outcome.success_mark)
        for row, outcome in finish.outcomes
    ]
    assert told == [
        ("Cemile", EnrolmentState.ABSENT, None),
        ("Çiçek", EnrolmentState.FAILED, Decimal("29.5")),
        ("Sevda", EnrolmentState.TRANSCRIPT, Decimal("90.0")),
        ("Şule", EnrolmentState.COMPLETED, Decimal("60.0")),
    ]
    assert "9" in finish.outcomes[0][1].reason and "40" in finish.outcomes[0][1].reason
    assert [session.date for session in finish.uncalled] == [today(-6)]
    assert Enrolment.objects.filter(state=EnrolmentState.ENROLLED).count() == 4


def test_finishing_freezes_the_outcomes(course):
    enrolment = attending(course, missed=3, marks=[50, 70])
    services.finish_course(course=course, by=None)
    course.refresh_from_db()
    enrolment.refresh_from_db()
    assert course.state == CourseState.FINISHED
    assert enrolment.state == EnrolmentState.COMPLETED
    assert (enrolment.absent_hours, enrolment.success_mark) == (3, Decimal("60.0"))
    assert enrolment.state_reason
    refused("state", services.finish_course, course=course, by=None)


def test_a_course_with_lessons_to_come_is_not_finished(course):
    factories.session(course, today(1))
    assert services.preview_finish(course).coming == 1
    refused("coming", services.finish_course, course=course, by=None)
    course.refresh_from_db()
    assert course.state == CourseState.RUNNING


def test_who_still_waits_is_turned_down_when_the_course_ends(course):
    for name in ("Ada", "Bade", "Ceyda"):
        attending(course, name)
    application = services.put_on_waiting_list(
        trainee=factories.trainee("Emel", phone="05551112233"), course=course, by=None
    )
    services.finish_course(course=course, by=None)
    application.refresh_from_db()
    assert application.state == ApplicationState.REFUSED


def test_without_modules_attendance_alone_decides():
    course = factories.course(programme=factories.programme(total_hours=40))
    session = factories.session(course, today(-1), lesson_hours=12)
    enrolment = factories.enrolment(of=course)
    absence = Absence.objects.create(enrolment=enrolment, session=session, hours=8)
    assert services.outcome_of(enrolment).state == EnrolmentState.COMPLETED
    absence.hours = 9
    absence.save()
    assert services.outcome_of(enrolment).state == EnrolmentState.ABSENT


def test_a_preview_takes_the_same_queries_for_one_and_for_three(
    course, django_assert_max_num_queries
):
    for name in ("Ada", "Bade", "Ceyda"):
        attending(course, name, missed=1, marks=[50, 60])
    with django_assert_max_num_queries(5):
        services.preview_finish(course)


# --- Reopening --------------------------------------------------------------------------------


def test_an_officer_reopens_with_a_reason_and_the_outcome_is_computed_anew(course):
    enrolment = attending(course, marks=[50])
    services.finish_course(course=course, by=None)
    officer = factories.user("merkez-sorumlusu", centres=[course.centre])
    for by in (factories.user("ogretmen"), factories.user("merkez-sorumlusu")):
        refused("right", services.reopen_course, course=course, reason="Not", by=by)
    refused("reason", services.reopen_course, course=course, reason="", by=officer)
    services.reopen_course(course=course, reason="Bir not girilmemiş", by=officer)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.success_mark) == (EnrolmentState.ENROLLED, None)
    assert course.history.first().history_change_reason == "Bir not girilmemiş"
    mark(enrolment, 70, course.modules.last())
    services.finish_course(course=course, by=officer)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.COMPLETED
    states = enrolment.history.order_by("history_id").values_list("state", flat=True)
    assert list(states)[-3:] == ["transcript", "enrolled", "completed"]


def test_a_running_course_is_not_reopened(course):
    refused("state", services.reopen_course, course=course, reason="Not", by=None)


def test_the_reason_says_how_many_hours_were_attended():
    course = factories.course(programme=factories.programme(total_hours=40), end=today(-1))
    lessons = [factories.session(course, today(-days)) for days in (20, 10, 1)]
    late = factories.enrolment(factories.trainee("Ece"), course, joined_on=course.end)
    steady = factories.enrolment(factories.trainee("Ayşe"), course)
    services.mark_absent(enrolment=steady, session=lessons[0], hours=1, by=None)
    for lesson in lessons:
        services.call_roll(session=lesson, by=None)
    services.finish_course(course=course, by=None)
    reasons = {seat.pk: seat.state_reason for seat in Enrolment.objects.all()}
    assert reasons[late.pk].endswith("4 ders saatine katıldı.")
    assert reasons[steady.pk].endswith("11 ders saatine katıldı.")


def test_the_hours_attended_come_along_with_a_transfer():
    old, new = (
        factories.course(programme=programme, capacity=5)
        for programme in [factories.programme()] * 2
    )
    seat = factories.enrolment(of=old)
    for course, days in ((old, 9), (old, 8), (new, 7)):
        lesson = factories.session(course, today(-days))
        services.call_roll(session=lesson, by=None)
    moved = services.transfer(enrolment=seat, course=new, reason="Saat", by=None)
    services.call_roll(session=factories.session(new, today()), by=None)
    assert Enrolment.objects.with_hours_attended().get(pk=moved.pk).attended == 12
