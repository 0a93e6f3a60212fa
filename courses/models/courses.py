"""Courses, their modules and changes of teacher."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.enums import CourseState
from courses.models.calendar import Term, begin_before_end
from courses.models.places import CourseCentre, Room
from courses.models.programmes import Programme
from courses.models.teachers import Teacher
from courses.queries.courses import PUBLIC, CourseChildQuerySet, CourseQuerySet
from izmek.acts.rules import holds
from izmek.text.fold import slug as make_slug
from izmek.text.lines import LineField, ProseField

# What others rely on once a course is open: only acts change it (DESIGN.md §2).
FIXED_ONCE_OPEN = ("programme", "centre", "teacher", "term", "begin", "end")


class Course(models.Model):
    """One run of a programme (kurs, grup).

    The total hours, pass mark, absence limit and modules are copied when the course opens, so that
    later changes of the rules do not affect people who have applied.
    """

    number = LineField(_("course number"), max_length=30, blank=True, help_text=_("From e-Yaygın."))
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="courses", verbose_name=_("programme")
    )
    group = LineField(
        _("group"), max_length=20, blank=True, help_text=_("Tells parallel groups apart: A, B …")
    )
    centre = models.ForeignKey(
        CourseCentre, models.PROTECT, related_name="courses", verbose_name=_("course centre")
    )
    room = models.ForeignKey(
        Room,
        models.PROTECT,
        related_name="courses",
        verbose_name=_("room"),
        null=True,
        blank=True,
    )
    teacher = models.ForeignKey(
        Teacher,
        models.PROTECT,
        related_name="courses",
        verbose_name=_("teacher"),
        help_text=_("Who it begins with; a later change of teacher is an act of its own."),
    )
    term = models.ForeignKey(Term, models.PROTECT, related_name="courses", verbose_name=_("term"))
    begin = models.DateField(_("begins on"))
    end = models.DateField(_("ends on"))
    times_from = models.DateField(
        _("weekly times from"),
        null=True,
        editable=False,
        help_text=_(
            "Lessons before this day followed other weekly times; empty: all follow these."
        ),
    )
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    minimum_group = models.PositiveSmallIntegerField(
        _("smallest group"),
        null=True,
        blank=True,
        help_text=_("Only where it differs from the year's; then with a reason."),
    )
    minimum_reason = LineField(_("reason of the smaller group"), max_length=250, blank=True)
    applications_from = models.DateTimeField(_("applications from"), null=True, blank=True)
    applications_until = models.DateTimeField(_("applications until"), null=True, blank=True)
    registration_deadline = models.DateTimeField(
        _("registration deadline"),
        null=True,
        blank=True,
        help_text=_("An offer made while seats are free stands until then."),
    )
    note = ProseField(_("public note"), blank=True)
    note_en = ProseField(_("public note in English"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CourseState, default=CourseState.PLANNED, editable=False
    )
    state_reason = models.CharField(
        _("reason of closing"), max_length=250, blank=True, editable=False
    )
    total_hours = models.PositiveSmallIntegerField(
        _("total lesson hours"), null=True, blank=True, editable=False
    )
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"), null=True, editable=False)
    absence_limit_numerator = models.PositiveSmallIntegerField(
        _("absence limit: numerator"), null=True, editable=False
    )
    absence_limit_denominator = models.PositiveSmallIntegerField(
        _("absence limit: denominator"), null=True, editable=False
    )

    objects = CourseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        indexes = [
            models.Index(fields=["state", "begin"], name="course_state_begin"),
            models.Index(fields=["term", "centre"], name="course_term_centre"),
        ]
        constraints = [
            begin_before_end("course_begin_end"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="course_capacity_positive"),
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number=""),
                name="course_number_once",
                violation_error_message=_("Another course has this number."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_group=None) | ~Q(minimum_reason=""),
                name="course_minimum_reason",
                violation_error_message=_("A group size of its own needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(applications_from=None)
                | Q(applications_until=None)
                | Q(applications_until__gte=F("applications_from")),
                name="course_application_period",
                violation_error_message=_("Applications end before they begin."),
            ),
            models.CheckConstraint(
                condition=Q(state=CourseState.PLANNED)
                | Q(state=CourseState.CANCELLED)
                | Q(
                    total_hours__isnull=False,
                    pass_mark__isnull=False,
                    absence_limit_numerator__isnull=False,
                    absence_limit_denominator__gte=1,
                ),
                name="course_rules_copied",
            ),
        ]

    sorted_by = "programme__name"  # in lists of the admin

    def __str__(self):
        group = f" {self.group}" if self.group else ""
        return f"{self.programme}{group} – {self.centre}"

    def get_absolute_url(self):
        return reverse("course", args=[self.pk, self.slug])

    @property
    def slug(self):
        """The readable part of the URL beside the key; it is made from the names, so it may change."""
        return make_slug(str(self)) or "kurs"

    @property
    def public_name(self):
        """Programme and group in the language of the page."""
        return f"{self.programme.public_name} {self.group}".strip()

    def is_public(self):
        """Whether the course has a public page."""
        return holds(PUBLIC, self)

    @property
    def fixed_fields(self):
        """The names of the fields that nobody types any more (DESIGN.md §2).

        Of an open or running course, what people have agreed to; of a finished one, all; of a
        cancelled one, all but the notes on its page.
        """
        if self.state == CourseState.PLANNED:
            return ()
        if self.state in CourseState.booking():
            return FIXED_ONCE_OPEN
        notes = ("note", "note_en") if self.state == CourseState.CANCELLED else ()
        return tuple(
            f.name for f in self._meta.fields if f.editable and f.name not in ("id", *notes)
        )

    @property
    def seats_taken(self):
        """Seats that are taken now: enrolments and valid offers."""
        return self.enrolments.holding_seat().count() + self.applications.live_offers().count()

    @property
    def seats_free(self):
        """Capacity minus the seats taken; never below 0 (DESIGN.md §3)."""
        return max(0, self.capacity - self.seats_taken)

    def clean(self):
        errors = {}
        if self.room_id and self.centre_id and self.room.centre_id != self.centre_id:
            errors["room"] = _("The room is not in this centre.")
        if self.room_id and self.capacity and self.capacity > self.room.capacity:
            errors["capacity"] = _("The room seats %(seats)d.") % {"seats": self.room.capacity}
        if self.term_id and self.begin and not self.term.begin <= self.begin <= self.term.end:
            errors["begin"] = _("The course begins outside its term.")
        if self.term_id and self.end and self.end > self.term.year.end:
            errors["end"] = _("The education year of the course ends on %(day)s.") % {
                "day": date_format(self.term.year.end, "j F Y")
            }
        if errors:
            raise ValidationError(errors)


class CourseModule(models.Model):
    """A module as it was when the course opened; marks refer to these."""

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="modules", verbose_name=_("course")
    )
    name = LineField(_("name"), max_length=160)
    hours = models.PositiveSmallIntegerField(_("lesson hours"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CourseChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("module of the course")
        verbose_name_plural = _("modules of the course")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="course_module_once")
        ]

    def __str__(self):
        return self.name


class TeacherChange(models.Model):
    """From this date another person teaches the course; the former teacher loses access that day."""

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="teacher_changes", verbose_name=_("course")
    )
    teacher = models.ForeignKey(
        Teacher, models.PROTECT, related_name="taken_over", verbose_name=_("new teacher")
    )
    begins_on = models.DateField(_("from"))
    reason = LineField(_("reason"), max_length=250, blank=True)

    objects = CourseChildQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("change of teacher")
        verbose_name_plural = _("changes of teacher")
        ordering = ["begins_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "begins_on"],
                name="teacher_change_once",
                violation_error_message=_("The teacher changes twice on that day."),
            )
        ]

    def __str__(self):
        return f"{self.course}: {self.teacher}"
