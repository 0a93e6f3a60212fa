"""The ready sheets of a course and of the calls: whose they are, and what an auditor reads masked."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.acts.enums import Access
from izmek.models import AccessLog
from tests import factories as make
from tests.classroom import Classroom
from tests.spreadsheets import lines, sheets
from trainees.models import Call

pytestmark = pytest.mark.django_db
PHONE = "+905551112233"


def sheet(course, name="sinif-listesi", **asked):
    asked = {"paper": name, "form": "xlsx", **asked}
    return reverse("admin:courses_course_paper", args=[course.pk]), asked


def table(rows):
    """The headings of a paper's file and the numbered rows, without what stands above and below."""
    begin = next(place for place, row in enumerate(rows) if row and row[0] == "No")
    return [rows[begin], *(row for row in rows[begin:] if row and str(row[0])[:1].isdigit())]


def test_the_class_list_has_phones_and_the_guardian_of_a_child(client, officer, room):
    child = make.minor(phone=PHONE)
    child.guardians.update(phone="+905329998877")
    make.enrolment(child, room.course)
    address, asked = sheet(room.course, form="csv")
    found = table(lines(client.get(address, asked)))
    assert len(found) == 4
    row = next(row for row in found if row[1] == "Elif")
    assert row[2:4] == ["Kaya", "0555 111 22 33"]
    assert row[7:9] == ["Ayla Kaya (anne)", "0532 999 88 77"]
    grown_up = next(row for row in found[1:] if row[1] != "Elif")
    assert grown_up[7:9] == ["", ""]
    entry = AccessLog.objects.get(action=Access.EXPORTED)
    assert entry.object == room.course and entry.reason.startswith(
        "3 satır · Telefonlu sınıf listesi"
    )


def test_the_sign_in_sheet_has_a_box_for_each_lesson_of_the_month(client, officer, room):
    day = room.session.date
    other = day + timedelta(days=1 if (day + timedelta(days=1)).month == day.month else -1)
    make.session(room.course, other)
    make.session(room.course, day + timedelta(days=40))
    address, asked = sheet(room.course, "imza-listesi")
    (rows,) = sheets(client.get(address, asked)).values()
    rows = table(rows)
    assert len(rows[0]) == 4 and rows[0][:2] == ["No", "Kursiyer"]
    assert any(heading.startswith(f"{day:%d.%m}") for heading in rows[0])
    assert len(rows) == 3


def test_the_papers_of_the_course_lead_to_its_sheets(client, officer, room):
    page = client.get(reverse("admin:courses_course_papers", args=[room.course.pk]))
    address, _asked = sheet(room.course)
    html = page.content.decode()
    for form in ("", "&amp;form=xlsx", "&amp;form=csv", "&amp;blank=1"):
        assert f'href="{address}?paper=sinif-listesi{form}"' in html


def test_an_auditor_reads_phones_masked(client, room):
    room.seats[0].trainee.guardians.create(name="Ayla", relation="anne", phone=PHONE)
    client.force_login(make.user(Role.AUDITOR))
    for form in ("csv", "xlsx"):
        address, asked = sheet(room.course, form=form)
        answer = client.get(address, asked)
        rows = table(lines(answer) if form == "csv" else next(iter(sheets(answer).values())))
        assert len(rows) == 1 + len(room.seats)
        assert all(str(row[3]).startswith("*** ** ") for row in rows[1:])


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [
        (Role.MANAGER, False, 200),
        (Role.OFFICER, True, 200),
        (Role.OFFICER, False, 404),
        (Role.CURATOR, False, 403),
        (Role.TEACHER, False, 403),
    ],
)
def test_who_gets_the_class_list(client, room, role, own, status):
    centre = room.course.centre if own else make.centre()
    client.force_login(make.user(role, centres=[centre] if role == Role.OFFICER else []))
    address, asked = sheet(room.course)
    assert client.get(address, asked).status_code == status


def test_a_sheet_that_is_none(client, officer, room):
    for wrong in ({"name": "x"}, {"form": "docx"}):
        address, asked = sheet(room.course, **wrong)
        assert client.get(address, asked).status_code == 404


def test_sixty_people_ask_as_much_as_two(client, officer, room):
    def queries():
        address, asked = sheet(room.course)
        with CaptureQueriesContext(connection) as found:
            client.get(address, asked)
        return len(found)

    queries()
    before = queries()
    room.seat()
    make.enrolment(make.minor(), room.course)
    assert queries() == before


def test_the_calls_go_out_as_the_desk_shows_them(client, officer, room):
    seat = room.seats[0]
    facts = {"kind": "session_cancelled", "what": "Ders yok", "text": "Ders yok."}
    Call.objects.create(course=room.course, enrolment=seat, until=timezone.localdate(), **facts)
    elsewhere = Classroom(trainees=1)
    Call.objects.create(course=elsewhere.course, enrolment=elsewhere.seats[0], **facts)
    found = lines(client.get(reverse("admin:trainees_call_sheet"), {"form": "csv"}))
    assert [row[0] for row in found[1:]] == [str(seat.trainee)]
    assert found[1][2] == "Ders yok" and found[1][1].startswith("0555 ")
    other = {"form": "csv", "course": elsewhere.course.pk}
    assert len(lines(client.get(reverse("admin:trainees_call_sheet"), other))) == 1
    page = client.get(reverse("admin:trainees_call_desk")).content.decode()
    assert reverse("admin:trainees_call_sheet") in page
    assert AccessLog.objects.filter(action=Access.EXPORTED).count() == 2
