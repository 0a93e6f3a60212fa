"""Papers that invite to an exhibition: the programme of the opening, and the poster."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exhibitions.enums import PeopleOn
from exhibitions.models import Photo
from exhibitions.papers.pictures import own_photos, take
from exhibitions.papers.wording import (
    TEMPLATES,
    opening,
    page_address,
    plain,
    spoken,
    when,
    where,
)
from izmek.papers import typst as papers
from izmek.papers.typst import breakable
from izmek.text.order import tr_order

POSTER = 1800
QR = {"file": "qr.svg"}


# --- To invite --------------------------------------------------------------------------------


def programme(exhibition, showings):
    guests = list(exhibition.guests.all())
    address = page_address(exhibition)
    count = exhibition.showings.approved().count()
    words = {
        "heading": _("Opening programme"),
        "speeches": _("Speeches"),
        "guests": _("Guests"),
        "tour": _("Tour of the exhibition"),
        "centres": _("Participating centres"),
        "partners": _("Partners"),
        "online": _("The exhibition and its works on the web"),
        "qr": _("QR code: the page of the exhibition"),
    }
    data = {
        "title": breakable(exhibition.title),
        "opening": [
            line
            for line in (
                opening(exhibition) or exhibition.dates,
                where(exhibition),
                *exhibition.opening_hours,
            )
            if line
        ],
        "speakers": _people([guest for guest in guests if guest.spoke], "office"),
        "guests": _people([guest for guest in guests if not guest.spoke], "office"),
        "tour": ngettext("%(count)d work can be seen.", "%(count)d works can be seen.", count)
        % {"count": count}
        if count
        else _("The works are looked at together."),
        "centres": [breakable(centre.name) for centre in _centres(exhibition)],
        "partners": _people(exhibition.partners.all(), "role"),
        "words": words,
        "qr": QR,
        "url": address,
        "address": spoken(address),
    }
    return {
        "template": TEMPLATES / "programme.typ",
        "data": data,
        "pictures": {QR["file"]: partial(papers.qr, address)},
    }


def _people(rows, note):
    return [{"name": breakable(row.name), "note": breakable(getattr(row, note))} for row in rows]


def _centres(exhibition):
    return exhibition.centres.order_by(tr_order("name"))


def poster(width):
    def contents(exhibition, showings):
        address = page_address(exhibition)
        pictures = {QR["file"]: partial(papers.qr, address)}
        photo = _poster_photo(exhibition)
        fallback = plain(_("A photo of the exhibition"))
        lines = [
            exhibition.dates,
            where(exhibition),
            *when(exhibition)[1:],
            opening(exhibition) and _("Opening: %(when)s") % {"when": opening(exhibition)},
            exhibition.entry and _("Entry: %(entry)s") % {"entry": exhibition.entry},
        ]
        partners = ", ".join(partner.name for partner in exhibition.partners.all())
        data = {
            "title": breakable(exhibition.title),
            "width": width,
            "lines": [breakable(line) for line in lines if line],
            "partners": breakable(partners),
            "photo": take(photo, pictures, POSTER, "master.jpg", fallback),
            "words": {"qr": _("QR code: the page of the exhibition"), "online": _("All works")},
            "qr": QR,
            "url": address,
            "address": spoken(address),
        }
        return {"template": TEMPLATES / "poster.typ", "data": data, "pictures": pictures}

    return contents


def _poster_photo(exhibition):
    """The exhibition's first photo that may be used in public, else one of its first work's.

    No photos with recognisable trainees: after a withdrawn consent, a page changes but a poster
    stays.
    """
    own = Photo.objects.filter(exhibition=exhibition).exclude(people=PeopleOn.TRAINEES).first()
    if own is not None:
        return own
    shown = exhibition.showings.approved().filter(work__photos__people=PeopleOn.NOBODY)
    first = shown.order_by("-highlight", "order", "pk").first()
    return first and own_photos().filter(work=first.work_id).first()
