"""Notices and consents (DOMAIN.md §5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import Teacher
from trainees.enums import Channel, NoticeKind, Purpose
from trainees.models.people import Guardian, Trainee
from trainees.queries.consents import ConsentQuerySet, NoticeTextQuerySet


class NoticeText(models.Model):
    """A version of a text shown when data are collected. Never changed after its first use."""

    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind)
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(_("text"))
    written_on = models.DateField(_("in force from"), default=timezone.localdate)

    objects = NoticeTextQuerySet.as_manager()
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
    """An answer of a trainee or a teacher to one purpose; append-only, the latest counts.

    Of an applicant who is not on record it is the application's, until that becomes a seat.
    """

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
    application = models.ForeignKey(
        "trainees.Application",
        models.CASCADE,
        related_name="consents",
        verbose_name=_("application"),
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
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), null=True
    )

    objects = ConsentQuerySet.as_manager()

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
                condition=Q(trainee__isnull=False, teacher=None, application=None)
                | Q(trainee=None, teacher__isnull=False, application=None, guardian=None)
                | Q(trainee=None, teacher=None, application__isnull=False, guardian=None),
                name="consent_of_one_person",
            )
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.get_answer_display()}"

    @property
    def answered_on(self):
        """The day of the answer: on a paper that of the signature."""
        return self.signed_on or timezone.localdate(self.at)

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("A consent is never changed; add the new answer.")
        super().save(*args, **kwargs)
