"""A list of trainees with their courses, put in as an officer does."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from izmek.acts import imports, tasks
from izmek.acts.enums import Access, ImportState
from izmek.media.room import DiskStorage, StorageAway
from izmek.models import AccessLog, Override, SheetHeading, SheetImport, SheetRow
from izmek.secrets.identity import IdentityKind, identity_hash
from tests import factories as make
from tests.sheets import messy
from tests.sheets.importing import Clerk
from trainees.models import Enrolment, Identity, Trainee
from trainees.services import anonymise, merge_trainees, preview_trainees

pytestmark = pytest.mark.django_db
PEOPLE = messy.PEOPLE


def number_of(trainee, number, kind=IdentityKind.TCKN):
    return Identity.objects.create(
        trainee=trainee, kind=kind, number=number, hash=identity_hash(kind, number)
    )


def test_checked_first_written_later_and_again_nothing(clerk, course):
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"new": 3} and not Trainee.objects.exists()
    assert clerk.write() == {"written": 3}
    zeynep = Trainee.objects.get(first_name="Zeynep")
    assert zeynep.masked_number.startswith("100") and zeynep.birth_date == date(1978, 12, 31)
    assert zeynep.phone.as_e164 == "+905551234503" and not zeynep.newcomer
    assert zeynep.folded == "zeynep caglar"
    assert {seat.course for seat in Enrolment.objects.all()} == {course}
    assert {one.history_user for one in zeynep.history.all()} == {clerk.user}
    assert Enrolment.history.count() == 3
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"same": 3}
    assert clerk.write() == {"same": 3}
    assert (Trainee.objects.count(), Enrolment.objects.count()) == (3, 3)
    assert Trainee.history.count() == 3


def test_who_was_erased_comes_back_by_no_list(clerk):
    clerk.put_in("trainees", messy.plain())
    clerk.write()
    erased = Trainee.objects.get(first_name="Zeynep")
    Enrolment.objects.update(state="completed")
    anonymise(person=erased, reason="asked", by=None)
    clerk.put_in("trainees", messy.plain())
    clerk.write()
    erased.refresh_from_db()
    assert (erased.first_name, erased.last_name, str(erased.phone)) == ("Anonim", "", "")
    assert not hasattr(erased, "identity")


@pytest.mark.parametrize("make_file", messy.READABLE, ids=lambda one: one.__name__)
def test_however_the_list_looks_it_is_the_same_list(clerk, make_file):
    clerk.put_in("trainees", messy.plain())
    clerk.write()
    name = "liste.csv" if make_file.__name__.startswith("csv") else "liste.xlsx"
    clerk.put_in("trainees", make_file(), name=name)
    assert set(clerk.states()) == {"same"}


@pytest.mark.parametrize("make_file", messy.REFUSED, ids=lambda one: one.__name__)
def test_what_is_no_list_gets_a_sentence_and_leaves_nothing(clerk, make_file):
    answer = clerk.choose_file("trainees", make_file())
    assert answer.status_code == 400
    assert answer.context["wrong"].endswith(".")
    assert not SheetImport.objects.exists()


def test_200_megabytes_are_refused_before_they_are_read(clerk):
    class Unread:
        def read(self, *size):
            raise AssertionError("the body was read")

        readline = read

    answer = clerk.client.generic(
        "POST", reverse("admin:imports"), CONTENT_LENGTH=str(200 * 1024**2),
        content_type="multipart/form-data; boundary=x", **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert answer.status_code == 413 and "25" in answer.content.decode()


def test_the_file_is_kept_encrypted_and_goes_after_a_week(clerk):
    row = clerk.put_in("trainees", messy.csv_utf8(), name="liste.csv")
    with default_storage.open(row.file) as file:
        assert PEOPLE[0][0].encode() not in file.read()
    words = str(list(row.rows.values())) + clerk.page().content.decode()
    assert not any(person[0] in words for person in PEOPLE)
    SheetImport.objects.update(created_at=timezone.now() - timedelta(days=8))
    call_command("sweep_media", "--older-than", "0", verbosity=0)
    row.refresh_from_db()
    assert row.file == "" and not default_storage.listdir("lists")[1]
    assert not row.rows.exists()
    assert clerk.page().status_code == 404


def test_the_same_number_is_the_same_person_and_gaps_are_filled(clerk, course):
    known = make.trainee("Ayse", "Yilmaz", birth_date=None, phone="")
    number_of(known, PEOPLE[0][0])
    make.enrolment(known)  # at another centre
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"new": 2, "known": 1}
    one = clerk.row.rows.get(state="known")
    assert any("yer" in note for note in one.notes)
    assert AccessLog.objects.filter(action=Access.FOUND_BY_NUMBER).count() == 1
    clerk.write()
    known.refresh_from_db()
    assert known.birth_date == date(1985, 3, 14) and known.enrolments.count() == 2
    assert known.first_name == "Ayse"


def test_a_number_with_another_name_is_refused(clerk):
    number_of(make.trainee("Ali", "Veli"), PEOPLE[0][0])
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"new": 2, "wrong": 1}
    assert "Ali" not in clerk.problems()[2] and "A***" in clerk.problems()[2]


def test_who_may_be_known_is_asked_and_never_guessed(clerk):
    known = make.trainee("Ayşe Nur", "Yılmaz", birth_date=None, phone="+905551234501")
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"new": 2, "choose": 1}
    assert clerk.write() == {"written": 2, "choose": 1}
    assert Trainee.objects.count() == 3
    clerk.write(**{"row-2": f"t{known.pk}"})
    assert clerk.states() == {"written": 3} and Trainee.objects.count() == 3
    known.refresh_from_db()
    assert known.identity.number == PEOPLE[0][0] and known.first_name == "Ayşe Nur"


def test_somebody_else_is_a_choice_too(clerk):
    make.trainee("Ayşe Nur", "Yılmaz", birth_date=None, phone="+905551234501")
    clerk.put_in("trainees", messy.plain())
    clerk.write(**{"row-2": "new"})
    assert clerk.states() == {"written": 3} and Trainee.objects.count() == 4


def test_a_choice_that_was_not_offered_is_none(clerk):
    make.trainee("Ayşe Nur", "Yılmaz", birth_date=None, phone="+905551234501")
    other = make.trainee("Başka", "Biri")
    clerk.put_in("trainees", messy.plain())
    clerk.write(**{"row-2": f"t{other.pk}"})
    assert clerk.states() == {"written": 2, "choose": 1}


def test_without_a_number_the_same_rows_are_the_same_people(clerk):
    rows = [messy.HEADINGS[1:4] + ["Kurs No"], ["Ayşe", "Kaya", date(1980, 1, 1), "41-001"]]
    for _time in range(2):
        clerk.put_in("trainees", messy.xlsx(rows))
        clerk.write()
    assert clerk.states() == {"same": 1} and Trainee.objects.count() == 1


def test_two_rows_of_one_list_may_be_one_person(clerk, course):
    other = make.course(number="41-002", centre=course.centre)
    first = PEOPLE[0]
    rows = [
        messy.HEADINGS,
        first,
        [*first[:5], "41-002"],
        ["", "Ayşe Nur", "Yılmaz", None, first[4], "41-002"],
    ]
    clerk.put_in("trainees", messy.xlsx(rows))
    assert clerk.states() == {"new": 1, "known": 1, "choose": 1}
    clerk.write(**{"row-4": "r2"})
    assert Trainee.objects.count() == 1
    assert {seat.course for seat in Enrolment.objects.all()} == {course, other}
    assert clerk.states() == {"written": 2, "same": 1}


def test_a_name_alone_tells_nobody(clerk):
    clerk.put_in("trainees", messy.xlsx([["Ad", "Soyad"], ["Ayşe", "Kaya"]]))
    assert clerk.states() == {"wrong": 1}


def test_capacity_holds_in_the_order_of_the_list(clerk, course):
    course.capacity = 2
    course.save()
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"new": 2, "wrong": 1}
    assert 4 in clerk.problems()
    clerk.write(override="Kontenjan artırıldı sayılsın")
    assert Enrolment.objects.count() == 2 and Trainee.objects.count() == 2


def test_age_and_guardian_hold(clerk):
    young = messy.xlsx([messy.HEADINGS, [*PEOPLE[0][:3], date(2020, 1, 1), "", "41-001"]])
    clerk.put_in("trainees", young)
    assert clerk.states() == {"wrong": 1}
    day = timezone.localdate() - timedelta(days=365 * 17)
    heads = [*messy.HEADINGS, "Veli adı", "Yakınlığı", "Veli izni"]
    rows = [heads, [*PEOPLE[0][:3], day, "", "41-001", "Nur Yılmaz", "anne", "Evet"]]
    clerk.put_in("trainees", messy.xlsx([heads[:6], rows[1][:6]]))
    assert clerk.states() == {"wrong": 1}
    clerk.put_in("trainees", messy.xlsx(rows))
    assert clerk.write() == {"written": 1}
    assert Trainee.objects.get().guardians.get().permission_on == timezone.localdate()


def test_a_rule_may_be_set_aside_with_a_reason_that_is_recorded(clerk, course):
    year = course.term.year
    year.max_courses = 1
    year.save()
    known = make.trainee("Ayşe", "Yılmaz")
    number_of(known, PEOPLE[0][0])
    make.enrolment(known, make.course(term=course.term))
    clerk.put_in("trainees", messy.plain())
    assert clerk.states() == {"new": 2, "wrong": 1}
    clerk.post(
        reverse("admin:import", args=[clerk.row.pk]), {"do": "check", "override": "Müdür onayı"}
    )
    assert clerk.states() == {"new": 2, "known": 1}
    assert clerk.write(override="Müdür onayı") == {"written": 3}
    assert Override.objects.get().reason == "Müdür onayı"


def test_what_differs_stays_unless_the_list_counts(clerk, course):
    known = make.trainee("Ayşe", "Yılmaz", birth_date=date(1985, 3, 14), phone="+905550000000")
    number_of(known, PEOPLE[0][0])
    make.enrolment(known, course)
    clerk.put_in("trainees", messy.plain())
    one = clerk.row.rows.get(number=2)
    assert one.state == "same" and "0555 123 45 01" in one.notes[0]
    clerk.post(reverse("admin:import", args=[clerk.row.pk]), {"do": "check", "file_counts": "1"})
    assert clerk.write(file_counts="1") == {"written": 3}
    known.refresh_from_db()
    assert known.phone.as_e164 == "+905551234501"


def test_wrong_rows_come_back_with_reasons_and_are_mended(clerk):
    rows = [messy.HEADINGS, PEOPLE[0], ["10000000147", *PEOPLE[1][1:]], PEOPLE[2]]
    clerk.put_in("trainees", messy.xlsx(rows))
    clerk.write()
    back = clerk.returned()
    assert back[0][:6] == messy.HEADINGS and len(back) == 2
    assert back[1][:3] == ["10000000147", "Fatma", "Işık"] and len(back[1][6]) > 20
    assert b"10000000147" in clerk.returned("csv")
    mended = [back[0], [PEOPLE[1][0], *back[1][1:]]]
    clerk.put_in("trainees", messy.xlsx(mended))
    assert clerk.write() == {"written": 1} and Trainee.objects.count() == 3


def test_of_many_rows_the_bad_ones_come_back_and_the_rest_is_offered(clerk, course):
    """In the proportion of 35,000 rows of which 700 are bad, over several batches."""
    course.capacity = 400
    course.save()
    clerk.put_in("trainees", messy.large(350, 7))
    assert clerk.states() == {"new": 343, "wrong": 7}
    assert clerk.page().context["to_write"] == 343
    assert clerk.write() == {"written": 343, "wrong": 7}
    assert Trainee.objects.count() == 343 and len(clerk.returned()) == 1 + 7


def test_a_title_above_is_no_group_of_the_headings(clerk):
    clerk.choose_file("trainees", messy.xlsx([["LİSTE"], [], [*messy.HEADINGS, "Not"], *PEOPLE]))
    row = SheetImport.objects.latest("pk")
    assert imports.opened(row).found.names == [*messy.HEADINGS, "Not"]


@pytest.mark.parametrize(
    ("groups", "headings", "row"),
    [
        (["KURSİYER", None, None, "VELİ", None],
         ["Adı", "Soyadı", "Doğum Tarihi", "Adı Soyadı", "Telefonu"],
         ["Ece", "Kara", date(2009, 5, 5), "Nur Kara", "0555 123 45 09"]),
        (["ÖĞRENCİ", None, "VELİ", None, "KURS"],
         ["Adı", "Soyadı", "Telefonu", "Adı Soyadı", "Doğum Tarihi"],
         ["Ece", "Kara", "0555 123 45 09", "Nur Kara", date(2009, 5, 5)]),
    ],
)  # fmt: skip
def test_what_stands_below_a_group_is_the_guardians(clerk, groups, headings, row):
    """As many columns are known without the group, but the guardian would be read as the trainee."""
    clerk.put_in("trainees", messy.xlsx([groups, headings, row]))
    assert clerk.write() == {"written": 1}
    young = Trainee.objects.get()
    assert (str(young), young.phone) == ("Ece Kara", "")
    guardian = young.guardians.get()
    assert (guardian.name, guardian.phone.as_e164) == ("Nur Kara", "+905551234509")


def test_the_phone_alone_below_a_group_is_the_guardians(clerk):
    rows = [
        ["ÖĞRENCİ", None, "VELİ"],
        ["Adı", "Soyadı", "Telefonu"],
        ["Ece", "Kara", "0555 123 45 09"],
    ]
    clerk.choose_file("trainees", messy.xlsx(rows))
    columns = SheetImport.objects.get().columns
    assert columns == ["first_name", "last_name", "guardian_phone"]


def test_a_label_above_is_no_group_and_no_name_a_heading(clerk):
    """“Kurs:” above names no course, and whose first name is Veli is no guardian."""
    rows = [["Kurs:", "Ebru"], ["Adı", "Soyadı", "Telefon"], ["Veli", "Kaya", "0532 765 43 21"]]
    clerk.put_in("trainees", messy.xlsx(rows))
    assert clerk.write() == {"written": 1}
    assert str(Trainee.objects.get()) == "Veli Kaya"


@pytest.mark.parametrize("said", ["Devam ediyor", "Aktif", "Kursiyer", "-"])
def test_the_word_of_another_office_in_a_state_is_noted_at_most(clerk, course, said):
    rows = [[*messy.HEADINGS, "Durum"], [*PEOPLE[0], said]]
    clerk.put_in("trainees", messy.xlsx(rows))
    assert clerk.states() == {"new": 1}
    assert (said in str(clerk.row.rows.get().notes)) == (said != "-")
    clerk.write()
    assert Enrolment.objects.get().course == course


def test_our_own_closing_state_gives_no_seat(clerk, course):
    rows = [[*messy.HEADINGS, "Durum"], [*PEOPLE[0], "Ayrıldı"]]
    clerk.put_in("trainees", messy.xlsx(rows))
    clerk.write()
    assert Trainee.objects.exists() and not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("said", "states"),
    [("Akmeşe", {"new": 1}), ("AKMEŞE KURS MERKEZİ", {"new": 1}), ("Yeni Mahalle Konağı", {"new": 1}),
     ("Ambarcı", {"wrong": 1})],
)  # fmt: skip
def test_a_centre_is_named_short_or_as_nobody_else_does(clerk, course, said, states):
    """A name that is no centre tells nothing of a course that has one name; another centre's does."""
    course.centre.name = "Akmeşe Kurs Merkezi"
    course.centre.save()
    make.centre("Ambarcı Kurs Merkezi")
    heads = [*messy.HEADINGS[:5], "Kurs", "Kurs Merkezi"]
    clerk.put_in("trainees", messy.xlsx([heads, [*PEOPLE[0][:5], course.programme.name, said]]))
    assert clerk.states() == states, clerk.problems()
    if states == {"wrong": 1}:
        assert "kurs merkezinde" in clerk.problems()[2]


def test_of_two_courses_of_a_name_the_centre_decides(clerk, course):
    other = make.course(centre=make.centre("Ambarcı Kurs Merkezi"), programme=course.programme)
    clerk.user.offices.create(centre=other.centre)
    heads = [*messy.HEADINGS[:5], "Kurs", "Kurs Merkezi"]
    row = [*PEOPLE[0][:5], course.programme.name]
    clerk.put_in("trainees", messy.xlsx([heads, [*row, "Ambarcı"]]))
    assert clerk.write() == {"written": 1}
    assert Enrolment.objects.get().course == other
    clerk.put_in("trainees", messy.xlsx([heads, [*PEOPLE[1][:5], row[5], "Konak"]]))
    assert clerk.states() == {"wrong": 1}


def test_what_our_own_lists_alone_have_is_asked_about_in_others(clerk):
    rows = [["Adı", "Soyadı", "Telefon", "Öğretmen"], ["Ayşe", "Kaya", "0532 765 43 21", "Nil Ak"]]
    answer = clerk.choose_file("trainees", messy.xlsx(rows))
    assert "sutunlar" in answer.url
    asked = {one.name: one for one in clerk.client.get(answer.url).context["headings"]}
    assert asked["Öğretmen"].column is None and not asked["Öğretmen"].left_out


def test_an_unknown_heading_is_asked_once(clerk):
    rows = [["Numara", "Hitap", "Soyadı", "Doğduğu gün"], *(p[:4] for p in PEOPLE)]
    answer = clerk.choose_file("trainees", messy.xlsx(rows))
    assert "sutunlar" in answer.url
    shown = clerk.client.get(answer.url)
    asked = {one.name: one for one in shown.context["headings"]}
    assert asked["Numara"].column is None and PEOPLE[0][0] not in shown.content.decode()
    named = {
        "column-0": "number",
        "column-1": "first_name",
        "column-2": "last_name",
        "column-3": "birth_date",
    }
    clerk.post(answer.url, named)
    clerk.row = SheetImport.objects.get()
    assert clerk.write() == {"written": 3}
    assert SheetHeading.objects.count() == 3
    assert "sutunlar" not in clerk.choose_file("trainees", messy.xlsx(rows)).url


def test_a_list_without_headings_is_refused_and_nothing_of_it_kept(clerk):
    answer = clerk.choose_file("trainees", messy.xlsx([PEOPLE[0], PEOPLE[1]]))
    assert answer.status_code == 400 or answer.status_code == 200
    assert "başlık" in answer.content.decode()
    assert not SheetImport.objects.exists() and not SheetHeading.objects.exists()


def test_a_column_that_is_left_out_once_is_there_the_next_time(clerk):
    rows = [["Adı", "Soyadı", "Telefon", "Hitap"], ["Ayşe", "Kaya", "0532 765 43 21", "Hanım"]]
    answer = clerk.choose_file("trainees", messy.xlsx(rows))
    clerk.post(answer.url, {"column-0": "first_name", "column-1": "last_name"})
    assert list(SheetHeading.objects.values_list("heading", "column")) == [("hitap", "")]
    clerk.choose_file("trainees", messy.xlsx(rows))
    assert "phone" in SheetImport.objects.latest("pk").columns


def test_two_headings_cannot_be_one_column(clerk):
    answer = clerk.choose_file("trainees", messy.xlsx([["A", "B"], ["Ayşe", "Kaya"]]))
    refused = clerk.post(answer.url, {"column-0": "first_name", "column-1": "first_name"})
    assert refused.status_code == 400


def test_hidden_rows_are_read_when_asked_for(clerk):
    answer = clerk.choose_file("trainees", messy.hidden())
    assert "sutunlar" in answer.url
    clerk.put_in("trainees", messy.hidden())
    assert clerk.states() == {"new": 2}


def test_two_clerks_with_the_same_list(clerk, client, course, django_capture_on_commit_callbacks):
    data = messy.plain()
    first = clerk.put_in("trainees", data)
    other = Clerk(
        client,
        make.user("merkez-sorumlusu", centres=[course.centre]),
        django_capture_on_commit_callbacks,
    )
    other.put_in("trainees", data)
    assert other.states() == {"new": 3}
    imports.write(row=first, at_once=True)
    assert other.write() == {"same": 3}
    assert Trainee.objects.count() == 3 and Enrolment.objects.count() == 3
    assert other.page().context["same_file"] == first


def test_a_list_is_its_owners_alone(clerk, client, course):
    row = clerk.put_in("trainees", messy.plain())
    client.force_login(make.user("merkez-sorumlusu", centres=[course.centre]))
    for page in ("import", "import_columns"):
        assert client.get(reverse(f"admin:{page}", args=[row.pk])).status_code == 404
    assert client.get(reverse("admin:import_returned", args=[row.pk, "xlsx"])).status_code == 404


@pytest.mark.parametrize("role", ["denetci", "sergi-sorumlusu", "ogretmen"])
def test_who_may_not(client, role, db):
    client.force_login(make.user(role))
    assert client.get(reverse("admin:imports")).status_code == 403
    assert client.post(reverse("admin:imports"), {"tur": "trainees"}).status_code == 403
    assert (
        client.get(reverse("admin:import_template", args=["trainees", "xlsx"])).status_code == 403
    )


def test_a_course_of_another_centre_is_none_of_hers(clerk):
    make.course(number="41-009")
    rows = [messy.HEADINGS, [*PEOPLE[0][:5], "41-009"]]
    clerk.put_in("trainees", messy.xlsx(rows))
    assert clerk.states() == {"wrong": 1}


def test_killed_in_the_middle_it_goes_on_and_doubles_nothing(clerk, monkeypatch):
    kind = imports.KINDS["trainees"]
    monkeypatch.setattr(kind, "batch", 1, raising=False)
    row = clerk.put_in("trainees", messy.plain())
    real, calls = kind.write, []

    def killed(lines, run):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(lines, run)

    monkeypatch.setattr(kind, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        imports.write(row=row, at_once=True)
    monkeypatch.setattr(kind, "write", real)
    assert Trainee.objects.count() == 1
    assert clerk.page().context["waits"]
    SheetImport.objects.update(told_at=timezone.now() - timedelta(minutes=5))
    shown = clerk.page()
    assert shown.context["interrupted"] and shown.context["written"] == "1"
    clerk.post(reverse("admin:import", args=[row.pk]), {"do": "again"})
    assert clerk.states() == {"written": 3} and Trainee.objects.count() == 3
    assert Enrolment.objects.count() == 3


def test_while_the_store_is_away_a_list_waits_and_goes_on_by_itself(clerk, settings, monkeypatch):
    row = clerk.put_in("trainees", messy.plain())
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    imports.write(row=row)

    def away(*_given):
        raise StorageAway

    def work(attempt):
        row.refresh_from_db()
        imports.run.func(SimpleNamespace(attempt=attempt), row.pk, row.run)

    with monkeypatch.context() as store:
        store.setattr(DiskStorage, "_open", away)
        with pytest.raises(StorageAway):
            work(1)
        assert clerk.page().context["waits"] and clerk.states() == {"new": 3}
    work(2)
    assert clerk.states() == {"written": 3}


def test_a_store_that_stays_away_is_told_at_the_list_in_the_end(clerk, settings, monkeypatch):
    row = clerk.put_in("trainees", messy.plain())
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    imports.write(row=row)
    row.refresh_from_db()

    def away(*_given):
        raise StorageAway

    monkeypatch.setattr(DiskStorage, "_open", away)
    imports.run.func(SimpleNamespace(attempt=len(tasks.PAUSES) + 1), row.pk, row.run)
    row.refresh_from_db()
    assert row.state == ImportState.CHECKED and "deposu şu anda yanıt vermiyor" in row.error


def test_a_worker_that_was_given_up_writes_nothing_more(clerk):
    row = clerk.put_in("trainees", messy.plain())
    SheetImport.objects.filter(pk=row.pk).update(state=ImportState.WRITING, run="a" * 32)
    row.refresh_from_db()
    SheetImport.objects.filter(pk=row.pk).update(run="b" * 32)
    with pytest.raises(imports.Overtaken):
        imports._write(row)
    assert not Trainee.objects.exists()


def test_each_list_stands_in_the_access_log_with_its_counts(clerk):
    clerk.put_in("trainees", messy.plain())
    clerk.write()
    checked, written = AccessLog.objects.filter(
        action__in=[Access.IMPORT_CHECKED, Access.IMPORTED]
    ).order_by("pk")
    assert (checked.action, written.action) == (Access.IMPORT_CHECKED, Access.IMPORTED)
    assert "3" in written.reason and written.by == clerk.user
    assert AccessLog.objects.filter(action=Access.IDENTITY_RECORDED).count() == 3


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_template_is_a_list_of_two(clerk, form):
    answer = clerk.client.get(reverse("admin:import_template", args=["trainees", form]))
    make.course(number="41-2026-0001", centre=make.course().centre)
    clerk.put_in("trainees", answer.content, name=f"ornek.{form}")
    assert clerk.row.rows.count() == 2
    assert set(clerk.problems()) == {2, 3}  # the course is not hers, the rest can be read
    assert all(len(one.problems) == 1 for one in clerk.row.rows.all())


def test_from_the_list_and_the_first_page_one_gets_there(clerk):
    for page in ("admin:index", "admin:trainees_trainee_changelist"):
        assert reverse("admin:imports") in clerk.client.get(reverse(page)).content.decode()


def test_as_many_questions_for_three_rows_as_for_one(clerk, course, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for rows in (PEOPLE[:1], PEOPLE):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            clerk.put_in("trainees", messy.xlsx([messy.HEADINGS, *rows]))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_without_a_browser(course, media, tmp_path, capsys):
    path = tmp_path / "liste.xlsx"
    path.write_bytes(messy.plain())
    call_command("import_sheet", "trainees", str(path), "--check")
    assert not Trainee.objects.exists() and "3" in capsys.readouterr().out
    call_command("import_sheet", "trainees", str(path))
    assert Trainee.objects.count() == 3
    path.write_bytes(messy.xlsx([messy.HEADINGS, ["10000000147", *PEOPLE[1][1:]]]))
    with pytest.raises(CommandError) as left:
        call_command("import_sheet", "trainees", str(path))
    assert left.value.returncode == 1
    said = capsys.readouterr()
    assert "10000000147" not in said.out + said.err
    path.write_bytes(messy.renamed_pdf())
    with pytest.raises(CommandError) as refused:
        call_command("import_sheet", "trainees", str(path))
    assert refused.value.returncode == 2
    assert not default_storage.listdir("lists")[1]
    assert not SheetRow.objects.exclude(shown="").exists()


def test_a_list_finds_people_whose_records_were_merged(clerk, course):
    """By the second number, by the same file again, and by the number of the second record."""
    clerk.put_in("trainees", messy.plain())
    clerk.write()
    first, second, _third = Trainee.objects.order_by("pk")
    Enrolment.objects.filter(trainee=second).delete()
    manager = make.user("yonetici")
    preview = preview_trainees(first=first, second=second)
    answers = {name: question.default for name, question in preview.asked.items()}
    merge_trainees(first=first, second=second, by=manager, answers=answers | {"number": "theirs"})
    Trainee.objects.filter(pk=first.pk).update(first_name="Fatma", last_name="Işık")
    row = [PEOPLE[1][0], "Fatma", "Işık", PEOPLE[1][3]]
    clerk.put_in("trainees", messy.xlsx([["T.C. kimlik no", "Adı", "Soyadı", "Doğum tarihi"], row]))
    assert "new" not in clerk.states(), clerk.problems()
    assert Trainee.objects.count() == 2
