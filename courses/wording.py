"""What pages say of a course in words."""

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from courses.enums import Weekday


def times_of(course, slots):
    """The timetable of a course in words; with the day from which it holds, where that is to come."""
    times = weekly_times(slots)
    if not course.times_from or course.times_from <= timezone.localdate():
        return times
    day = date_format(course.times_from, "j F Y")
    return _("from %(day)s: %(times)s") % {"day": day, "times": times}


def weekly_times(slots):
    """A timetable in words: `Pazartesi ve Çarşamba 09.00–12.00; Cuma 13.00–16.00`.

    Takes rows with `weekday`, `begin`, `end`; days of the same hours are named together.
    """
    slots = sorted(slots, key=lambda slot: (slot.weekday, slot.begin))
    hours = list(dict.fromkeys((slot.begin, slot.end) for slot in slots))
    parts, last = [], _("and")
    for begin, end in hours:
        days = [str(Weekday(s.weekday).label) for s in slots if (s.begin, s.end) == (begin, end)]
        parts.append(f"{get_text_list(days, last)} {time_format(begin)}–{time_format(end)}")
    return "; ".join(parts)
