"""The monthly roll (yoklama çizelgesi): a table of 31 columns for each month (DOMAIN.md §3, Absence)."""

from calendar import monthrange
from collections import defaultdict
from datetime import timedelta

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from trainees.papers.tables import PaperColumn, PaperTable

DAYS = 31
PRESENT, OUT, EXCUSED, UNCALLED = "·", "–", "m", "*"


def monthly_roll(record):
    """A table for each month that has begun and in which somebody was in the course; a blank copy has the
    month of the next lesson alone."""
    if record.blank:
        months = [record.coming_month]
    else:
        today = timezone.localdate()
        begun = [month for month in record.by_month if month <= today] or [record.coming_month]
        months = [one for one in begun if record.held_between(one, _end_of(one))] or begun
    return [_month(record, month, month == months[-1]) for month in months]


def _month(record, month, is_last):
    lessons = defaultdict(list)
    for lesson in record.by_month.get(month, ()):
        lessons[lesson.date].append(lesson)
    last = _end_of(month)
    length = last.day
    days = [month + timedelta(days=place) if place < length else None for place in range(DAYS)]
    columns = [
        PaperColumn(_("No."), 7, "right"),
        PaperColumn(_("Trainee")),
        *(_day(day, place, lessons.get(day)) for place, day in enumerate(days, 1)),
        PaperColumn(_("Absent this month"), 12, "right", lines=(_("Month"),)),
    ]
    if is_last:
        columns.append(PaperColumn(_("Absent lesson hours"), 12, "right", lines=(_("Total"),)))

    def cells(seat):
        if seat is None:
            return [""] * (len(columns) - 1)
        there, missed = record.attends(seat, sorted(lessons)), 0
        marks = []
        for day in days:
            mark, hours = _mark(record, seat, lessons.get(day), day in there)
            missed += hours
            marks.append(mark)
        total = [seat.absent] if is_last else []
        return [str(seat.trainee), *marks, missed, *total]

    seats = record.held_between(month, last)
    signs = _(
        "·: present, a number: lesson hours missed, m: excused, –: not in the course that day."
    )
    notes = [signs, _("*: the roll was not called. Shaded: no lesson.")]
    if is_last and any(seat.absent != record.missed[seat.pk] for seat in seats):
        notes.append(
            _(
                "The total also has lesson hours held before somebody joined, where they count, and "
                "those missed before a transfer."
            )
        )
    return PaperTable(
        columns,
        record.rows(seats, cells),
        title=f"{MONTHS[month.month]} {month.year}",
        day=last,
        row=5,
        head=11,
        notes=" ".join(notes),
    )


def _end_of(month):
    return month.replace(day=monthrange(month.year, month.month)[1])


def _day(day, place, lessons):
    """The column of a day: its number, its weekday, and the lesson hours that are held."""
    if day is None:
        return PaperColumn("", 6, "center", lines=(" ",), shaded=True)
    weekday = str(WEEKDAYS_ABBR[day.weekday()])
    if not lessons:
        heading = f"{day:%d.%m} {weekday}"
        return PaperColumn(heading, 6, "center", lines=(str(place), weekday), shaded=True)
    hours = sum(lesson.lesson_hours for lesson in lessons)
    held = f"{hours}{'' if _is_called(lessons) else UNCALLED}"
    heading = f"{day:%d.%m} {weekday} {held}"
    return PaperColumn(heading, 6, "center", lines=(str(place), weekday, held))


def _is_called(lessons):
    """Whether every roll was called, of lessons to come as well: they need none yet."""
    today = timezone.localdate()
    return all(hasattr(lesson, "roll_call") or lesson.date > today for lesson in lessons)


def _mark(record, seat, lessons, is_there):
    """(what the cell of a day says, the lesson hours missed)."""
    if not lessons:
        return "", 0
    if not is_there:
        return OUT, 0
    missed = [record.absences.get((seat.pk, lesson.pk)) for lesson in lessons]
    missed = [one for one in missed if one]
    if missed:
        hours = sum(hours for hours, _excused in missed)
        excused = all(excused for _hours, excused in missed)
        return f"{hours}{EXCUSED if excused else ''}", hours
    called = all(hasattr(lesson, "roll_call") for lesson in lessons)
    return PRESENT if called else "", 0
