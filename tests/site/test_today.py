"""A teacher's day, and who may open which teacher page (DESIGN.md §4)."""

import re

import pytest
from django.urls import reverse

from courses.enums import CourseState
from courses.models import Holiday, Session
from courses.services import cancel_session, change_teacher, name_substitute
from exhibitions.enums import WorkState
from exhibitions.models import Work
from exhibitions.services import sell_work
from izmek.accounts.roles import Role
from tests import factories as make
from tests.classroom import Classroom, day, signed_in, statements
from trainees.models import Application, Mark
from trainees.services import call_roll, mark_absent

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TODAY = "/ogretmen/"


def main(answer):
    """The text of the page's own part, on one line."""
    body = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- What stands there ------------------------------------------------------------------------


def test_a_lesson_of_today_leads_to_its_roll(client):
    room = Classroom(trainees=3)
    answer = signed_in(client, room.user).get(TODAY)
    assert f'href="{reverse("teacher-roll", args=[room.session.pk])}"' in answer.content.decode()
    assert "09.00 –12.00" in main(answer)
    assert "3 kursiyer" in main(answer)
    call_roll(session=room.session, by=room.user)
    mark_absent(enrolment=room.seats[0], session=room.session, by=room.user)
    assert "Yoklama alındı 3 kursiyer, 1 yok" in main(client.get(TODAY))


def test_lessons_are_of_today_and_hers(client):
    room = Classroom()
    other = Classroom()
    cancelled = make.session(room.course, begin=make.time(14), end=make.time(16))
    cancel_session(session=cancelled, reason="Sular kesik", by=None)
    make.session(room.course, day(1))
    lessons = signed_in(client, room.user).get(TODAY).context["lessons"]
    assert [session.pk for session in lessons] == [room.session.pk, cancelled.pk]
    assert "Sular kesik" in main(client.get(TODAY))
    assert other.session not in lessons


def test_rolls_that_were_not_called_are_named_latest_first(client):
    room = Classroom()
    for offset in (-9, -2, -5):
        make.session(room.course, day(offset))
    called = make.session(room.course, day(-3))
    call_roll(session=called, by=room.user)
    cancel_session(session=make.session(room.course, day(-4)), reason="Kar", by=None)
    uncalled = signed_in(client, room.user).get(TODAY).context["uncalled"]
    assert [session.date for session in uncalled] == [day(-2), day(-5), day(-9)]


def test_a_holiday_that_was_entered_later_asks_for_no_roll(client):
    room = Classroom()
    make.session(room.course, day(-2))
    for offset in (-2, 0):
        Holiday.objects.create(name=f"Kar tatili {offset}", begin=day(offset), end=day(offset))
    assert not Session.objects.missing_roll().exists()
    answer = signed_in(client, room.user).get(TODAY)
    assert answer.context["uncalled"] == []
    assert "Ders yok Kar tatili 0" in main(answer)
    assert "Yoklama al" not in main(answer)


def test_what_waits_for_her(client):
    room = Classroom(trainees=2, modules=2, end=day(3))
    Mark.objects.create(enrolment=room.seats[0], module=room.modules[0], value=70)
    missed = make.session(room.course, day(-1), lesson_hours=12)
    other = make.session(room.course, day(-2), lesson_hours=6)
    for session in (missed, other):  # 18 of 20 permitted hours
        mark_absent(enrolment=room.seats[1], session=session, by=room.user)
    make.work("Kilim", course=room.course, state=WorkState.RETURNED, state_note="Ölçüsünü yazın")
    text = main(signed_in(client, room.user).get(TODAY))
    assert "Geri gönderilen eser: Kilim Ölçüsünü yazın" in text
    assert "Eksik notlar" in text and "3 not ·" in text
    assert str(room.seats[1].trainee) in text and "2 saat hakkı kaldı" in text
    assert str(room.seats[0].trainee) not in text


def test_a_teacher_without_a_course_is_told_so(client):
    idle = make.teacher(with_user=True)
    assert "Şu anda kursunuz yok." in main(signed_in(client, idle.user).get(TODAY))


def test_a_substitute_sees_the_lesson_and_the_teacher_who_gives_it(client):
    room = Classroom()
    stand_in = make.teacher("Sevim", "Kurt", with_user=True)
    name_substitute(session=room.session, teacher=stand_in, by=room.user)
    assert "Dersi veren: Sevim Kurt" in main(signed_in(client, room.user).get(TODAY))
    answer = signed_in(client, stand_in.user).get(TODAY)
    assert "yerine giriyorsunuz" in main(answer)
    assert list(answer.context["courses"]) == []


# --- Budgets ----------------------------------------------------------------------------------


def busy(courses, trainees):
    """A teacher with so many courses that each have all that Today can say."""
    room = Classroom(trainees=trainees, modules=2, end=day(3))
    rooms = [room]
    for _more in range(1, courses):
        rooms.append(Classroom(trainees=trainees, modules=2, end=day(3), teacher=room.teacher))
    for one in rooms:
        past = make.session(one.course, day(-1), lesson_hours=12)
        more = make.session(one.course, day(-2), lesson_hours=8)
        for session in (past, more):
            mark_absent(enrolment=one.seats[0], session=session, by=None)
        make.work(course=one.course, state=WorkState.RETURNED)
    return room


def test_today_takes_as_many_queries_for_three_courses_as_for_one(client):
    counts = []
    for courses, trainees in ((1, 1), (3, 3)):
        room = busy(courses, trainees)
        signed_in(client, room.user)
        counts.append(len(statements(lambda: client.get(TODAY))))
    assert counts[0] == counts[1] <= 12


# --- Who may open what ------------------------------------------------------------------------

# Every address, with the row it is about. The rows are of a course that `mine` teaches.
PAGES = {
    "teacher-today": None,
    "teacher-roll": "session",
    "teacher-cancel": "session",
    "teacher-substitute": "session",
    "teacher-course": "course",
    "teacher-lessons": "course",
    "teacher-make-up": "course",
    "teacher-calls": "course",
    "teacher-enrol": "course",
    "teacher-marks": "course",
    "teacher-works": "course",
    "teacher-hand-in-list": "course",
    "teacher-work-new": "course",
    "teacher-enrolment": "seat",
    "teacher-consents": "seat",
    "teacher-form": "seat",
    "teacher-name": "seat",
    "teacher-leave": "seat",
    "teacher-transfer": "seat",
    "teacher-work": "work",
    "teacher-work-withdraw": "work",
    "teacher-work-sell": "work",
    "teacher-work-unsell": "sold",
}
ACTS = {
    "teacher-roll-mark": "session",
    "teacher-mark": "course",
    "teacher-confirm": "application",
    "teacher-support": "seat",
    "teacher-work-submit": "work",
    "teacher-photo-add": "work",
    "teacher-photos": "work",
}


@pytest.fixture
def room():
    room = Classroom(modules=1)
    application = Application.objects.create(
        course=room.course,
        first_name="Ayla",
        last_name="Kaya",
        phone="+905551112244",
        birth_year=1980,
        reference="AYLA",
    )
    room.rows = {
        None: [],
        "session": [room.session.pk],
        "course": [room.course.pk],
        "seat": [room.seats[0].pk],
        "application": [room.course.pk, application.pk],
        "work": [make.work(course=room.course, state=WorkState.DRAFT).pk],
        "sold": [make.work("Satılan", course=room.course, sale_status="for sale").pk],
    }
    sell_work(work=Work.objects.get(title="Satılan"), price=100, by=None)
    return room


OF_A_COURSE = {name: row for name, row in PAGES.items() if row}


def answers(ask, room, names):
    """{name: status} of the addresses, asked by such a method of a client."""
    return {
        name: ask(reverse(name, args=room.rows[row])).status_code for name, row in names.items()
    }


def test_pages_are_for_the_teacher_of_the_course(client, room):
    def asked():
        return answers(client.get, room, PAGES)

    assert asked() == dict.fromkeys(PAGES, 302)  # sign-in
    for role in (Role.MANAGER, Role.OFFICER):
        signed_in(client, make.user(role))
        assert asked() == dict.fromkeys(PAGES, 403)
    signed_in(client, make.teacher(with_user=True).user)
    assert asked() == {name: 404 if row else 200 for name, row in PAGES.items()}
    signed_in(client, room.user)
    for name, row in PAGES.items():
        answer = client.get(reverse(name, args=room.rows[row]))
        assert (name, answer.status_code) == (name, 200)
        assert "no-store" in answer["Cache-Control"]


def test_acts_are_for_the_teacher_of_the_course(client, room):
    assert answers(client.post, room, ACTS) == dict.fromkeys(ACTS, 302)
    signed_in(client, make.user(Role.MANAGER))
    assert answers(client.post, room, ACTS) == dict.fromkeys(ACTS, 403)
    signed_in(client, make.teacher(with_user=True).user)
    assert answers(client.post, room, ACTS) == dict.fromkeys(ACTS, 404)
    signed_in(client, room.user)
    assert answers(client.get, room, ACTS) == dict.fromkeys(ACTS, 405)


def test_a_teacher_who_gave_the_course_away_gets_404_from_that_day_on(client, room):
    successor = make.teacher(with_user=True)
    change_teacher(course=room.course, teacher=successor, begins_on=day(), by=None)
    signed_in(client, room.user)
    assert answers(client.get, room, OF_A_COURSE) == dict.fromkeys(OF_A_COURSE, 404)
    signed_in(client, successor.user)
    assert answers(client.get, room, OF_A_COURSE) == dict.fromkeys(OF_A_COURSE, 200)


def test_a_substitute_opens_the_roll_of_her_lesson_and_nothing_else(client, room):
    stand_in = make.teacher(with_user=True)
    name_substitute(session=room.session, teacher=stand_in, by=None)
    later = make.session(room.course, day(-1))
    signed_in(client, stand_in.user)
    expected = dict.fromkeys(OF_A_COURSE, 404) | {"teacher-roll": 200}
    assert answers(client.get, room, OF_A_COURSE) == expected
    assert client.get(reverse("teacher-roll", args=[later.pk])).status_code == 404


def test_the_table_names_every_address():
    from izmek.site.teacher_urls import urlpatterns

    names = {pattern.name for pattern in urlpatterns}
    by_photo = {"teacher-photo", "teacher-photo-delete", "teacher-enrol-person"}
    assert names == {*PAGES, *ACTS, *by_photo}


def test_a_finished_course_can_be_read_and_offers_no_act(client):
    room = Classroom(trainees=1, modules=1)
    room.course.state = CourseState.FINISHED
    room.course.save()
    signed_in(client, room.user)
    page = client.get(reverse("teacher-course", args=[room.course.pk])).content.decode()
    assert reverse("teacher-enrol", args=[room.course.pk]) not in page
    assert (
        "disabled" in client.get(reverse("teacher-marks", args=[room.course.pk])).content.decode()
    )
