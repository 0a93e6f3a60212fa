"""Calendars that programs read (iCalendar, RFC 5545): lessons of a course, days of an exhibition."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

DAY = timedelta(days=1)
EARLIEST, LATEST = date(1970, 1, 2), date(2100, 1, 1)
REFRESH = timedelta(hours=12)  # how often a programme that subscribed should ask again


@dataclass(frozen=True, kw_only=True)
class Event:
    """One entry of a calendar.

    `key`: tells it from all others for ever, on our site (`kurs-7-20260302T0900`); a programme that
    reads the calendar again knows by it what it has already. `begin`, `end`: moments with a time
    zone, or two dates for whole days, the last one included. `cancelled`: it stays in the calendar
    as such, for whoever has it in hers already.
    """

    key: str
    title: str
    begin: datetime | date
    end: datetime | date
    place: str = ""
    text: str = ""
    url: str = ""
    cancelled: bool = False


def calendar(name, events):
    """The calendar as bytes; the same ones all day as long as nothing changes, for its ETag."""
    name = " ".join(name.split())  # these properties take no line's end
    made = icalendar.Calendar()
    made.add("prodid", f"-//{settings.SITE_NAME}//{get_language().upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    days = []
    for event in events:
        made.add_component(_component(event))
        days += [_day(event.begin), _day(event.end)]
    if days:
        made.add_missing_timezones(_known(min(days)) - DAY, _known(max(days)) + DAY)
    return made.to_ical()


def calendar_response(name, events, filename):
    """The calendar as an answer that a phone opens with its calendar programme."""
    return HttpResponse(
        calendar(name, events),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{filename}"'},
    )


def local(day, clock):
    """The moment of a day at a time of our clocks."""
    return datetime.combine(day, clock, timezone.get_default_timezone())


def _component(event):
    made = icalendar.Event()
    made.add("uid", f"{event.key}@{urlsplit(settings.SITE_URL).hostname}")
    # When it was said; by the day, so that an unchanged calendar stays the same to the byte.
    midnight = datetime.combine(timezone.localdate(), time(), timezone.get_default_timezone())
    made.add("dtstamp", midnight)
    made.add("summary", event.title)
    made.add("dtstart", event.begin)
    whole_days = not isinstance(event.end, datetime)
    made.add("dtend", min(event.end, date.max - DAY) + DAY if whole_days else event.end)
    for label, value in (
        ("location", event.place),
        ("description", event.text),
        ("url", event.url),
    ):
        if value:
            made.add(label, value)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    return made


def _day(moment):
    return moment.date() if isinstance(moment, datetime) else moment


def _known(day):
    """The day, or the nearest one for which it makes sense to say how the clocks go.

    A day that was mistyped by thousands of years must not cost everyone the calendar.
    """
    return min(max(day, EARLIEST), LATEST)
