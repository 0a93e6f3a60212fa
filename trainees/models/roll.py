"""Roll calls and absences."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import Session
from trainees.models.seats import Enrolment
from trainees.queries.roll import AbsenceQuerySet, RollCallQuerySet


class RollCall(models.Model):
    """Shows that the roll of a lesson was called; those not marked absent were present."""

    session = models.OneToOneField(
        Session, models.PROTECT, related_name="roll_call", verbose_name=_("session")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = RollCallQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("roll call")
        verbose_name_plural = _("roll calls")

    def __str__(self):
        return str(self.session)


class Absence(models.Model):
    """The lesson hours that a trainee missed of a lesson; excused ones count too."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="absences", verbose_name=_("enrolment")
    )
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="absences", verbose_name=_("session")
    )
    hours = models.PositiveSmallIntegerField(
        _("lesson hours"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    excused = models.BooleanField(_("excused"), default=False)
    note = models.CharField(_("note"), max_length=250, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, editable=False
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = AbsenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "session"], name="absence_once"),
            models.CheckConstraint(condition=Q(hours__gte=1), name="absence_hours_positive"),
        ]

    def __str__(self):
        return f"{self.enrolment.trainee}, {self.session.date:%d.%m.%Y}: {self.hours}"

    def clean(self):
        if self.session_id and self.hours and self.hours > self.session.lesson_hours:
            raise ValidationError(
                {
                    "hours": _("The session has %(hours)d lesson hours.")
                    % {"hours": self.session.lesson_hours}
                }
            )
