"""Weekly times and dated lessons of a course."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.models import HistoricalRecords

from courses.enums import SessionState, Weekday
from courses.models.courses import Course
from courses.models.no_overlap import refuse_overlap
from courses.models.places import Room
from courses.models.teachers import Teacher
from courses.queries.courses import CourseChildQuerySet
from courses.queries.lessons import TAKES_PLACE, SessionQuerySet
from izmek.acts.refusal import Refusal
from izmek.acts.rules import holds
from izmek.text.clock import EndField
from izmek.text.lines import LineField
from izmek.text.trigrams import TrigramIndex


def check_lesson_hours(year, begin, end, hours):
    """Raise Refusal at `lesson_hours` when they do not fit into the lesson's time."""
    most = year.most_lesson_hours(begin, end)
    if hours > most:
        raise Refusal(
            ngettext(
                "This time holds at most %(most)d lesson hour.",
                "This time holds at most %(most)d lesson hours.",
                most,
            ),
            params={"most": most},
            field="lesson_hours",
            code="hours",
        )


def check_slots_do_not_overlap(slots):
    """Raise Refusal when two weekly times of a course overlap."""
    refuse_overlap(
        slots,
        _("%(row)s overlaps another time of this course: %(other)s."),
        begin=lambda slot: (slot.weekday, slot.begin),
        end=lambda slot: (slot.weekday, slot.end),
    )


class TimetableSlot(models.Model):
    """A weekly time of a course; its sessions are made from these."""

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="slots", verbose_name=_("course")
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    begin = models.TimeField(_("begins at"))
    end = EndField(_("ends at"))
    lesson_hours = models.PositiveSmallIntegerField(
        _("lesson hours"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )

    objects = CourseChildQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("weekly time")
        verbose_name_plural = _("timetable")
        ordering = ["weekday", "begin"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("begin")),
                name="slot_begin_end",
                violation_error_message=_("The lesson ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(begin__gte="07:00"),
                name="slot_not_before_seven",
                violation_error_message=_("Lessons are held from 07.00 to 24.00."),
            ),
            models.UniqueConstraint(
                fields=["course", "weekday", "begin"],
                name="slot_once",
                violation_error_message=_("The timetable has this time already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.begin:%H.%M}-{self.end:%H.%M}"

    def clean(self):
        if not (self.begin and self.end and self.lesson_hours and self.course.term_id):
            return
        if self.begin < self.end:
            check_lesson_hours(self.course.term.year, self.begin, self.end, self.lesson_hours)


class Session(models.Model):
    """One dated lesson of a course, counted in lesson hours.

    `holds_teacher` and `holds_room` are the booking: the session occupies its teacher and room
    while its course is open or running. Services set them (`courses.services.book`) and refuse a
    double booking; on PostgreSQL an exclusion constraint is a second check.
    """

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="sessions", verbose_name=_("course")
    )
    date = models.DateField(_("date"))
    begin = models.TimeField(_("begins at"))
    end = EndField(_("ends at"))
    lesson_hours = models.PositiveSmallIntegerField(
        _("lesson hours"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    topic = LineField(_("topic"), max_length=250, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=SessionState, default=SessionState.PLANNED
    )
    state_reason = LineField(_("reason of cancelling"), max_length=250, blank=True)
    extra = models.BooleanField(
        _("outside the timetable"), default=False, help_text=_("A make-up lesson or one moved.")
    )
    teacher = models.ForeignKey(
        Teacher,
        models.PROTECT,
        related_name="substitutions",
        verbose_name=_("substitute"),
        null=True,
        blank=True,
        help_text=_("Empty: the course's own teacher."),
    )
    makes_up_for = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="make_ups",
        verbose_name=_("makes up for"),
        null=True,
        editable=False,
        help_text=_("The cancelled lesson that is held at this time instead."),
    )
    holds_teacher = models.ForeignKey(
        Teacher, models.PROTECT, related_name="bookings", null=True, editable=False
    )
    holds_room = models.ForeignKey(
        Room, models.PROTECT, related_name="bookings", null=True, editable=False
    )

    objects = SessionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["holds_teacher", "holds_room"])

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["date", "begin"]
        indexes = [
            models.Index(fields=["date", "begin"], name="session_date"),
            TrigramIndex(fields=["topic"], name="session_topic_trgm", folds=True),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("begin")),
                name="session_begin_end",
                violation_error_message=_("The lesson ends before it begins."),
            ),
            models.CheckConstraint(condition=Q(lesson_hours__gte=1), name="session_hours_positive"),
            models.UniqueConstraint(
                fields=["course", "date", "begin"],
                name="session_once",
                violation_error_message=_("The course has a session at this time."),
            ),
            models.CheckConstraint(
                condition=~Q(state=SessionState.CANCELLED) | Q(holds_teacher=None, holds_room=None),
                name="session_cancelled_books_nothing",
            ),
        ]

    def __str__(self):
        return f"{self.course}, {self.date:%d.%m.%Y} {self.begin:%H.%M}"

    @property
    def takes_place(self):
        """Whether a session (from `with_holiday`) takes or took place."""
        return holds(TAKES_PLACE, self)
