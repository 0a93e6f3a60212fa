"""Absences and roll calls, and what they add up to (DESIGN.md §3, Absence; DOMAIN.md §3)."""

from datetime import time, timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from courses.enums import DayPart
from courses.models import Course, Holiday
from izmek.accounts.roles import Role
from tests import factories
from tests.refusals import refused
from trainees import services
from trainees.enums import AbsenceLevel
from trainees.models import Absence, Enrolment, RollCall, Trainee

pytestmark = pytest.mark.django_db


def today(offset=0):
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def teacher():
    """The user who teaches the course."""
    return factories.teacher(with_user=True).user


@pytest.fixture
def enrolment(teacher):
    return factories.enrolment(of=factories.course(teacher=teacher.teacher))


@pytest.fixture
def session(enrolment):
    """A lesson of today with four hours."""
    return factories.session(enrolment.course)


def marked(enrolment, session, by=None, **fields):
    return services.mark_absent(enrolment=enrolment, session=session, by=by, **fields)


# --- Marking ----------------------------------------------------------------------------------


def test_absent_is_the_whole_lesson_or_some_hours(enrolment, session, teacher):
    assert marked(enrolment, session, teacher).hours == 4
    absence = marked(enrolment, session, teacher, hours=1, excused=True, note=" Doktor ")
    assert (absence.hours, absence.excused, absence.note) == (1, True, "Doktor")
    assert Absence.objects.count() == 1


def test_a_repeat_changes_nothing(enrolment, session, teacher):
    first = marked(enrolment, session, teacher)
    again = marked(enrolment, session, teacher)
    assert (again.pk, again.at) == (first.pk, first.at)
    assert Absence.history.count() == 1


def test_the_last_one_who_marked_is_shown_and_the_earlier_kept(enrolment, session, teacher):
    marked(enrolment, session, teacher, hours=2)
    other = factories.user("yonetici")
    assert marked(enrolment, session, other, hours=2).by == other
    assert [row.history_user for row in Absence.history.order_by("history_id")] == [teacher, other]
    services.mark_present(enrolment=enrolment, session=session, by=teacher)
    services.mark_present(enrolment=enrolment, session=session, by=teacher)
    last = services.last_marked(session)
    assert (last.history_user, last.history_type, last.hours) == (teacher, "-", 2)
    assert not Absence.objects.exists()


@pytest.mark.parametrize("hours", [0, -1, 5])
def test_nobody_misses_more_than_the_lesson_has(enrolment, session, hours):
    assert "4" in refused("hours", marked, enrolment=enrolment, session=session, hours=hours)


def test_a_lesson_to_come_has_no_roll(enrolment):
    session = factories.session(enrolment.course, today(1))
    refused("future", marked, enrolment=enrolment, session=session)
    refused("future", services.call_roll, session=session, by=None)


def test_a_holiday_is_named(enrolment, session):
    Holiday.objects.create(name="Cumhuriyet Bayramı", begin=today(), end=today())
    for act, facts in [
        (services.call_roll, {}),
        (services.mark_absent, {"enrolment": enrolment}),
        (services.mark_present, {"enrolment": enrolment}),
    ]:
        assert "Cumhuriyet Bayramı" in refused("holiday", act, session=session, by=None, **facts)


def test_half_a_holiday_and_another_centres_leave_the_lesson_alone(enrolment, session):
    Holiday.objects.create(name="Arife", begin=today(), end=today(), part=DayPart.AFTERNOON)
    Holiday.objects.create(name="Boya", begin=today(), end=today(), centre=factories.centre())
    assert services.call_roll(session=session, by=None)


def test_a_cancelled_lesson_has_no_roll(enrolment):
    session = factories.session(enrolment.course, today(-1), state="cancelled")
    refused("cancelled", marked, enrolment=enrolment, session=session)


def test_the_rolls_of_a_finished_course_are_closed():
    course = factories.course("finished")
    session = factories.session(course, today(-1))
    refused("state", marked, enrolment=factories.enrolment(of=course), session=session)
    refused("state", services.call_roll, session=session, by=None)


def test_only_who_is_in_the_course_on_that_day_is_on_its_roll(enrolment):
    sessions = {day: factories.session(enrolment.course, today(day)) for day in (-9, -8, -5, -4)}
    Enrolment.objects.filter(pk=enrolment.pk).update(
        joined_on=today(-8), left_on=today(-4), state="withdrawn"
    )
    for day in (-9, -4):
        refused("not on the roll", marked, enrolment=enrolment, session=sessions[day])
    for day in (-8, -5):
        assert marked(enrolment, sessions[day])
        assert (
            Enrolment.objects.on_roll(sessions[day].course_id, sessions[day].date).get()
            == enrolment
        )
    assert not Enrolment.objects.on_roll(sessions[-4].course_id, sessions[-4].date).exists()
    refused("not on the roll", marked, enrolment=factories.enrolment(), session=sessions[-5])


# --- Calling and correcting -------------------------------------------------------------------


def test_a_past_lesson_can_be_called_and_who_called_last_is_shown(enrolment, teacher):
    session = factories.session(enrolment.course, today(-20))
    marked(enrolment, session, teacher)
    call = services.call_roll(session=session, by=teacher)
    assert services.call_roll(session=session, by=teacher).at == call.at
    other = factories.user("merkez-sorumlusu", centres=[enrolment.course.centre])
    assert services.call_roll(session=session, by=other).by == other
    assert RollCall.objects.count() == 1


def test_a_teacher_corrects_for_a_week_then_it_is_an_officers_matter(enrolment, teacher):
    session = factories.session(enrolment.course, today(-30))
    call = services.call_roll(session=session, by=teacher)
    assert marked(enrolment, session, teacher, hours=4), "called late, corrected at once"
    RollCall.objects.filter(pk=call.pk).update(at=timezone.now() - timedelta(days=7, hours=1))
    stranger = factories.user("merkez-sorumlusu", centres=[factories.centre()])
    for by, code in ((teacher, "late"), (stranger, "right")):
        refused(code, marked, enrolment=enrolment, session=session, by=by, hours=1)
    officer = factories.user("merkez-sorumlusu", centres=[enrolment.course.centre])
    marked(enrolment, session, officer, hours=1)
    history = Absence.history.order_by("history_id")
    assert [(row.hours, row.history_user) for row in history] == [(4, teacher), (1, officer)]


def test_the_roll_shows_what_was_marked(enrolment, session, teacher):
    other = factories.enrolment(factories.trainee("Çiğdem"), enrolment.course)
    marked(enrolment, session, teacher, hours=2, note="Geç geldi")
    marked(enrolment, factories.session(enrolment.course, begin=time(13), end=time(15)), teacher)
    roll = (
        Enrolment.objects.on_roll(session.course_id, session.date)
        .with_absence_at(session)
        .in_name_order()
    )
    assert [(row.pk, row.missed_hours, row.note) for row in roll] == [
        (other.pk, None, None),
        (enrolment.pk, 2, "Geç geldi"),
    ]
    assert (roll[1].marked_by, roll[1].excused) == (teacher.pk, False)


def test_a_tap_takes_few_queries(enrolment, session, teacher, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):  # lock, read, write, history, and the savepoint's two
        marked(enrolment, session, teacher)
    with django_assert_max_num_queries(6):
        services.mark_present(enrolment=enrolment, session=session, by=teacher)


# --- What it adds up to -----------------------------------------------------------------------


def attendance(enrolment):
    """As the list tells it and as the row alone does: the same."""
    row = Enrolment.objects.with_attendance().select_related("course").get(pk=enrolment.pk)
    assert row.attendance == Enrolment.objects.get(pk=enrolment.pk).attendance
    assert row.too_absent == row.attendance.too_absent
    return row.attendance


def missed(enrolment, hours, offset=0, **fields):
    fields.setdefault("lesson_hours", hours)
    session = factories.session(enrolment.course, today(-offset), **fields)
    return Absence.objects.create(enrolment=enrolment, session=session, hours=hours)


def of_hours(total, **rules):
    year = factories.year(**rules)
    course = factories.course(
        programme=factories.programme(total_hours=total), term=factories.term(year)
    )
    return factories.enrolment(of=course)


def test_of_four_hundred_hours_eighty_are_in_and_eighty_one_are_out():
    enrolment = of_hours(400)
    for day in range(10):
        missed(enrolment, 8, day)
    at_the_limit = attendance(enrolment)
    assert (at_the_limit.absent, at_the_limit.left, at_the_limit.share) == (80, 0, 100)
    assert (at_the_limit.too_absent, at_the_limit.level) == (False, AbsenceLevel.NEAR)
    missed(enrolment, 1, 10)
    beyond = attendance(enrolment)
    assert (beyond.too_absent, beyond.level, beyond.left) == (True, AbsenceLevel.OVER, 0)


def test_excused_hours_count_and_cancelled_lessons_do_not(enrolment):
    services.mark_absent(
        enrolment=enrolment, session=factories.session(enrolment.course), excused=True, by=None
    )
    missed(enrolment, 4, 1, state="cancelled")
    assert attendance(enrolment).absent == 4


@pytest.mark.parametrize(("counts", "hours"), [(True, 4), (False, 0)])
def test_lessons_before_she_joined_count_where_the_year_says_so(counts, hours):
    enrolment = of_hours(120, count_before_joining=counts)
    held, uncalled = [factories.session(enrolment.course, today(-day)) for day in (9, 8)]
    RollCall.objects.create(session=held)
    Enrolment.objects.filter(pk=enrolment.pk).update(joined_on=today(-5))
    assert attendance(enrolment).absent == hours, uncalled


def test_the_hours_before_a_transfer_count_but_not_as_absence_from_the_new_course():
    old = of_hours(120, count_before_joining=True)
    new_course = factories.course(programme=old.course.programme, term=old.course.term)
    RollCall.objects.create(session=factories.session(new_course, today(-9)))
    missed(old, 3, 9)
    new = services.transfer(enrolment=old, course=new_course, reason="Taşındı", by=None)
    assert attendance(new).absent == 3


def test_near_the_limit_are_those_past_the_share():
    half, near, over = [of_hours(100) for _ in range(3)]
    for enrolment, hours in [(half, 10), (near, 16), (over, 21)]:
        missed(enrolment, hours)
    rows = Enrolment.objects.order_by("pk")
    assert list(rows.near_limit(50)) == [half, near, over]
    assert list(rows.near_limit()) == [near, over]


def test_large_courses_do_not_overflow():
    enrolment = of_hours(2000, absence_limit_numerator=50, absence_limit_denominator=100)
    missed(enrolment, 500)
    assert attendance(enrolment).share == 50


def test_a_roll_called_before_its_day_became_a_holiday_can_still_be_corrected(enrolment, session):
    services.call_roll(session=session, by=None)
    Holiday.objects.create(name="Kar tatili", begin=today(), end=today())
    marked(enrolment, session)
    assert Enrolment.objects.with_attendance().get().absent == session.lesson_hours


def test_a_holiday_that_was_entered_later_takes_what_was_missed(enrolment):
    session = factories.session(enrolment.course, today(-3))
    marked(enrolment, session)
    assert Enrolment.objects.with_attendance().get().absent == 4
    Holiday.objects.create(name="Kar tatili", begin=today(-3), end=today(-3))
    assert Enrolment.objects.with_attendance().get().absent == 0
    RollCall.objects.create(session=session)  # called all the same: then it was held
    assert Enrolment.objects.with_attendance().get().absent == 4


def test_a_curator_who_teaches_sees_the_people_of_their_own_courses_alone(enrolment, teacher):
    stranger = factories.enrolment()
    teacher.groups.add(Group.objects.get(name=Role.CURATOR))
    both = type(teacher).objects.get(pk=teacher.pk)
    assert list(Enrolment.objects.visible_to(both)) == [enrolment]
    assert list(Trainee.objects.visible_to(both)) == [enrolment.trainee]
    assert stranger.course in Course.objects.visible_to(both)
