"""A list of applications, put in as an officer does."""

import pytest

from tests import factories as make
from tests.sheets import messy
from trainees.enums import ApplicationState
from trainees.models import Application

pytestmark = pytest.mark.django_db
HEADS = ["Kurs No", "Adı Soyadı", "Telefon", "Doğum Yılı", "E-posta"]
ROWS = [
    ["41-001", "Ayşe Yılmaz", 5551234501, 1985, "ayse@example.org"],
    ["41-001", "Fatma Işık", "0555 123 45 02", 1990, ""],
    ["41-001", "Zeynep Çağlar", "0555 123 45 03", "1978", ""],
]


def file(*rows):
    return messy.xlsx([HEADS, *rows])


def test_in_the_order_of_the_list_and_again_nothing(clerk, course):
    course.capacity = 2
    course.save()
    clerk.put_in("applications", file(*ROWS))
    assert clerk.states() == {"new": 3} and not Application.objects.exists()
    assert clerk.write() == {"written": 3}
    states = Application.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ApplicationState.OFFERED] * 2 + [ApplicationState.RECEIVED]
    assert all(Application.objects.values_list("confirmed_at", flat=True))
    clerk.put_in("applications", file(*ROWS))
    assert clerk.states() == {"same": 3}


def test_a_foreign_state_is_noted_at_most_and_ours_counts(clerk, course):
    rows = [[*HEADS, "Durum"], [*ROWS[0], "Aktif"], [*ROWS[1], "Geri çekildi"]]
    clerk.put_in("applications", messy.xlsx(rows))
    assert clerk.states() == {"new": 1, "same": 1}, clerk.problems()
    assert "Aktif" in str(clerk.row.rows.get(number=2).notes)


def test_who_may_be_the_same_is_asked(clerk, course):
    clerk.put_in("applications", file(ROWS[0]))
    clerk.write()
    clerk.put_in("applications", file(["41-001", "Ayşe Nur Yılmaz", *ROWS[0][2:]]))
    assert clerk.states() == {"choose": 1}
    assert clerk.write(**{"row-2": "same"}) == {"same": 1}
    clerk.put_in("applications", file(["41-001", "Ayşe Nur Yılmaz", *ROWS[0][2:]]))
    assert clerk.write(**{"row-2": "other"}) == {"written": 1}
    assert Application.objects.count() == 2


def test_what_the_public_is_refused_a_list_is_too(clerk, course):
    young = ["41-001", "Ece Kara", "0555 123 45 09", 2024, ""]
    closed = make.course("planned", number="41-002", centre=course.centre)
    elsewhere = make.course(number="41-003")
    rows = [
        young,
        [closed.number, *ROWS[0][1:]],
        [elsewhere.number, *ROWS[1][1:]],
        ["", *ROWS[2][1:]],
    ]
    clerk.put_in("applications", file(*rows, ["41-001", "Ali", "123", 1985, ""]))
    assert clerk.states() == {"wrong": 5}
    assert clerk.write() == {"wrong": 5} and not Application.objects.exists()
