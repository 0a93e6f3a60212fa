"""Works in exhibitions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from exhibitions.models.exhibitions import Exhibition
from exhibitions.models.works import Work
from exhibitions.queries.showings import ShowingQuerySet
from izmek.text.lines import LineField

STEP = 10  # gap between two works in the order, so that inserting one changes no other


class Showing(models.Model):
    """A work in an exhibition: its place there, its approval, and when it came and went.

    What joins an exhibition hangs last; `exhibitions.services.place_showing` moves it.
    """

    ends_with_deletion = (
        "approved_at",
        "approved_by",
    )  # meanwhile the work may have been withdrawn

    exhibition = models.ForeignKey(
        Exhibition, models.CASCADE, related_name="showings", verbose_name=_("exhibition")
    )
    work = models.ForeignKey(Work, models.PROTECT, related_name="showings", verbose_name=_("work"))
    order = models.PositiveIntegerField(_("order"), default=0)
    place = LineField(
        _("place in the hall"), max_length=80, blank=True, help_text=_("For example: table 3")
    )
    highlight = models.BooleanField(_("highlight"), default=False)
    handed_in = models.DateField(_("handed in on"), null=True, blank=True)
    given_back = models.DateField(_("given back on"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        verbose_name=_("approved by"),
    )

    objects = ShowingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("exhibited work")
        verbose_name_plural = _("exhibited works")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exhibition", "work"],
                name="showing_once",
                violation_error_message=_("The work is in this exhibition already."),
            ),
            models.CheckConstraint(
                condition=Q(handed_in=None)
                | Q(given_back=None)
                | Q(given_back__gte=F("handed_in")),
                name="showing_given_back_after",
                violation_error_message=_("Given back before it was handed in."),
            ),
        ]

    def __str__(self):
        return f"{self.work} – {self.exhibition}"

    def save(self, *args, **kwargs):
        if self._state.adding and not self.order:
            others = Showing.objects.filter(exhibition=self.exhibition_id)
            self.order = (others.aggregate(last=Max("order"))["last"] or 0) + STEP
        super().save(*args, **kwargs)
