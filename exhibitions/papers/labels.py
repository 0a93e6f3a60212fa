"""The label (künye) of each work (DOMAIN.md §3), in three sizes."""

from functools import partial

from django.utils.translation import gettext as _

from exhibitions.enums import Surface
from exhibitions.papers.wording import TEMPLATES, about, joined, plain, short_address
from exhibitions.papers.works import entries
from izmek.papers import typst as papers

# --- On the wall ------------------------------------------------------------------------------


def _labels(exhibition, showings):
    """The künye of each work as lines, in the order of DOMAIN.md §3."""
    rows = entries(exhibition, showings, Surface.LABEL)
    for row in rows:
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


SHEETS = 72  # labels that are compiled together: whole sheets of 8 and of 24


def label_sheets(template):
    def contents(exhibition, showings):
        rows, pictures = _labels(exhibition, showings), {}
        for row in rows:
            row["qr"] = {"file": f"qr/{row['number']}.svg"}
            pictures[row["qr"]["file"]] = partial(papers.qr, short_address(row["number"]))
        return {
            "template": TEMPLATES / template,
            "data": {"words": {"number": _("Work no."), "qr": _("QR code: the page of work")}},
            "rows": rows,
            "pictures": pictures,
            "part": SHEETS,
            "sheets": True,
        }

    return contents


def large_print(exhibition, showings):
    words = {
        "works": _("Works"),
        "number": _("Work no."),
        "about": _(
            "The labels of the exhibition in large print, in the order of the hall. Please bring "
            "the book back to the entrance."
        ),
    }
    return {
        "template": TEMPLATES / "large-print.typ",
        "data": {**about(exhibition), "words": words},
        "rows": _labels(exhibition, showings),
    }
