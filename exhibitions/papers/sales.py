"""The day sheet of an exhibition: what was sold, day by day, with sums and lines to sign."""

from django.db.models import Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exhibitions.enums import Surface
from exhibitions.models import Sale, Showing
from exhibitions.papers.wording import TEMPLATES, about
from exhibitions.papers.works import entries, with_works
from izmek.text.figures import lira
from izmek.text.languages import capital

EMPTY_LINES = 20  # of a sheet on which sales are noted by hand


def sold_at(exhibition, user, day=None):
    """What was sold at an exhibition, on the day or on any, as far as the user may see it, in order.

    As showings, each with its `sale`: what sheets print of works. Also of works that no longer hang there,
    since the sums hold what they brought in.
    """
    at = Q(date=day) if day else Q()
    sales = Sale.objects.filter(at, exhibition=exhibition).visible_to(user)
    sold = []
    for sale in with_works(sales).order_by("date", "recorded_at", "pk"):
        showing = Showing(work=sale.work, exhibition=exhibition)
        showing.sale = sale
        sold.append(showing)
    return sold


def sold_entries(exhibition, showings):
    """What sheets print of these works (`entries`)."""
    sold = Sale.objects.filter(exhibition=exhibition).values("work")
    return entries(exhibition, showings, Surface.LABEL, works=sold)


def day_sheet(exhibition, showings):
    """What was sold (`sold_at`); if nothing was, an empty sheet to be filled in by hand."""
    rows = sold_entries(exhibition, showings)
    sales = [showing.sale for showing in showings]
    for place, (row, sale) in enumerate(zip(rows, sales, strict=True)):
        first = not place or sales[place - 1].date != sale.date
        last = place + 1 == len(sales) or sales[place + 1].date != sale.date
        row["day"] = date_format(sale.date, "j F Y l") if first else ""
        row["time"] = time_format(sale.time) if sale.time else "–"
        row["price"] = _amount(sale.price)
        row["paid_to"] = capital(sale.get_paid_to_display())
        row["sum"] = _sum([one for one in sales if one.date == sale.date]) if last else None
    words = {
        "heading": _("Day sheet of sales"),
        "about": _(
            "A note of what was sold, for the exhibition and the course centre. The municipality takes no "
            "money: it belongs to the makers."
        ),
        "columns": [
            _("Time"),
            _("Work no."),
            _("Work"),
            _("Who got the money"),
            _("Price"),
        ],
        "day": _("Day"),
        "sum": _("Sum of the day"),
        "total": _("Total"),
        "signatures": [_("Noted down by"), _("Responsible for the exhibition")],
        "signature": _("Name, day, signature"),
    }
    days = {sale.date for sale in sales}
    return {
        "template": TEMPLATES / "day-sheet.typ",
        "data": {
            **about(exhibition),
            "words": words,
            "total": _sum(sales) if len(days) > 1 else None,
            "empty": 0 if rows else EMPTY_LINES,
        },
        "rows": rows,
    }


def _sum(sales):
    count = ngettext("%(count)d work", "%(count)d works", len(sales)) % {"count": len(sales)}
    return {"count": count, "price": _amount(sum(sale.price for sale in sales))}


def _amount(price):
    return lira(price).replace(" ", "\u00a0")
