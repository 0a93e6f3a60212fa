"""The papers that staff print for an exhibition: labels, lists, programme, poster.

They are in Turkish. Of up to AT_ONCE works they are made for the request that asks and stored nowhere;
of more they are a job (`izmek.acts.jobs`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy

from exhibitions.papers.labels import label_sheets, large_print
from exhibitions.papers.lists import checklist, sale_list
from exhibitions.papers.opening import poster, programme
from exhibitions.papers.sales import day_sheet
from izmek.papers import typst as papers
from izmek.papers.kinds import PaperKind, by_slug

AT_ONCE = 100  # works


@dataclass(frozen=True)
class WallPaper(PaperKind):
    """A paper of an exhibition, and whose names are on it.

    `contents`: a function (exhibition, showings) → what is special in its `Contents`, called in the
    paper's language. `of_sales`: only of works that were sold there; without one it is an empty sheet.
    """

    contents: Callable
    names_makers: bool = True
    of_sales: bool = False

    def takes_long(self, count):
        """Whether this paper with so many works is a job."""
        return self.names_makers and count > AT_ONCE


def contents_of(paper, exhibition, showings):
    """What a paper prints of these works (`works.works_of`) at this moment."""
    with translation.override("tr"):
        title = f"{paper.name} – {exhibition.title}"
        return papers.Contents(title=title, **paper.contents(exhibition, showings))


def print_paper(paper, exhibition, showings, to=papers.pdf, **options):
    """A paper with few works as bytes; `to=papers.pictures`: its pages as PNGs."""
    return to(contents_of(paper, exhibition, showings), **options)


PAPERS = by_slug(
    WallPaper(
        "etiket-105x74",
        gettext_lazy("Labels 105 × 74 mm"),
        gettext_lazy(
            "The whole label with a QR code; eight to a sheet of A4, cut or on label paper."
        ),
        label_sheets("labels-large.typ"),
    ),
    WallPaper(
        "etiket-70x37",
        gettext_lazy("Small labels 70 × 37 mm"),
        gettext_lazy("Title, maker and QR code for tables and showcases; 24 to a sheet of A4."),
        label_sheets("labels-small.typ"),
    ),
    WallPaper(
        "buyuk-punto",
        gettext_lazy("Large-print book"),
        gettext_lazy(
            "The labels in 18 point and more, in the order of the hall, for the entrance."
        ),
        large_print,
    ),
    WallPaper(
        "asma-listesi",
        gettext_lazy("Hanging checklist"),
        gettext_lazy("What hangs where, with boxes to tick off while the hall is set up."),
        checklist,
    ),
    WallPaper(
        "satis-listesi",
        gettext_lazy("Sale list"),
        gettext_lazy("Works for sale with price and state, for the desk."),
        sale_list,
    ),
    WallPaper(
        "satis-cizelgesi",
        gettext_lazy("Day sheet of sales"),
        gettext_lazy(
            "What was sold on each day, with sums and lines to sign; empty before the first sale."
        ),
        day_sheet,
        of_sales=True,
    ),
    WallPaper(
        "acilis-programi",
        gettext_lazy("Opening programme"),
        gettext_lazy("Time, place, speeches and centres, for the guests of the opening."),
        programme,
        names_makers=False,
    ),
    WallPaper(
        "afis-a3",
        gettext_lazy("Poster A3"),
        gettext_lazy("Photo, dates, place and a QR code to the exhibition's page."),
        poster(297),
        names_makers=False,
    ),
    WallPaper(
        "afis-a4",
        gettext_lazy("Poster A4"),
        gettext_lazy("The same for the door and the notice board."),
        poster(210),
        names_makers=False,
    ),
)
