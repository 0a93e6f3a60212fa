"""Seats (kesin kayıt)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import Course
from trainees.arithmetic import Attendance
from trainees.enums import EnrolmentState
from trainees.models.applications import Application
from trainees.models.people import Trainee
from trainees.queries.seats import SeatManager


class Enrolment(models.Model):
    """A seat (kesin kayıt): one row per trainee and course; coming back reopens it."""

    trainee = models.ForeignKey(
        Trainee,
        models.PROTECT,
        related_name="enrolments",
        verbose_name=_("trainee"),
        db_index=False,  # an index of the table begins with it
    )
    course = models.ForeignKey(
        Course,
        models.PROTECT,
        related_name="enrolments",
        verbose_name=_("course"),
        db_index=False,
    )
    application = models.OneToOneField(
        Application,
        models.SET_NULL,
        related_name="enrolment",
        verbose_name=_("application"),
        null=True,
        blank=True,
    )
    continues = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="continued_by",
        verbose_name=_("continues"),
        null=True,
        blank=True,
        help_text=_("The enrolment this one was transferred from."),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=EnrolmentState,
        default=EnrolmentState.ENROLLED,
        editable=False,
    )
    state_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)
    joined_on = models.DateField(_("joined on"), default=timezone.localdate)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)
    absent_hours = models.PositiveSmallIntegerField(
        _("absent lesson hours at the end"), null=True, editable=False
    )
    success_mark = models.DecimalField(
        _("success mark"), max_digits=4, decimal_places=1, null=True, editable=False
    )
    created_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    objects = SeatManager()
    every = models.Manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [
            models.Index(fields=["course", "state"], name="enrolment_course_state"),
            # Lists in the order of names read it and not the table.
            models.Index(fields=["trainee", "course", "state", "id"], name="enrolment_trainee"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["trainee", "course"],
                name="enrolment_once",
                violation_error_message=_("This trainee is enrolled in this course already."),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="enrolment_left_after_joined",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EnrolmentState.with_day(), left_on__isnull=False)
                | (~Q(state__in=EnrolmentState.with_day()) & Q(left_on=None)),
                name="enrolment_left_has_day",
            ),
        ]

    def __str__(self):
        return f"{self.trainee} – {self.course}"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.trainee.no_newcomer()

    @property
    def attendance(self):
        """The trainee's Attendance: the annotated one from `with_attendance()`, else queried now.

        The hours attended are in it only after `with_hours_attended()`.
        """
        absent = getattr(self, "absent", None)
        if absent is None:
            row = Enrolment.objects.with_attendance().filter(pk=self.pk)
            absent = row.values_list("absent", flat=True).get()
        course = self.course
        return Attendance(
            absent=absent,
            total=course.total_hours,
            numerator=course.absence_limit_numerator,
            denominator=course.absence_limit_denominator,
            attended=getattr(self, "attended", None),
        )
