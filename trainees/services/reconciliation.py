"""e-Yaygın beside us (Mutabakat): a list of HEM's system is kept for each course, beside our seats.

A whole identity number says who somebody is. A masked one says it by the digits that it shows together with
the name, and a name alone where nothing is shown; what leaves two people possible is told and not guessed.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from izmek.secrets.encryption import Unreadable
from izmek.secrets.identity import newest_hash
from izmek.sheets.columns import key
from trainees import rights
from trainees.enums import EnrolmentState
from trainees.models import Enrolment, Identity, OutsideList, OutsideRow
from trainees.queries.reconciliation import RESULTS
from trainees.queries.same_person import letters, may_be_one_name, shortened

ROWS_AT_LEAST = 200  # that a list of one course may have, however small the course is


@transaction.atomic
def reconcile(*, course, rows, by, source=None):
    """Keep what a list of e-Yaygın says of a course, in the place of the list before.

    `rows`: OutsideRows without a list. `source`: the SheetImport that they come from; rows of the same pass
    are added. Returns the OutsideList. Nothing of the course changes, so it is not locked: one list of
    e-Yaygın is written at a time (izmek/acts/imports.py). DOMAIN.md §2, Course.
    """
    rights.require(by, "reconcile", course)
    if len(rows) > most_rows(course):
        raise Refusal(
            _("Too many rows for one course: %(count)d, where %(most)d are the most."),
            params={"count": len(rows), "most": most_rows(course)},
            code="large",
        )
    run = source.run if source else ""
    former = OutsideList.objects.filter(course=course).first()
    if former and not (run and former.run == run):
        former.delete()
        former = None
    kept = former or OutsideList.objects.create(course=course, source=source, run=run, by=by)
    for row in rows:
        row.list = kept
    OutsideRow.objects.bulk_create(rows, batch_size=1000)
    return kept


def most_rows(course):
    """How many rows a list of a course may have; one with more is a list of other courses as well."""
    return max(ROWS_AT_LEAST, 3 * course.capacity)


# --- Comparing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """What a list says otherwise than we do: `fact` is "name", "number", or one of FACTS."""

    fact: str
    theirs: object = ""
    ours: object = ""


@dataclass
class Compared:
    """Somebody in the list, and who that is here."""

    row: OutsideRow
    seat: Enrolment | None = None
    differences: list = field(default_factory=list)
    possible: list = field(default_factory=list)  # seats, where several may be meant
    again: int = 0  # the earlier row with the same whole number


@dataclass
class Comparison:
    """A list beside our seats. `hours`: of the course, as the list has them, where they are not ours."""

    only_theirs: list = field(default_factory=list)
    only_ours: list = field(default_factory=list)  # seats
    differ: list = field(default_factory=list)
    several: list = field(default_factory=list)
    hours: list = field(default_factory=list)
    agree: int = 0

    @property
    def open(self):
        """How many lines there are to look at."""
        lines = (self.only_theirs, self.only_ours, self.differ, self.several, self.hours)
        return sum(map(len, lines))


def compare(lists):
    """{key of an OutsideList: its Comparison}: three queries, however many lists and people there are."""
    courses = {one.course_id: one for one in lists}
    rows, seats, owners = defaultdict(list), defaultdict(list), defaultdict(dict)
    for row in OutsideRow.objects.filter(list__in=lists):
        row.hash = newest_hash(row)
        rows[row.list_id].append(row)
    people = Enrolment.objects.filter(course__in=courses).with_attendance().with_hours_attended()
    for seat in people.select_related("trainee__identity").in_name_order():
        seat.course = courses[seat.course_id].course
        seats[seat.course_id].append(seat)
        if hasattr(seat.trainee, "identity"):
            owners[seat.course_id][newest_hash(seat.trainee.identity)] = seat.pk
    # The number of a second record that was theirs too (services/merging.py).
    second = Identity.objects.filter(trainee__merged_into__enrolments__course__in=courses)
    seat = "trainee__merged_into__enrolments"
    second = second.defer(None).annotate(course=F(f"{seat}__course"), seat=F(f"{seat}__pk"))
    for identity in second:
        if identity.course in courses:
            owners[identity.course].setdefault(newest_hash(identity), identity.seat)
    return {
        one.pk: _compared(one.course, rows[one.pk], seats[one.course_id], owners[one.course_id])
        for one in lists
    }


def _compared(course, rows, seats, owners):
    found = Comparison()
    lines = _pair(rows, seats, owners)
    met = {seat.pk for line in lines for seat in (line.seat, *line.possible) if seat}
    for line in lines:
        if line.possible:
            found.several.append(line)
        elif line.seat is None:
            found.only_theirs.append(line)
        else:
            line.differences = list(_differences(line.row, line.seat, owners))
            if line.differences:
                found.differ.append(line)
            else:
                found.agree += 1
    found.only_ours = [
        seat for seat in seats if seat.pk not in met and seat.state in EnrolmentState.holding()
    ]
    hours = {row.facts["total_hours"] for row in rows if "total_hours" in row.facts}
    if course.total_hours is not None:
        found.hours = sorted(hours - {course.total_hours}, key=str)
    return found


# --- Who is who -------------------------------------------------------------------------------------


def _pair(rows, seats, owners):
    """A Compared for each row: with its seat, with several that are possible, or with none.

    By whole number first. Then by what is less and less sure; at each step only where one row and one seat
    have nobody else to choose from. A seat that several rows may mean, or of which a row may mean another
    as well, stays in question for whoever comes later.
    """
    lines = [Compared(row) for row in rows]
    free, taken, in_question = {seat.pk: seat for seat in seats}, {}, set()
    for line in lines:
        owner = owners.get(line.row.hash) if line.row.hash else None
        if owner in free:
            line.seat = free.pop(owner)
        if line.row.hash:
            line.again = taken.setdefault(line.row.hash, line.row.row)
            line.again = 0 if line.again == line.row.row else line.again
    near = _by_name(lines, seats)
    for fits in (_digits_and_name, _digits_and_spelling, _name, _spelling, _name_alone):
        waiting = [line for line in lines if not (line.seat or line.possible or line.again)]
        found = [
            (line, [one for one in near[line.row] if one.pk in free and fits(line.row, one)])
            for line in waiting
        ]
        wanted = Counter(seat.pk for _line, seats in found for seat in seats)
        for line, seats in found:
            alone = len(seats) == 1 and wanted[seats[0].pk] == 1
            if alone and seats[0].pk not in in_question:
                line.seat = free.pop(seats[0].pk)
            else:
                line.possible = seats
                in_question.update(seat.pk for seat in seats)
    return lines


def _by_name(lines, seats):
    """{row: seats whose name may be its name}, found without laying each row beside each seat."""
    whole, parts = defaultdict(list), defaultdict(list)
    for seat in seats:
        name = str(seat.trainee)
        whole[letters(name)].append(seat)
        for part in shortened(name):
            parts[part].append(seat)
    near = {}
    for row in (line.row for line in lines):
        own = letters(row.name)
        shorter = (seat for part in shortened(row.name) for seat in whole.get(part, ()))
        near[row] = [*whole.get(own, ()), *parts.get(own, ()), *shorter]
    return near


def _digits_and_name(row, seat):
    return _is_name(row, seat) and digits_agree(row.number, _number(seat)) is True


def _digits_and_spelling(row, seat):
    return _is_spelling(row, seat) and digits_agree(row.number, _number(seat)) is True


def _name(row, seat):
    return _is_name(row, seat) and digits_agree(row.number, _number(seat)) is None


def _spelling(row, seat):
    return _is_spelling(row, seat) and digits_agree(row.number, _number(seat)) is None


def _name_alone(row, seat):
    """Of this name, with another number: a line that says so, for somebody to look at the card."""
    return _is_name(row, seat)


def _is_name(row, seat):
    return letters(row.name) == letters(str(seat.trainee))


def _is_spelling(row, seat):
    return may_be_one_name(row.name, str(seat.trainee))


def digits_agree(shown, number):
    """Whether a number that is perhaps masked (12*******34, 123***) can be this one.

    None where that says nothing: no digit is shown, the number cannot be read, or we have none.
    """
    if not number or not shows_digits(shown):
        return None
    if len(shown) == len(number):
        return all(a in ("*", b) for a, b in zip(shown, number, strict=True))
    if "*" not in shown:
        return False
    return number.startswith(shown.partition("*")[0]) and number.endswith(shown.rpartition("*")[2])


def shows_digits(shown):
    """Whether what a list has for a number shows something of one."""
    return bool(re.fullmatch(r"[0-9A-Z*]+", shown) and shown.strip("*"))


def _number(seat):
    """The number on record; "" where there is none, or its key is missing."""
    identity = getattr(seat.trainee, "identity", None)
    try:
        return identity.number if identity else ""
    except Unreadable:
        return ""


# --- What differs -----------------------------------------------------------------------------------


def _differences(row, seat, owners):
    if not _is_name(row, seat):
        yield Difference("name", row.name, str(seat.trainee))
    if owners.get(row.hash) != seat.pk and row.number.strip("*"):
        agrees = digits_agree(row.number, _number(seat))
        missing = agrees is None and not hasattr(seat.trainee, "identity")
        if agrees is False or missing or not shows_digits(row.number):
            yield Difference("number", row.number, seat.trainee.masked_number)
    absent = seat.absent if seat.absent_hours is None else seat.absent_hours
    for fact, ours in (("absent_hours", absent), ("attended_hours", seat.attended)):
        if fact in row.facts and row.facts[fact] != ours:
            yield Difference(fact, row.facts[fact], ours)
    said = row.facts.get("result", "")
    if seat.state not in _meant(said):
        yield Difference("result", said, seat.state)


def _meant(said):
    """The states that a result may mean; one that says nothing leaves all in which somebody is there."""
    if not said:
        return EnrolmentState.holding()
    own = [state for state in EnrolmentState if key(str(state.label)) == key(said)]
    return RESULTS.get(key(said), own)
