"""The lessons of a course as a tab of its desk: list, month, what makes up for a cancelled one."""

from datetime import time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Holiday
from izmek.accounts.roles import Role
from izmek.models import Letter
from tests import factories as make
from tests.courses.admin.pages import page
from tests.forms import errors, shown

pytestmark = pytest.mark.django_db


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def course():
    return make.course(programme=make.programme(total_hours=16))


@pytest.fixture
def officer(client, course):
    client.force_login(make.user(Role.OFFICER, centres=[course.centre]))
    return client


def lessons(client, course, **asked):
    return client.get(page("course_lessons", course.pk), asked)


def test_the_coming_lessons_come_first_and_the_hours_are_counted(officer, course):
    for offset in (-7, 7, -14, 14):
        make.session(course, day=day(offset), lesson_hours=3)
    answer = lessons(officer, course)
    assert [row.date for row in answer.context["coming"]] == [day(7), day(14)]
    assert [row.date for row in answer.context["past"]] == [day(-7), day(-14)]
    told = answer.content.decode()
    assert "Planlanan: 12/16 ders saati" in told and "4 ders saati eksik" in told
    assert told.count("yoklama alınmadı") == 2


def test_a_month_shows_lessons_and_holidays_on_their_days(officer, course):
    first = (timezone.localdate().replace(day=1) + timedelta(days=40)).replace(day=3)
    make.session(course, day=first, begin=time(10), end=time(13))
    Holiday.objects.create(name="Kar tatili", begin=first, end=first)
    answer = lessons(officer, course, view="calendar", month=f"{first:%Y-%m}")
    (cell,) = [c for week in answer.context["calendar"]["weeks"] for c in week if c["lessons"]]
    assert cell["day"] == first and [str(h.name) for h in cell["holidays"]] == ["Kar tatili"]
    assert "ders yok: Kar tatili" in answer.content.decode()
    for wrong in ("2026-13", "x", "0000-00", "0001-01", "9999-12"):
        assert lessons(officer, course, view="calendar", month=wrong).status_code == 200


@pytest.mark.parametrize("offered", [True, False])
def test_a_lesson_is_cancelled_and_made_up_for(officer, course, offered):
    """In one form when the day is known already, else later from the row of the cancelled lesson."""
    make.enrolment(make.trainee(email="zeynep@example.org"), course)
    make.enrolment(make.trainee("Gül", "Öz"), course)
    lesson = make.session(course, day=day(2))
    act = page("session_act", lesson.pk, "cancel")
    form = officer.get(act)
    assert "1 kişiye e-posta gider, 1 kişi aranır." in form.content.decode()
    when = {**shown(form), "date": f"{day(9):%d.%m.%Y}"} if offered else {}
    answer = officer.post(act, {**when, "reason": "Öğretmen seminerde"})
    assert answer["Location"] == page("course_lessons", course.pk) + f"#lesson-{lesson.pk}"
    if not offered:
        again = page("session_act", lesson.pk, "make_up")
        assert again in lessons(officer, course).content.decode()
        officer.post(again, {**shown(officer.get(again)), "date": f"{day(9):%d.%m.%Y}"})
    lesson.refresh_from_db()
    instead = lesson.make_ups.get()
    assert (lesson.state, instead.date, instead.lesson_hours) == ("cancelled", day(9), 4)
    assert Letter.objects.count() == (1 if offered else 2)  # one letter tells both
    told = lessons(officer, course).content.decode()
    assert f"telafisi: {day(9):%d.%m.%Y}" in told and f"telafi ({day(2):%d.%m.%Y})" in told
    assert page("session_act", lesson.pk, "make_up") not in told


def test_a_make_up_lesson_that_is_refused_leaves_the_lesson_as_it_was(officer, course):
    lesson, other = make.session(course, day=day(2)), make.session(course, day=day(9))
    act = page("session_act", lesson.pk, "cancel")
    data = shown(officer.get(act)) | {"reason": "Hasta", "date": f"{other.date:%d.%m.%Y}"}
    assert list(errors(officer.post(act, data))) == ["begin"]
    answer = officer.post(act, data | {"date": f"{day(10):%d.%m.%Y}", "begin": ""})
    assert list(errors(answer)) == ["begin"]
    lesson.refresh_from_db()
    assert lesson.state == "planned" and not mail.outbox


def test_only_a_cancelled_lesson_is_made_up_for(officer, course):
    lesson = make.session(course, day=day(2))
    act = page("session_act", lesson.pk, "make_up")
    assert officer.get(act).status_code == 302
    data = {"date": f"{day(9):%d.%m.%Y}", "begin": "09:00", "end": "12:00", "lesson_hours": "4"}
    assert list(errors(officer.post(act, data))) == [""]


def test_a_holiday_is_entered_from_here_by_who_may(client, officer, course):
    assert page("holiday_add") not in lessons(officer, course).content.decode()
    client.force_login(make.user(Role.MANAGER))
    assert page("holiday_add") in lessons(client, course).content.decode()


def test_a_curator_sees_the_course_without_its_lessons(client, course):
    client.force_login(make.user(Role.CURATOR))
    answer = client.get(page("course_desk", course.pk), follow=True)
    assert answer.request["PATH_INFO"] == page("course_works", course.pk)
    assert lessons(client, course).status_code == 403


def test_the_queries_do_not_grow(officer, course):
    def queries(**asked):
        with CaptureQueriesContext(connection) as caught:
            lessons(officer, course, **asked)
        return len(caught)

    make.session(course, day=day(1))
    queries()
    counts = queries(), queries(view="calendar")
    for offset in range(2, 40):
        make.session(course, day=day(offset))
    assert (queries(), queries(view="calendar")) == counts
    assert max(counts) <= 12


def test_an_act_on_an_old_page_is_refused_and_keeps_what_was_typed(officer, course):
    lesson = make.session(course, day(2))
    act = page("session_act", lesson.pk, "cancel")
    old = officer.get(act)
    assert 'name="reason"' in old.content.decode() and "autofocus" in old.content.decode()
    officer.post(act, shown(old) | {"reason": "Kar"})
    late = officer.post(act, shown(old) | {"reason": "Sel"})
    assert "artık yapılamaz" in errors(late)[""][0] and shown(late)["reason"].strip() == "Sel"
    lesson.refresh_from_db()
    assert (lesson.state, lesson.state_reason) == ("cancelled", "Kar")
