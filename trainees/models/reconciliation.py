"""What e-Yaygın's list says of a course (Mutabakat)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from izmek.models import SheetImport
from izmek.secrets.fields import EncryptedTextField
from izmek.secrets.identity import written_hashes
from trainees.queries.scope import CourseScopedQuerySet


class OutsideList(models.Model):
    """The newest list of HEM's e-Yaygın about a course, kept to be compared with our seats.

    Nothing of it is on record: its people are compared by name and number each time it is looked at.
    `run`: the pass in which it was kept (`SheetImport.run`).
    """

    course = models.OneToOneField(
        Course, models.CASCADE, related_name="outside_list", verbose_name=_("course")
    )
    source = models.ForeignKey(
        SheetImport, models.SET_NULL, related_name="+", verbose_name=_("list put in"), null=True
    )
    run = models.CharField(max_length=32, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True
    )
    received_at = models.DateTimeField(_("put in"), default=timezone.now)

    objects = CourseScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of e-Yaygın")
        verbose_name_plural = _("lists of e-Yaygın")

    def __str__(self):
        return f"{self._meta.verbose_name} {self.course_id}"


class OutsideRow(models.Model):
    """Somebody in such a list. The number as the list has it: whole, masked, or what cannot be read."""

    list = models.ForeignKey(OutsideList, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField(_("row"))  # as a spreadsheet counts
    name = models.CharField(_("name"), max_length=170)
    number = EncryptedTextField(_("identity number"), blank=True)
    hash = models.CharField(max_length=64, blank=True)  # of a whole number
    facts = models.JSONField(default=dict)  # {one of FACTS: a number, or a text as it stands there}

    class Meta:
        verbose_name = _("row of e-Yaygın")
        verbose_name_plural = _("rows of e-Yaygın")
        ordering = ["row", "pk"]

    def __str__(self):
        return f"{self.row}"

    def hashes(self):
        """What `hash` is, or was while another key was the newest; () without a whole number."""
        return written_hashes(self.number)
