"""Lists of centres, rooms, programmes, teachers and courses."""

from datetime import time

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from courses.enums import CourseState
from courses.models import Course, CourseCentre, Module, Programme, Room, Teacher
from courses.sheets.courses import weekly_times
from izmek.acts.imports import KINDS
from izmek.sheets.cells import CellError
from tests import factories as make
from tests.sheets import messy
from tests.sheets.importing import Clerk

pytestmark = pytest.mark.django_db
ALL = ("centres", "rooms", "programmes", "teachers", "courses")


@pytest.fixture
def clerk(client, media, django_capture_on_commit_callbacks):
    return Clerk(client, make.user("yonetici"), django_capture_on_commit_callbacks)


@pytest.fixture
def officer(client, media, django_capture_on_commit_callbacks):
    user = make.user("merkez-sorumlusu", centres=[make.centre("Akmeşe")])
    return Clerk(client, user, django_capture_on_commit_callbacks)


def in_one_go(clerk, kind, *rows):
    clerk.put_in(kind, messy.xlsx(rows))
    assert set(clerk.states()) <= {"new"}, clerk.problems()
    return clerk.write()


def test_a_municipality_from_five_lists(clerk):
    term = make.term()
    make.neighbourhood("Akmeşe")
    in_one_go(
        clerk, "centres",
        ["KURS MERKEZİ", "Mahalle", "Telefon", "Enlem", "Boylam"],
        ["Akmeşe Kurs Merkezi", "Akmeşe Mah.", 2623111111, "40,76541", 29.94],
    )  # fmt: skip
    in_one_go(
        clerk,
        "rooms",
        ["Merkez", "Derslik", "Kapasite"],
        ["akmeşe kurs merkezi", "Derslik 1", 20.0],
    )
    in_one_go(
        clerk, "programmes",
        ["Alan", "Program Adı", "Toplam Saat", "Modüller"],
        ["El Sanatları Teknolojisi", "İğne Oyası", "24", "Temel teknikler (10); Desen - 14 saat"],
    )  # fmt: skip
    in_one_go(
        clerk, "teachers",
        ["Adı Soyadı", "Türü", "Cep", "Branşı", "Görev yeri"],
        ["Hatice Demir", "Ücretli usta öğretici", "555 123 45 67", "İğne oyası", "Akmeşe Kurs Merkezi"],
    )  # fmt: skip
    heads = [
        "Kurs No",
        "Kurs",
        "Grup",
        "Kurs yeri",
        "Derslik",
        "Öğretmen",
        "Başlama Tarihi",
        "Bitiş",
        "Günler",
        "Durum",
    ]
    row = ["41-1", "iğne oyası", "A", "Akmeşe Kurs Merkezi", "Derslik 1", "HATİCE DEMİR", term.begin, None,
           "Pazartesi, Çarşamba 09.00-12.00 (4)", "Başvuruya açık"]  # fmt: skip
    in_one_go(clerk, "courses", heads, row)
    course = Course.objects.get()
    assert CourseCentre.objects.get().slug and Room.objects.get().capacity == 20
    assert list(Module.objects.values_list("name", "hours")) == [
        ("Temel teknikler", 10),
        ("Desen", 14),
    ]
    assert Programme.objects.get().module_based and Teacher.objects.get().centres.count() == 1
    assert (course.state, course.capacity, course.slots.count()) == ("open", 20, 2)
    assert sum(one.lesson_hours for one in course.sessions.all()) == 24
    assert course.end == course.sessions.latest("date").date
    assert course.history.last().history_user == clerk.user
    for kind in ALL:  # what we give out changes nothing when it comes back
        columns = [column for column in KINDS[kind].columns() if column.writes]
        rows = [[c.writes(one) for c in columns] for one in KINDS[kind].model.objects.all()]
        rows = [[None if value == "" else value for value in one] for one in rows]
        clerk.put_in(kind, in_order(columns, rows))
        assert clerk.states() == {"same": 1}, (
            kind,
            clerk.problems(),
            [r.notes for r in clerk.row.rows.all()],
        )


def in_order(columns, rows):
    heads = [str(column.heading) for column in columns]
    return messy.xlsx(
        [
            heads,
            *(
                [v if not isinstance(v, bool) else "Evet" if v else "Hayır" for v in row]
                for row in rows
            ),
        ]
    )


def test_a_teacher_who_is_taken_is_refused_by_the_check_already(clerk):
    busy = make.course("planned", begin=make.term().begin)
    busy.slots.create(weekday=1, begin=time(9), end=time(12), lesson_hours=4)
    from courses import services

    services.open_course(course=busy, by=None)
    heads = ["Program", "Grup", "Merkez", "Öğretmen", "Başlangıç", "Günler", "Kontenjan", "Durum"]
    row = [busy.programme.name, "B", busy.centre.name, str(busy.teacher), busy.begin,
           "Pzt 10:00-13:00", 15, "açık"]  # fmt: skip
    clerk.put_in("courses", messy.xlsx([heads, row]))
    assert clerk.states() == {"wrong": 1} and Course.objects.count() == 1
    assert str(busy) in clerk.problems()[2]
    clerk.put_in("courses", messy.xlsx([heads, [*row[:5], "Salı 10:00-13:00", 15, "açık"]]))
    assert clerk.write() == {"written": 1}


def test_what_lacks_is_filled_and_what_differs_stays(clerk):
    make.centre("Akmeşe", address="Eski Sokak 1")
    rows = [["Merkez", "Adres", "E-posta"], ["AKMEŞE", "Yeni Sokak 2", "a@example.org"]]
    clerk.put_in("centres", messy.xlsx(rows))
    assert clerk.states() == {"known": 1} and "Eski Sokak 1" in str(clerk.row.rows.get().notes)
    clerk.write()
    centre = CourseCentre.objects.get()
    assert (centre.name, centre.address, centre.email) == (
        "Akmeşe",
        "Eski Sokak 1",
        "a@example.org",
    )
    clerk.put_in("centres", messy.xlsx(rows))
    assert clerk.states() == {"same": 1}
    clerk.post(reverse("admin:import", args=[clerk.row.pk]), {"do": "check", "file_counts": "1"})
    clerk.write(file_counts="1")
    centre.refresh_from_db()
    assert (centre.name, centre.address) == ("Akmeşe", "Yeni Sokak 2")


def test_an_officer_fills_her_own_centres(officer):
    make.centre("Ambarcı")
    rows = [
        ["Merkez", "Derslik", "Kapasite"],
        ["Akmeşe", "Derslik 1", 20],
        ["Ambarcı", "Derslik 1", 20],
    ]
    officer.put_in("rooms", messy.xlsx(rows))
    assert officer.states() == {"new": 1, "wrong": 1}
    officer.put_in(
        "centres", messy.xlsx([["Merkez", "Mahalle"], ["Yeni", "Akmeşe"], ["Ambarcı", "Akmeşe"]])
    )
    assert officer.states() == {"wrong": 2}
    assert officer.client.get(reverse("admin:imports"), {"tur": "teachers"}).status_code == 403


@pytest.mark.parametrize("also", ["denetci", "sergi-sorumlusu"])
def test_another_role_lets_an_officer_write_nothing_more(officer, also):
    """An auditor or a curator sees every centre; what she writes is in hers alone."""
    officer.user.groups.add(Group.objects.get(name=also))
    there = make.room(make.centre("Ambarcı", phone=""), capacity=10)
    planned = make.course(CourseState.PLANNED, number="41-7", centre=there.centre)
    for kind, *rows in (
        ("centres", ["Merkez", "Telefon"], ["Ambarcı", "0262 311 11 11"]),
        ("rooms", ["Merkez", "Derslik", "Kapasite"], ["Ambarcı", "Derslik 2", 20]),
        ("courses", ["Kurs No", "Kurs", "Kurs yeri", "Öğretmen", "Başlama Tarihi", "Günler"],
         ["41-7", str(planned.programme), "Ambarcı", str(planned.teacher), planned.begin,
          "Pazartesi 09.00-12.00 (4)"]),
    ):  # fmt: skip
        officer.put_in(kind, messy.xlsx(rows))
        assert officer.states() == {"wrong": 1}, kind
        assert officer.write() == {"wrong": 1}
    there.centre.refresh_from_db()
    assert there.centre.phone == "" and Room.objects.count() == 1
    assert not planned.slots.exists()


def test_two_teachers_of_one_name_are_asked_about(clerk):
    make.teacher("Hatice", "Demir", phone="+905551111111")
    rows = [
        ["Ad", "Soyad", "Tür", "Telefon"],
        ["Hatice", "Demir", "Kadrolu öğretmen", "0555 222 22 22"],
    ]
    clerk.put_in("teachers", messy.xlsx(rows))
    assert clerk.states() == {"choose": 1}
    clerk.write(**{"row-2": "new"})
    assert Teacher.objects.count() == 2


def test_names_that_nobody_knows_get_the_closest(clerk):
    make.neighbourhood("Yahyakaptan")
    clerk.put_in("centres", messy.xlsx([["Merkez", "Mahalle"], ["Yeni Merkez", "Yahya Kaptan"]]))
    assert "Yahyakaptan" in clerk.problems()[2]


@pytest.mark.parametrize("kind", ALL)
def test_templates_are_understood(clerk, kind):
    for form in ("xlsx", "csv"):
        answer = clerk.client.get(reverse("admin:import_template", args=[kind, form]))
        assert clerk.choose_file(kind, answer.content, name=f"ornek.{form}").status_code == 302
        from izmek.models import SheetImport

        row = SheetImport.objects.latest("pk")
        assert row.state == "checked" and row.rows.count() == 2
        columns = {p[0] for one in row.rows.all() for p in one.problems}
        assert all("okunamıyor" not in str(one.problems) for one in row.rows.all()), columns


@pytest.mark.parametrize(
    "said,wanted",
    [
        ("Pazartesi 09.00-12.00", [(1, time(9), time(12), None)]),
        ("Pzt-Çar-Cum 9:00 – 12:00 (4 saat)", [(d, time(9), time(12), 4) for d in (1, 3, 5)]),
        ("SALI ve PERŞEMBE 13.30-16.30 (4)", [(d, time(13, 30), time(16, 30), 4) for d in (2, 4)]),
        (
            "Cmt 09.00-12.00; Paz 13.00-15.00 (2)",
            [(6, time(9), time(12), None), (7, time(13), time(15), 2)],
        ),
    ],
)
def test_weekly_times(said, wanted):
    assert weekly_times(said) == wanted


@pytest.mark.parametrize("said", ["her gün", "Pazartesi", "Pazartesi 9-12", "Pzrt 09.00-12.00"])
def test_no_weekly_times(said):
    with pytest.raises(CellError) as refused:
        weekly_times(said)
    assert refused.value.help
