"""The marks of a course, put in as a list."""

import pytest
from django.urls import reverse

from courses.models import CourseModule
from izmek.acts.imports import KINDS
from tests import factories as make
from tests.sheets import messy
from trainees.models import Mark
from trainees.services.marks import set_mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats(course):
    for number, name in enumerate(("Temel", "Desen"), 1):
        CourseModule.objects.create(course=course, name=name, hours=40, order=number)
    return [
        make.enrolment(make.trainee(first, "Kaya"), course) for first in ("Ayşe", "Fatma", "Zeynep")
    ]


def marks():
    return sorted(
        (one.enrolment.trainee.first_name, one.module.name, one.value, one.exempt)
        for one in Mark.objects.select_related("enrolment__trainee", "module")
    )


def test_a_row_for_each_trainee_a_column_for_each_module(clerk, course, seats):
    rows = [["Kursiyer", "Temel", "DESEN"], ["AYŞE KAYA", 85, "M"], ["Fatma Kaya", "70", ""]]
    clerk.put_in("marks", messy.xlsx(rows), about=course)
    assert clerk.states() == {"known": 2} and not marks()
    assert clerk.write() == {"written": 2}
    assert marks() == [
        ("Ayşe", "Desen", None, True),
        ("Ayşe", "Temel", 85, False),
        ("Fatma", "Temel", 70, False),
    ]
    clerk.put_in("marks", messy.xlsx(rows), about=course)
    assert clerk.states() == {"same": 2}
    rows[1][1] = 90
    clerk.put_in("marks", messy.xlsx(rows), about=course)
    assert clerk.states() == {"same": 2}  # told, and left as it is
    assert "85" in clerk.row.rows.get(number=2).notes[0]
    clerk.post(reverse("admin:import", args=[clerk.row.pk]), {"do": "check", "file_counts": "1"})
    clerk.write(file_counts="1")
    assert ("Ayşe", "Temel", 90, False) in marks()


def test_wrong_marks_and_strangers(clerk, course, seats):
    rows = [["Ad Soyad", "Temel"], ["Ayşe Kaya", 101], ["Fatma Kaya", 55.5], ["Başka Biri", 50],
            ["Zeynep Nur Kaya", 60], ["Zeynep Kaya", 60]]  # fmt: skip
    clerk.put_in("marks", messy.xlsx(rows), about=course)
    assert clerk.states() == {"wrong": 3, "choose": 1, "known": 1}
    clerk.write(**{"row-5": "none"})
    assert marks() == [("Zeynep", "Temel", 60, False)]


def test_a_mark_that_is_typed_meanwhile_stays(clerk, course, seats, monkeypatch):
    module = course.modules.get(name="Temel")
    rows = [["Ad Soyad", "Temel"], ["Ayşe Kaya", 85], ["Fatma Kaya", 70]]
    clerk.put_in("marks", messy.xlsx(rows), about=course)
    kind = KINDS["marks"]
    real, teacher = kind.judge, make.user("yonetici")

    def judge_and_meanwhile(lines, run):
        real(lines, run)
        set_mark(enrolment=seats[0], module=module, value=60, by=teacher)

    monkeypatch.setattr(kind, "judge", judge_and_meanwhile)
    assert clerk.write() == {"written": 1, "wrong": 1}
    assert "60" in clerk.problems()[2]
    assert marks() == [("Ayşe", "Temel", 60, False), ("Fatma", "Temel", 70, False)]


def test_of_a_course_of_ones_own_alone(clerk, course):
    other = make.course()
    assert clerk.choose_file("marks", messy.plain(), about=other).status_code == 404
    assert (
        clerk.client.get(reverse("admin:imports"), {"tur": "marks", "kayit": course.pk}).status_code
        == 200
    )


def test_the_tab_leads_there(clerk, course, seats):
    tab = clerk.client.get(reverse("admin:courses_course_marks", args=[course.pk]))
    assert "tur=marks" in tab.content.decode()
