"""The municipality's certificates of participation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from trainees.enums import CertificateState
from trainees.models.seats import Enrolment
from trainees.queries.scope import EnrolmentChildQuerySet


class Certificate(models.Model):
    """The municipality's certificate of participation, not the MEB certificate (DOMAIN.md §3)."""

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
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True
    )

    objects = EnrolmentChildQuerySet.as_manager()
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
