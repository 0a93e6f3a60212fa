"""What is taught, where, when and by whom (DOMAIN.md §2, §3; DESIGN.md §3)."""

from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from phonenumber_field.modelfields import PhoneNumberField
from simple_history.models import HistoricalRecords

from courses import queries
from courses.enums import CourseState, DayPart, Education, SessionState, TeacherKind, Weekday
from izmek.bilingual import in_language
from izmek.fields import FoldedField, NameField
from izmek.refusal import Refusal
from izmek.slugs import free_slug
from izmek.turkish import slug as make_slug


def begin_before_end(name):
    """The check that a row's `end` is not before its `begin`."""
    return models.CheckConstraint(
        condition=Q(end__gte=F("begin")),
        name=name,
        violation_error_message=_("The end is before the beginning."),
    )


def check_lesson_hours(year, begin, end, hours):
    """Raise Refusal at `lesson_hours` when a lesson has more of them than its time holds."""
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


def _refuse_overlap(rows, message, *, begin, end):
    """Raise Refusal at `begin` when two rows overlap; its `row` is the later one."""
    rows = sorted(rows, key=begin)
    for before, row in pairwise(rows):
        if begin(row) < end(before):
            refusal = Refusal(
                message,
                params={"row": str(row), "other": str(before)},
                field="begin",
                code="overlap",
            )
            refusal.row = row
            raise refusal


def check_slots_apart(slots):
    """Raise Refusal when two weekly times of a course overlap."""
    _refuse_overlap(
        slots,
        _("%(row)s overlaps another time of this course: %(other)s."),
        begin=lambda slot: (slot.weekday, slot.begin),
        end=lambda slot: (slot.weekday, slot.end),
    )


def check_terms_apart(terms):
    """Raise Refusal when two terms of a year overlap: a day belongs to one at most."""
    _refuse_overlap(
        terms,
        _("“%(row)s” overlaps another term of the year: “%(other)s”."),
        begin=lambda term: term.begin,
        end=lambda term: term.end + timedelta(days=1),  # its last day is its own
    )


class Neighbourhood(models.Model):
    """A neighbourhood of İzmit. Data that staff keep: "Akmeşe" is officially two (DOMAIN.md §1)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    district = models.CharField(_("district"), max_length=80, default="İzmit")
    folded = FoldedField(source=("name",))

    objects = queries.NeighbourhoodQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")

    def __str__(self):
        return self.name


class CourseCentre(models.Model):
    """A place with course rooms."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(
        _("address on the site"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("Made from the name when left empty."),
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="centres", verbose_name=_("neighbourhood")
    )
    address = models.CharField(_("postal address"), max_length=250, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    hours = models.CharField(
        _("opening hours"),
        max_length=200,
        blank=True,
        help_text=_("In words, for example: weekdays 08.30-17.30"),
    )
    access = models.TextField(
        _("accessibility"),
        blank=True,
        help_text=_("Ramp, lift, toilet, parking: what a visitor with a wheelchair needs to know."),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    in_use = models.BooleanField(
        _("in use"), default=True, help_text=_("A closed centre leaves the public pages.")
    )
    folded = FoldedField(source=("name",))

    objects = queries.CourseCentreQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("course centre")
        verbose_name_plural = _("course centres")
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="centre_both_coordinates",
                violation_error_message=_("Give both coordinates or neither."),
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.slug = self.slug or free_slug(self, self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("centre", args=[self.slug])


class CentreOfficer(models.Model):
    """A user who runs a centre; someone may run several, and a centre may have several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="offices", verbose_name=_("user")
    )
    centre = models.ForeignKey(
        CourseCentre, models.CASCADE, related_name="officers", verbose_name=_("course centre")
    )

    class Meta:
        verbose_name = _("centre officer")
        verbose_name_plural = _("centre officers")
        constraints = [
            models.UniqueConstraint(fields=["user", "centre"], name="centre_officer_once")
        ]

    def __str__(self):
        return f"{self.user} – {self.centre}"


class Room(models.Model):
    centre = models.ForeignKey(
        CourseCentre, models.PROTECT, related_name="rooms", verbose_name=_("course centre")
    )
    name = models.CharField(_("name"), max_length=80)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )

    objects = queries.RoomQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"],
                name="room_name_once",
                violation_error_message=_("This centre has a room of that name."),
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="room_capacity_positive"),
        ]

    def __str__(self):
        return f"{self.centre} – {self.name}"


class Field(models.Model):
    """A field of study (alan), for example El Sanatları Teknolojisi."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    folded = FoldedField(source=("name",))

    objects = queries.ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("field of study")
        verbose_name_plural = _("fields of study")

    def __str__(self):
        return self.name


class Programme(models.Model):
    """What is taught: the branch and its conditions (DOMAIN.md §2)."""

    field = models.ForeignKey(
        Field, models.PROTECT, related_name="programmes", verbose_name=_("field of study")
    )
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    total_hours = models.PositiveSmallIntegerField(
        _("total lesson hours"),
        validators=[MinValueValidator(1), MaxValueValidator(2000)],
        help_text=_("Lesson hours, not clock hours."),
    )
    module_based = models.BooleanField(
        _("with marked modules"),
        default=True,
        help_text=_(
            "Off: no marks; attendance alone earns the municipality's certificate of participation."
        ),
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"), default=16, validators=[MaxValueValidator(99)]
    )
    minimum_education = models.CharField(
        _("minimum education"), max_length=1, choices=Education, default=Education.NONE
    )
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    bring = models.TextField(_("what to bring"), blank=True)
    bring_en = models.TextField(_("what to bring, in English"), blank=True)
    in_use = models.BooleanField(_("in use"), default=True)
    folded = FoldedField(source=("name", "name_en"))

    objects = queries.ReferenceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.UniqueConstraint(
                fields=["field", "name"],
                name="programme_once",
                violation_error_message=_("This field has a programme of that name."),
            ),
            models.CheckConstraint(
                condition=Q(total_hours__gte=1), name="programme_hours_positive"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def public_name(self):
        """The name in the language of the page; Turkish where English is missing."""
        return in_language(self, "name")


class Module(models.Model):
    """A part of a programme with its own lesson hours and mark."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="modules", verbose_name=_("programme")
    )
    name = models.CharField(_("name"), max_length=160)
    hours = models.PositiveSmallIntegerField(_("lesson hours"), validators=[MinValueValidator(1)])
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="module_once",
                violation_error_message=_("This programme has a module of that name."),
            )
        ]

    def __str__(self):
        return self.name


class EducationYear(models.Model):
    """A school year with its rules: every number marked [C] or [O] in DOMAIN.md §3 lives here."""

    name = models.CharField(_("name"), max_length=9, unique=True, help_text=_("As in 2022-2023."))
    begin = models.DateField(_("begins on"))
    end = models.DateField(_("ends on"))
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark"), default=50, validators=[MaxValueValidator(100)]
    )
    absence_limit_numerator = models.PositiveSmallIntegerField(
        _("absence limit: numerator"),
        default=1,
        help_text=_("Limit as a fraction of the total lesson hours: 1/5. More than that fails."),
    )
    absence_limit_denominator = models.PositiveSmallIntegerField(
        _("absence limit: denominator"), default=5, validators=[MinValueValidator(1)]
    )
    count_before_joining = models.BooleanField(
        _("sessions before joining count as absent"), default=False
    )
    minimum_group = models.PositiveSmallIntegerField(_("smallest group"), default=12)
    max_courses = models.PositiveSmallIntegerField(_("courses at a time"), default=2)
    drop_bars_next_term = models.BooleanField(
        _("who is dropped for absence gets no seat in the next term"), default=True
    )
    offer_hours = models.PositiveSmallIntegerField(_("hours an offer stands"), default=48)
    teacher_daily_hours = models.PositiveSmallIntegerField(
        _("paid instructor: lesson hours a day"), default=8
    )
    teacher_weekly_hours = models.PositiveSmallIntegerField(
        _("paid instructor: lesson hours a week"), default=40
    )
    lesson_minutes = models.PositiveSmallIntegerField(_("minutes of a lesson hour"), default=40)

    objects = queries.EducationYearQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("education year")
        verbose_name_plural = _("education years")
        ordering = ["-begin"]
        constraints = [
            begin_before_end("year_begin_end"),
            models.CheckConstraint(
                condition=Q(
                    absence_limit_denominator__gte=1,
                    absence_limit_numerator__lte=F("absence_limit_denominator"),
                ),
                name="year_absence_limit",
                violation_error_message=_("The limit is a fraction between 0 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(pass_mark__lte=100),
                name="year_pass_mark",
                violation_error_message=_("Marks go from 0 to 100."),
            ),
        ]

    def __str__(self):
        return self.name

    def most_lesson_hours(self, begin, end):
        """How many lesson hours fit between two times of a day; one that is begun counts."""
        minutes = (end.hour - begin.hour) * 60 + end.minute - begin.minute
        return -(-minutes // max(1, self.lesson_minutes))


class Term(models.Model):
    """A part of an education year; a course belongs to one and begins inside it."""

    year = models.ForeignKey(
        EducationYear, models.PROTECT, related_name="terms", verbose_name=_("education year")
    )
    name = models.CharField(_("name"), max_length=40)
    begin = models.DateField(_("begins on"))
    end = models.DateField(_("ends on"))

    objects = queries.TermQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["-begin"]
        constraints = [
            begin_before_end("term_begin_end"),
            models.UniqueConstraint(fields=["year", "name"], name="term_once"),
        ]

    def __str__(self):
        return f"{self.year} {self.name}"

    def clean(self):
        if not (self.year_id and self.begin and self.end):
            return
        if self.begin < self.year.begin or self.end > self.year.end:
            raise ValidationError({"begin": _("The term lies outside its education year.")})


class Holiday(models.Model):
    """Days without lessons, everywhere or at one centre; half days are possible."""

    name = models.CharField(_("name"), max_length=120)
    begin = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    part = models.CharField(
        _("part of the day"), max_length=10, choices=DayPart, default=DayPart.WHOLE
    )
    centre = models.ForeignKey(
        CourseCentre,
        models.CASCADE,
        related_name="holidays",
        verbose_name=_("course centre"),
        null=True,
        blank=True,
        help_text=_("Empty: everywhere."),
    )

    objects = queries.HolidayQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["-begin"]
        constraints = [begin_before_end("holiday_begin_end")]

    def __str__(self):
        return self.name


class Teacher(models.Model):
    """Someone who teaches; gets a user when she is invited to sign in."""

    first_name = NameField(_("first name"), max_length=80)
    last_name = NameField(_("last name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=TeacherKind)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="teacher",
        verbose_name=_("user"),
        null=True,
        blank=True,
        help_text=_("Empty until she is invited to sign in."),
    )
    programmes = models.ManyToManyField(
        Programme, related_name="teachers", verbose_name=_("programmes"), blank=True
    )
    centres = models.ManyToManyField(
        CourseCentre, related_name="teachers", verbose_name=_("course centres"), blank=True
    )
    folded = FoldedField(source=("first_name", "last_name"))
    first_folded = FoldedField(source=("first_name",))

    objects = queries.TeacherQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded", "first_folded"])

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")

    def __str__(self):
        return f"{self.first_name} {self.last_name}"


class Course(models.Model):
    """One run of a programme (kurs, grup).

    The total hours, the pass mark, the limit of absence and the modules are copied when the course
    opens: a rule that changes later does not change what people signed up for.
    """

    number = models.CharField(
        _("course number"), max_length=30, blank=True, help_text=_("From e-Yaygın.")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="courses", verbose_name=_("programme")
    )
    group = models.CharField(
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
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    minimum_group = models.PositiveSmallIntegerField(
        _("smallest group"),
        null=True,
        blank=True,
        help_text=_("Only where it differs from the year's; then with a reason."),
    )
    minimum_reason = models.CharField(_("reason of the smaller group"), max_length=250, blank=True)
    applications_from = models.DateTimeField(_("applications from"), null=True, blank=True)
    applications_until = models.DateTimeField(_("applications until"), null=True, blank=True)
    registration_deadline = models.DateTimeField(
        _("registration deadline"),
        null=True,
        blank=True,
        help_text=_("An offer made while seats are free stands until then."),
    )
    note = models.TextField(_("public note"), blank=True)
    note_en = models.TextField(_("public note in English"), blank=True)
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

    objects = queries.CourseQuerySet.as_manager()
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

    def __str__(self):
        group = f" {self.group}" if self.group else ""
        return f"{self.programme}{group} – {self.centre}"

    def get_absolute_url(self):
        return reverse("course", args=[self.pk, self.slug])

    @property
    def slug(self):
        """What its address says beside the key; made from the names, so it may change."""
        return make_slug(str(self)) or "kurs"

    @property
    def public_name(self):
        """Programme and group in the language of the page."""
        return f"{self.programme.public_name} {self.group}".strip()

    @property
    def seats_taken(self):
        """Seats that are gone at this moment: given, or offered and the offer stands."""
        return self.enrolments.holding_seat().count() + self.applications.live_offers().count()

    @property
    def seats_free(self):
        """Capacity less the seats taken; never below 0 (DESIGN.md §3)."""
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
    """A module as it was when the course opened; marks are given on these."""

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="modules", verbose_name=_("course")
    )
    name = models.CharField(_("name"), max_length=160)
    hours = models.PositiveSmallIntegerField(_("lesson hours"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = queries.CourseChildQuerySet.as_manager()

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
    """From a date on someone else teaches the course; the former teacher loses access that day."""

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="teacher_changes", verbose_name=_("course")
    )
    teacher = models.ForeignKey(
        Teacher, models.PROTECT, related_name="taken_over", verbose_name=_("new teacher")
    )
    begins_on = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = queries.CourseChildQuerySet.as_manager()
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


class TimetableSlot(models.Model):
    """A weekly time of a course; sessions are generated from these."""

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="slots", verbose_name=_("course")
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    begin = models.TimeField(_("begins at"))
    end = models.TimeField(_("ends at"))
    lesson_hours = models.PositiveSmallIntegerField(
        _("lesson hours"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )

    objects = queries.CourseChildQuerySet.as_manager()
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

    `holds_teacher` and `holds_room` are the booking: who and what the session occupies while its
    course is open or running. Services keep them (`courses.services.book`); a booking twice at the
    same time is refused there, and on PostgreSQL by an exclusion constraint as a net.
    """

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="sessions", verbose_name=_("course")
    )
    date = models.DateField(_("date"))
    begin = models.TimeField(_("begins at"))
    end = models.TimeField(_("ends at"))
    lesson_hours = models.PositiveSmallIntegerField(
        _("lesson hours"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    topic = models.CharField(_("topic"), max_length=250, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=SessionState, default=SessionState.PLANNED
    )
    state_reason = models.CharField(_("reason of cancelling"), max_length=250, blank=True)
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
    holds_teacher = models.ForeignKey(
        Teacher, models.PROTECT, related_name="bookings", null=True, editable=False
    )
    holds_room = models.ForeignKey(
        Room, models.PROTECT, related_name="bookings", null=True, editable=False
    )

    objects = queries.SessionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["holds_teacher", "holds_room"])

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["date", "begin"]
        indexes = [models.Index(fields=["date", "begin"], name="session_date")]
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
