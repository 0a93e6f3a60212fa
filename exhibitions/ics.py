"""Exhibitions as entries of a calendar (izmek/public/ics.py)."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from exhibitions.enums import DatePrecision, ExhibitionState
from izmek.public.ics import Event
from izmek.text.languages import in_language

OPENING = timedelta(hours=1)  # nobody writes down when an opening ends


def exhibition_events(exhibition, url):
    """Its days as one entry, and the hour of its opening; none where only the month is known.

    `exhibition`: with `exhibitions_with_change`. A postponed one is cancelled on these days: whoever
    noted them reads so.
    """
    if exhibition.date_precision != DatePrecision.DAY:
        return []
    title = exhibition.public_title
    common = {
        "place": place_of(exhibition),
        "url": url,
        "cancelled": exhibition.state != ExhibitionState.PUBLISHED,
        "changed_at": exhibition.changed_at,
    }
    events = [
        Event(
            key=f"sergi-{exhibition.pk}",
            title=title,
            begin=exhibition.begin,
            end=exhibition.end,
            text="\n".join([*exhibition.opening_hours, in_language(exhibition, "text")]).strip(),
            **common,
        )
    ]
    if exhibition.opening_at:
        begin = timezone.localtime(exhibition.opening_at)
        events.append(
            Event(
                key=f"sergi-{exhibition.pk}-acilis",
                title=_("Opening: %(title)s") % {"title": title},
                begin=begin,
                end=begin + OPENING,
                **common,
            )
        )
    return events


def place_of(exhibition):
    """Venue, address, neighbourhood and district on one line."""
    where = exhibition.neighbourhood
    parts = [exhibition.place, exhibition.address, where and where.name, where and where.district]
    return ", ".join(part for part in parts if part)
