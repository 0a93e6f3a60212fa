"""Works and techniques."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import Course, CourseCentre, EducationYear, Teacher
from exhibitions.enums import SaleStatus, WorkState
from exhibitions.queries.works import TechniqueQuerySet, WorkQuerySet
from izmek.public.addresses import address
from izmek.public.slugs import free_slug
from izmek.text.amounts import AmountField
from izmek.text.fields import FoldedField
from izmek.text.fold import slug
from izmek.text.languages import capital, in_language
from izmek.text.lines import LineField, ProseField
from izmek.text.trigrams import TrigramIndex

FORMS = {"sor", "talep", "ask", "request"}  # what follows a work's number besides its title


class Technique(models.Model):
    """A craft (iğne oyası – needle lace); a fresh database holds those of DOMAIN.md §8."""

    name = LineField(_("name"), max_length=80, unique=True)
    name_en = LineField(_("name in English"), max_length=80, blank=True)
    gloss = LineField(_("explanation"), max_length=250, blank=True)
    gloss_en = LineField(_("explanation in English"), max_length=250, blank=True)
    slug = models.SlugField(_("address on the site"), max_length=80, unique=True, blank=True)
    folded = FoldedField(source=("name", "name_en"))

    objects = TechniqueQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("technique")
        verbose_name_plural = _("techniques")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.slug = self.slug or free_slug(self, self.name)
        super().save(*args, **kwargs)

    @property
    def public_name(self):
        return in_language(self, "name")


class Work(models.Model):
    """An exhibited piece. Centre, year, technique and teacher are filled from the course, if any.

    The number (2023-0142) is given at submission and never used again: it is printed in QR codes.
    """

    number = models.CharField(
        _("inventory number"), max_length=12, unique=True, null=True, editable=False
    )
    title = LineField(_("title"), max_length=160)
    title_en = LineField(_("title in English"), max_length=160, blank=True)
    course = models.ForeignKey(
        Course,
        models.PROTECT,
        related_name="works",
        verbose_name=_("course"),
        null=True,
        blank=True,
    )
    centre = models.ForeignKey(
        CourseCentre,
        models.PROTECT,
        related_name="works",
        verbose_name=_("course centre"),
        blank=True,
        help_text=_("Taken from the course when left empty."),
    )
    year = models.ForeignKey(
        EducationYear,
        models.PROTECT,
        related_name="works",
        verbose_name=_("education year"),
        blank=True,
        help_text=_("Taken from the course when left empty."),
    )
    technique = models.ForeignKey(
        Technique,
        models.PROTECT,
        related_name="works",
        verbose_name=_("technique"),
        blank=True,
        help_text=_("Taken from the course's programme when left empty and of the same name."),
    )
    teacher = models.ForeignKey(
        Teacher,
        models.PROTECT,
        related_name="works_taught",
        verbose_name=_("teacher"),
        null=True,
        blank=True,
        help_text=_("Taken from the course when left empty: who teaches it on that day."),
    )
    materials = LineField(_("materials"), max_length=200, blank=True)
    materials_en = LineField(_("materials in English"), max_length=200, blank=True)
    width = models.DecimalField(
        _("width (cm)"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.1)],
    )
    height = models.DecimalField(
        _("height (cm)"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.1)],
    )
    depth = models.DecimalField(
        _("depth (cm)"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.1)],
    )
    text = ProseField(_("text"), blank=True)
    text_en = ProseField(_("text in English"), blank=True)
    sale_status = models.CharField(
        _("sale"), max_length=12, choices=SaleStatus, default=SaleStatus.NOT_FOR_SALE
    )
    price = AmountField(
        _("price (TL)"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    state = models.CharField(
        _("state"), max_length=10, choices=WorkState, default=WorkState.DRAFT, editable=False
    )
    state_note = models.CharField(_("curator's note"), max_length=500, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    reference = models.CharField(  # of the form that made it, so that one sent twice is one work
        _("reference"), max_length=20, unique=True, null=True, editable=False
    )
    folded = FoldedField(source=("title", "title_en", "materials", "materials_en"))

    objects = WorkQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded", "reference"])

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")
        indexes = [
            models.Index(fields=["state", "year"], name="work_state_year"),
            TrigramIndex(fields=["folded"], name="work_folded_trgm"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=False)
                | Q(state__in=[WorkState.DRAFT, WorkState.WITHDRAWN]),
                name="work_submitted_has_number",
            ),
            models.CheckConstraint(
                condition=Q(price=None) | ~Q(sale_status=SaleStatus.NOT_FOR_SALE),
                name="work_price_when_for_sale",
                violation_error_message=_("A work that is not for sale has no price."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})" if self.number else self.title

    def clean(self):
        self.fill_from_course()
        missing = {
            name: _("Choose one, or choose a course that tells it.")
            for name in ("centre", "year", "technique")
            if getattr(self, f"{name}_id") is None
        }
        if missing:
            raise ValidationError(missing)

    def fill_from_course(self):
        """Take centre, education year, technique and teacher from the course where they are empty."""
        if self.course is None:
            return
        if self.centre_id is None:
            self.centre = self.course.centre
        if self.year_id is None:
            self.year = self.course.term.year
        if self.technique_id is None:
            self.technique = Technique.objects.filter(name=self.course.programme.name).first()
        if self.teacher_id is None:
            day = min(timezone.localdate(), self.course.end)
            taught = Course.objects.with_teacher_on(day).filter(pk=self.course_id)
            self.teacher_id = taught.values_list("teacher_now_id", flat=True).get()

    def get_absolute_url(self):
        """The public address; a work without a number has none."""
        return address("work", self.number, self.slug) if self.number else ""

    @property
    def slug(self):
        """The decorative part of the address; never one that leads to a form about the work."""
        text = slug(self.title) or "eser"
        return f"eser-{text}" if text in FORMS else text

    @property
    def public_title(self):
        return in_language(self, "title")

    @property
    def public_materials(self):
        return in_language(self, "materials")

    @property
    def public_price(self):
        """What is asked for it, as pages and papers tell; None once it is not to be had.

        Beside the maker's name the price of a sold work would be somebody's income.
        """
        return self.price if self.sale_status in SaleStatus.to_be_had() else None

    @property
    def sold_tag(self):
        """What its card says of its sale: that it is sold, or ""."""
        return (
            capital(self.get_sale_status_display()) if self.sale_status == SaleStatus.SOLD else ""
        )

    @property
    def size(self):
        """The measures in centimetres ("180 × 220 cm"), or nothing."""
        sides = [
            f"{side.normalize():f}".replace(".", "," if get_language() != "en" else ".")
            for side in (self.width, self.height, self.depth)
            if side is not None
        ]
        return f"{' × '.join(sides)} cm" if sides else ""
