"""The papers that staff print for an exhibition: labels, lists, programme, poster.

They are in Turkish and never stored.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from exhibitions.papers.labels import label_sheets, large_print
from exhibitions.papers.lists import checklist, sale_list
from exhibitions.papers.opening import poster, programme
from exhibitions.papers.wording import TEMPLATES
from izmek.papers import typst as papers

PART = 192  # works in one file: whole sheets of labels of both sizes, about 3 seconds and 160 MB


@dataclass(frozen=True)
class Paper:
    """A paper: its name in URLs and files, its title, its purpose, and whose names are on it.

    `contents`: a function (exhibition, showings) → (template, data, files), called in the paper's
    language. `in_parts`: of many works it comes in files of PART works, so that each is made in a
    few seconds and in bounded memory.
    """

    slug: str
    name: Promise
    text: Promise
    contents: Callable
    names_makers: bool = True
    in_parts: bool = False

    def parts(self, count):
        """(first, last) work of each file when there are several; else nothing."""
        if not self.in_parts or count <= PART:
            return []
        return [(first, min(first + PART - 1, count)) for first in range(1, count + 1, PART)]


def print_paper(paper, exhibition, showings, to=papers.pdf, **options):
    """A paper with these works (`works.works_of`) as bytes; `to=papers.pictures`.

    Its pages as PNGs.
    """
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


PAPERS = {
    paper.slug: paper
    for paper in (
        Paper(
            "etiket-105x74",
            gettext_lazy("Labels 105 × 74 mm"),
            gettext_lazy(
                "The whole label with a QR code; eight to a sheet of A4, cut or on label paper."
            ),
            label_sheets("labels-large.typ"),
            in_parts=True,
        ),
        Paper(
            "etiket-70x37",
            gettext_lazy("Small labels 70 × 37 mm"),
            gettext_lazy("Title, maker and QR code for tables and showcases; 24 to a sheet of A4."),
            label_sheets("labels-small.typ"),
            in_parts=True,
        ),
        Paper(
            "buyuk-punto",
            gettext_lazy("Large-print book"),
            gettext_lazy(
                "The labels in 18 point and more, in the order of the hall, for the entrance."
            ),
            large_print,
            in_parts=True,
        ),
        Paper(
            "asma-listesi",
            gettext_lazy("Hanging checklist"),
            gettext_lazy("What hangs where, with boxes to tick off while the hall is set up."),
            checklist,
            in_parts=True,
        ),
        Paper(
            "satis-listesi",
            gettext_lazy("Sale list"),
            gettext_lazy("Works for sale with price and state, for the desk."),
            sale_list,
        ),
        Paper(
            "acilis-programi",
            gettext_lazy("Opening programme"),
            gettext_lazy("Time, place, speeches and centres, for the guests of the opening."),
            programme,
            names_makers=False,
        ),
        Paper(
            "afis-a3",
            gettext_lazy("Poster A3"),
            gettext_lazy("Photo, dates, place and a QR code to the exhibition's page."),
            poster(297),
            names_makers=False,
        ),
        Paper(
            "afis-a4",
            gettext_lazy("Poster A4"),
            gettext_lazy("The same for the door and the notice board."),
            poster(210),
            names_makers=False,
        ),
    )
}
