"""What was sold at an exhibition, as a spreadsheet: what the day sheet prints (`papers.sales`)."""

from django.utils.translation import gettext as _

from exhibitions.enums import Surface
from exhibitions.papers.sales import sold_of
from exhibitions.papers.works import entries
from izmek.papers.typst import unbroken
from izmek.sheets.writing import SheetTable
from izmek.text.languages import capital


def day_sheet(exhibition, showings):
    """Those of the showings that were sold there."""
    showings = sold_of(exhibition, showings)
    headings = [
        _("Day"),
        _("Time"),
        _("Work no."),
        _("Work"),
        _("Makers"),
        _("Course centre"),
        _("Price (TL)"),
        _("Who got the money"),
    ]
    told = zip(entries(exhibition, showings, Surface.LABEL), showings, strict=True)
    rows = [
        [
            showing.sale.date,
            showing.sale.time,
            row["number"],
            unbroken(row["title"]["text"]),
            unbroken(row["makers"]),
            showing.work.centre.name,
            showing.sale.price,
            capital(showing.sale.get_paid_to_display()),
        ]
        for row, showing in told
    ]
    return SheetTable(_("Day sheet of sales"), headings, rows, above=exhibition.title)
