"""What programs subscribe to: exhibitions as a calendar, exhibitions and new works as a feed."""

import re
from datetime import datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exhibitions.enums import Surface
from exhibitions.ics import exhibition_events
from exhibitions.models import Exhibition, Maker, Work
from exhibitions.queries.changes import exhibitions_with_change, works_with_change
from exhibitions.queries.photos import give_covers
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import shorten
from izmek.public.ics import calendar_response
from izmek.public.page import reading
from izmek.text.languages import in_language

ENTRIES = {"exhibitions": 20, "works": 40}
SUMMARY_LENGTH = 300
SINCE = 2026  # a year in which the host was ours; never changed, for it is part of every identity
NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class PlainFeed(Atom1Feed):
    """Django's feed with summaries of plain text; Django declares them to be HTML."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})


@reading
@cached(Area.SHOWN)
def calendar(request):
    """`/sergiler/takvim.ics`: the exhibitions that are on or to come."""
    base = request.build_absolute_uri("/")[:-1]
    rows = Exhibition.objects.public().not_over().select_related("neighbourhood")
    rows = exhibitions_with_change(rows.prefetch_related("days"))
    events = [
        event for row in rows for event in exhibition_events(row, base + row.get_absolute_url())
    ]
    return calendar_response(_("Exhibitions of İZMEK"), events, "izmek-sergiler.ics")


@reading
@cached(Area.SHOWN)
def feed(request):
    """`/sergiler/akis.atom`: the latest exhibitions, and the latest works that they show."""
    base = request.build_absolute_uri("/")[:-1]
    address = base + reverse("exhibitions")
    made = PlainFeed(
        title=_("İZMEK: exhibitions and works"),
        link=address,
        description=_("What is shown by the course centres of İzmit."),
        language=get_language(),
        feed_url=base + request.path,
        feed_guid=address,
        author_name=settings.SITE_NAME,
        author_link=base + "/",
    )
    entries = [*_exhibitions(base), *_works(base)]
    for entry in sorted(entries, key=lambda entry: entry["updateddate"], reverse=True):
        made.add_item(**{name: _clean(value) for name, value in entry.items()})
    return HttpResponse(
        made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _exhibitions(base):
    rows = exhibitions_with_change(Exhibition.objects.public().for_cards())
    rows = list(rows.order_by("-begin", "-pk")[: ENTRIES["exhibitions"]])
    give_covers(exhibitions=rows)
    for row in rows:
        text = f"{row.dates}, {row.place}. {in_language(row, 'text')}"
        yield _entry(base, row, row.public_title, text, row.changed_at or _midnight(row.begin))


def _works(base):
    """The latest works; the makers as they may be named on the web at this moment."""
    rows = (
        works_with_change(Work.objects.public())
        .select_related("technique", "centre__neighbourhood")
        .order_by("-number")
    )
    rows = list(rows[: ENTRIES["works"]])
    give_covers(rows)
    makers = Maker.objects.filter(work__in=rows).with_public_names(Surface.WEB)
    named = {}
    for maker in makers:
        if maker.public_name:
            named.setdefault(maker.work_id, []).append(maker.public_name)
    for row in rows:
        facts = " · ".join(
            fact
            for fact in (row.technique.public_name, row.public_materials, row.centre.name)
            if fact
        )
        entry = _entry(
            base,
            row,
            row.public_title,
            f"{facts}. {in_language(row, 'text')}",
            row.changed_at or row.submitted_at,
        )
        yield entry | {"author_name": ", ".join(named.get(row.pk, [])) or None}


def _entry(base, row, title, text, changed_at):
    cover = row.cover
    return {
        "title": title,
        "link": base + row.get_absolute_url(),
        "unique_id": _identity(base, row),
        "description": shorten(text, SUMMARY_LENGTH),
        "updateddate": changed_at,
        "enclosures": [Enclosure(base + cover.share_url, "0", "image/jpeg")] if cover else [],
    }


def _identity(base, row):
    """The same for ever (RFC 4151), whatever the title and with it the address become."""
    host = urlsplit(base).hostname
    return f"tag:{host},{SINCE}:{row._meta.model_name}:{row.pk}:{get_language()}"


def _clean(value):
    """Without control characters: one of them, pasted from a PDF, would leave nobody a feed."""
    return NOT_IN_XML.sub(" ", value) if isinstance(value, str) else value


def _midnight(day):
    return datetime.combine(day, time(), timezone.get_default_timezone())
