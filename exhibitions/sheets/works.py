"""The works of an exhibition, and those for sale, with names as people consent for labels.

They are the works, and the words, of the printed papers (`exhibitions.papers`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exhibitions.enums import SaleStatus, Surface
from exhibitions.papers.works import entries
from exhibitions.sheets.sales import day_sheet
from izmek.papers.typst import unbroken
from izmek.sheets.writing import SheetTable
from izmek.text.languages import capital
from izmek.text.phones import show


@dataclass(frozen=True)
class WorkSheet:
    """A list of works: its name in addresses, its title, what it is for, and how its SheetTable is made.

    `of_sales`: only of works that were sold there.
    """

    slug: str
    name: Promise
    text: Promise
    table: Callable  # (exhibition, showings) → SheetTable
    of_sales: bool = False


def works_of_exhibition(exhibition, showings):
    headings = [
        _("No."),
        _("Work no."),
        _("Work"),
        _("Makers"),
        _("Technique"),
        _("Materials"),
        _("Size"),
        _("Programme"),
        _("Course centre"),
        _("Teacher"),
        _("Education year"),
        _("Place"),
        _("Sale"),
        _("Price (TL)"),
        _("Handed in on"),
        _("Given back on"),
    ]
    rows = [
        [
            number,
            row["number"],
            _plain(row["title"]),
            _plain(row["makers"]),
            _plain(row["technique"]),
            _plain(row["materials"]),
            _plain(row["size"]),
            showing.work.course and showing.work.course.programme.name,
            showing.work.centre.name,
            _plain(row["teacher"]),
            row["year"],
            showing.place,
            capital(showing.work.get_sale_status_display()),
            showing.work.price,
            showing.handed_in,
            showing.given_back,
        ]
        for number, (row, showing) in enumerate(_told(exhibition, showings), 1)
    ]
    return SheetTable(_("Works"), headings, rows, above=exhibition.title)


def sale_list(exhibition, showings):
    headings = [
        _("Work no."),
        _("Work"),
        _("Makers"),
        _("Technique"),
        _("Course centre"),
        _("Centre’s phone"),
        _("Price (TL)"),
        _("Sale"),
        _("Note"),
    ]
    for_sale = [one for one in showings if one.work.sale_status in SaleStatus.with_price()]
    rows = [
        [
            row["number"],
            _plain(row["title"]),
            _plain(row["makers"]),
            _plain(row["technique"]),
            showing.work.centre.name,
            show(showing.work.centre.phone),
            showing.work.public_price,
            capital(showing.work.get_sale_status_display()),
            "",
        ]
        for row, showing in _told(exhibition, for_sale)
    ]
    return SheetTable(_("Sale list"), headings, rows, above=exhibition.title)


SHEETS = {
    sheet.slug: sheet
    for sheet in (
        WorkSheet(
            "eserler",
            gettext_lazy("Works"),
            gettext_lazy("Every approved work in the order of the hall, to sort and to add up."),
            works_of_exhibition,
        ),
        WorkSheet(
            "satis-listesi",
            gettext_lazy("Sale list"),
            gettext_lazy("Works for sale with price, state and the phone of the centre."),
            sale_list,
        ),
        WorkSheet(
            "satis-cizelgesi",
            gettext_lazy("Day sheet of sales"),
            gettext_lazy("What was sold, with day, price and who got the money."),
            day_sheet,
            of_sales=True,
        ),
    )
}


def _told(exhibition, showings):
    """[(what papers print of a work, its showing)]."""
    return zip(entries(exhibition, showings, Surface.LABEL), showings, strict=True)


def _plain(said):
    return unbroken(said["text"] if isinstance(said, dict) else said)
