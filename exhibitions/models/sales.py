"""Sales of works: what the work of one's hands brought in."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from exhibitions.enums import PaidTo, SaleStatus
from exhibitions.models.exhibitions import Exhibition
from exhibitions.models.works import Work
from exhibitions.queries.sales import SaleQuerySet
from izmek.text.amounts import AmountField

LEAST = 1  # TL


class Sale(models.Model):
    """A work was sold: when, for how much, and who got the money. A note; nothing is paid here.

    A work has one sale at most, and is `SaleStatus.SOLD` as long as it has one; `services/sales.py` keeps
    both together. What was taken back is in the history.
    """

    work = models.OneToOneField(
        Work, models.PROTECT, related_name="sale", verbose_name=_("work"), editable=False
    )
    exhibition = models.ForeignKey(
        Exhibition,
        models.PROTECT,
        related_name="sales",
        verbose_name=_("exhibition"),
        null=True,
        blank=True,
        help_text=_("Empty: it was sold elsewhere."),
    )
    date = models.DateField(_("day of the sale"), default=timezone.localdate)
    price = AmountField(
        _("price (TL)"), max_digits=9, decimal_places=2, validators=[MinValueValidator(LEAST)]
    )
    paid_to = models.CharField(
        _("who got the money"), max_length=10, choices=PaidTo, default=PaidTo.MAKER
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    status_before = models.CharField(  # what taking the sale back restores
        _("sale before"), max_length=12, choices=SaleStatus, editable=False
    )

    objects = SaleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("sale of a work")
        verbose_name_plural = _("sales of works")
        indexes = [models.Index(fields=["date"], name="sale_date")]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=LEAST), name="sale_price_above_zero")
        ]

    def __str__(self):
        return f"{self.work}, {self.date:%d.%m.%Y}"

    @property
    def time(self):
        """When on its day it was recorded; None when it was noted down on another day."""
        moment = timezone.localtime(self.recorded_at)
        return moment.time() if moment.date() == self.date else None
