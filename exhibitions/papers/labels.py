"""The label (künye) of each work (DOMAIN.md §3), in three sizes."""

from itertools import groupby

from django.utils.translation import gettext as _

from exhibitions.enums import Surface
from exhibitions.papers.wording import about, joined, plain, short_address
from exhibitions.papers.works import entries
from izmek.papers import typst as papers

# --- On the wall ------------------------------------------------------------------------------


def _labels(exhibition, showings):
    """The künye of each work as lines, in the order of DOMAIN.md §3, with its QR code."""
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


def label_sheets(template):
    def contents(exhibition, showings):
        words = {"number": _("Work no."), "qr": _("QR code: the page of work")}
        return template, {"works": _labels(exhibition, showings), "words": words}, {}

    return contents


def large_print(exhibition, showings):
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
    return "large-print.typ", {**about(exhibition), "words": words, "halls": halls}, {}
