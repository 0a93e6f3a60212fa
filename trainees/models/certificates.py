"""The municipality's certificates of participation (katılım belgesi)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import EducationYear
from courses.queries.scope import ReferenceQuerySet
from izmek.text.lines import LineField
from trainees.enums import CertificateState
from trainees.models.seats import Enrolment
from trainees.queries.certificates import CertificateQuerySet, OffsetQuerySet

FARTHEST = 30  # mm that a print may be moved on pre-printed paper


class Certificate(models.Model):
    """The municipality's certificate of participation, not the MEB certificate (DOMAIN.md §3).

    `content` is frozen when it is issued and is what is printed: a flat dict with the keys number, code,
    name, programme, field, hours (lesson hours), begin, end, centre, year and issued. `signed` is the text
    of its QR code, which proves that content without us. `signatories` is frozen with it, for what is
    printed again years later: [{"name", "office"}] in order, with lines without a name where nobody was
    named; only those issued before that have none.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="certificates", verbose_name=_("enrolment")
    )
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    code = models.CharField(_("check code"), max_length=20, unique=True, editable=False)
    content = models.JSONField(_("content"), editable=False)
    signed = models.TextField(_("signed text"), blank=True, editable=False)
    signatories = models.JSONField(_("signed by"), default=list, editable=False)
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
    handed_over_on = models.DateField(_("handed over on"), null=True, editable=False)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("handed over by"),
        null=True,
        editable=False,
    )
    # From this day on somebody is called to collect it (services/certificates.py); null: nobody yet.
    call_from = models.DateField(_("to be called from"), null=True, editable=False)

    objects = CertificateQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["signed", "signatories", "call_from"])

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
        indexes = [
            models.Index(
                fields=["call_from"],
                condition=Q(
                    state=CertificateState.VALID, handed_over_on=None, call_from__isnull=False
                ),
                name="certificate_not_collected",
            ),
            models.Index(fields=["-issued_at", "-id"], name="certificate_newest"),
        ]

    def __str__(self):
        return self.number

    @property
    def name(self):
        """The name as it is printed."""
        return self.content.get("name", "")


class Signatory(models.Model):
    """Who signs the certificates of an education year."""

    year = models.ForeignKey(
        EducationYear, models.CASCADE, related_name="signatories", verbose_name=_("education year")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = LineField(_("first and last name"), max_length=80, blank=True)
    office = LineField(_("office"), max_length=80)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("signatory of the certificates")
        verbose_name_plural = _("signatories of the certificates")
        ordering = ["order", "pk"]

    def __str__(self):
        return f"{self.name}, {self.office}".removeprefix(", ")


def _millimetres(label):
    near = [MinValueValidator(-FARTHEST), MaxValueValidator(FARTHEST)]
    return models.DecimalField(
        label, max_digits=4, decimal_places=1, default=Decimal(0), validators=near
    )


class PrintOffset(models.Model):
    """How far somebody's printer has to move the texts on pre-printed certificates, in millimetres."""

    by = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="print_offset",
        verbose_name=_("by"),
    )
    right = _millimetres(_("mm to the right"))
    down = _millimetres(_("mm down"))

    objects = OffsetQuerySet.as_manager()

    class Meta:
        verbose_name = _("offset of the printer")
        verbose_name_plural = _("offsets of the printers")

    def __str__(self):
        return f"{self.right} / {self.down} mm"
