"""Teachers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.enums import TeacherKind
from courses.models.places import CourseCentre
from courses.models.programmes import Programme
from courses.queries.teachers import TeacherQuerySet
from izmek.text.fields import FoldedField
from izmek.text.mail import MailField
from izmek.text.names import NameField
from izmek.text.phones import PhoneField


class Teacher(models.Model):
    """Someone who teaches; gets a user account by an invitation."""

    first_name = NameField(_("first name"), max_length=80)
    last_name = NameField(
        _("last name"), max_length=80, blank=True, help_text=_("Empty if there is only one name.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=TeacherKind)
    phone = PhoneField(_("phone"), blank=True)
    email = MailField(_("e-mail"), blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="teacher",
        verbose_name=_("user"),
        null=True,
        blank=True,
        help_text=_("Empty until the teacher is invited to sign in."),
    )
    programmes = models.ManyToManyField(
        Programme, related_name="teachers", verbose_name=_("programmes"), blank=True
    )
    centres = models.ManyToManyField(
        CourseCentre, related_name="teachers", verbose_name=_("course centres"), blank=True
    )
    folded = FoldedField(source=("first_name", "last_name"))
    first_folded = FoldedField(source=("first_name",))

    objects = TeacherQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded", "first_folded"])

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()
