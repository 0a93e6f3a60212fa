"""Calls: who has to be told something by telephone, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from izmek.text.phones import PhoneField
from trainees.enums import CALL_KINDS, CallAnswer
from trainees.models.applications import Application
from trainees.models.people import Trainee
from trainees.models.seats import Enrolment
from trainees.queries.calls import CallAttemptQuerySet, CallQuerySet


class Call(models.Model):
    """Somebody whom no letter reaches and who has to be told something by telephone.

    `what` is one sentence, `text` what the letter would have said. It waits until somebody notes that the
    person was reached.
    """

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="calls", verbose_name=_("course"), editable=False
    )
    enrolment = models.ForeignKey(
        Enrolment,
        models.CASCADE,
        related_name="calls",
        verbose_name=_("enrolment"),
        null=True,
        editable=False,
    )
    application = models.ForeignKey(
        Application,
        models.CASCADE,
        related_name="calls",
        verbose_name=_("application"),
        null=True,
        editable=False,
    )
    kind = models.CharField(_("kind"), max_length=40, choices=CALL_KINDS, editable=False)
    what = models.CharField(_("what to say"), max_length=200, editable=False)
    text = models.TextField(_("text"), editable=False)
    created_at = models.DateTimeField(_("waits since"), default=timezone.now, editable=False)
    until = models.DateField(_("to be told by"), null=True, editable=False)
    done_at = models.DateTimeField(_("called"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("called by"),
        null=True,
        editable=False,
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        indexes = [models.Index(fields=["done_at", "course"], name="call_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(enrolment=None, application__isnull=False)
                | Q(enrolment__isnull=False, application=None),
                name="call_about_one",
            )
        ]

    def __str__(self):
        return f"{self.who}: {self.what}"

    @property
    def who(self):
        """The Trainee, or the Application of somebody who has no seat."""
        return self.enrolment.trainee if self.enrolment_id else self.application

    @property
    def phones(self):
        """The numbers to dial: see `phones_of`."""
        return phones_of(self.who)


class CallAttempt(models.Model):
    """Somebody was called, or a text message failed: who, at which number, and what came of it."""

    trainee = models.ForeignKey(
        Trainee,
        models.CASCADE,
        related_name="call_attempts",
        verbose_name=_("trainee"),
        null=True,
        editable=False,
    )
    application = models.ForeignKey(
        Application,
        models.CASCADE,
        related_name="call_attempts",
        verbose_name=_("application"),
        null=True,
        editable=False,
    )
    phone = PhoneField(_("phone"), blank=True, editable=False)
    answer = models.CharField(_("answer"), max_length=12, choices=CallAnswer, editable=False)
    reason = models.CharField(
        _("reason"), max_length=500, blank=True, default="", db_default="", editable=False
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, editable=False
    )

    objects = CallAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt to call")
        verbose_name_plural = _("attempts to call")
        constraints = [
            models.CheckConstraint(
                condition=Q(trainee=None, application__isnull=False)
                | Q(trainee__isnull=False, application=None),
                name="attempt_about_one",
            )
        ]

    def __str__(self):
        return f"{self.trainee or self.application}: {self.get_answer_display()}"


def whom(people):
    """Who is called of these Trainees and Applications of one person: of a trainee guardians are known."""
    return next((who for who in people if isinstance(who, Trainee)), people[0])


def phones_of(who):
    """[(whose, phone, whether it proved wrong)] of a Trainee or an Application.

    One's own, and the guardians' of somebody under 18 or without a phone.
    """
    found = [(str(who), who.phone, who.phone_is_wrong)] if who.phone else []
    if isinstance(who, Application) and who.guardian_phone:
        whose = f"{who.guardian_name} ({who.guardian_relation})".removesuffix(" ()")
        found.append((whose, who.guardian_phone, who.guardian_phone_is_wrong))
    if isinstance(who, Trainee) and (not found or who.is_minor()):
        found += [
            (f"{one.name} ({one.relation})", one.phone, one.phone_is_wrong)
            for one in who.guardians.all()
            if one.phone
        ]
    return found


def dialled(people, sent):
    """The number of these Trainees and Applications that a form sent; "" if it sent none.

    None if it belongs to none of them: then the form is an old one.
    """
    numbers = [phone for who in people for _whose, phone, _wrong in phones_of(who)]
    return next((one for one in numbers if sent in (str(one), one.as_e164)), None) if sent else ""
