"""Who and what is busy when: lessons, and the weekly times of planned courses that have none yet.

It only reads: the week of a centre or a teacher, free times and the copy of a term ask it, so that all of
them know the same lessons. What is refused in the end, `bookings` decides.
"""

from collections import defaultdict, namedtuple
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

from django.db.models import Exists, OuterRef, Q

from courses.enums import CourseState, SessionState
from courses.models import Course, Holiday, Room, Session, TimetableSlot
from courses.queries.teachers import teacher_on
from courses.services.lessons import holiday_on

Beginning = namedtuple("Beginning", "begin")  # as much of a lesson as a holiday asks for


@dataclass(frozen=True)
class Busy:
    """A lesson, or a weekly time of a planned course on a day (`lesson` is None then).

    `holiday`: the name of the holiday that takes it.
    """

    course: Course
    date: date
    begin: time
    end: time
    lesson_hours: int
    teacher: int
    lesson: Session | None = None
    holiday: str = ""

    @property
    def room(self):
        return self.course.room_id

    @property
    def cancelled(self):
        return self.lesson is not None and self.lesson.state == SessionState.CANCELLED

    @property
    def planned(self):
        """Whether it holds neither teacher nor room yet."""
        return self.course.state == CourseState.PLANNED


def busy_at(*, centre, first, last, holidays):
    """What takes place at a centre between two days, both included: a list of Busy, in order.

    `holidays`: those of these days, at the centre or everywhere.
    """
    return _busy(Course.objects.filter(centre=centre), first, last, holidays)


def busy_with(*, teacher, first, last, holidays):
    """What a teacher gives between two days, at every centre: a list of Busy, in order.

    `holidays`: those of these days, at any centre.
    """
    own = Course.objects.filter(teacher=teacher).order_by().values("pk")
    courses = Course.objects.filter(
        pk__in=own.union(teacher.taken_over.order_by().values("course"))
    )
    given = _busy(courses, first, last, holidays)
    given = [one for one in given if one.teacher == teacher.pk]
    known = {one.lesson.pk for one in given if one.lesson}
    instead = Session.objects.filter(teacher=teacher).exclude(pk__in=known)
    return sorted(given + _lessons(instead, first, last), key=_in_order)


def _busy(courses, first, last, holidays):
    lessons = Session.objects.filter(course__in=courses.values("pk"))
    slots = weekly_times_to_come(first, last).filter(course__in=courses.values("pk"))
    weekly = _weekly_times(slots, first, last, holidays)
    return sorted([*_lessons(lessons, first, last), *weekly], key=_in_order)


def _in_order(one):
    return one.date, one.begin, one.course.pk


def _lessons(lessons, first, last):
    """The lessons between two days; of a cancelled course none."""
    lessons = (
        lessons.filter(date__gte=first, date__lte=last)
        .exclude(course__state=CourseState.CANCELLED)
        .with_holiday()
        .select_related("course__programme", "course__centre", "course__room")
        .prefetch_related("course__teacher_changes")
    )
    return [
        Busy(
            lesson.course,
            lesson.date,
            lesson.begin,
            lesson.end,
            lesson.lesson_hours,
            lesson.teacher_id or teacher_on(lesson.course, lesson.date),
            lesson,
            lesson.holiday or "",
        )
        for lesson in lessons
    ]


def weekly_times_to_come(first, last):
    """The weekly times of planned courses without lessons whose dates touch the two days."""
    without = ~Exists(Session.objects.filter(course=OuterRef("course")))
    return TimetableSlot.objects.filter(
        without,
        course__state=CourseState.PLANNED,
        course__begin__lte=last,
        course__end__gte=first,
    )


def _weekly_times(slots, first, last, holidays):
    for slot in slots.select_related("course__programme", "course__centre", "course__room"):
        course = slot.course
        of_centre = [one for one in holidays if one.centre_id in (None, course.centre_id)]
        for day in days_of(slot.weekday, max(first, course.begin), min(last, course.end)):
            if not holiday_on(day, slot, of_centre):
                hours = slot.lesson_hours
                yield Busy(course, day, slot.begin, slot.end, hours, course.teacher_id)


def days_of(weekday, first, last):
    """The days between two days, both included, that are this weekday (1-7)."""
    day = first + timedelta(days=(weekday - first.isoweekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(days=7)


# --- Free times -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Free:
    """A room with a time for each weekday asked for: {weekday: (begin, end)}, on so many days in all.

    `in_the_way`: [(course id, day, begin, end)]; empty where the room is free on all days.
    """

    room: Room
    times: dict
    in_the_way: list
    days: int


def free_rooms(*, rooms, weekdays, begin, end, minutes, first, last):
    """The rooms that are free for so many minutes, once on each of the weekdays, within begin and end.

    Looks at every such day from `first` to `last` that is no holiday at the room's centre. Gives a Free for
    each room with nothing or a single lesson in the way, the free ones first, in the order of `rooms`.
    Asks four queries, however many rooms there are.
    """
    days = [day for weekday in weekdays for day in days_of(weekday, first, last)]
    rooms = list(rooms)
    taken = _taken(rooms, days, begin, end, first, last)
    closed = _closed({room.centre_id for room in rooms}, first, last)
    found = []
    for room in rooms:
        times, in_the_way, open_days = {}, [], 0
        for weekday in weekdays:
            uses = {
                day: taken.get((room.pk, day), ()) for day in days if day.isoweekday() == weekday
            }
            start, clashes, count = _best(uses, begin, end, minutes, closed[room.centre_id])
            times[weekday] = _time(start), _time(start + minutes)
            in_the_way += clashes
            open_days += count
        if open_days and len(in_the_way) <= 1:
            found.append(Free(room, times, in_the_way, open_days))
    return sorted(found, key=lambda one: len(one.in_the_way))


def _best(uses, begin, end, minutes, closed):
    """The beginning with the fewest lessons in the way, those lessons, and on how many days it is."""
    last = _minutes(end) - minutes
    ends = {_minutes(use[2]) for of_day in uses.values() for use in of_day}
    best = None
    for start in sorted({_minutes(begin), *(one for one in ends if _minutes(begin) < one <= last)}):
        at, clashes, count = _time(start), [], 0
        for day, of_day in uses.items():
            if closed(day, at):
                continue
            count += 1
            clashes += [
                (course, day, since, until)
                for course, since, until in of_day
                if _minutes(since) < start + minutes and _minutes(until) > start
            ]
        if count and (best is None or len(clashes) < len(best[1])):
            best = start, clashes, count
        if best and not best[1]:
            break
    return best or (_minutes(begin), [], 0)


def _taken(rooms, days, begin, end, first, last):
    """{(room, day): [(course, begin, end)]}: what stands in the rooms within these hours."""
    found = defaultdict(list)
    booked = Session.objects.filter(date__in=days, begin__lt=end, end__gt=begin)
    for path, rows in (
        ("holds_room", booked),
        ("course__room", booked.not_cancelled().filter(course__state=CourseState.PLANNED)),
    ):
        rows = rows.filter(**{f"{path}__in": [room.pk for room in rooms]})
        for room, day, *use in rows.values_list(path, "date", "course", "begin", "end"):
            found[room, day].append(tuple(use))
    slots = weekly_times_to_come(first, last).filter(
        course__room__in=[room.pk for room in rooms], begin__lt=end, end__gt=begin
    )
    columns = ("course__room", "weekday", "course__begin", "course__end", "course", "begin", "end")
    for room, weekday, since, until, *use in slots.values_list(*columns):
        for day in days:
            if day.isoweekday() == weekday and since <= day <= until:
                found[room, day].append(tuple(use))
    return found


def _closed(centres, first, last):
    """{centre: function of a day and a time of day}: whether a holiday takes what begins then."""
    holidays = Holiday.objects.filter(begin__lte=last, end__gte=first)
    everywhere, own = [], defaultdict(list)
    for holiday in holidays.filter(Q(centre=None) | Q(centre__in=centres)):
        (own[holiday.centre_id] if holiday.centre_id else everywhere).append(holiday)

    @cache
    def everywhere_closed(day, at):
        return holiday_on(day, Beginning(at), everywhere) is not None

    def closed_at(centre):
        def closed(day, at):
            if everywhere_closed(day, at):
                return True
            return centre in own and holiday_on(day, Beginning(at), own[centre]) is not None

        return closed

    return {centre: closed_at(centre) for centre in centres}


def _minutes(at):
    return at.hour * 60 + at.minute


def _time(minutes):
    return time(*divmod(min(minutes, 24 * 60 - 1), 60))
