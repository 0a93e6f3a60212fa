"""iCalendar files (RFC 5545): the lessons of a course, the days of an exhibition."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

DAY = timedelta(days=1)
EARLIEST, LATEST = date(1970, 1, 2), date(2100, 1, 1)
FIRST_REVISION = datetime(2026, 1, 1, tzinfo=UTC)  # never changed: the revisions only rise
REFRESH = timedelta(hours=12)  # how often a calendar app that subscribed should ask again


@dataclass(frozen=True, kw_only=True)
class Event:
    """One entry of a calendar.

    `key`: unique on our site and permanent (`kurs-7-20260302T0900`), so that a calendar app updates
    the entry instead of adding it again. `begin`, `end`: datetimes with a time zone, or two dates for
    whole days, the last one included. `cancelled`: the entry stays and is marked as cancelled, so
    that apps that already have it learn of it. `changed_at`: when anything of it was last changed, or
    None if that is not known.
    """

    key: str
    title: str
    begin: datetime | date
    end: datetime | date
    place: str = ""
    text: str = ""
    url: str = ""
    cancelled: bool = False
    changed_at: datetime | None = None


def calendar(name, events):
    """The calendar as bytes. They stay the same all day if nothing changes, so the ETag does too."""
    name = " ".join(name.split())  # these properties must not contain line breaks
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
    """The calendar as a response that a phone opens in its calendar app."""
    return HttpResponse(
        calendar(name, events),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{filename}"'},
    )


def local(day, clock):
    """A date and a local time as a datetime with time zone."""
    return datetime.combine(day, clock, timezone.get_default_timezone())


def _component(event):
    made = icalendar.Event()
    made.add("uid", f"{event.key}@{urlsplit(settings.SITE_URL).hostname}")
    # A calendar that is fetched says here when the entry was last revised (RFC 5545, 3.8.7.2). Where
    # that is not known: today, without the hour, so that an unchanged calendar has the same bytes.
    midnight = datetime.combine(timezone.localdate(), time(), timezone.get_default_timezone())
    made.add("dtstamp", event.changed_at or midnight)
    if event.changed_at:
        made.add("last-modified", event.changed_at)
    made.add("sequence", _revision(event.changed_at))
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


def _revision(changed_at):
    """A number that rises with every change: seconds, as rows are made anew and cannot be counted."""
    return max(0, int((changed_at - FIRST_REVISION).total_seconds())) if changed_at else 0


def _day(moment):
    return moment.date() if isinstance(moment, datetime) else moment


def _known(day):
    """The day, moved into the range for which time zone rules are written.

    One mistyped year must not make the whole calendar fail.
    """
    return min(max(day, EARLIEST), LATEST)
