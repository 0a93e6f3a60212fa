"""Whom a list may change, and whose number is whose: no row harms another one, or a stranger."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from izmek.acts import imports
from izmek.acts.enums import Access
from izmek.models import AccessLog
from tests import factories as make
from tests.sheets import messy
from tests.trainees.sheets.test_trainees import number_of
from trainees import services
from trainees.models import Enrolment, Guardian, Trainee

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = (person[0] for person in messy.PEOPLE)
WHO = ["Kayıt numarası", "T.C. Kimlik No", "Ad Soyad"]
GUARDIAN = ["Kayıt numarası", "Ad Soyad", "Veli", "Veli telefonu", "Veli izni"]


def put_in(clerk, *rows):
    clerk.put_in("trainees", messy.xlsx(rows))
    return clerk.states()


@pytest.fixture
def stranger(db):
    """A minor who attends a course of another centre."""
    young = make.minor("Elif", "Kaya")
    make.enrolment(young, make.course())
    return young


# --- Guardians --------------------------------------------------------------------------------


def test_nobody_gives_a_minor_of_another_centre_a_guardian(clerk, stranger):
    row = [stranger.pk, "Elif Kaya", "Yabancı Biri", "0555 123 45 09", "Evet"]
    assert put_in(clerk, GUARDIAN, row) == {"same": 1}
    assert clerk.write() == {"same": 1}
    assert stranger.guardians.get().name == "Ayla Kaya"


def test_nor_empties_of_another_centre_are_filled(clerk, stranger):
    rows = [["Kayıt numarası", "T.C. Kimlik No", "Ad Soyad", "E-posta"],
            [stranger.pk, FIRST, "Elif Kaya", "elif@example.org"]]  # fmt: skip
    assert put_in(clerk, *rows) == {"same": 1} and clerk.write() == {"same": 1}
    stranger.refresh_from_db()
    assert stranger.email == "" and not hasattr(stranger, "identity")
    assert Trainee.history.filter(id=stranger.pk).count() == 1


def test_with_a_seat_in_a_course_of_hers_it_is_written(clerk, stranger):
    Guardian.objects.all().delete()
    heads, row = (
        [*GUARDIAN, "Kurs No"],
        [stranger.pk, "Elif Kaya", "Ayla Kaya", "", "Evet", "41-001"],
    )
    assert put_in(clerk, heads, row) == {"known": 1} and clerk.write() == {"written": 1}
    assert stranger.guardians.get().permission_on == timezone.localdate()


def test_of_a_guardian_on_record_only_gaps_are_filled(clerk):
    young = make.minor("Elif", "Kaya")
    day = timezone.localdate() - timedelta(days=90)
    young.guardians.update(permission_on=day)
    row = [young.pk, "Elif Kaya", "AYLA KAYA", "0555 123 45 09", "Evet"]
    assert put_in(clerk, GUARDIAN, row) == {"known": 1} and clerk.write() == {"written": 1}
    guardian = young.guardians.get()
    assert (guardian.name, guardian.relation) == ("Ayla Kaya", "anne")
    assert (guardian.permission_on, guardian.phone.as_e164) == (day, "+905551234509")
    row[3] = "0555 123 45 10"
    assert put_in(clerk, GUARDIAN, row) == {"same": 1}
    assert "0555 123 45 10" in " ".join(clerk.row.rows.get().notes)
    page = reverse("admin:import", args=[clerk.row.pk])
    clerk.post(page, {"do": "check", "file_counts": "1"})
    assert clerk.write(file_counts="1") == {"written": 1}
    guardian = young.guardians.get()
    assert (guardian.relation, guardian.phone.as_e164) == ("anne", "+905551234510")


# --- Of each record the changed fields alone --------------------------------------------------


def test_a_row_writes_only_what_it_changes(clerk, monkeypatch):
    """The rows of a batch change different fields; what is typed into another field meanwhile stays."""
    first, second = make.trainee("Ayşe", "Yılmaz"), make.trainee("Fatma", "Işık")
    rows = [["Kayıt numarası", "Ad Soyad", "Telefon", "E-posta"],
            [first.pk, "Ayşe Yılmaz", "0555 123 45 01", ""],
            [second.pk, "Fatma Işık", "", "fatma@example.org"]]  # fmt: skip
    assert put_in(clerk, *rows) == {"known": 2}
    kind = imports.KINDS["trainees"]
    real = kind.judge

    def judge_and_meanwhile(lines, run):
        real(lines, run)
        Trainee.objects.filter(pk=first.pk).update(email="ayse@example.org")

    monkeypatch.setattr(kind, "judge", judge_and_meanwhile)
    assert clerk.write() == {"written": 2}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.email, first.phone.as_e164) == ("ayse@example.org", "+905551234501")
    assert (second.email, second.phone) == ("fatma@example.org", "")
    assert Trainee.history.count() == 4


# --- Numbers ----------------------------------------------------------------------------------


def test_a_number_of_somebody_else_is_wrong_at_its_row(clerk):
    known = make.trainee("Ayşe", "Yılmaz", phone="+905551234501")
    number_of(make.trainee("Fatma", "Işık"), SECOND)
    rows = [WHO, [known.pk, SECOND, "Ayşe Yılmaz"], ["", THIRD, "Zeynep Çağlar"]]
    assert put_in(clerk, *rows) == {"wrong": 1, "new": 1}
    assert "F*** I***" in clerk.problems()[2]
    assert clerk.write() == {"wrong": 1, "written": 1}


def test_a_choice_with_a_number_that_somebody_has_meanwhile(clerk):
    known = make.trainee("Ayşe", "Yılmaz", birth_date=None, phone="+905551234501")
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"new": 2, "choose": 1}
    number_of(make.trainee("Ayşe", "Yılmaz", birth_date=None), FIRST)
    assert clerk.write(**{"row-2": f"t{known.pk}"})["written"] == 3
    assert not hasattr(Trainee.objects.get(pk=known.pk), "identity")  # the number decides


def test_two_rows_give_one_person_two_numbers(clerk):
    known = make.trainee("Ayşe", "Yılmaz", birth_date=messy.PEOPLE[0][3])
    rows = [WHO, [known.pk, FIRST, "Ayşe Yılmaz"], [known.pk, SECOND, "Ayşe Yılmaz"],
            ["", FIRST, "Ayşe Yılmaz"], ["", THIRD, "Zeynep Çağlar"]]  # fmt: skip
    assert put_in(clerk, *rows) == {"wrong": 1, "known": 2, "new": 1}
    assert list(clerk.problems()) == [3] and "2" in clerk.problems()[3]
    assert clerk.write() == {"wrong": 1, "written": 3}
    known.refresh_from_db()
    assert known.identity.number == FIRST and Trainee.objects.count() == 2


def test_two_rows_that_choose_one_person(clerk):
    known = make.trainee("Ayşe", "Yılmaz", birth_date=None, phone="+905551234501")
    row = ["", "Ayşe Yılmaz", "0555 123 45 01"]
    heads = ["T.C. Kimlik No", "Ad Soyad", "Telefon"]
    assert put_in(clerk, heads, [FIRST, *row[1:]], [SECOND, *row[1:]]) == {"choose": 2}
    states = clerk.write(**{"row-2": f"t{known.pk}", "row-3": f"t{known.pk}"})
    assert states == {"written": 1, "wrong": 1}
    assert Trainee.objects.get().identity.number == FIRST


def test_a_row_that_the_database_refuses_keeps_nobody_else_out(clerk, monkeypatch):
    clerk.put_in("trainees", messy.plain())
    kind = imports.KINDS["trainees"]
    real = kind.write

    def refused(lines, run):
        real(lines, run)
        if any(line.get("first_name") == "Fatma" for line in lines):
            raise IntegrityError

    monkeypatch.setattr(kind, "write", refused)
    assert clerk.write() == {"written": 2, "wrong": 1}
    assert list(clerk.problems()) == [3] and "Fatma" in clerk.row.rows.get(number=3).shown
    monkeypatch.undo()
    assert clerk.write() == {"written": 2, "wrong": 1}
    assert Trainee.objects.count() == 2


def test_numbers_are_not_tried_out_unseen(clerk, stranger):
    number_of(stranger, FIRST)
    assert put_in(clerk, WHO, ["", FIRST, "Başka Biri"]) == {"wrong": 1}
    entry = AccessLog.objects.get(action=Access.FOUND_BY_NUMBER)
    assert (entry.by, entry.object_id) == (clerk.user, str(stranger.pk))


def test_record_numbers_tell_nothing_of_a_stranger(clerk, stranger):
    assert put_in(clerk, WHO, [stranger.pk, "", "Başka Biri"]) == {"wrong": 1}
    assert (
        "E***" not in clerk.problems()[2]
        and str(stranger.birth_date.year) not in clerk.problems()[2]
    )


# --- A pass that is rolled back ---------------------------------------------------------------


def test_who_was_taken_back_is_nobody(clerk, course):
    """Row 2 is refused at writing; keys are given again, and row 3 would join whoever gets its key."""
    other = make.course(number="41-002", centre=course.centre)
    first, second = messy.PEOPLE[:2]
    rows = [messy.HEADINGS, first, [*first[:5], "41-002"], second]
    assert put_in(clerk, *rows) == {"new": 2, "known": 1}
    kind = imports.KINDS["trainees"]
    real = kind.write

    def refuses(lines, run):
        real(lines, run)
        for line in lines:
            if line.number == 2:
                line.wrong("Olmaz.")

    kind.write = refuses
    try:
        assert clerk.write() == {"wrong": 2, "written": 1}
    finally:
        del kind.write
    assert [seat.course for seat in Enrolment.objects.all()] == [course]
    assert Trainee.objects.get().first_name == "Fatma" and not other.enrolments.exists()


def test_the_number_of_a_merged_record_is_that_of_the_person(clerk):
    kept = make.trainee("Ayşe", "Yılmaz", birth_date=None)
    number_of(make.trainee("Ayşe", "Yılmaz", merged_into=kept), FIRST)
    for number in (None, SECOND):
        if number:
            number_of(kept, number)
        assert put_in(clerk, WHO, ["", FIRST, "Ayşe Yılmaz"]) == {"same": 1}
    assert put_in(clerk, WHO, [kept.pk, THIRD, "Ayşe Yılmaz"]) == {"wrong": 1}


# --- With and without a number ------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 500])
def test_a_numbered_row_meets_the_earlier_row_of_the_same_person(clerk, monkeypatch, batch):
    monkeypatch.setattr(imports.KINDS["trainees"], "batch", batch)
    heads = [*messy.HEADINGS[:5], "E-posta"]
    person = messy.PEOPLE[0]
    rows = [["", *person[1:5], ""], [*person[:5], "ayse@example.org"]]
    assert put_in(clerk, heads, *rows) == {"new": 1, "known": 1}
    assert clerk.write() == {"written": 2}
    one = Trainee.objects.get()
    assert (one.identity.number, one.email) == (FIRST, "ayse@example.org")


@pytest.mark.parametrize("batch", [1, 500])
def test_of_two_rows_of_a_person_the_second_fills_what_the_first_left(clerk, monkeypatch, batch):
    monkeypatch.setattr(imports.KINDS["trainees"], "batch", batch)
    make.neighbourhood("Ambarcı")
    heads = [*messy.HEADINGS[:5], "E-posta", "Mahalle", "Öğrenim"]
    person = messy.PEOPLE[0][:5]
    rows = [[*person, "ayse@example.org", "", ""], [*person, "baska@example.org", "Ambarcı", ""],
            [*person, "", "", "Lise"]]  # fmt: skip
    assert put_in(clerk, heads, *rows) == {"new": 1, "known": 2}
    clerk.write()
    one = Trainee.objects.get()
    assert (one.email, str(one.neighbourhood), one.education) == (
        "ayse@example.org",
        "Ambarcı",
        "4",
    )


@pytest.mark.parametrize("batch", [1, 500])
def test_the_second_course_of_a_minor_needs_nothing_twice(clerk, course, monkeypatch, batch):
    monkeypatch.setattr(imports.KINDS["trainees"], "batch", batch)
    make.course(number="41-002", centre=course.centre)
    heads = ["T.C. Kimlik No", "Ad Soyad", "Doğum tarihi", "Kurs No", "Veli", "Veli izni"]
    day = timezone.localdate() - timedelta(days=365 * 17)
    rows = [[FIRST, "Ece Kara", day, "41-001", "Nur Kara", "Evet"],
            [FIRST, "Ece Kara", "", "41-002", "", ""]]  # fmt: skip
    assert put_in(clerk, heads, *rows) == {"new": 1, "known": 1}, clerk.problems()
    assert clerk.write() == {"written": 2}, clerk.problems()
    assert Enrolment.objects.count() == 2 and Guardian.objects.count() == 1


def test_who_has_left_a_course_that_is_over_is_known(clerk, course):
    """Also without the course number and the record number."""
    over = make.course("finished", centre=course.centre, number="")
    make.enrolment(make.trainee("Ayşe", "Ak", phone="+905551234501"), over, state="withdrawn",
                   left_on=over.end)  # fmt: skip
    row = ["Ayşe Ak", date(1980, 5, 17), "0555 123 45 01", str(over), "Ayrıldı"]
    heads = ["Ad Soyad", "Doğum tarihi", "Telefon", "Kurs", "Durum"]
    assert put_in(clerk, heads, row) == {"same": 1}, clerk.problems()
    assert put_in(clerk, heads, [*row[:4], ""]) == {"wrong": 1}  # nobody joins what is over


def test_two_numbered_rows_do_not_share_one_without(clerk):
    person = messy.PEOPLE[0]
    rows = [["", *person[1:5]], person[:5], [SECOND, *person[1:5]]]
    assert put_in(clerk, messy.HEADINGS[:5], *rows) == {"new": 2, "known": 1}
    assert clerk.write() == {"written": 3}
    assert Trainee.objects.count() == 2


def test_a_slip_in_the_name_is_asked_about_as_at_the_counter(clerk):
    make.trainee("Zeynep", "Yılmaz", phone="+905551234501")
    row = ["Zeynep", "Yılmax", "0555 123 45 01"]
    assert put_in(clerk, ["Adı", "Soyadı", "Telefon"], row) == {"choose": 1}


def test_a_row_that_comes_again_finds_whoever_was_merged_since(clerk, course):
    clerk.put_in("trainees", messy.plain())
    clerk.write()
    first = Trainee.objects.get(first_name="Ayşe")
    other = make.trainee("Ayşe", "Yılmaz", birth_date=messy.PEOPLE[0][3])
    services.merge_trainees(first=other, second=first, by=make.user("yonetici"))
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"same": 3}
    assert clerk.row.rows.get(number=2).target == str(other.pk)
