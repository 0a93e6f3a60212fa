"""Seats of many people at once, as a list brings them: the act and the rules of `enrol`, asked together."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from courses.models import Course, Session
from courses.services import lock_courses
from izmek.acts.bulk import bulk_create
from izmek.acts.refusal import given_reason
from trainees import rights
from trainees.enums import EnrolmentState
from trainees.models import Application, Enrolment, Guardian, Trainee
from trainees.queries.same_person import may_be_one_name
from trainees.services.admission_rules import (
    Case,
    not_over,
    rules_aside,
    term_before,
    write_overrides,
)
from trainees.services.seats import day_inside, put_in_seat
from trainees.services.waiting_list import expire_overdue


@dataclass
class Wanted:
    """A seat that somebody is to have."""

    trainee: Trainee
    course: Course
    joined_on: date | None = None
    not_theirs: bool = False  # as in `enrol`


class SeatFacts:
    """What the admission rules ask about many people and courses, read at once.

    `add` reads what is not known yet; `take` notes a seat that is given or promised, so that those
    after it find one less.
    """

    def __init__(self):
        self.courses, self.free, self.waiting, self.before = {}, {}, {}, {}
        self.applications = {}  # {course: its open Applications}
        self.clashes = {}  # {(course, another one): its first lesson at a time of the first's, or None}
        self.forget_people()

    def forget_people(self):
        self.others, self.permitted, self.dropped = defaultdict(list), set(), {}
        self.held, self.cancelled = {}, set()

    def add(self, wanted):
        self._read_courses({one.course.pk for one in wanted} - self.courses.keys())
        self._read_people([one.trainee.pk for one in wanted if one.trainee.pk])

    def _read_courses(self, keys):
        if not keys:
            return
        rows = Course.objects.select_related("programme", "centre", "room", "term__year")
        self.courses.update(rows.in_bulk(keys))
        taken = Counter(dict(_counted(Enrolment.objects.holding_seat(), keys)))
        taken.update(dict(_counted(Application.objects.live_offers(), keys)))
        waiting = dict(_counted(Application.objects.next_in_line(), keys))
        terms = {self.courses[key].term for key in keys}
        self.before |= {term.pk: term_before(term) for term in terms if term.pk not in self.before}
        for key in keys:
            self.free[key] = max(0, self.courses[key].capacity - taken[key])
            self.waiting[key] = waiting.get(key, 0)
            self.applications[key] = []
        for row in Application.objects.open().filter(course__in=keys):
            self.applications[row.course_id].append(row)

    def _read_people(self, keys):
        self.forget_people()
        if not keys:
            return
        seats = Enrolment.objects.filter(trainee__in=keys).select_related(
            "course__programme", "course__centre"
        )
        attends = set(
            Enrolment.objects.current().filter(trainee__in=keys).values_list("pk", flat=True)
        )
        for seat in seats:
            self.held[seat.trainee_id, seat.course_id] = seat
            if seat.pk in attends:
                self.others[seat.trainee_id].append(seat.course)
            if seat.state == EnrolmentState.CANCELLED:
                self.cancelled.add(seat.trainee_id)
            if seat.state == EnrolmentState.ABSENT:
                self.dropped.setdefault((seat.trainee_id, seat.course.term_id), seat)
        self.permitted = set(
            Guardian.objects.filter(trainee__in=keys, permission_on__isnull=False).values_list(
                "trainee", flat=True
            )
        )

    def read_again(self, course):
        """What one act on a course may have changed."""
        for known in (self.courses, self.free, self.waiting, self.applications):
            known.pop(course.pk, None)
        self._read_courses({course.pk})

    def seat_of(self, trainee, course):
        """The seat that the trainee has, or had, in the course; or None."""
        return self.held.get((trainee.pk, course.pk))

    def is_plain(self, trainee, course):
        """Whether nothing but the rules decides: no seat before, none to move, no open application."""
        if trainee.pk and (self.seat_of(trainee, course) or trainee.pk in self.cancelled):
            return False
        return not self.may_be_theirs(trainee, course)

    def may_be_theirs(self, trainee, course):
        """The open applications for the course that are, or may be, the trainee's."""
        year = trainee.birth_date and trainee.birth_date.year
        return [
            one
            for one in self.applications[course.pk]
            if (trainee.pk and one.trainee_id == trainee.pk)
            or (
                one.trainee_id is None
                and ((trainee.phone and one.phone == trainee.phone) or one.birth_year == year)
                and may_be_one_name(str(trainee), str(one))
            )
        ]

    def case(self, trainee, course, *, permitted=False, also=()):
        """The Case of a plain new seat. `also`: courses that the trainee gets by the same list."""
        course = self.courses[course.pk]
        case = Case(trainee, course)
        case.others = [*self.others.get(trainee.pk, ()), *also] if trainee.pk else [*also]
        case.clash = self._clash(course, case.others)
        case.seats_free = self.free[course.pk]
        case.waiting_ahead = self.waiting[course.pk]
        case.has_permission = permitted or trainee.pk in self.permitted
        before = self.before[course.term_id]
        case.dropped = before and self.dropped.get((trainee.pk, before.pk))
        return case

    def _clash(self, course, others):
        """`Case.clash`, asked once for each pair of courses."""
        found = []
        for other in others:
            pair = (course.pk, other.pk)
            if pair not in self.clashes:
                self.clashes[pair] = Session.objects.clashing(course, [other]).first()
            found.append(self.clashes[pair])
        lessons = [lesson for lesson in found if lesson]
        return min(lessons, key=lambda lesson: (lesson.date, lesson.begin), default=None)

    def take(self, trainee, course):
        self.free[course.pk] -= 1
        if trainee.pk:
            self.others[trainee.pk].append(self.courses[course.pk])


def _counted(rows, courses):
    return (
        rows.filter(course__in=courses).order_by().values_list("course").annotate(count=Count("pk"))
    )


@transaction.atomic
def enrol_many(*, wanted, by, override=None):
    """`enrol` for many people, without letters; what they get, in their order: Enrolments or refusals.

    Each seat passes the same rules, in the order of the list: a refusal (a ValidationError) keeps nobody
    else out. Who has an open application or a seat to move is enrolled one by one.
    """
    if override is not None:
        override = given_reason(override)
    known = [one.trainee.pk for one in wanted]
    list(
        Trainee.objects.select_for_update(no_key=True)
        .filter(pk__in=known)
        .order_by("pk")
        .values_list("pk")
    )
    courses = {one.course.pk: one.course for one in wanted}
    lock_courses(*courses.values())
    _require(courses, by, override)
    _expire(courses)
    facts = SeatFacts()
    facts.add(wanted)
    given, plain = [], []
    for one in wanted:
        try:
            if facts.is_plain(one.trainee, one.course):
                enrolment, aside = _plain_seat(one, facts, override)
                plain.append((enrolment, aside))
            else:
                plain = _write_plain(plain, override, by)
                with transaction.atomic():
                    enrolment = put_in_seat(
                        trainee=one.trainee,
                        course=one.course,
                        joined_on=one.joined_on,
                        not_theirs=one.not_theirs,
                        override=override,
                        tell=False,
                        by=by,
                    )
                facts.read_again(one.course)
            given.append(enrolment)
        except ValidationError as refusal:
            given.append(refusal)
    _write_plain(plain, override, by)
    return given


def _require(courses, by, override):
    """Ask for all courses at once; for one that is not allowed as `enrol` does."""
    for act in ["enrol"] + (["override"] if override is not None else []):
        rows = Course.objects.filter(pk__in=courses)
        allowed = set(rights.rows(by, act, rows).values_list("pk", flat=True))
        for key in courses.keys() - allowed:
            rights.require(by, act, courses[key])


def _expire(courses):
    rows = Application.objects.filter(course__in=courses)
    late = {*rows.overdue().values_list("course", flat=True)}
    late |= {*rows.lapsed().values_list("course", flat=True)}
    for key in sorted(late):
        expire_overdue(courses[key])


def _plain_seat(one, facts, override):
    """The unsaved Enrolment of somebody about whom nothing is to be asked, and the rules set aside."""
    case = facts.case(one.trainee, one.course)
    aside = rules_aside(case, reason_given=override is not None)
    if one.joined_on is None and (refusal := not_over(case.course)):
        raise refusal
    day = one.joined_on or max(timezone.localdate(), case.course.begin)
    enrolment = Enrolment(
        trainee=one.trainee, course=case.course, joined_on=day_inside(case.course, day)
    )
    facts.take(one.trainee, case.course)
    facts.held[one.trainee.pk, case.course.pk] = enrolment
    return enrolment, aside


def _write_plain(plain, override, by):
    """Save what was decided, before anything else is asked of the database; returns an empty list."""
    bulk_create([enrolment for enrolment, _aside in plain], by=by)
    people = [enrolment.trainee for enrolment, _aside in plain if enrolment.trainee.newcomer]
    Trainee.objects.filter(pk__in=[one.pk for one in people]).update(newcomer=False)
    for one in people:
        one.newcomer = False
    for enrolment, aside in plain:
        write_overrides(aside, enrolment, override=override, by=by)
    return []
