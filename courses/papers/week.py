"""The plan of a centre's rooms in a week, to hang at the door: rooms × days, course, hours, teacher.

The public reads it: it names the teachers who agreed to that, as public pages do.
"""

from datetime import timedelta
from pathlib import Path

from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from courses import services
from courses.enums import DayPart
from courses.models import Holiday
from izmek.papers.typst import Contents, breakable
from izmek.text.dates import date_range
from izmek.text.order import tr_order

TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "week.typ"
WEEKDAYS = 5
_named = []


def teachers_named_by(consenting):
    """Register what gives the Teachers whom the public may read: consents lie in an app above."""
    _named.append(consenting)


def week_plan(centre, monday):
    """The Contents of the plan of the week that begins on a Monday.

    The days of the weekend stand there only when something takes place on them.
    """
    days = [monday + timedelta(days=n) for n in range(7)]
    with translation.override("tr"):
        touching = Q(begin__lte=days[-1], end__gte=days[0])
        holidays = list(Holiday.objects.for_centre(centre).filter(touching))
        busy = services.busy_at(centre=centre, first=days[0], last=days[-1], holidays=holidays)
        last = max([WEEKDAYS, *((one.date - monday).days + 1 for one in busy)])
        days = days[:last]
        teachers = _names({one.teacher for one in busy})
        rooms = [
            (room.pk, room.name, room.capacity) for room in centre.rooms.order_by(tr_order("name"))
        ]
        if not rooms or any(one.room is None for one in busy):
            rooms.append((None, _("Without a room"), 0))
        heading = _("Room plan of the week")
        period = date_range(monday, monday + timedelta(days=6))
        return Contents(
            template=TEMPLATE,
            title=f"{heading} – {centre}, {period}",
            data={
                "centre": breakable(str(centre)),
                "period": period,
                "heads": [_head(day, holidays) for day in days],
                "rooms": [
                    {
                        "name": breakable(name),
                        "seats": _("%(seats)d seats") % {"seats": seats} if seats else "",
                        "days": [
                            [
                                _lesson(one, teachers)
                                for one in busy
                                if one.room == key and one.date == day
                            ]
                            for day in days
                        ],
                    }
                    for key, name, seats in rooms
                ],
                "empty": "" if busy else _("There are no lessons in this week."),
                "words": {"heading": heading, "room": _("Room")},
            },
        )


def _names(keys):
    """{key of a teacher: the name} of those who may be named."""
    return {who.pk: str(who) for named in _named for who in named().filter(pk__in=keys)}


def _head(day, holidays):
    """{day, date, the holidays on it, whether they take the whole day}."""
    there = [one for one in holidays if one.begin <= day <= one.end]
    return {
        "day": date_format(day, "l"),
        "date": date_format(day, "j F"),
        "holidays": [
            breakable(
                one.name if one.part == DayPart.WHOLE else f"{one.name} ({one.get_part_display()})"
            )
            for one in there
        ],
        "closed": any(one.part == DayPart.WHOLE for one in there),
    }


def _lesson(one, teachers):
    note = ""
    if one.cancelled:
        note = one.lesson.get_state_display()
    elif one.holiday:
        note = one.holiday
    elif one.planned:
        note = one.course.get_state_display()
    return {
        "hours": f"{time_format(one.begin)}–{time_format(one.end)}",
        "course": breakable(f"{one.course.programme} {one.course.group}".strip()),
        "teacher": breakable(teachers.get(one.teacher, "")),
        "note": breakable(note),
        "off": bool(one.cancelled or one.holiday),
    }
