"""What staff print for an exhibition: labels, lists, programme, poster. In Turkish, and never stored."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exhibitions.enums import PeopleOn, SaleStatus, Surface
from exhibitions.models import Photo
from exhibitions.papers.entries import (
    TEMPLATES,
    entries,
    first_photos,
    joined,
    opening,
    own_photos,
    page_address,
    picture,
    plain,
    price,
    read_photo,
    short_address,
    spoken,
    when,
    where,
)
from izmek import papers
from izmek.papers import breakable
from izmek.phones import show
from izmek.turkish import tr_order

THUMBNAIL = 200  # px, in a list: 13 mm
POSTER = 1800


@dataclass(frozen=True)
class Paper:
    """A paper: its name in addresses and files, what it is called, what it is for, who is named on it.

    contents: (exhibition, showings) → (template, data, files), under the paper's language.
    """

    slug: str
    name: Promise
    text: Promise
    contents: Callable
    names_makers: bool = True


def print_paper(paper, exhibition, showings, to=papers.pdf, **options):
    """A paper with these works (`entries.works_of`) as bytes; `to=papers.pictures`: its pages as PNGs."""
    with translation.override("tr"):
        template, data, files = paper.contents(exhibition, showings)
        return to(
            TEMPLATES / template,
            data,
            title=f"{paper.name} – {exhibition.title}",
            day=timezone.localdate(),
            photos=files,
            **options,
        )


# --- On the wall ------------------------------------------------------------------------------


def _labels(exhibition, showings):
    """The künye of each work in the order of DOMAIN.md §3, as lines, with its QR code."""
    rows = entries(exhibition, showings, Surface.LABEL)
    for row in rows:
        row["qr"] = papers.qr(short_address(row["number"]))
        teacher = row["teacher"] and _("Teacher: %(name)s") % {"name": row["teacher"]}
        row["lines"] = _lines(
            joined([row["technique"], row["materials"], plain(row["size"])]),
            joined([row["branch"], plain(row["centre"])]),
            plain(teacher),
            joined([plain(row["year"]), plain(row["sale"])]),
        )
        row["short"] = _lines(
            joined([row["technique"], row["materials"]]),
            plain(row["size"]),
            plain(row["centre"]),
            joined([plain(row["year"]), plain(row["sale"])]),
        )
    return rows


def _lines(*lines):
    return [line for line in lines if line["text"]]


def _label_sheets(template):
    def contents(exhibition, showings):
        words = {"number": _("Work no."), "qr": _("QR code: the page of work")}
        return template, {"works": _labels(exhibition, showings), "words": words}, {}

    return contents


def _large_print(exhibition, showings):
    rows = _labels(exhibition, showings)
    words = {
        "number": _("Work no."),
        "about": _(
            "The labels of the exhibition in large print, in the order of the hall. Please bring "
            "the book back to the entrance."
        ),
    }
    halls = [
        {"place": place or _("Works"), "works": list(works)}
        for place, works in groupby(rows, key=lambda row: row["place"])
    ]
    return "large-print.typ", {**_about(exhibition), "words": words, "halls": halls}, {}


def _checklist(exhibition, showings):
    rows = entries(exhibition, showings, Surface.LABEL)
    photos = first_photos([showing.work for showing in showings], own_photos())
    files = {}
    for row, showing in zip(rows, showings, strict=True):
        row["photo"] = _take(photos.get(showing.work_id), files, THUMBNAIL)
    columns = [
        _("No."),
        _("Photo"),
        _("Work"),
        _("Technique, size"),
        _("Place"),
        _("Hung"),
        _("Label"),
        _("Note"),
    ]
    words = {"heading": _("Hanging checklist"), "columns": columns}
    data = {**_about(exhibition), "words": words, "works": rows, "count": _count(rows)}
    return "checklist.typ", data, files


def _sale_list(exhibition, showings):
    showings = [
        showing for showing in showings if showing.work.sale_status in SaleStatus.with_price()
    ]
    rows = entries(exhibition, showings, Surface.LABEL)
    for row, showing in zip(rows, showings, strict=True):
        row["price"] = price(showing.work)
        row["sale"] = showing.work.get_sale_status_display()
        row["to_be_had"] = showing.work.sale_status in SaleStatus.to_be_had()
    centres = {showing.work.centre for showing in showings if showing.work.centre.phone}
    words = {
        "heading": _("Sale list"),
        "about": _(
            "Nothing is paid here: whoever wants to buy a work is put through to the course centre."
        ),
        "empty": _("No work of this exhibition is for sale."),
        "columns": [_("Work no."), _("Work"), _("Course centre"), _("Price"), _("Sale"), _("Note")],
        "centres": _("Course centres"),
    }
    data = {
        **_about(exhibition),
        "words": words,
        "works": rows,
        "centres": [
            {"name": breakable(centre.name), "phone": show(centre.phone)}
            for centre in sorted(centres, key=lambda centre: centre.name)
        ],
    }
    return "sale-list.typ", data, {}


def _about(exhibition):
    return {
        "title": breakable(exhibition.title),
        "when": ", ".join(when(exhibition)),
        "place": where(exhibition),
    }


def _count(rows):
    return ngettext("%(count)d work", "%(count)d works", len(rows)) % {"count": len(rows)}


def _take(photo, files, side, name=None, fallback=None):
    """Put a photo's bytes among the files; what its template says of it, None without one."""
    data = photo and read_photo(photo, side, name)
    if not data:
        return None
    said = picture(photo, fallback or plain(""))
    files[said["file"]] = data
    return said


# --- To invite --------------------------------------------------------------------------------


def _programme(exhibition, showings):
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
            line for line in (opening(exhibition) or exhibition.dates, where(exhibition)) if line
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
        "qr": papers.qr(address),
        "url": address,
        "address": spoken(address),
    }
    return "programme.typ", data, {}


def _people(rows, note):
    return [{"name": breakable(row.name), "note": breakable(getattr(row, note))} for row in rows]


def _centres(exhibition):
    return exhibition.centres.order_by(tr_order("name"))


def _poster(width):
    def contents(exhibition, showings):
        address = page_address(exhibition)
        files = {}
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
            "photo": _take(photo, files, POSTER, "master.jpg", fallback),
            "words": {"qr": _("QR code: the page of the exhibition"), "online": _("All works")},
            "qr": papers.qr(address),
            "url": address,
            "address": spoken(address),
        }
        return "poster.typ", data, files

    return contents


def _poster_photo(exhibition):
    """The exhibition's first photo that may hang in the street, else one of its first work's.

    Trainees' faces are for the pages that a withdrawn consent reaches; a poster hangs on.
    """
    own = Photo.objects.filter(exhibition=exhibition).exclude(people=PeopleOn.TRAINEES).first()
    if own is not None:
        return own
    shown = exhibition.showings.approved().filter(work__photos__people=PeopleOn.NOBODY)
    first = shown.order_by("-highlight", "order", "pk").first()
    return first and own_photos().filter(work=first.work_id).first()


PAPERS = {
    paper.slug: paper
    for paper in (
        Paper(
            "etiket-105x74",
            gettext_lazy("Labels 105 × 74 mm"),
            gettext_lazy(
                "The whole label with a QR code; eight to a sheet of A4, cut or on label paper."
            ),
            _label_sheets("labels-large.typ"),
        ),
        Paper(
            "etiket-70x37",
            gettext_lazy("Small labels 70 × 37 mm"),
            gettext_lazy("Title, maker and QR code for tables and showcases; 24 to a sheet of A4."),
            _label_sheets("labels-small.typ"),
        ),
        Paper(
            "buyuk-punto",
            gettext_lazy("Large-print book"),
            gettext_lazy(
                "The labels in 18 point and more, in the order of the hall, for the entrance."
            ),
            _large_print,
        ),
        Paper(
            "asma-listesi",
            gettext_lazy("Hanging checklist"),
            gettext_lazy("What hangs where, with boxes to tick off while the hall is set up."),
            _checklist,
        ),
        Paper(
            "satis-listesi",
            gettext_lazy("Sale list"),
            gettext_lazy("Works for sale with price and state, for the desk."),
            _sale_list,
        ),
        Paper(
            "acilis-programi",
            gettext_lazy("Opening programme"),
            gettext_lazy("Time, place, speeches and centres, for the guests of the opening."),
            _programme,
            names_makers=False,
        ),
        Paper(
            "afis-a3",
            gettext_lazy("Poster A3"),
            gettext_lazy("Photo, dates, place and a QR code to the exhibition's page."),
            _poster(297),
            names_makers=False,
        ),
        Paper(
            "afis-a4",
            gettext_lazy("Poster A4"),
            gettext_lazy("The same for the door and the notice board."),
            _poster(210),
            names_makers=False,
        ),
    )
}
