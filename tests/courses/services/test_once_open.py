"""What began or ended changes by acts only: fields of open and finished courses, rooms, terms, lessons."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from courses import services
from courses.enums import CourseState
from courses.models import TimetableSlot
from tests import factories as make
from tests.forms import errors, shown, typed
from tests.refusals import refused
from trainees.models import RollCall

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


def page(name, *args):
    return reverse(f"admin:courses_{name}", args=args)


def today():
    return timezone.localdate()


@pytest.fixture
def manager(client):
    client.force_login(make.user("yonetici"))
    return client


def running(state=CourseState.RUNNING, lessons=4, **fields):
    """A course with a weekly lesson of four hours; some lie behind it with a roll, some are to come."""
    fields.setdefault("begin", today() - 2 * WEEK)
    course = make.course(state, **fields)
    course.slots.create(
        weekday=course.begin.isoweekday(), begin=time(9), end=time(12), lesson_hours=4
    )
    for week in range(lessons):
        day = course.begin + week * WEEK
        lesson = make.session(course, day)
        if day < today():
            RollCall.objects.create(session=lesson)
    services.book(course=course)
    return course


def other_values(course):
    return {
        "programme": make.programme("Keçe").pk,
        "centre": make.centre().pk,
        "teacher": make.teacher("Nurhan").pk,
        "term": course.term.year.terms.create(
            name="Bahar", begin=course.term.begin, end=course.term.end
        ).pk,
        "begin": f"{course.begin + timedelta(days=1):%d.%m.%Y}",
        "end": f"{course.end + timedelta(days=1):%d.%m.%Y}",
    }


@pytest.mark.parametrize("state", [CourseState.OPEN, CourseState.RUNNING, CourseState.FINISHED])
@pytest.mark.parametrize("field", ["programme", "centre", "teacher", "term", "begin", "end"])
def test_a_forged_form_is_refused_at_the_field(manager, state, field):
    course = running(state)
    address = page("course_change", course.pk)
    form = manager.get(address)
    assert field not in shown(form)
    answer = manager.post(address, shown(form) | {field: other_values(course)[field]})
    assert field in errors(answer)
    after = type(course).objects.get(pk=course.pk)
    assert getattr(after, field) == getattr(course, field)


@pytest.mark.parametrize("state", [CourseState.RUNNING, CourseState.FINISHED])
def test_weekly_times_are_not_typed_over(manager, state):
    course = running(state)
    slot, address = course.slots.get(), page("course_change", course.pk)
    forged = {
        "slots-TOTAL_FORMS": "1",
        "slots-INITIAL_FORMS": "1",
        "slots-0-id": slot.pk,
        "slots-0-course": course.pk,
        "slots-0-weekday": slot.weekday,
        "slots-0-begin": "13.00",
        "slots-0-end": "16.00",
        "slots-0-lesson_hours": "4",
    }
    answer = manager.post(address, shown(manager.get(address)) | forged)
    assert answer.status_code == 200
    assert "Haftalık saatleri değiştir" in answer.content.decode()
    assert course.slots.get().begin == time(9)


def test_what_may_be_typed_on_a_running_course_is_saved(manager):
    course = running(note="Kapı arkada.")
    address = page("course_change", course.pk)
    answer = manager.post(address, typed(manager.get(address), note="Kapı önde.", group="B"))
    assert answer.status_code == 302, errors(answer)
    course.refresh_from_db()
    assert (course.note, course.group) == ("Kapı önde.", "B")


def test_a_finished_course_takes_nothing(manager):
    course = running(CourseState.FINISHED)
    address = page("course_change", course.pk)
    form = manager.get(address)
    assert "note" not in shown(form)
    assert 'name="_save"' not in form.content.decode()
    answer = manager.post(address, shown(form) | {"note": "Yeni", "capacity": "99"})
    assert "Kurs bitti" in str(errors(answer))
    course.refresh_from_db()
    assert (course.note, course.capacity) == ("", 20)


def test_the_page_of_a_cancelled_course_may_still_say_something(manager):
    course = make.course(CourseState.CANCELLED)
    address = page("course_change", course.pk)
    manager.post(address, typed(manager.get(address), note="Baharda yeniden açılacak."))
    course.refresh_from_db()
    assert course.note == "Baharda yeniden açılacak."


def test_a_former_version_brings_no_fixed_field_back(manager):
    course = make.course(CourseState.PLANNED)
    first = course.history.earliest()
    ebru, kece = course.programme, make.programme("Keçe")
    course.programme, course.state = kece, CourseState.OPEN
    course.total_hours, course.pass_mark = 120, 50
    course.absence_limit_numerator, course.absence_limit_denominator = 1, 5
    course.save()
    assert "Bu sürüme dön" not in manager.get(page("course_history", course.pk)).content.decode()
    answer = manager.post(page("course_restore", course.pk, first.pk), follow=True)
    assert "geri getirilecek bir şey yok" in answer.content.decode()
    course.refresh_from_db()
    assert course.programme == kece != ebru


def test_a_removed_weekly_time_does_not_come_back_behind_the_act(manager):
    course = running()
    slot = course.slots.get()
    services.change_times(course=course, begins_on=today() + WEEK, slots=[two_days()], by=None)
    gone = TimetableSlot.history.filter(id=slot.pk).first()
    restore = page("course_restore_row", course.pk, "timetableslot", gone.pk)
    assert manager.post(restore).status_code in (403, 404)
    assert course.slots.get().begin == time(14)


# --- The acts ---------------------------------------------------------------------------------


def two_days(day=None):
    day = day or today()
    return {"weekday": day.isoweekday(), "begin": time(14), "end": time(17), "lesson_hours": 4}


def lessons(course):
    return [(lesson.date, lesson.begin.hour) for lesson in course.sessions.order_by("date")]


def test_new_weekly_times_leave_the_lessons_before_alone():
    course = running(lessons=6, programme=make.programme(total_hours=24))
    assert len(lessons(course)) == 6  # 24 hours
    since = today() + WEEK
    services.change_times(course=course, begins_on=since, slots=[two_days()], by=None)
    begin = course.begin
    assert lessons(course) == [
        *((begin + week * WEEK, 9) for week in range(3)),
        *((begin + week * WEEK, 14) for week in range(3, 6)),
    ]
    # making the sessions again later changes nothing in what lies before that day
    services.make_sessions(course=course, by=None)
    assert [hour for _day, hour in lessons(course)] == [9, 9, 9, 14, 14, 14]
    assert course.slots.get().history.first().history_type == "+"


def test_more_hours_a_week_end_at_the_programmes_total():
    course = running(lessons=6, programme=make.programme(total_hours=24))
    slots = [two_days(), two_days(today() + timedelta(days=1))]
    services.change_times(
        course=course, begins_on=today() + timedelta(days=1), slots=slots, by=None
    )
    assert sum(course.sessions.values_list("lesson_hours", flat=True)) == 24


@pytest.mark.parametrize("days", [0, -7, 1000])
def test_the_day_of_new_times_is_to_come_and_inside_the_course(days):
    course = running()
    refused(
        "date",
        services.change_times,
        course=course,
        begins_on=today() + timedelta(days=days),
        slots=[two_days()],
        by=None,
    )


def test_the_times_are_changed_on_a_page_of_their_own(manager):
    course = running()
    address = page("course_act", course.pk, "change_times")
    form = manager.get(address)
    assert shown(form)["begin_0"] == "09:00"
    day = today() + WEEK
    sent = typed(form, begins_on=f"{day:%d.%m.%Y}", begin_0="13.00", end_0="16.00")
    half = manager.post(address, sent | {"weekday_1": "2"})
    assert set(errors(half)) == {"begin_1", "end_1", "lesson_hours_1"}
    assert manager.post(address, sent).status_code == 302
    assert str(course.slots.get()).endswith("13.00-16.00")


@pytest.mark.parametrize(
    ("end", "hours", "field", "says"),
    [
        ("08:00", "1", "end_1", "Ders başlamadan bitiyor."),
        ("10:40", "9", "lesson_hours_1", "en çok"),
    ],
)
def test_a_wrong_line_of_new_times_is_named(manager, end, hours, field, says):
    address = page("course_act", running().pk, "change_times")
    wrong = {"weekday_1": "5", "begin_1": "10:00", "end_1": end, "lesson_hours_1": hours}
    sent = typed(manager.get(address), begins_on=f"{today() + WEEK:%d.%m.%Y}", **wrong)
    assert says in " ".join(errors(manager.post(address, sent))[field])


def test_the_end_moves_and_lessons_with_it(manager):
    course = running(lessons=2, end=today(), programme=make.programme(total_hours=40))
    services.make_sessions(course=course, by=None)
    before = course.sessions.count()
    address = page("course_act", course.pk, "change_dates")
    later = today() + 2 * WEEK
    answer = manager.post(address, typed(manager.get(address), end=f"{later:%d.%m.%Y}"))
    assert answer.status_code == 302, errors(answer)
    course.refresh_from_db()
    assert course.end == later
    assert course.sessions.count() == before + 2


def test_a_course_that_has_started_keeps_its_first_day_and_what_was_held():
    course = running()
    dates = {"course": course, "by": None}
    move = services.change_dates
    refused("started", move, begin=course.begin + timedelta(days=1), end=course.end, **dates)
    refused("date", move, begin=course.begin, end=course.begin, **dates)
    far = course.term.year.end + timedelta(days=1)
    with pytest.raises(Exception, match="eğitim yılı"):
        move(begin=course.begin, end=far, **dates)


def test_an_open_course_is_postponed_with_those_who_have_a_seat():
    course = running(CourseState.OPEN, begin=today() + WEEK, lessons=0)
    services.make_sessions(course=course, by=None)
    seat = make.enrolment(of=course)
    later = course.begin + WEEK
    services.change_dates(course=course, begin=later, end=course.end, by=None)
    assert course.sessions.earliest("date").date == later
    seat.refresh_from_db()
    assert seat.joined_on == later


@pytest.mark.parametrize("state", [CourseState.PLANNED, CourseState.FINISHED])
def test_the_acts_are_for_open_and_running_courses(state):
    course = running(state, lessons=0)
    dates = {"begin": course.begin, "end": course.end + WEEK}
    refused("state", services.change_dates, course=course, by=None, **dates)
    when = {"begins_on": today() + WEEK, "slots": [two_days()]}
    refused("state", services.change_times, course=course, by=None, **when)


# --- Rooms, terms, years ----------------------------------------------------------------------


def test_a_room_keeps_the_seats_of_its_courses(manager):
    centre = make.centre()
    room = make.room(centre, capacity=25)
    course = make.course(centre=centre, room=room, capacity=20)
    make.course(CourseState.FINISHED, centre=centre, room=room, capacity=24)
    address = page("room_change", room.pk)
    answer = manager.post(address, typed(manager.get(address), capacity="19"))
    assert str(course) in errors(answer)["capacity"][0]
    assert manager.post(address, typed(manager.get(address), capacity="20")).status_code == 302
    moved = manager.post(address, typed(manager.get(address), centre=make.centre().pk))
    assert str(course) in errors(moved)["centre"][0]


def test_a_term_keeps_its_courses(manager):
    course = make.course()
    term, year = course.term, course.term.year
    address = page("term_change", term.pk)
    late = course.begin + timedelta(days=1)
    answer = manager.post(address, typed(manager.get(address), begin=f"{late:%d.%m.%Y}"))
    assert str(course) in errors(answer)["begin"][0]
    early = course.begin - timedelta(days=1)
    answer = manager.post(address, typed(manager.get(address), end=f"{early:%d.%m.%Y}"))
    assert str(course) in errors(answer)["end"][0]
    address = page("educationyear_change", year.pk)
    early = f"{course.end - timedelta(days=1):%d.%m.%Y}"
    form = typed(manager.get(address), end=early, terms__0__end=early)
    assert str(course) in errors(manager.post(address, form))["end"][0]


# --- Lessons ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [CourseState.OPEN, CourseState.RUNNING, CourseState.FINISHED])
def test_a_lesson_that_people_know_of_is_cancelled_not_deleted(manager, state):
    lesson = make.session(make.course(state), today() + WEEK)
    address = page("session_delete", lesson.pk)
    for answer in (
        manager.get(address, follow=True),
        manager.post(address, {"post": "yes"}, follow=True),
    ):
        assert "Dersi iptal edin" in answer.content.decode()
    assert lesson.course.sessions.exists()


def test_a_lesson_of_a_planned_course_is_deleted(manager):
    lesson = make.session(make.course(CourseState.PLANNED), today() + WEEK)
    manager.post(page("session_delete", lesson.pk), {"post": "yes"})
    assert not lesson.course.sessions.exists()


def test_the_topic_of_a_lesson_stays_once_the_course_is_finished(manager):
    lesson = make.session(make.course(CourseState.FINISHED), topic="Zincir")
    address = page("session_change", lesson.pk)
    manager.post(address, shown(manager.get(address)) | {"topic": "Başka"})
    lesson.refresh_from_db()
    assert lesson.topic == "Zincir"


def test_a_programme_keeps_or_lacks_marks_while_its_courses_run(manager):
    course = running()
    address = page("programme_change", course.programme.pk)
    data = shown(manager.get(address))
    del data["module_based"]
    assert str(course) in errors(manager.post(address, data))["module_based"][0]
    course.state = CourseState.FINISHED
    course.save()
    assert manager.post(address, data).status_code == 302


def test_new_weekly_times_are_named_with_their_day_until_it_comes(client):
    course = running(CourseState.OPEN, lessons=6, programme=make.programme(total_hours=24))
    since = today() + WEEK
    services.change_times(course=course, begins_on=since, slots=[two_days()], by=None)
    course.refresh_from_db()
    day = date_format(since, "j F Y")
    assert f"{day} gününden başlayarak" in client.get(course.get_absolute_url()).content.decode()
    course.teacher.user = make.user("ogretmen")
    course.teacher.save()
    client.force_login(course.teacher.user)
    lessons_page = reverse("teacher-lessons", args=[course.pk])
    assert f"{day} gününden başlayarak:" in client.get(lessons_page).content.decode()
    course.times_from = today()
    course.save()
    assert "başlayarak" not in client.get(course.get_absolute_url()).content.decode()
