"""A list of 35,000 people with their seats: as rows, as a file, inserted bare and put in."""

import sys
from datetime import date, timedelta

from courses.enums import CourseState
from courses.models import Course
from izmek.acts import imports
from izmek.acts.bulk import bulk_create
from izmek.secrets.identity import IdentityKind, identity_hash
from izmek.text.codes import new_code
from tests.sheets.messy import HEADINGS, number_of, xlsx
from trainees.models import Enrolment, Identity, Trainee

SEATS = 25  # of a course
DAYS = 19_000


def _count():
    return 350 if "quick" in sys.argv else 35_000  # as `measure` is called


def courses(town):
    """New running courses with as many seats as there are people."""
    like = town.running[0]
    mark = new_code()
    return Course.objects.bulk_create(
        Course(
            number=f"{mark}-{number}",
            programme=like.programme,
            centre=like.centre,
            teacher=like.teacher,
            term=like.term,
            begin=like.begin,
            end=like.end,
            capacity=SEATS,
            state=CourseState.RUNNING,
            total_hours=like.total_hours,
            pass_mark=like.pass_mark,
            absence_limit_numerator=like.absence_limit_numerator,
            absence_limit_denominator=like.absence_limit_denominator,
        )
        for number in range(-(-_count() // SEATS))
    )


def people(town):
    """(first name, last name, birth date, phone, number) of each."""
    turn = next(town.turns)
    own = ("da", "rem", "mot", "tuk", "vil")[turn % 5]  # nobody of one list is like one of another
    for at in range(_count()):
        words = "".join(chr(97 + at // 26**place % 26) for place in range(4))
        yield (
            f"{words[:2].capitalize()}{own}{'su' * (at // DAYS)}",  # nor like who is born that day
            f"{words[2:].capitalize()}lı{own}",
            date(1950, 1, 1) + timedelta(days=at % DAYS),
            f"+90555{turn % 10}{at:06}",
            number_of(700_000_000 + 100_000 * turn + at),
        )


def bare_insert(rows, of):
    """The least that has to be done: people, their numbers and seats, with history."""
    rows = list(rows)
    fresh = bulk_create(
        Trainee(first_name=first, last_name=last, birth_date=day, phone=phone)
        for first, last, day, phone, _number in rows
    )
    bulk_create(
        Identity(
            trainee=one,
            kind=IdentityKind.TCKN,
            number=row[-1],
            hash=identity_hash(IdentityKind.TCKN, row[-1]),
        )
        for one, row in zip(fresh, rows, strict=True)
    )
    bulk_create(
        Enrolment(trainee=one, course=of[at // SEATS], joined_on=of[0].begin)
        for at, one in enumerate(fresh)
    )


def file(town):
    """The same as an XLSX file, with identity numbers."""
    of = courses(town)
    rows = (
        [number, first, last, day, phone, of[at // SEATS].number]
        for at, (first, last, day, phone, number) in enumerate(people(town))
    )
    return xlsx([HEADINGS, *rows], options={"constant_memory": True})


def put_in(data, user):
    row = imports.take(kind="trainees", data=data, name="liste.xlsx", by=user)
    row = imports.check(row=row, at_once=True)
    row = imports.write(row=row, at_once=True)
    written = row.rows.filter(state="written").count()
    assert written == _count(), (imports.tally(row), row.error)
    imports.forget(row)
