"""The papers of a course for HEM: read back as PDFs, with few people and with many."""

import io
import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from courses.enums import CourseState
from courses.models import CourseCentre, EducationYear, Holiday, Programme
from izmek.acts.bulk import bulk_create
from izmek.sheets.writing import write_tables
from tests import factories as make
from tests.classroom import statements
from tests.pdfs import assert_accessible, pages_of, whole
from trainees import services
from trainees.enums import EnrolmentState
from trainees.models import Absence, Enrolment, RollCall, Trainee
from trainees.papers.course import PAPERS, contents_of, print_papers, sheets_of, those_of
from trainees.papers.record import Record, courses_to_print, has_people

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NAMES = ["Ayşe", "Çiğdem", "Fatma", "Gül", "Ğ", "Hatice", "Işıl", "İpek", "Nur", "Özlem", "Şule"]
LONG = "Fatmanurgülsüm Hatice Zehra Karaosmanoğullarından Çelebioğlugil"  # 62 letters


@pytest.fixture
def manager():
    return make.user("yonetici")


def course_of(people, modules=2, **fields):
    """A finished course with so many people, in an order that is not that of their names."""
    course = make.course(
        number=fields.pop("number", "41-2025-117"),
        teacher=make.teacher("Nurhan", "Aydemir"),
        centre=CourseCentre.objects.filter(name="Akmeşe Kurs Merkezi").first()
        or make.centre("Akmeşe Kurs Merkezi"),
        programme=Programme.objects.filter(name="İğne oyası").first()
        or make.programme("İğne oyası", total_hours=40),
        begin=date(2025, 11, 3),
        end=date(2025, 12, 19),
        capacity=100,
        term=make.term(make.year(date(2025, 9, 1))),
        **fields,
    )
    course.slots.create(weekday=1, begin="09:00", end="12:00", lesson_hours=4)
    for place in range(modules):
        course.modules.create(name=f"Modül {place + 1}", hours=20, order=place)
    made = [
        Trainee(
            first_name=NAMES[-1 - place % len(NAMES)],
            last_name=f"Soyad{place:02}",
            phone=f"+90555000{place:04}",
        )
        for place in range(people)
    ]
    bulk_create(made, by=None)
    seats = [Enrolment(trainee=one, course=course, joined_on=course.begin) for one in made]
    bulk_create(seats, by=None)
    return course


def record(course, user, **options):
    return Record(courses_to_print(user).get(pk=course.pk), user, **options)


def printed(slug, course, user, **options):
    return print_papers([PAPERS[slug]], record(course, user, **options))


def rows_of(slug, course, user, **options):
    """The rows of the only table of a paper, without their numbers."""
    (table,) = sheets_of([PAPERS[slug]], record(course, user, **options))
    return [row[1:] for row in table.rows]


# --- Pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "pages"), [(1, 1), (25, 1), (26, 1), (60, 3)])
def test_pages_repeat_the_head_and_keep_the_signatures_with_rows(manager, people, pages):
    course = course_of(people, state=CourseState.FINISHED)
    course.enrolments.update(state=EnrolmentState.COMPLETED, absent_hours=0)
    chosen = [PAPERS["imza-listesi"], PAPERS["karar-durumu"]]
    pdf = print_papers(chosen, record(course, manager))
    assert_accessible(pdf, title="Kursiyer imza listesi, Kursiyer karar durumu")
    found = pages_of(pdf)
    names = [str(seat.trainee) for seat in course.enrolments.in_name_order()]
    for title, head in (
        ("Kursiyer imza listesi", "Kursiyer"),
        ("Kursiyer karar durumu", "Gerekçe"),
    ):
        own = [page for page in found if f"{title} · " in page]
        whole_paper = " ".join(own)
        places = [whole_paper.index(name) for name in names]
        assert places == sorted(places)
        assert [re.search(r"(\d+) / (\d+)$", page).groups() for page in own] == [
            (str(number), str(len(own))) for number in range(1, len(own) + 1)
        ]
        assert all(head in page for page in own)
        assert any(name in own[-1] for name in names[-3:])
        signed = ["Halk Eğitimi Merkezi Müdürü" in page for page in own]
        assert signed == [False] * (len(own) - 1) + [True]
    assert len([page for page in found if "Kursiyer imza listesi · " in page]) == pages
    assert f"{people} kursiyerden {people} kişi kursu tamamlamış" in found[-1]


def test_roll_marks_and_exam_record_of_26_people(manager):
    course = course_of(26, state=CourseState.FINISHED)
    course.enrolments.update(state=EnrolmentState.COMPLETED, absent_hours=0)
    for day in (3, 10):
        RollCall.objects.create(session=make.session(course, date(2025, 11, day)))
    slugs = ("yoklama-cizelgesi", "not-cizelgesi", "sinav-tutanagi")
    found = pages_of(print_papers([PAPERS[slug] for slug in slugs], record(course, manager)))
    names = [str(seat.trainee) for seat in course.enrolments.in_name_order()]
    for title in ("Yoklama çizelgesi", "Not çizelgesi (EK-10)", "Sınav tutanağı"):
        own = [page for page in found if f"{title} · " in page]
        places = [" ".join(own).index(name) for name in names]
        assert places == sorted(places)
        assert own[-1].endswith(f"{len(own)} / {len(own)}") and "Kursiyer" in own[-1]
        assert "Halk Eğitimi Merkezi Müdürü" in own[-1] and names[-1] in own[-1]
    assert len(found) == len(slugs)  # 26 fit on a page of each


def test_the_queries_of_a_paper_do_not_grow_with_people(manager):
    counts = {}
    manager.has_perm("trainees.view_enrolment")  # read once and kept
    for people in (1, 3):
        course = course_of(people, state=CourseState.RUNNING, number=f"41-{people}")
        lesson = make.session(course, date(2025, 11, 3))
        RollCall.objects.create(session=lesson)
        for seat in course.enrolments.all():
            Absence.objects.create(enrolment=seat, session=lesson, hours=1)
            services.set_mark(enrolment=seat, module=course.modules.first(), value=60, by=None)
        for slug in ("yoklama-cizelgesi", "karar-durumu"):
            read = partial(rows_of, slug, course, manager)
            counts.setdefault(slug, []).append(len(statements(read)))
    assert all(one == three for one, three in counts.values()), counts


def test_the_headings_of_hem_stand_above(manager):
    text = whole(printed("imza-listesi", course_of(2), manager))
    for fact in (
        "Akmeşe Kurs Merkezi",
        "İğne oyası",
        "41-2025-117",
        "Nurhan Aydemir",
        "03.11.2025 – 19.12.2025",
        "Pazartesi 09.00–12.00",
    ):
        assert fact in text


# --- The roll ---------------------------------------------------------------------------------


def test_the_roll_tells_hours_missed_uncalled_lessons_and_who_was_not_there_yet(manager):
    course = course_of(0)
    first, second, _third, fourth = (
        make.session(course, date(2025, 11, day), lesson_hours=4) for day in (3, 10, 17, 24)
    )
    make.session(course, date(2025, 12, 1))
    Holiday.objects.create(name="Tatil", begin=fourth.date, end=fourth.date)
    early = make.enrolment(make.trainee("Ayşe", "Ak"), course)
    make.enrolment(make.trainee("Çiğdem", "Ak"), course, joined_on=date(2025, 11, 10))
    left = {"state": "withdrawn", "left_on": date(2025, 11, 10)}
    make.enrolment(make.trainee("Zehra", "Ak"), course, **left)
    for lesson in (first, second):
        RollCall.objects.create(session=lesson)
    Absence.objects.create(enrolment=early, session=first, hours=4)
    Absence.objects.create(enrolment=early, session=second, hours=2, excused=True)
    november, december = sheets_of([PAPERS["yoklama-cizelgesi"]], record(course, manager))
    days = november.headings[2:33]
    assert len(days) == 31 and days[0].startswith("01.11") and days[30] == ""
    assert days[2].endswith(" 4") and days[16].endswith(" 4*") and "4" not in days[23].split()[2:]
    told = [
        [row[1], *(row[2 + day - 1] for day in (3, 10, 17, 24)), row[33]] for row in november.rows
    ]
    assert told == [
        ["Ayşe Ak", "4", "2m", "", "", 6],
        ["Çiğdem Ak", "–", "·", "", "", 0],
        ["Zehra Ak", "·", "–", "–", "", 0],
    ]
    assert [row[1] for row in december.rows] == ["Ayşe Ak", "Çiğdem Ak"]
    assert december.rows[0][-1] == 6
    pages = pages_of(printed("yoklama-cizelgesi", course, manager))
    assert len(pages) == 2 and "Kasım 2025" in pages[0] and "Aralık 2025" in pages[1]


# --- Marks and outcome ------------------------------------------------------------------------


def test_marks_exempt_mean_words_and_reasons(manager):
    course = course_of(4, state=CourseState.RUNNING)
    one, two, three, four = course.enrolments.in_name_order()
    first, second = course.modules.all()
    for seat, marks in ((one, (85, 86)), (two, ("M", "M")), (three, (40, 60)), (four, (10, 20))):
        for module, value in zip((first, second), marks, strict=True):
            services.set_mark(enrolment=seat, module=module, value=value, by=None)
    services.finish_course(course=course, by=None)
    marks = rows_of("not-cizelgesi", course, manager)
    assert [[str(cell) for cell in row[1:]] for row in marks] == [
        ["85", "86", "85.5"],
        ["M", "M", "M"],
        ["40", "60", "50.0"],
        ["10", "20", "15.0"],
    ]
    exam = rows_of("sinav-tutanagi", course, manager)
    assert [row[2] for row in exam] == ["seksen beş virgül beş", "muaf", "elli", "on beş"]
    text = whole(printed("karar-durumu", course, manager))
    assert "4 kursiyerden 2 kişi kursu tamamlamış, 1 kişi modüllerin bir kısmını başarmış" in text
    reasons = [row[-1] for row in rows_of("karar-durumu", course, manager)]
    assert reasons[2].startswith("2 modülün 1 tanesini geçti") and reasons[2] in text
    course.refresh_from_db()
    assert course.state == CourseState.FINISHED


def test_a_course_that_is_not_finished_says_so_in_place_of_the_sentence(manager):
    course = course_of(2, state=CourseState.RUNNING)
    text = whole(printed("karar-durumu", course, manager))
    assert "Kurs bitmedi" in text and "{toplam}" not in text and "kursu tamamlamış" not in text


@pytest.mark.parametrize("state", [CourseState.PLANNED, CourseState.RUNNING, CourseState.CANCELLED])
@pytest.mark.parametrize(("people", "modules"), [(0, 0), (1, 20)])
def test_nothing_on_record_is_a_paper_with_a_sentence(manager, state, people, modules):
    course = course_of(people if state == CourseState.RUNNING else 0, modules, state=state)
    contents = contents_of(PAPERS.values(), record(course, manager))
    rows = [row for part in contents.data["parts"] for row in part["rows"]]
    empty = [part["empty"] for part in contents.data["parts"]]
    assert bool(rows) != all(empty)
    if state == CourseState.CANCELLED:
        assert all("kimse katılmadı" in said for said in empty)
    if modules and rows:  # twenty modules go on in a second set of pages
        assert sum("EK-10" in part["title"] for part in contents.data["parts"]) == 2
    if not modules:
        assert any("notlanan modül" in part["notes"] for part in contents.data["parts"])


def test_all_papers_of_nobody_and_of_a_long_name_are_printed(manager):
    empty = print_papers(PAPERS.values(), record(course_of(0, 0, number=""), manager))
    assert whole(empty).count("henüz kimse kayıtlı değil") == 6
    full = course_of(1, 20)
    who = full.enrolments.get().trainee
    who.first_name, who.last_name = LONG, "🌷 محمد 王"
    who.save()
    pdf = print_papers(PAPERS.values(), record(full, manager))
    assert_accessible(pdf, title="Sınav tutanağı")
    text = whole(pdf)
    assert LONG in text.replace(" \n", " ") and "☐" in text and "🌷" not in text


def test_a_blank_copy_has_25_rows_and_no_name(manager):
    course = course_of(3, state=CourseState.RUNNING)
    for slug in PAPERS:
        rows = rows_of(slug, course, manager, blank=True)
        assert len(rows) == 25 and not any(cell for row in rows for cell in row)
    pdf = print_papers(PAPERS.values(), record(course, manager, blank=True))
    text = whole(pdf)
    assert "Soyad0" not in text and "Nurhan Aydemir" in text and "…… kursiyerden" in text
    assert len(pages_of(pdf)) == len(PAPERS)


def test_without_modules_there_was_no_exam(manager):
    course = course_of(1, 0, state=CourseState.FINISHED)
    course.enrolments.update(state=EnrolmentState.COMPLETED, absent_hours=0)
    found = record(course, manager)
    assert PAPERS["sinav-tutanagi"] not in those_of(PAPERS.values(), found)
    assert those_of([PAPERS["sinav-tutanagi"]], found) == [PAPERS["sinav-tutanagi"]]
    (table,) = sheets_of([PAPERS["sinav-tutanagi"]], found)
    assert not any("sınav" in line for line in table.below)


def test_who_is_absent_has_no_success_mark_before_the_end_as_after(manager):
    course = course_of(1, 1, state=CourseState.RUNNING)
    seat = course.enrolments.get()
    services.set_mark(enrolment=seat, module=course.modules.get(), value=90, by=None)
    lesson = make.session(course, date(2025, 11, 3), lesson_hours=4)
    RollCall.objects.create(session=lesson)
    assert rows_of("not-cizelgesi", course, manager)[0][-1] == 90
    Absence.objects.create(enrolment=seat, session=lesson, hours=4)
    course.total_hours = 10
    course.save()
    assert rows_of("not-cizelgesi", course, manager)[0][-1] is None
    _name, absent, mean, _result, reason = rows_of("karar-durumu", course, manager)[0]
    assert (absent, mean) == (4, None)
    services.finish_course(course=course, by=None)
    assert rows_of("karar-durumu", course, manager)[0][-1] == reason
    assert rows_of("not-cizelgesi", course, manager)[0][-1] is None


def test_a_course_closed_early_has_its_roll(manager):
    course = course_of(1, state=CourseState.CANCELLED)
    RollCall.objects.create(session=make.session(course, date(2025, 11, 3)))
    make.session(course, date(2025, 12, 1))  # nobody is there any more
    course.enrolments.update(state=EnrolmentState.REMOVED, left_on=date(2025, 11, 5))
    assert has_people([course.pk]) == {course.pk}
    (roll,) = sheets_of([PAPERS["yoklama-cizelgesi"]], record(course, manager))
    assert len(roll.rows) == 1
    (outcome,) = sheets_of([PAPERS["karar-durumu"]], record(course, manager))
    assert "artık kimse kayıtlı değil" in outcome.below[0]
    course.enrolments.update(left_on=course.begin)  # never there
    assert not has_people([course.pk])


def test_the_roll_says_why_its_total_is_more_than_its_months(manager):
    course = course_of(1)
    RollCall.objects.create(session=make.session(course, date(2025, 11, 3), lesson_hours=4))
    make.session(course, date(2025, 11, 10))
    course.enrolments.update(joined_on=date(2025, 11, 5))

    def told():
        (table,) = sheets_of([PAPERS["yoklama-cizelgesi"]], record(course, manager))
        return table.rows[0][-2:], any("nakilden önce" in line for line in table.below)

    assert told() == ([0, 0], False)
    EducationYear.objects.update(count_before_joining=True)
    assert told() == ([0, 4], True)


# --- Words of the year ------------------------------------------------------------------------


def test_the_words_are_those_of_the_year(manager):
    course = course_of(1, state=CourseState.FINISHED)
    course.enrolments.update(state=EnrolmentState.COMPLETED, absent_hours=0)
    EducationYear.objects.update(
        outcome_title="Karar çizelgesi",
        outcome_sentence="{toplam} kişi, {program}, {bitis}.",
        hem_signs="",
        centre_signs="Merkez müdürü",
    )
    text = whole(printed("karar-durumu", course, manager))
    assert "Karar çizelgesi" in text and "1 kişi, İğne oyası, 19.12.2025." in text
    assert "Merkez müdürü" in text and "Halk Eğitimi" not in text


def test_the_sheet_has_the_sentence_below_and_the_headings_above(manager):
    course = course_of(1, state=CourseState.FINISHED)
    (table,) = sheets_of([PAPERS["karar-durumu"]], record(course, manager))
    assert "41-2025-117" in table.above and "Nurhan Aydemir" in table.above
    assert "1 kursiyerden" in table.below[0]
    assert table.below[1] == "Kurs öğretmeni: Nurhan Aydemir"
    file = io.BytesIO()
    write_tables(file, "csv", table)
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == table.title and "41-2025-117" in lines[1] and lines[3].startswith("1;")
    assert lines[4:] == list(table.below)


def test_the_sign_in_sheet_is_that_of_the_month_of_the_next_lesson(manager):
    today = timezone.localdate()
    course = make.course()
    make.enrolment(make.trainee(), course)
    make.session(course, today + timedelta(days=1))
    make.session(course, today + timedelta(days=50))
    (table,) = sheets_of([PAPERS["imza-listesi"]], record(course, manager))
    assert len(table.headings) == 3 and table.to_write_in
