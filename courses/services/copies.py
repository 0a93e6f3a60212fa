"""The courses of a term once more in another term: proposed first, corrected by people, then planned."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from courses import rights
from courses.enums import CourseState
from courses.models import (
    Course,
    Holiday,
    Session,
    Term,
    TimetableSlot,
    check_slots_do_not_overlap,
)
from courses.services.busy import days_of, weekly_times_to_come
from courses.services.courses import save_course
from courses.services.lessons import last_day, planned_sessions
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save

TAKEN_OVER = (
    "programme",
    "group",
    "centre",
    "room",
    "teacher",
    "capacity",
    "minimum_group",
    "minimum_reason",
    "note",
    "note_en",
)


@dataclass
class Copy:
    """A course that is not saved yet, its weekly times, and the course that it was made from.

    `there`: the course of the new term that has the same programme, group, teacher and centre, or None.
    """

    source: Course
    course: Course
    slots: list
    there: Course | None = None
    clashes: list = field(default_factory=list)


def copies(*, sources, into, courses):
    """Proposals (Copy) for the courses `sources` in the term `into`; nothing is written.

    `sources`: with their term, programme, centre, room, teacher and slots; `courses`: those that the term
    `into` has. People, numbers and the period of applications are not taken over. The first day keeps its
    weekday and its week of the term.
    """
    there = defaultdict(list)
    for course in courses:
        there[_same(course)].append(course)
    made = []
    for source in sources:
        course = Course(
            term=into,
            begin=_moved(source.begin, source.term, into),
            **{name: getattr(source, name) for name in TAKEN_OVER},
        )
        slots = [
            TimetableSlot(
                weekday=slot.weekday, begin=slot.begin, end=slot.end, lesson_hours=slot.lesson_hours
            )
            for slot in source.slots.all()
        ]
        same = there[_same(course)]
        made.append(Copy(source, course, slots, same.pop(0) if same else None))
    return made


def _same(course):
    return course.programme_id, course.group, course.teacher_id, course.centre_id


def _moved(day, term, into):
    weeks = (_monday(day) - _monday(term.begin)).days // 7
    moved = _monday(into.begin) + timedelta(weeks=weeks, days=day.weekday())
    if moved < into.begin:
        moved += timedelta(weeks=1)
    return min(moved, into.end)


def _monday(day):
    return day - timedelta(days=day.weekday())


def set_last_days(copies, holidays):
    """Set the last day of each copy from its weekly times; returns {number: Refusal} where it cannot.

    `holidays`: those of the term's year (`holidays_of_year`).
    """
    refused = {}
    for number, copy in enumerate(copies):
        try:
            of_centre = _of_centre(holidays, copy.course)
            copy.course.end = last_day(course=copy.course, slots=copy.slots, holidays=of_centre)
        except Refusal as refusal:
            refused[number] = refusal
    return refused


def holidays_of_year(into):
    """The holidays in the education year of a term, at any centre."""
    return list(Holiday.objects.filter(begin__lte=into.year.end, end__gte=into.begin))


def _of_centre(holidays, course):
    return [one for one in holidays if one.centre_id in (None, course.centre_id)]


def find_clashes(copies, holidays):
    """Note at each copy the first lesson that its teacher and its room have elsewhere at its time.

    Looks at booked lessons, at the weekly times of planned courses and at the other copies, not at what
    the copy itself became when it was sent before. `clashes` gets ("teacher" or "room", the other Course,
    day, begin, end). `holidays` as in `set_last_days`. Three queries, however many copies.
    """
    own, uses = {}, defaultdict(list)
    for copy in copies:
        copy.clashes = []
        own[id(copy)] = list(
            planned_sessions(copy.course, copy.slots, _of_centre(holidays, copy.course))
        )
        for lesson in own[id(copy)]:
            for what in _held(copy.course):
                uses[what, lesson.date].append((lesson.begin, lesson.end, copy.course))
    lessons = [lesson for of_copy in own.values() for lesson in of_copy]
    if not lessons:
        return
    names = _others(
        copies, min(one.date for one in lessons), max(one.date for one in lessons), uses
    )
    for copy in copies:
        for what in _held(copy.course):
            for lesson in own[id(copy)]:
                other = next(
                    (
                        use
                        for use in uses[what, lesson.date]
                        if use[2] is not copy.course
                        and not (copy.there and use[2] == copy.there.pk)
                        and use[0] < lesson.end
                        and use[1] > lesson.begin
                    ),
                    None,
                )
                if other:
                    begin, end, course = other
                    course = names[course] if isinstance(course, int) else course
                    copy.clashes.append((what[0], course, lesson.date, begin, end))
                    break


def _held(course):
    yield "teacher", course.teacher_id
    if course.room_id:
        yield "room", course.room_id


def _others(copies, first, last, uses):
    """Add to `uses` what else the teachers and rooms have, by the keys of courses; returns these."""
    teachers = {copy.course.teacher_id for copy in copies}
    rooms = {copy.course.room_id for copy in copies} - {None}
    booked = Session.objects.filter(
        Q(holds_teacher__in=teachers) | Q(holds_room__in=rooms), date__gte=first, date__lte=last
    )
    columns = ("date", "begin", "end", "course", "holds_teacher", "holds_room")
    keys = set()
    for day, begin, end, course, teacher, room in booked.values_list(*columns):
        keys.add(course)
        for what in (("teacher", teacher), ("room", room)):
            uses[what, day].append((begin, end, course))
    slots = weekly_times_to_come(first, last).filter(
        Q(course__teacher__in=teachers) | Q(course__room__in=rooms)
    )
    for slot in slots.select_related("course"):
        keys.add(slot.course_id)
        since, until = max(first, slot.course.begin), min(last, slot.course.end)
        for day in days_of(slot.weekday, since, until):
            for what in _held(slot.course):
                uses[what, day].append((slot.begin, slot.end, slot.course_id))
    return Course.objects.select_related("programme", "centre").in_bulk(keys) if keys else {}


@transaction.atomic
def plan_courses(*, centre, into, courses, by):
    """Plan several courses of a centre in the term `into`: all of them or none.

    `courses`: [(unsaved Course, [unsaved TimetableSlot])]. Returns (those made, those that were there
    already, because the same form was sent before: same programme, group, teacher, first day and weekly
    times). Raises Refusal with the name of the course that cannot be.
    """
    rights.require(by, "plan_courses", centre)
    into = Term.objects.select_for_update(of=("self",)).select_related("year").get(pk=into.pk)
    rows = into.courses.filter(state=CourseState.PLANNED).prefetch_related("slots")
    known = {_key(course, course.slots.all()): course for course in rows}
    made, there = [], []
    for course, slots in courses:
        course.centre = centre
        key = _key(course, slots)
        if key in known:
            there.append(known[key])
            continue
        try:
            check_slots_do_not_overlap(slots)
            course.full_clean()
            save_course(course=course, by=by)
            for slot in slots:
                slot.course = course
                slot.full_clean()
                save(slot, by=by)
        except ValidationError as error:
            why = {"course": course, "why": " ".join(error.messages)}
            raise Refusal(_("%(course)s: %(why)s"), params=why, code="copy") from error
        known[key] = course
        made.append(course)
    return made, there


def _key(course, slots):
    times = tuple(sorted((slot.weekday, slot.begin, slot.end) for slot in slots))
    return *_same(course), course.begin, times
