"""Calls: whom an act concerns and no letter reaches."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from trainees.enums import CALLED, LETTERS
from trainees.models.applications import Application
from trainees.models.seats import Enrolment
from trainees.queries.calls import CallQuerySet


class Call(models.Model):
    """Somebody without an e-mail address who has to be told something by telephone.

    `text` is what the letter would have said. It waits until somebody notes that it is done.
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
    kind = models.CharField(
        _("kind"), max_length=40, choices={kind: LETTERS[kind] for kind in CALLED}, editable=False
    )
    what = models.CharField(_("what to say"), max_length=200, editable=False)
    text = models.TextField(_("text"), editable=False)
    created_at = models.DateTimeField(_("waits since"), default=timezone.now, editable=False)
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
        """[(whose, phone)]: one's own, and the guardians' of somebody under 18 or without a phone."""
        who = self.who
        found = [(str(who), who.phone)] if who.phone else []
        if self.enrolment_id and (not found or who.is_minor()):
            found += [
                (f"{one.name} ({one.relation})", one.phone)
                for one in who.guardians.all()
                if one.phone
            ]
        return found
