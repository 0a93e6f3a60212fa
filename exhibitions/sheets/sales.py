"""What was sold at an exhibition, as a spreadsheet: what the day sheet prints (`papers.sales`)."""

from django.utils.translation import gettext as _

from exhibitions.papers.sales import sold_entries
from izmek.papers.typst import unbroken
from izmek.sheets.writing import SheetTable
from izmek.text.languages import capital


def day_sheet(exhibition, showings):
    """What was sold there (`sold_at`)."""
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
    told = zip(sold_entries(exhibition, showings), showings, strict=True)
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
