"""Pairs of records that may be of one person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trainees.enums import Alike, Certainty
from trainees.models.people import Trainee
from trainees.queries.look_alikes import LookAlikeQuerySet


class LookAlike(models.Model):
    """Two records that may be of one person, found by night (`services/look_alikes.py`).

    `facts` is a fingerprint of what both say. Who answers "not the same" has answered for these facts
    (`answered`): if one of the two records changes, the pair is asked about again.
    """

    one = models.ForeignKey(
        Trainee, models.CASCADE, related_name="+", verbose_name=_("trainee"), db_index=False
    )
    other = models.ForeignKey(
        Trainee, models.CASCADE, related_name="+", verbose_name=_("second record")
    )
    reasons = models.JSONField(_("why they look alike"))
    score = models.PositiveSmallIntegerField(_("how sure"))
    facts = models.CharField(max_length=32)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    answered = models.CharField(max_length=32, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("not the same, by"), null=True
    )
    answered_at = models.DateTimeField(_("not the same, since"), null=True)

    objects = LookAlikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair that may be one person")
        verbose_name_plural = _("pairs that may be one person")
        ordering = ["-score", "-pk"]
        indexes = [
            models.Index(
                fields=["-score", "-id"],
                name="look_alike_open",
                condition=~Q(answered=F("facts")),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="look_alike_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="look_alike_in_order"),
        ]

    def __str__(self):
        return f"{self.one} – {self.other}"

    @property
    def why(self):
        """The reasons in words."""
        return [Alike(reason).label for reason in self.reasons]

    @property
    def certainty(self):
        return Certainty.of(self.score)
