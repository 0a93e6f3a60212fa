"""Sales of works: recorded, taken back, and never contradicted by the state that a work is given elsewhere.

Nothing is paid in the software (DOMAIN.md §3): a sale notes what a work brought in, and who got the money.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exhibitions import rights
from exhibitions.enums import ExhibitionState, PaidTo, SaleStatus, WorkState
from exhibitions.models import Sale, Work
from exhibitions.models.sales import LEAST
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.text.figures import lira


@transaction.atomic
def sell_work(*, work, price, by, date=None, exhibition=None, paid_to=PaidTo.MAKER):
    """Record that a work was sold, which makes it `SOLD` everywhere at once; returns the Sale.

    `price`: TL, at least 1. `date`: today when None. `exhibition`: a published one where it hangs; None:
    elsewhere.
    The same sale sent again is the one that is there. Raises Refusal when the work is sold already, is not
    for sale or was withdrawn, and at `price`, `date` or `exhibition` when these cannot be true.
    """
    rights.require(by, "sell_work", work)
    work = lock(work)
    sale = Sale(work=work, exhibition=exhibition, price=price, paid_to=paid_to)
    sale.date = date or timezone.localdate()
    known = Sale.objects.filter(work=work).first()
    if known is not None:
        if _told(known) == _told(sale):
            return known
        raise Refusal(
            _("This work is sold already: on %(day)s for %(price)s."),
            params={"day": f"{known.date:%d.%m.%Y}", "price": lira(known.price)},
            code="state",
        )
    _check(sale)
    # Some were called sold before sales were recorded.
    before = work.sale_status
    sale.status_before = SaleStatus.FOR_SALE if before == SaleStatus.SOLD else before
    save(sale, by=by)
    work.sale_status = SaleStatus.SOLD
    save(work, by=by)
    return sale


@transaction.atomic
def undo_sale(*, work, by):
    """Take the sale of a work back: it is what it was before. Raises Refusal when none is recorded."""
    rights.require(by, "undo_sale", work)
    work = lock(work)
    sale = Sale.objects.filter(work=work).first()
    if sale is None:
        raise Refusal(_("No sale of this work is recorded."), code="state")
    sale._history_user = by
    sale.delete()
    work.sale_status = sale.status_before
    return save(work, by=by)


def check_sale_status(work):
    """For a work that is about to be saved: its state of sale may not contradict its sale.

    Nobody types that it is sold, since the sale has a day and a price; and who wants a sold work for sale
    again takes the sale back. Raises Refusal at `sale_status`.
    """
    before = Work.objects.filter(pk=work.pk).values_list("sale_status", flat=True).first()
    if work.sale_status == before:
        return
    if work.sale_status == SaleStatus.SOLD:
        raise Refusal(
            _("A work becomes sold when its sale is recorded, with its day and its price."),
            field="sale_status",
            code="sold",
        )
    if before == SaleStatus.SOLD and Sale.objects.filter(work=work.pk).exists():
        raise Refusal(
            _("A sale of this work is recorded. Take the sale back first."),
            field="sale_status",
            code="sold",
        )


def _told(sale):
    return sale.exhibition, sale.price, sale.paid_to, sale.date


def _check(sale):
    work, exhibition = sale.work, sale.exhibition
    if work.state == WorkState.WITHDRAWN:
        raise Refusal(_("The work was withdrawn."), code="state")
    if work.sale_status == SaleStatus.NOT_FOR_SALE:
        raise Refusal(
            _(
                "This work is not for sale. If its maker sells it after all, say so on its page first."
            ),
            code="not for sale",
        )
    if sale.price is None or sale.price < LEAST:
        raise Refusal(_("Write what was paid for it: at least 1 TL."), field="price", code="price")
    if exhibition and exhibition.state != ExhibitionState.PUBLISHED:
        raise Refusal(_("This exhibition is not published."), field="exhibition", code="exhibition")
    if exhibition and not exhibition.showings.approved().filter(work=work).exists():
        raise Refusal(_("The work is not shown there."), field="exhibition", code="exhibition")
    if sale.date > timezone.localdate():
        raise Refusal(_("This day is yet to come."), field="date", code="date")
    if sale.date < (exhibition.begin if exhibition else work.year.begin):
        raise Refusal(
            _("On this day the exhibition had not begun.")
            if exhibition
            else _("This day is before the work's education year."),
            field="date",
            code="date",
        )
