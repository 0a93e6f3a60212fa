"""Marks of modules."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import CourseModule
from trainees.models.seats import Enrolment
from trainees.queries.scope import MarkQuerySet


class Mark(models.Model):
    """The mark of a module, 0 to 100, or M for exempt (DOMAIN.md §3)."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="marks", verbose_name=_("enrolment")
    )
    module = models.ForeignKey(
        CourseModule, models.PROTECT, related_name="marks", verbose_name=_("module")
    )
    value = models.PositiveSmallIntegerField(
        _("mark"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    exempt = models.BooleanField(_("exempt (M)"), default=False)

    objects = MarkQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "module"], name="mark_once"),
            models.CheckConstraint(
                condition=Q(exempt=True, value=None)
                | Q(exempt=False, value__gte=0, value__lte=100),
                name="mark_value_or_exempt",
                violation_error_message=_("A mark from 0 to 100, or M for exempt."),
            ),
        ]

    def __str__(self):
        return f"{self.module}: {'M' if self.exempt else self.value}"
