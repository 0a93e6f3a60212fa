"""Opening, sessions and bookings, by the services (DESIGN.md §3, courses; DOMAIN.md §3)."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from courses import services
from courses.enums import CourseState, DayPart, SessionState
from courses.models import Holiday, Session, TimetableSlot
from tests import factories
from tests.refusals import refused
from trainees.models import RollCall

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
NINE, NOON, TWO = time(9), time(12), time(14)


def planned(**fields):
    """A planned course of ten weeks with a lesson of four hours every Monday from 9 to 12."""
    year = factories.year(date(2025, 9, 1))
    fields.setdefault("term", factories.term(year))
    fields.setdefault("begin", MONDAY)
    fields.setdefault("end", MONDAY + timedelta(weeks=10))
    fields.setdefault("programme", factories.programme(total_hours=20))
    course = factories.course(CourseState.PLANNED, **fields)
    TimetableSlot.objects.create(course=course, weekday=1, begin=NINE, end=NOON, lesson_hours=4)
    return course


def days(course):
    return list(course.sessions.not_cancelled().values_list("date", flat=True))


# --- Opening ----------------------------------------------------------------------------------


def test_opening_copies_the_rules_and_makes_the_sessions():
    course = planned()
    course.programme.modules.create(name="Temel teknikler", hours=20)
    services.open_course(course=course, by=None)
    course.programme.total_hours, course.term.year.pass_mark = 99, 45
    course.programme.save()
    course.term.year.save()
    course.refresh_from_db()
    assert (course.state, course.total_hours, course.pass_mark) == (CourseState.OPEN, 20, 50)
    assert [module.name for module in course.modules.all()] == ["Temel teknikler"]
    assert days(course) == [MONDAY + timedelta(weeks=week) for week in range(5)]


def test_no_reason_is_longer_than_its_column():
    course = factories.course()
    lesson = factories.session(course)
    long = "ş" * 251
    refused("long", services.cancel_session, session=lesson, reason=long, by=None)
    refused("long", services.cancel_course, course=course, reason=long, by=None)
    change = {"teacher": factories.teacher("Ayla"), "begins_on": lesson.date, "by": None}
    refused("long", services.change_teacher, course=course, reason=long, **change)
    extra = {"date": lesson.date, "begin": TWO, "end": time(16), "lesson_hours": 2, "by": None}
    refused("long", services.add_session, course=course, topic=long, **extra)
    assert services.add_session(course=course, topic="ş" * 250, **extra).topic == "ş" * 250


def test_a_course_without_timetable_is_not_opened():
    course = planned()
    course.slots.all().delete()
    refused("timetable", services.open_course, course=course, by=None)


def test_no_door_makes_lessons_of_one_course_at_the_same_time():
    course = planned()
    course.slots.create(weekday=1, begin=time(11, 30), end=time(13), lesson_hours=2)
    refused("overlap", services.make_sessions, course=course, by=None)
    sentence = refused("overlap", services.open_course, course=course, by=None)
    assert "Pazartesi 11.30-13.00" in sentence
    assert not course.sessions.exists()
    course.slots.filter(begin=NINE).update(weekday=2)
    services.open_course(course=course, by=None)


def test_a_lesson_that_was_added_is_not_doubled_by_the_timetable():
    course = planned()
    services.add_session(
        course=course, date=MONDAY, begin=time(11), end=time(13), lesson_hours=2, by=None
    )
    services.make_sessions(course=course, by=None)
    assert days(course)[:2] == [MONDAY, MONDAY + timedelta(weeks=1)]


def test_a_running_course_whose_last_lessons_are_left_follows_its_timetable():
    today = timezone.localdate()
    begin = today - timedelta(days=14)
    course = factories.course(begin=begin, end=today + timedelta(days=30))
    for day, roll in (
        (begin, True),
        (begin + timedelta(days=1), True),
        (begin + timedelta(days=21), False),
    ):
        course.slots.get_or_create(
            weekday=day.isoweekday(), defaults={"begin": NINE, "end": NOON, "lesson_hours": 4}
        )
        session = factories.session(course, day)
        if roll:
            RollCall.objects.create(session=session)
    assert services.timetable_warnings(course=course) == []


def test_holidays_are_left_out_and_half_days_take_their_half():
    Holiday.objects.create(name="Bayram", begin=MONDAY, end=MONDAY)
    week2 = MONDAY + timedelta(weeks=1)
    Holiday.objects.create(name="Arife", begin=week2, end=week2, part=DayPart.AFTERNOON)
    week3 = MONDAY + timedelta(weeks=2)
    Holiday.objects.create(
        name="Başka merkezin tatili", begin=week3, end=week3, centre=factories.centre()
    )
    course = planned()
    services.open_course(course=course, by=None)
    assert days(course)[:2] == [week2, week3]


def test_an_open_course_cannot_take_a_teacher_who_is_taken():
    teacher = factories.teacher()
    taken = planned(teacher=teacher)
    services.open_course(course=taken, by=None)
    other = planned(teacher=teacher)
    services.make_sessions(course=other, by=None)
    assert str(taken) in services.booking_warnings(course=other)[0]
    sentence = refused("booked", services.open_course, course=other, by=None)
    assert str(taken) in sentence
    other.refresh_from_db()
    assert other.state == CourseState.PLANNED


def test_a_finished_course_holds_nobody():
    teacher = factories.teacher()
    done = planned(teacher=teacher)
    services.open_course(course=done, by=None)
    services.start_course(course=done, by=None)
    services.set_finished(course=done, by=None)
    other = planned(teacher=teacher)
    services.open_course(course=other, by=None)
    assert refused("booked", services.set_running_again, course=done, reason="Not hatası", by=None)


def test_a_cancelled_course_cancels_what_is_to_come_with_the_reason():
    today = timezone.localdate()
    course = factories.course()
    held = factories.session(course, today - timedelta(days=7))
    coming = factories.session(course, today + timedelta(days=7))
    refused("reason", services.cancel_course, course=course, reason="  ", by=None)
    services.cancel_course(course=course, reason="Öğretmen ayrıldı", by=None)
    held.refresh_from_db()
    coming.refresh_from_db()
    assert (held.state, coming.state) == (SessionState.PLANNED, SessionState.CANCELLED)
    assert coming.state_reason == "Öğretmen ayrıldı"
    refused("state", services.cancel_course, course=course, reason="Yine", by=None)


def test_the_capacity_stays_above_what_is_given():
    course = factories.course(capacity=2)
    factories.enrolment(of=course)
    factories.enrolment(of=course)
    course.capacity = 1
    sentence = refused("capacity", services.save_course, course=course, by=None)
    assert "2" in sentence


# --- Sessions ---------------------------------------------------------------------------------


def test_a_cancelled_session_frees_its_teacher_and_keeps_its_reason():
    teacher = factories.teacher()
    course = planned(teacher=teacher)
    services.open_course(course=course, by=None)
    session = course.sessions.first()
    services.cancel_session(session=session, reason="Kar", by=None)
    services.cancel_session(session=session, reason="Başka", by=None)
    session.refresh_from_db()
    assert (session.state, session.state_reason) == (SessionState.CANCELLED, "Kar")
    substitute_elsewhere = planned(teacher=teacher, begin=MONDAY, end=MONDAY)
    services.open_course(course=substitute_elsewhere, by=None)


def test_a_new_timetable_does_not_bring_a_cancelled_session_back():
    course = planned()
    services.open_course(course=course, by=None)
    services.cancel_session(session=course.sessions.first(), reason="Kar", by=None)
    services.make_sessions(course=course, by=None)
    assert MONDAY not in days(course)
    assert course.sessions.filter(date=MONDAY).count() == 1


@pytest.mark.parametrize("state", sorted(CourseState.over()))
def test_a_course_that_is_over_gets_no_sessions(state):
    refused("state", services.make_sessions, course=factories.course(state), by=None)


def test_a_session_whose_roll_was_called_is_neither_cancelled_nor_made_anew():
    course = planned()
    services.open_course(course=course, by=None)
    session = course.sessions.first()
    RollCall.objects.create(session=session)
    refused("called", services.cancel_session, session=session, reason="Kar", by=None)
    course.slots.update(begin=TWO, end=time(17))
    services.make_sessions(course=course, by=None, today=MONDAY)
    assert [s.begin for s in course.sessions.not_cancelled()] == [NINE, TWO, TWO, TWO, TWO]


def added(course, **fields):
    facts = {"date": MONDAY + timedelta(days=1), "begin": TWO, "end": time(16), "lesson_hours": 3}
    return services.add_session(course=course, by=None, **facts | fields)


def test_a_make_up_session_is_added_and_survives_a_new_timetable():
    course = planned()
    services.open_course(course=course, by=None)
    session = added(course, topic="Telafi")
    services.make_sessions(course=course, by=None)
    session.refresh_from_db()
    assert session.extra
    assert session.holds_teacher == course.teacher


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("date", {"date": MONDAY - timedelta(days=1)}),
        ("time", {"begin": time(6, 30)}),
        ("time", {"begin": time(17)}),
        ("hours", {"lesson_hours": 0}),
        ("hours", {"lesson_hours": 13}),
        ("hours", {"lesson_hours": 4}),  # 14.00-16.00 holds three of 40 minutes
        ("date", {"date": date(2026, 6, 29)}),  # the education year ends the day before
        ("date", {"date": date.max}),
        ("own", {"date": MONDAY, "begin": time(11)}),
    ],
)
def test_an_impossible_session_is_refused_at_its_field(code, fields):
    course = planned()
    services.open_course(course=course, by=None)
    refused(code, added, course=course, **fields)


def test_a_session_after_the_education_year_is_refused_with_the_last_day():
    course = planned()
    assert "28 Haziran 2026" in refused("date", added, course=course, date=date(9999, 12, 31))
    added(course, date=date(2026, 6, 28))


def test_a_session_on_a_holiday_is_refused_by_its_name():
    day = MONDAY + timedelta(days=1)
    Holiday.objects.create(name="Zafer Bayramı", begin=day, end=day)
    assert "Zafer Bayramı" in refused("holiday", added, course=planned())


def test_a_session_at_which_the_teacher_is_taken_is_refused():
    teacher = factories.teacher()
    course, other = planned(teacher=teacher), planned(teacher=teacher)
    other.slots.update(begin=TWO, end=time(17))
    services.open_course(course=course, by=None)
    services.open_course(course=other, by=None)
    assert str(course) in refused(
        "booked", added, course=other, date=MONDAY, begin=time(11), end=time(13)
    )
    assert not Session.objects.filter(course=other, extra=True).exists()


def test_a_substitute_holds_the_session_and_the_own_teacher_is_no_substitute():
    course = planned()
    services.open_course(course=course, by=None)
    session = course.sessions.first()
    substitute = factories.teacher("Sevim", "Ak")
    services.name_substitute(session=session, teacher=substitute, by=None)
    session.refresh_from_db()
    assert session.teacher == session.holds_teacher == substitute
    services.name_substitute(session=session, teacher=course.teacher, by=None)
    session.refresh_from_db()
    assert (session.teacher, session.holds_teacher) == (None, course.teacher)


def test_a_substitute_who_is_taken_is_refused():
    substitute = factories.teacher("Sevim", "Ak")
    hers = planned(teacher=substitute)
    services.open_course(course=hers, by=None)
    course = planned()
    services.open_course(course=course, by=None)
    sentence = refused(
        "booked",
        services.name_substitute,
        session=course.sessions.first(),
        teacher=substitute,
        by=None,
    )
    assert str(hers) in sentence


# --- A paid instructor's hours ----------------------------------------------------------------

SOON = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday())  # a Monday


def coming(teacher, weekdays=(1,), begin=NINE, hours=6, **fields):
    """A planned course of the coming weeks with lessons of so many hours on some weekdays."""
    course = factories.course(
        CourseState.PLANNED,
        teacher=teacher,
        begin=SOON,
        end=SOON + timedelta(weeks=3),
        **fields,
    )
    for day in weekdays:
        end = time(begin.hour + 4)
        course.slots.create(weekday=day, begin=begin, end=end, lesson_hours=hours)
    return course


def test_a_ninth_lesson_hour_a_day_is_refused_wherever_it_comes_from():
    paid = factories.teacher("Gülten", "Öz")
    services.open_course(course=coming(paid), by=None)
    sentence = refused("workload", services.open_course, course=coming(paid, begin=TWO), by=None)
    assert "Gülten Öz" in sentence
    assert "12 ders saati" in sentence and "günde en çok 8" in sentence
    assert f"{SOON.year} Pazartesi" in sentence

    other = coming(factories.teacher("Sevim", "Ak"), begin=TWO)
    other = services.open_course(course=other, by=None)
    lesson = other.sessions.earliest("date")
    refused("workload", services.name_substitute, session=lesson, teacher=paid, by=None)
    refused(
        "workload", services.change_teacher, course=other, teacher=paid, begins_on=SOON, by=None
    )
    extra = {"date": SOON, "begin": time(19), "end": time(21), "lesson_hours": 3}
    refused("workload", services.add_session, course=other, by=None, **extra)
    other.refresh_from_db()
    other.slots.update(lesson_hours=9)
    refused("workload", services.make_sessions, course=other, by=None)


def test_more_than_forty_lesson_hours_a_week_are_refused():
    paid = factories.teacher("Gülten", "Öz")
    services.open_course(course=coming(paid, (1, 2, 3, 4, 5), hours=8), by=None)
    sentence = refused(
        "workload", services.open_course, course=coming(paid, (6,), hours=1), by=None
    )
    assert "41 ders saati" in sentence and "haftada en çok 40" in sentence


def test_the_year_says_how_many_hours_and_only_paid_instructors_are_counted():
    staff = factories.teacher(kind="staff teacher")
    services.open_course(course=coming(staff), by=None)
    services.open_course(course=coming(staff, begin=TWO), by=None)

    year = factories.year()
    year.teacher_daily_hours = 12
    year.save()
    paid = factories.teacher()
    services.open_course(course=coming(paid), by=None)
    services.open_course(course=coming(paid, begin=TWO), by=None)


def test_what_was_agreed_to_before_the_limit_fell_hinders_nothing_else():
    paid, year = factories.teacher(), factories.year()
    course = coming(paid, hours=8)
    services.open_course(course=course, by=None)
    year.teacher_daily_hours = 6
    year.save()
    tuesday = {"date": SOON + timedelta(days=1), "begin": NINE, "end": NOON, "lesson_hours": 4}
    services.add_session(course=course, by=None, **tuesday)
    course = type(course).objects.get()
    assert "günde en çok 6" in services.booking_warnings(course=course)[0]


# --- Change of teacher ------------------------------------------------------------------------


def test_from_the_day_of_the_change_the_new_teacher_is_booked():
    course = planned()
    services.open_course(course=course, by=None)
    new = factories.teacher("Sevim", "Ak")
    begins_on = MONDAY + timedelta(weeks=2)
    services.change_teacher(course=course, teacher=new, begins_on=begins_on, by=None)
    holders = [session.holds_teacher for session in course.sessions.all()]
    assert holders == [course.teacher] * 2 + [new] * 3
    refused(
        "same", services.change_teacher, course=course, teacher=new, begins_on=begins_on, by=None
    )


def test_nobody_takes_a_course_over_once_it_has_ended():
    course = planned()
    new, late = factories.teacher("Sevim", "Ak"), course.end + timedelta(days=1)
    sentence = refused(
        "date", services.change_teacher, course=course, teacher=new, begins_on=late, by=None
    )
    assert "11 Mayıs 2026" in sentence
    added(course, date=late)  # a make-up lesson is given by somebody
    services.change_teacher(course=course, teacher=new, begins_on=late, by=None)


def test_a_lesson_that_once_slipped_into_the_last_week_of_all_hinders_nothing():
    course, new = factories.course(), factories.teacher("Sevim", "Ak")
    factories.session(course, date.max)
    services.change_teacher(course=course, teacher=new, begins_on=timezone.localdate(), by=None)
    assert course.sessions.get().holds_teacher == new


# --- Who takes applications -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "period", "taken"),
    [
        ("open", {}, True),
        ("running", {"begin": 5, "end": 90}, True),
        ("running", {"begin": -5, "end": 90}, False),
        ("running", {"begin": -5, "end": 90, "registration_deadline": 1}, True),
        ("open", {"registration_deadline": -1}, False),
        ("open", {"registration_deadline": 3, "applications_until": -1}, False),
        ("open", {"applications_from": 1}, False),
        ("open", {"applications_from": -1, "applications_until": 1}, True),
        ("finished", {}, False),
    ],
)
def test_the_public_applies_inside_the_period_only(state, period, taken):
    from courses.models import Course

    period = {"begin": 10, "end": 90} | period
    fields = {
        name: (timezone.localdate() if name in ("begin", "end") else timezone.now())
        + timedelta(days=offset)
        for name, offset in period.items()
    }
    course = factories.course(state, **fields)
    assert Course.objects.open_for_application().filter(pk=course.pk).exists() is taken


def test_a_holiday_of_half_a_day_takes_a_session_in_the_list_as_in_the_timetable():
    course = planned()
    Holiday.objects.create(name="Arife", begin=MONDAY, end=MONDAY, part=DayPart.AFTERNOON)
    morning = factories.session(course, MONDAY, NINE, NOON)
    afternoon = factories.session(course, MONDAY, time(13), TWO)
    names = dict(Session.objects.with_holiday().values_list("pk", "holiday"))
    assert names == {morning.pk: None, afternoon.pk: "Arife"}
