"""Fields of study, programmes, modules."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.enums import Education
from courses.queries.scope import ReferenceQuerySet
from izmek.text.fields import FoldedField
from izmek.text.languages import in_language
from izmek.text.lines import LineField, ProseField


class Field(models.Model):
    """A field of study (alan), for example El Sanatları Teknolojisi."""

    name = LineField(_("name"), max_length=120, unique=True)
    folded = FoldedField(source=("name",))

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("field of study")
        verbose_name_plural = _("fields of study")

    def __str__(self):
        return self.name


class Programme(models.Model):
    """What is taught: the branch and its requirements (DOMAIN.md §2)."""

    field = models.ForeignKey(
        Field, models.PROTECT, related_name="programmes", verbose_name=_("field of study")
    )
    name = LineField(_("name"), max_length=160)
    name_en = LineField(_("name in English"), max_length=160, blank=True)
    total_hours = models.PositiveSmallIntegerField(
        _("total lesson hours"),
        validators=[MinValueValidator(1), MaxValueValidator(2000)],
        help_text=_("Lesson hours, not clock hours."),
    )
    module_based = models.BooleanField(
        _("with marked modules"),
        default=True,
        help_text=_(
            "Off: no marks; attendance alone earns the municipality's certificate of participation."
        ),
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"), default=16, validators=[MaxValueValidator(99)]
    )
    minimum_education = models.CharField(
        _("minimum education"), max_length=1, choices=Education, default=Education.NONE
    )
    text = ProseField(_("text"), blank=True)
    text_en = ProseField(_("text in English"), blank=True)
    bring = ProseField(_("what to bring"), blank=True)
    bring_en = ProseField(_("what to bring, in English"), blank=True)
    in_use = models.BooleanField(_("in use"), default=True)
    folded = FoldedField(source=("name", "name_en"))

    objects = ReferenceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.UniqueConstraint(
                fields=["field", "name"],
                name="programme_once",
                violation_error_message=_("This field has a programme of that name."),
            ),
            models.CheckConstraint(
                condition=Q(total_hours__gte=1), name="programme_hours_positive"
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Whether there are marks stays as it is while courses of the programme run."""
        known = Programme.objects.filter(pk=self.pk).exclude(module_based=self.module_based)
        if known.exists() and (courses := self.courses.booking().select_related("centre")):
            raise ValidationError(
                {
                    "module_based": _("These courses run with the present rule: %(courses)s.")
                    % {"courses": "; ".join(str(course) for course in courses)}
                }
            )

    @property
    def public_name(self):
        """The name in the language of the page; Turkish if there is no English name."""
        return in_language(self, "name")


class Module(models.Model):
    """A part of a programme with its own lesson hours and mark."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="modules", verbose_name=_("programme")
    )
    name = LineField(_("name"), max_length=160)
    hours = models.PositiveSmallIntegerField(_("lesson hours"), validators=[MinValueValidator(1)])
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="module_once",
                violation_error_message=_("This programme has a module of that name."),
            )
        ]

    def __str__(self):
        return self.name
