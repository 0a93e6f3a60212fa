"""A course's lessons as a calendar."""

from datetime import time, timedelta

import icalendar
import pytest
from django.utils import timezone

from courses import services as course_services
from izmek.public.ics import local
from tests import factories as make
from tests.trainees.public_pages import course, page, queries_of
from trainees.enums import Purpose

pytestmark = pytest.mark.django_db


def lessons(client, to, path="/kurslar/{}/takvim.ics"):
    return icalendar.Calendar.from_ical(client.get(path.format(to.pk)).content).events


def test_the_lessons_as_a_calendar(client):
    at = make.centre("Akmeşe Merkezi", address="Konak Sokak 7")
    to = course(
        "Kilim", centre=at, room=make.room(at, name="Atölye"), teacher=make.teacher("Nigâr")
    )
    day = to.begin
    make.session(to, day, topic="Zeynep telafi")
    make.session(to, day + timedelta(days=7), state="cancelled", state_reason="Öğretmen hasta")
    make.enrolment(make.trainee("Songül"), to)
    assert f'href="/kurslar/{to.pk}/takvim.ics"' in page(client, to.get_absolute_url())

    answer = client.get(f"/kurslar/{to.pk}/takvim.ics")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")
    assert answer["Content-Type"].startswith("text/calendar")
    assert not answer.cookies
    for secret in ("Songül", "Nigâr", "Zeynep", "hasta"):
        assert secret not in answer.content.decode()
    first, second = lessons(client, to)
    assert first["SUMMARY"] == "Kilim"
    assert first["LOCATION"] == "Akmeşe Merkezi, Atölye, Konak Sokak 7, Akmeşe, İzmit"
    assert first["URL"] == f"http://testserver{to.get_absolute_url()}"
    assert first.start == local(day, time(9)) and first.end == local(day, time(12))
    assert [lesson["STATUS"] for lesson in (first, second)] == ["CONFIRMED", "CANCELLED"]


def test_a_lesson_says_that_it_was_changed(client):
    to = course("Kilim")
    make.session(to, to.begin, state="cancelled", state_reason="Öğretmen hasta")
    (before,) = lessons(client, to)
    assert before["DTSTAMP"].dt == before["LAST-MODIFIED"].dt
    to.history.update(history_date=timezone.now() + timedelta(seconds=5))  # the course, later
    to.save()
    (after,) = lessons(client, to)
    assert after["SEQUENCE"] > before["SEQUENCE"] > 0


def test_a_lesson_keeps_its_name_when_the_timetable_is_made_anew(client):
    to = course("Kilim")
    course_services.make_sessions(course=to, by=None)
    before = [lesson["UID"] for lesson in lessons(client, to)]
    course_services.make_sessions(course=to, by=None)
    assert [lesson["UID"] for lesson in lessons(client, to)] == before
    assert len(set(before)) == len(before) > 5


def test_the_calendar_names_who_gives_a_lesson_with_her_consent_only(client):
    teacher, substitute = make.teacher("Nigâr", "Öztürk"), make.teacher("Seher", "Ak")
    to = course(teacher=teacher)
    make.session(to, to.begin)
    make.session(to, to.begin + timedelta(days=7), teacher=substitute)
    make.consent(substitute, Purpose.NAME_WEB)
    assert [lesson.get("DESCRIPTION") for lesson in lessons(client, to)] == [
        None,
        "Öğretmen: Seher Ak",
    ]
    make.consent(teacher, Purpose.NAME_WEB)
    english = lessons(client, to, "/en/courses/{}/timetable.ics")
    assert english[0]["DESCRIPTION"] == "Teacher: Nigâr Öztürk"


def test_a_course_that_was_never_opened_has_no_calendar(client):
    assert client.get(f"/kurslar/{course(state='planned').pk}/takvim.ics").status_code == 404
    assert client.get("/kurslar/0/takvim.ics").status_code == 404
    to = course("Bitmiş", state="finished")
    assert client.get(f"/kurslar/{to.pk}/takvim.ics").status_code == 200
    assert "takvim.ics" not in page(client, to.get_absolute_url())


def test_the_calendar_asks_no_more_for_more_lessons(client):
    to = course()
    make.session(to, to.begin)
    one = queries_of(client, f"/kurslar/{to.pk}/takvim.ics")
    for week in (1, 2):
        make.session(to, to.begin + timedelta(weeks=week), teacher=make.teacher())
    assert one == queries_of(client, f"/kurslar/{to.pk}/takvim.ics") <= 5


@pytest.mark.parametrize("english", [False, True])
def test_reading_pages_know_nobody(client, english):
    to = course()
    for address in ("/kurslar/", to.get_absolute_url()):
        if english:
            address = "/en" + address.replace("kurslar", "courses")
        answer = client.get(address)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert 'method="post"' not in answer.content.decode()
        assert client.post(address).status_code == 405


def test_the_home_page_names_the_courses_that_begin_soonest(client):
    to = course("Filografi")
    assert to.get_absolute_url() in page(client, "/")
    assert "/kurslar/" in page(client, "/merkezler/")  # in the navigation
