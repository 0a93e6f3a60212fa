"""Who attends: applications, seats, roll call, marks, certificates, consents (DESIGN.md §3)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from simple_history.models import HistoricalRecords

from courses.enums import Education
from courses.models import Course, CourseModule, Neighbourhood, Session, Teacher
from izmek.fields import EncryptedTextField, FoldedField, NameField
from izmek.identity import IdentityKind, mask
from trainees import queries
from trainees.arithmetic import Attendance
from trainees.enums import (
    ApplicationState,
    CertificateState,
    Channel,
    EnrolmentState,
    Gender,
    NoticeKind,
    Purpose,
)

USER = settings.AUTH_USER_MODEL


def check_birth_date(day):
    """Raises ValidationError for a day on which nobody was born who comes to a course."""
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."), code="future")
    if day.year < 1900:
        if day.year >= 1000:
            raise ValidationError(
                _("This date of birth cannot be right: look at the year again."), code="year"
            )
        raise ValidationError(_("Enter the year with four digits, for example 1985."), code="year")


class Trainee(models.Model):
    """A person who attends. The identity number is encrypted and found by its keyed hash.

    The number, its hash and the support need are changed only by `services` (each change is an
    access-log entry) and are left out of the history, so that erasing has one place.
    """

    first_name = NameField(_("first name"), max_length=80)
    last_name = NameField(_("last name"), max_length=80)
    identity_kind = models.CharField(
        _("kind of identity number"), max_length=10, choices=IdentityKind, blank=True
    )
    identity_number = EncryptedTextField(_("identity number"), blank=True, editable=False)
    identity_country = models.CharField(_("country of the passport"), max_length=2, blank=True)
    identity_hash = models.CharField(
        max_length=64, unique=True, null=True, blank=True, editable=False
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        related_name="trainees",
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
    )
    education = models.CharField(_("education"), max_length=1, choices=Education, blank=True)
    support = EncryptedTextField(
        _("support needed"),
        blank=True,
        editable=False,
        help_text=_("What helps her to take part; no diagnosis, no percentage."),
    )
    folded = FoldedField(source=("first_name", "last_name"))
    first_folded = FoldedField(source=("first_name",))
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)
    created_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    objects = queries.TraineeQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["identity_number", "identity_hash", "support", "folded", "first_folded"]
    )

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        indexes = [
            models.Index(fields=["birth_date"], name="trainee_birth_date"),
            models.Index(fields=["phone"], name="trainee_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(identity_hash=None) | ~Q(identity_kind=""),
                name="trainee_number_has_kind",
            ),
            models.CheckConstraint(
                condition=~Q(identity_kind=IdentityKind.PASSPORT) | ~Q(identity_country=""),
                name="trainee_passport_has_country",
                violation_error_message=_("A passport needs its country."),
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    @property
    def masked_number(self):
        """The identity number with its middle hidden (123******46), or nothing."""
        return mask(self.identity_number) if self.identity_number else ""

    def is_minor(self, today=None):
        """Whether she is under 18 on the day (today); who gave no birth date counts as one."""
        return self.birth_date is None or self.birth_date > queries.adulthood(today)

    def age(self, today=None):
        """Full years on the day (today), or None without a birth date."""
        if self.birth_date is None:
            return None
        today = today or timezone.localdate()
        born = self.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


class Guardian(models.Model):
    """Who may sign for a trainee under 18."""

    trainee = models.ForeignKey(
        Trainee, models.CASCADE, related_name="guardians", verbose_name=_("trainee")
    )
    name = NameField(_("name"), max_length=160)
    phone = PhoneNumberField(_("phone"), blank=True)
    relation = models.CharField(_("relation"), max_length=40)
    permission_on = models.DateField(
        _("permission given on"),
        null=True,
        blank=True,
        help_text=_("The day she permitted the trainee to attend."),
    )

    objects = queries.TraineeChildQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")

    def __str__(self):
        return self.name


class NoticeText(models.Model):
    """A version of a text that people are shown when data are collected. Never changed once used."""

    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind)
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(_("text"))
    written_on = models.DateField(_("in force from"), default=timezone.localdate)

    objects = queries.NoticeTextQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("notice text")
        verbose_name_plural = _("notice texts")
        ordering = ["kind", "-version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version", "language"], name="notice_text_once")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} v{self.version} ({self.language})"


class Consent(models.Model):
    """An answer of a trainee or a teacher to one purpose; append-only, the latest counts."""

    trainee = models.ForeignKey(
        Trainee,
        models.CASCADE,
        related_name="consents",
        verbose_name=_("trainee"),
        null=True,
        blank=True,
    )
    teacher = models.ForeignKey(
        Teacher,
        models.CASCADE,
        related_name="consents",
        verbose_name=_("teacher"),
        null=True,
        blank=True,
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    answer = models.BooleanField(_("answer"), choices=[(True, _("yes")), (False, _("no"))])
    notice = models.ForeignKey(
        NoticeText, models.PROTECT, verbose_name=_("text shown"), null=True, blank=True
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    guardian = models.ForeignKey(
        Guardian,
        models.PROTECT,
        related_name="consents",
        verbose_name=_("guardian who answered"),
        null=True,
        blank=True,
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    by = models.ForeignKey(USER, models.PROTECT, verbose_name=_("recorded by"), null=True)

    objects = queries.ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["trainee", "purpose", "-id"], name="consent_trainee"),
            models.Index(fields=["teacher", "purpose", "-id"], name="consent_teacher"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(trainee__isnull=False, teacher=None)
                | Q(trainee=None, teacher__isnull=False, guardian=None),
                name="consent_of_one_person",
            )
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.get_answer_display()}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("A consent is never changed; add the new answer.")
        super().save(*args, **kwargs)


class Application(models.Model):
    """A citizen's request for a seat (ön kayıt); holds no identity number (DOMAIN.md §4)."""

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="applications", verbose_name=_("course")
    )
    first_name = NameField(_("first name"), max_length=80)
    last_name = NameField(_("last name"), max_length=80)
    phone = PhoneNumberField(_("phone"))
    email = models.EmailField(_("e-mail"), blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    already_certified = models.BooleanField(_("already certified in this programme"), default=False)
    trainee = models.ForeignKey(
        Trainee,
        models.SET_NULL,
        related_name="applications",
        verbose_name=_("known trainee"),
        null=True,
        blank=True,
    )
    notice = models.ForeignKey(NoticeText, models.PROTECT, verbose_name=_("text shown"), null=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="tr"
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ApplicationState,
        default=ApplicationState.RECEIVED,
        editable=False,
    )
    state_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    offered_at = models.DateTimeField(_("offered"), null=True, editable=False)
    offer_until = models.DateTimeField(
        _("offer stands until"),
        null=True,
        editable=False,
        help_text=_("Empty while nobody has told her: the clock has not started."),
    )
    told_at = models.DateTimeField(_("told by telephone"), null=True, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    folded = FoldedField(source=("first_name", "last_name"))

    objects = queries.ApplicationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(
                fields=["course", "state", "already_certified", "received_at"],
                name="application_queue",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "phone", "folded"],
                condition=Q(state__in=ApplicationState.open()),
                name="application_open_once",
                violation_error_message=_("There is an open application with this name and phone."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.OFFERED) | Q(offered_at__isnull=False),
                name="application_offer_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"


class Enrolment(models.Model):
    """A seat (kesin kayıt): one row per trainee and course for ever; coming back reopens it."""

    trainee = models.ForeignKey(
        Trainee, models.PROTECT, related_name="enrolments", verbose_name=_("trainee")
    )
    course = models.ForeignKey(
        Course, models.PROTECT, related_name="enrolments", verbose_name=_("course")
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

    objects = queries.EnrolmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [models.Index(fields=["course", "state"], name="enrolment_course_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["trainee", "course"],
                name="enrolment_once",
                violation_error_message=_("She is enrolled in this course already."),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="enrolment_left_after_joined",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EnrolmentState.left(), left_on__isnull=False)
                | (~Q(state__in=EnrolmentState.left()) & Q(left_on=None)),
                name="enrolment_left_has_day",
            ),
        ]

    def __str__(self):
        return f"{self.trainee} – {self.course}"

    @property
    def attendance(self):
        """Her Attendance; a row from `with_attendance()` tells it as it was then, else it is asked."""
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
        )


class RollCall(models.Model):
    """The roll of a session was called; who is not marked absent was present."""

    session = models.OneToOneField(
        Session, models.PROTECT, related_name="roll_call", verbose_name=_("session")
    )
    by = models.ForeignKey(USER, models.PROTECT, verbose_name=_("by"), null=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = queries.RollCallQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("roll call")
        verbose_name_plural = _("roll calls")

    def __str__(self):
        return str(self.session)


class Absence(models.Model):
    """Lesson hours that someone missed of a session, whole or in part; excused ones count too."""

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
    by = models.ForeignKey(USER, models.PROTECT, verbose_name=_("by"), null=True, editable=False)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = queries.EnrolmentChildQuerySet.as_manager()
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

    objects = queries.EnrolmentChildQuerySet.as_manager()
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


class Certificate(models.Model):
    """The municipality's certificate of participation; never the MEB certificate (DOMAIN.md §3)."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="certificates", verbose_name=_("enrolment")
    )
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    code = models.CharField(_("check code"), max_length=20, unique=True, editable=False)
    content = models.JSONField(_("content"), editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=CertificateState,
        default=CertificateState.VALID,
        editable=False,
    )
    state_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="replaced_by",
        verbose_name=_("replaces"),
        null=True,
        editable=False,
    )
    issued_at = models.DateTimeField(_("issued"), default=timezone.now, editable=False)
    issued_by = models.ForeignKey(USER, models.PROTECT, verbose_name=_("by"), null=True)

    objects = queries.EnrolmentChildQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=CertificateState.VALID),
                name="certificate_one_valid",
            )
        ]

    def __str__(self):
        return self.number
