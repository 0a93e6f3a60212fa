"""Neighbourhoods, course centres with their officers, rooms."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.queries.places import CourseCentreQuerySet, NeighbourhoodQuerySet, RoomQuerySet
from izmek.public.slugs import free_slug
from izmek.text.fields import FoldedField
from izmek.text.lines import LineField, ProseField
from izmek.text.mail import MailField
from izmek.text.phones import PhoneField


def names_of(courses):
    """Some courses named in a sentence: `Ebru A – Akmeşe; Kilim – Yahyakaptan`."""
    return "; ".join(str(course) for course in courses)


class Neighbourhood(models.Model):
    """A neighbourhood of İzmit. Staff can edit the list: "Akmeşe" is officially two (DOMAIN.md §1)."""

    name = LineField(_("name"), max_length=80, unique=True)
    district = LineField(_("district"), max_length=80, default="İzmit")
    folded = FoldedField(source=("name",))

    objects = NeighbourhoodQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")

    def __str__(self):
        return self.name


class CourseCentre(models.Model):
    """A place with course rooms."""

    name = LineField(_("name"), max_length=120, unique=True)
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
    address = LineField(_("postal address"), max_length=250, blank=True)
    phone = PhoneField(_("phone"), blank=True)
    email = MailField(_("e-mail"), blank=True)
    hours = LineField(
        _("opening hours"),
        max_length=200,
        blank=True,
        help_text=_("In words, for example: weekdays 08.30-17.30"),
    )
    access = ProseField(
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
    text = ProseField(_("text"), blank=True)
    text_en = ProseField(_("text in English"), blank=True)
    in_use = models.BooleanField(
        _("in use"), default=True, help_text=_("A closed centre leaves the public pages.")
    )
    folded = FoldedField(source=("name",))

    objects = CourseCentreQuerySet.as_manager()
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
    """A user who runs a centre; a user may run several, and a centre may have several officers."""

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
    name = LineField(_("name"), max_length=80)
    capacity = models.PositiveSmallIntegerField(
        _("seats of the room"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )

    objects = RoomQuerySet.as_manager()
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

    def clean(self):
        """Courses that are not over keep their seats and their centre's room."""
        if not self.pk or not self.centre_id or not self.capacity:
            return
        courses = self.courses.not_over().select_related("programme", "centre")
        errors = {}
        if larger := courses.filter(capacity__gt=self.capacity):
            errors["capacity"] = _("These courses have more seats: %(courses)s.") % {
                "courses": names_of(larger)
            }
        if elsewhere := courses.exclude(centre=self.centre_id):
            errors["centre"] = _("These courses of another centre use the room: %(courses)s.") % {
                "courses": names_of(elsewhere)
            }
        if errors:
            raise ValidationError(errors)
