"""The people, the roll and the marks of a course as tabs of its desk."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.services import cancel_session, change_teacher
from izmek.accounts.roles import Role
from tests import factories as make
from tests.classroom import Classroom, day
from tests.forms import shown
from trainees import services
from trainees.admin import course_papers
from trainees.models import Certificate, RollCall

pytestmark = pytest.mark.django_db

PEOPLE = ("trainees", "applications", "roll", "marks", "papers")


def tab(room, slug):
    return reverse(f"admin:courses_course_{slug}", args=[room.course.pk])


def seen(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def row_of(enrolment, html):
    """The text of the table's row that is about an enrolment."""
    (row,) = [
        row for row in re.findall(r"<tr.*?</tr>", html, re.S) if str(enrolment.trainee) in row
    ]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row))


# --- All tabs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [
        (Role.MANAGER, False, 200),
        (Role.OFFICER, True, 200),
        (Role.OFFICER, False, 404),
        (Role.AUDITOR, False, 200),
        (Role.CURATOR, False, 403),
        (Role.TEACHER, False, 403),
    ],
)
def test_who_sees_the_people_of_a_course(client, room, role, own, status):
    client.force_login(make.user(role, centres=[room.course.centre] if own else []))
    answers = {slug: client.get(tab(room, slug)).status_code for slug in PEOPLE}
    assert answers == dict.fromkeys(PEOPLE, status)


def test_who_is_curator_beside_sees_the_people_of_the_own_centre_alone(client, room):
    user = make.user(Role.OFFICER, Role.CURATOR, centres=[room.course.centre])
    client.force_login(user)
    other = Classroom(trainees=1)
    assert tab(room, "trainees") in seen(client.get(tab(room, "change")))
    assert tab(other, "trainees") not in seen(client.get(tab(other, "change")))
    assert client.get(tab(other, "trainees")).status_code == 404


def test_one_person_and_sixty_cost_the_same(client, officer, room):
    def queries():
        found = {}
        for slug in (*PEOPLE, "lessons", "outcome"):
            with CaptureQueriesContext(connection) as caught:
                seen(client.get(tab(room, slug)))
            found[slug] = len(caught)
        return found

    queries()
    before = queries()
    room.course.capacity = 100
    room.course.save()
    for _number in range(58):
        seat = room.seat()
        services.set_mark(enrolment=seat, module=room.modules[0], value=70, by=None)
    assert queries() == before
    assert max(before.values()) <= 12, before


# --- Trainees ---------------------------------------------------------------------------------


def test_the_trainees_stand_with_age_hours_marks_and_consents(client, officer, room):
    seat, left = room.seats
    services.mark_absent(enrolment=seat, session=room.session, hours=3, by=room.user)
    services.set_mark(enrolment=seat, module=room.modules[0], value=80, by=None)
    make.consent(seat.trainee, "name web")
    services.withdraw(enrolment=left, reason="Taşındı", by=officer)
    html = seen(client.get(tab(room, "trainees")))
    row = row_of(seat, html)
    for told in (str(seat.trainee.age()), "3/20", "ortalama 80", "1 not eksik", "sitede adı"):
        assert told in row
    assert "Taşındı" in row_of(left, html.partition("Kurstan ayrılanlar")[2])


def test_an_auditor_reads_telephones_masked(client, room):
    room.seats[0].trainee.phone = "+905321112233"
    room.seats[0].trainee.save()
    client.force_login(make.user(Role.AUDITOR))
    html = seen(client.get(tab(room, "trainees")))
    assert "532 111" not in html and "5321112233" not in html and "*** ** 33" in html


def test_an_empty_course_says_what_to_do(client, officer):
    course = make.course(centre=officer.offices.get().centre)
    html = seen(client.get(reverse("admin:courses_course_trainees", args=[course.pk])))
    assert "henüz kimse kayıtlı değil" in html and "Yeni kesin kayıt" in html


# --- Roll -------------------------------------------------------------------------------------


def test_a_column_is_opened_marked_and_saved_which_calls_the_roll(client, officer, room):
    away, there = room.seats
    html = seen(client.get(tab(room, "roll")))
    address = f"{tab(room, 'roll')}?lesson={room.session.pk}"
    assert f'href="?lesson={room.session.pk}"' in html
    data = shown(client.get(address)) | {f"k{away.pk}-hours": "3", f"k{away.pk}-excused": "on"}
    answer = client.post(address, data)
    assert answer["Location"] == f"{tab(room, 'roll')}?month={room.session.date:%Y-%m}"
    (absence,) = room.session.absences.all()
    assert (absence.enrolment, absence.hours, absence.excused) == (away, 3, True)
    assert RollCall.objects.get().by == officer
    html = seen(client.get(answer["Location"]))
    assert " 3 m " in row_of(away, html) and " · " in row_of(there, html)
    again = shown(client.get(address)) | {f"k{away.pk}-hours": ""}
    client.post(address, again)
    assert not room.session.absences.exists()


def test_a_correction_keeps_the_note(client, officer, room):
    seat = room.seats[0]
    services.mark_absent(enrolment=seat, session=room.session, note="Rapor", by=room.user)
    address = f"{tab(room, 'roll')}?lesson={room.session.pk}"
    client.post(address, shown(client.get(address)) | {f"k{seat.pk}-hours": "1"})
    absence = room.session.absences.get()
    assert (absence.hours, absence.note) == (1, "Rapor")


def test_more_hours_than_the_lesson_has_are_refused_and_nothing_is_lost(client, officer, room):
    one, two = room.seats
    address = f"{tab(room, 'roll')}?lesson={room.session.pk}"
    data = shown(client.get(address)) | {f"k{one.pk}-hours": "2", f"k{two.pk}-hours": "9"}
    html = seen(client.post(address, data), 409)
    assert 'role="alert"' in html and "4 ders saat" in html
    assert (
        f'name="k{one.pk}-hours" value="2"' in html and f'name="k{two.pk}-hours" value="9"' in html
    )
    assert not room.session.absences.exists() and not RollCall.objects.exists()


@pytest.mark.parametrize("said", [{"note": "Raporlu"}, {"excused": "on"}])
def test_a_note_or_an_excuse_without_hours_is_not_thrown_away(client, officer, room, said):
    one, two = room.seats
    address = f"{tab(room, 'roll')}?lesson={room.session.pk}"
    typed = {f"k{one.pk}-{name}": value for name, value in said.items()}
    data = shown(client.get(address)) | typed | {f"k{two.pk}-hours": "2"}
    answer = client.post(address, data)
    html = seen(answer, 409)
    assert f"{one.trainee}: kaçırılan ders saatini yazın" in html
    assert shown(answer).items() >= typed.items() and not RollCall.objects.exists()
    client.post(address, shown(answer) | {f"k{one.pk}-hours": "0"})
    assert room.session.absences.get().enrolment == two


def test_a_roll_that_says_nothing_is_not_saved(client, officer, room):
    services.mark_absent(enrolment=room.seats[0], session=room.session, hours=2, by=room.user)
    for data in ({}, {f"k{room.seats[1].pk}-hours": "1"}):
        seen(client.post(f"{tab(room, 'roll')}?lesson={room.session.pk}", data))
    assert room.session.absences.get().hours == 2 and not RollCall.objects.exists()


def test_an_auditor_reads_no_address_or_number_in_what_was_noted(client, room):
    seat, number = room.seats[0], "0532 123 45 67"
    services.mark_absent(
        enrolment=seat, session=room.session, hours=2, note=f"Veli {number}", by=room.user
    )
    away = make.session(room.course, day(7))
    cancel_session(session=away, reason=f"Öğretmen {number}", by=None)
    change_teacher(
        course=room.course,
        teacher=make.teacher("Ali", "Can"),
        begins_on=day(3),
        reason=f"Rapor {number}",
        by=None,
    )
    absence, course = seat.absences.get(), room.course.pk
    pages = [
        (f"{tab(room, 'roll')}?month={room.session.date:%Y-%m}", "Veli ***"),
        (reverse("admin:trainees_absence_changelist"), "Veli ***"),
        (reverse("admin:trainees_absence_change", args=[absence.pk]), "Veli ***"),
        (reverse("admin:trainees_enrolment_change", args=[seat.pk]), "Veli ***"),
        (reverse("admin:courses_session_change", args=[room.session.pk]), "Veli ***"),
        (reverse("admin:courses_course_lessons", args=[course]), "Öğretmen ***"),
        (reverse("admin:courses_session_change", args=[away.pk]), "Öğretmen ***"),
        (reverse("admin:courses_session_history", args=[away.pk]), "Öğretmen ***"),
        (reverse("admin:courses_course_change", args=[course]), "Rapor ***"),
        (reverse("admin:changes"), "Öğretmen ***"),
    ]
    pages += [(reverse("admin:courses_course_history", args=[course]), "")]
    client.force_login(make.user(Role.MANAGER))
    assert number in seen(client.get(pages[0][0]))
    client.force_login(make.user(Role.AUDITOR))
    for address, told in pages:
        html = seen(client.get(address))
        assert number not in html and told in html, address


def test_what_the_teacher_marked_meanwhile_is_told_before_it_is_replaced(client, officer, room):
    seat = room.seats[0]
    address = f"{tab(room, 'roll')}?lesson={room.session.pk}"
    data = shown(client.get(address)) | {f"k{seat.pk}-hours": "1"}
    services.mark_absent(enrolment=seat, session=room.session, hours=4, by=room.user)
    answer = client.post(address, data)
    assert "başka biri burayı değiştirdi" in seen(answer, 409)
    assert room.session.absences.get().hours == 4
    told = shown(answer)
    assert json.loads(told["shown"])[str(seat.pk)][0] == 4
    client.post(address, told)  # deliberately
    assert room.session.absences.get().hours == 1


def test_months_part_the_lessons_and_a_lesson_to_come_has_no_column_to_open(client, officer, room):
    far = make.session(room.course, day(70))
    html = seen(client.get(tab(room, "roll") + f"?month={far.date:%Y-%m}"))
    assert f"{far.date:%d.%m.}" in html and f"?lesson={far.pk}" not in html
    answer = client.get(tab(room, "roll") + f"?lesson={far.pk}")
    assert answer.status_code == 302
    for wrong in ("0", "x", str(make.session(make.course()).pk)):
        assert client.get(tab(room, "roll") + f"?lesson={wrong}").status_code == 404
    assert client.get(tab(room, "roll") + "?month=2026-99").status_code == 200


def test_an_auditor_opens_no_column_and_saves_none(client, room):
    client.force_login(make.user(Role.AUDITOR))
    assert "?lesson=" not in seen(client.get(tab(room, "roll")))
    answer = client.post(tab(room, "roll") + f"?lesson={room.session.pk}", {"shown": "{}"})
    assert answer.status_code == 403 and not RollCall.objects.exists()


# --- Marks ------------------------------------------------------------------------------------


def test_marks_are_typed_in_the_table_and_a_wrong_one_is_told_at_its_cell(client, officer, room):
    (one, two), (first, second) = room.seats, room.modules
    data = shown(client.get(tab(room, "marks")))
    data |= {f"m{one.pk}-{first.pk}": "85", f"m{two.pk}-{second.pk}": "101"}
    html = seen(client.post(tab(room, "marks"), data), 422)
    assert one.marks.get().value == 85 and not two.marks.exists()
    assert f'id="e{two.pk}-{second.pk}"' in html and "0 ile 100" in html
    data = shown(client.get(tab(room, "marks"))) | {f"m{two.pk}-{second.pk}": "M"}
    assert client.post(tab(room, "marks"), data)["Location"] == tab(room, "marks")
    assert two.marks.get().exempt


def test_a_mark_that_somebody_else_entered_meanwhile_is_not_replaced_unseen(client, officer, room):
    seat, module = room.seats[0], room.modules[0]
    data = shown(client.get(tab(room, "marks"))) | {f"m{seat.pk}-{module.pk}": "40"}
    services.set_mark(enrolment=seat, module=module, value=90, by=room.user)
    answer = client.post(tab(room, "marks"), data)
    assert "90" in seen(answer, 422) and seat.marks.get().value == 90
    client.post(tab(room, "marks"), shown(answer))
    assert seat.marks.get().value == 40


def test_the_marks_of_a_finished_course_are_read_only(client, officer, room):
    room.course.state = "finished"
    room.course.save()
    html = seen(client.get(tab(room, "marks"))).partition("<main")[2]
    assert f'name="m{room.seats[0].pk}' not in html
    data = {f"m{room.seats[0].pk}-{room.modules[0].pk}": "50", "shown": "{}"}
    assert client.post(tab(room, "marks"), data).status_code == 422


# --- Papers -----------------------------------------------------------------------------------


def test_papers_lead_to_forms_certificates_and_what_is_registered(
    client, officer, room, monkeypatch
):
    seat = room.seats[0]
    Certificate.objects.create(enrolment=seat, number="2026-0001", code="ABC", content={})
    form = reverse("admin:trainees_enrolment_counter_form", args=[seat.pk])
    html = seen(client.get(tab(room, "papers")))
    assert form in html and "2026-0001" in html
    monkeypatch.setattr(course_papers, "REGISTERED", [])
    for label, allowed in (("İmza listesi", True), ("Gizli liste", False)):
        course_papers.course_paper(
            label, lambda course: f"/liste/{course.pk}/", may=lambda user, course, to=allowed: to
        )
    html = seen(client.get(tab(room, "papers")))
    assert f'href="/liste/{room.course.pk}/">İmza listesi' in html and "Gizli liste" not in html
