"""What is shown: works and their makers, exhibitions, photos, enquiries (DESIGN.md §3)."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from simple_history.models import HistoricalRecords

from courses.models import Course, CourseCentre, EducationYear, Neighbourhood, Teacher
from exhibitions import queries
from exhibitions.enums import (
    AnswerChannel,
    DatePrecision,
    EnquiryKind,
    EnquiryState,
    EnquiryTopic,
    ExhibitionKind,
    ExhibitionState,
    FocalPoint,
    NameForm,
    NoteState,
    PeopleOn,
    Phase,
    SaleStatus,
    WorkState,
)
from izmek.bilingual import in_language
from izmek.codes import new_code
from izmek.fields import AmountField, FoldedField, NameField
from izmek.photos import JPEG_WIDTH, widths
from izmek.slugs import free_slug
from izmek.turkish import date_range, initial, slug
from trainees.models import Trainee

USER = settings.AUTH_USER_MODEL
FORMS = {"sor", "talep", "ask", "request"}  # what follows a work's number besides its title


class Technique(models.Model):
    """A craft (iğne oyası – needle lace); a fresh database holds those of DOMAIN.md §8."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    gloss = models.CharField(_("explanation"), max_length=250, blank=True)
    gloss_en = models.CharField(_("explanation in English"), max_length=250, blank=True)
    slug = models.SlugField(_("address on the site"), max_length=80, unique=True, blank=True)
    folded = FoldedField(source=("name", "name_en"))

    objects = queries.TechniqueQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("technique")
        verbose_name_plural = _("techniques")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.slug = self.slug or slug(self.name)
        super().save(*args, **kwargs)

    @property
    def public_name(self):
        return in_language(self, "name")


class Exhibition(models.Model):
    kind = models.CharField(_("kind"), max_length=10, choices=ExhibitionKind)
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    slug = models.SlugField(
        _("address on the site"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("Ends in the year. Made from the title when left empty."),
    )
    year = models.ForeignKey(
        EducationYear,
        models.PROTECT,
        related_name="exhibitions",
        verbose_name=_("education year"),
        null=True,
        blank=True,
    )
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    venue = models.CharField(_("venue"), max_length=160, blank=True)
    address = models.CharField(_("postal address"), max_length=250, blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        related_name="exhibitions",
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    begin = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    date_precision = models.CharField(
        _("dates are known"),
        max_length=5,
        choices=DatePrecision,
        default=DatePrecision.DAY,
        help_text=_("To the month: visitors read only the month."),
    )
    date_note = models.CharField(
        _("note on the dates"),
        max_length=200,
        blank=True,
        help_text=_("For example where a date is assumed."),
    )
    opens_at = models.TimeField(_("opens daily at"), null=True, blank=True)
    closes_at = models.TimeField(_("closes daily at"), null=True, blank=True)
    opening_at = models.DateTimeField(_("opening ceremony"), null=True, blank=True)
    access = models.TextField(_("accessibility"), blank=True)
    access_en = models.TextField(_("accessibility in English"), blank=True)
    entry = models.CharField(
        _("entry"), max_length=120, blank=True, help_text=_("For example: free of charge")
    )
    entry_en = models.CharField(_("entry in English"), max_length=120, blank=True)
    centres = models.ManyToManyField(
        CourseCentre,
        related_name="exhibitions",
        verbose_name=_("participating centres"),
        blank=True,
    )
    works = models.ManyToManyField("Work", through="Showing", related_name="exhibitions")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ExhibitionState,
        default=ExhibitionState.DRAFT,
        editable=False,
    )
    state_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)
    publish_from = models.DateTimeField(
        _("public from"), null=True, editable=False, help_text=_("Empty: at once.")
    )
    visitor_count = models.PositiveIntegerField(_("visitors"), null=True, blank=True)
    folded = FoldedField(source=("title", "title_en", "venue"))

    objects = queries.ExhibitionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("exhibition")
        verbose_name_plural = _("exhibitions")
        indexes = [models.Index(fields=["state", "begin"], name="exhibition_state_begin")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("begin")),
                name="exhibition_begin_end",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="exhibition_hours",
                violation_error_message=_("It closes before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="exhibition_both_coordinates",
                violation_error_message=_("Give both coordinates or neither."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.slug = self.slug or free_slug(self, self._title_with_year())
        super().save(*args, **kwargs)

    def _title_with_year(self):
        year = str(self.end.year)
        return self.title if self.title.rstrip().endswith(year) else f"{self.title} {year}"

    def get_absolute_url(self):
        return reverse("exhibition", args=[self.slug])

    @property
    def public_title(self):
        return in_language(self, "title")

    @property
    def dates(self):
        """The dates in words, no more exact than they are known."""
        return date_range(self.begin, self.end, precision=self.date_precision)

    @property
    def place(self):
        """Where it is held, in words."""
        if self.venue:
            return self.venue
        return self.get_kind_display() if self.kind == ExhibitionKind.ONLINE else ""

    def is_public(self):
        """Whether everyone may see it at this moment, as `public` selects."""
        return self.state in ExhibitionState.public() and not (
            self.publish_from and self.publish_from > timezone.now()
        )

    def is_open(self, today=None):
        """Whether it can be visited on the day (today), as `open_on` selects them.

        Where only the month is known nobody can say that it is open.
        """
        return (
            self.state == ExhibitionState.PUBLISHED
            and self.date_precision == DatePrecision.DAY
            and self.phase(today) in Phase.visitable()
        )

    def status(self, today=None):
        """How it stands on the day (today): words for its tag, and the tag's kind."""
        if self.state == ExhibitionState.CANCELLED:
            return _("Cancelled"), "last"
        if self.state == ExhibitionState.POSTPONED:
            return _("Postponed"), "last"
        phase = self.phase(today)
        if self.date_precision == DatePrecision.MONTH and phase in Phase.visitable():
            return _("This month"), "soon"
        return phase.label, phase.value

    def phase(self, today=None):
        """Where it stands on the day (today): soon, now, last or past.

        The last fifth, at most a week, counts as last days when it lasts longer than three days.
        """
        today = today or timezone.localdate()
        if today < self.begin:
            return Phase.SOON
        if today > self.end:
            return Phase.PAST
        days = (self.end - self.begin).days + 1
        last = min(7, max(1, days // 5))
        return Phase.LAST if days > 3 and (self.end - today).days < last else Phase.NOW


class ExhibitionDay(models.Model):
    """A day whose hours differ from the daily ones, or on which it is closed."""

    exhibition = models.ForeignKey(
        Exhibition, models.CASCADE, related_name="days", verbose_name=_("exhibition")
    )
    date = models.DateField(_("date"))
    opens_at = models.TimeField(_("opens at"), null=True, blank=True)
    closes_at = models.TimeField(_("closes at"), null=True, blank=True)

    objects = queries.ExhibitionChildQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("day with other hours")
        verbose_name_plural = _("days with other hours")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["exhibition", "date"],
                name="exhibition_day_once",
                violation_error_message=_("This day is in the list already."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="exhibition_day_hours",
                violation_error_message=_("It closes before it opens; leave both empty if closed."),
            ),
        ]

    def __str__(self):
        return f"{self.date:%d.%m.%Y}"

    def clean(self):
        exhibition = self.exhibition
        if not (self.date and exhibition.begin and exhibition.end):
            return
        if not exhibition.begin <= self.date <= exhibition.end:
            raise ValidationError({"date": _("The exhibition does not last to this day.")})

    @property
    def closed(self):
        return self.opens_at is None


class Guest(models.Model):
    """Someone in public office who came to the opening."""

    exhibition = models.ForeignKey(
        Exhibition, models.CASCADE, related_name="guests", verbose_name=_("exhibition")
    )
    name = NameField(_("name"), max_length=160)
    office = models.CharField(_("office"), max_length=160, blank=True)
    office_en = models.CharField(_("office in English"), max_length=160, blank=True)
    spoke = models.BooleanField(_("spoke"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = queries.ExhibitionChildQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name

    @property
    def public_office(self):
        return in_language(self, "office")


class Partner(models.Model):
    """An institution that an exhibition is held together with."""

    exhibition = models.ForeignKey(
        Exhibition, models.CASCADE, related_name="partners", verbose_name=_("exhibition")
    )
    name = models.CharField(_("name"), max_length=160)
    role = models.CharField(_("role"), max_length=160, blank=True)
    role_en = models.CharField(_("role in English"), max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = queries.ExhibitionChildQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name

    @property
    def public_role(self):
        return in_language(self, "role")


class Work(models.Model):
    """An exhibited piece. Centre, year, technique and teacher are filled from the course, if any.

    The number (2023-0142) is given at submission and never used again: it is printed in QR codes.
    """

    number = models.CharField(
        _("inventory number"), max_length=12, unique=True, null=True, editable=False
    )
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
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
    materials = models.CharField(_("materials"), max_length=200, blank=True)
    materials_en = models.CharField(_("materials in English"), max_length=200, blank=True)
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
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
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

    objects = queries.WorkQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded", "reference"])

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")
        indexes = [models.Index(fields=["state", "year"], name="work_state_year")]
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
        return reverse("work", args=[self.number, self.slug]) if self.number else ""

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
    def size(self):
        """The measures in centimetres ("180 × 220 cm"), or nothing."""
        sides = [
            f"{side.normalize():f}".replace(".", "," if get_language() != "en" else ".")
            for side in (self.width, self.height, self.depth)
            if side is not None
        ]
        return f"{' × '.join(sides)} cm" if sides else ""


class Maker(models.Model):
    """Who made a work: a trainee, a teacher, or a group by name; `form` is the maker's wish."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="makers", verbose_name=_("work"))
    trainee = models.ForeignKey(
        Trainee,
        models.PROTECT,
        related_name="made",
        verbose_name=_("trainee"),
        null=True,
        blank=True,
    )
    teacher = models.ForeignKey(
        Teacher,
        models.PROTECT,
        related_name="made",
        verbose_name=_("teacher"),
        null=True,
        blank=True,
    )
    group_name = models.CharField(
        _("group"),
        max_length=120,
        blank=True,
        help_text=_("A class or a group, never a person's name."),
    )
    form = models.CharField(
        _("wishes to be named"), max_length=5, choices=NameForm, default=NameForm.SHORT
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    group_folded = FoldedField(source=("group_name",))

    objects = queries.MakerQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["group_folded"])

    class Meta:
        verbose_name = _("maker")
        verbose_name_plural = _("makers")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(trainee__isnull=False, teacher=None, group_name="")
                | Q(trainee=None, teacher__isnull=False, group_name="")
                | (Q(trainee=None, teacher=None) & ~Q(group_name="")),
                name="maker_is_one",
                violation_error_message=_("Choose a trainee or a teacher, or write a group."),
            ),
            models.UniqueConstraint(fields=["work", "trainee"], name="maker_trainee_once"),
            models.UniqueConstraint(fields=["work", "teacher"], name="maker_teacher_once"),
        ]

    def __str__(self):
        return self.group_name or str(self.trainee or self.teacher)

    @property
    def public_name(self):
        """The name as the surface of `with_public_names()` may print it; '' when unnamed."""
        if self.group_name:
            return self.group_name
        person = self.trainee or self.teacher
        if self.shows == NameForm.FULL:
            return str(person)
        if self.shows == NameForm.SHORT:
            return f"{person.first_name} {initial(person.last_name)}"
        return ""


class Showing(models.Model):
    """A work in an exhibition: its place there, its approval, and when it came and went."""

    exhibition = models.ForeignKey(
        Exhibition, models.CASCADE, related_name="showings", verbose_name=_("exhibition")
    )
    work = models.ForeignKey(Work, models.PROTECT, related_name="showings", verbose_name=_("work"))
    order = models.PositiveIntegerField(_("order"), default=0)
    place = models.CharField(
        _("place in the hall"), max_length=80, blank=True, help_text=_("For example: table 3")
    )
    highlight = models.BooleanField(_("highlight"), default=False)
    handed_in = models.DateField(_("handed in on"), null=True, blank=True)
    given_back = models.DateField(_("given back on"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        USER, models.SET_NULL, null=True, editable=False, verbose_name=_("approved by")
    )

    objects = queries.ShowingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("exhibited work")
        verbose_name_plural = _("exhibited works")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exhibition", "work"],
                name="showing_once",
                violation_error_message=_("The work is in this exhibition already."),
            ),
            models.CheckConstraint(
                condition=Q(handed_in=None)
                | Q(given_back=None)
                | Q(given_back__gte=F("handed_in")),
                name="showing_given_back_after",
                violation_error_message=_("Given back before it was handed in."),
            ),
        ]

    def __str__(self):
        return f"{self.work} – {self.exhibition}"


class Photo(models.Model):
    """A photo of a work, an exhibition or a centre, kept in private storage under a random id.

    Its files lie under `photos/<id>/`: a master and the sizes that `izmek.photos` derives from it,
    all written before the row. The upload itself is not kept, nor anything the camera noted in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    work = models.ForeignKey(
        Work,
        models.CASCADE,
        related_name="photos",
        verbose_name=_("work"),
        null=True,
        blank=True,
    )
    exhibition = models.ForeignKey(
        Exhibition,
        models.CASCADE,
        related_name="photos",
        verbose_name=_("exhibition"),
        null=True,
        blank=True,
    )
    centre = models.ForeignKey(
        CourseCentre,
        models.CASCADE,
        related_name="photos",
        verbose_name=_("course centre"),
        null=True,
        blank=True,
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    alt = models.CharField(
        _("description"),
        max_length=250,
        blank=True,
        help_text=_(
            "For people who do not see it: what it is, technique, colours, arrangement, one detail."
        ),
    )
    alt_en = models.CharField(_("description in English"), max_length=250, blank=True)
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("Needs no description; another photo of the work is described."),
    )
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    caption_en = models.CharField(_("caption in English"), max_length=200, blank=True)
    credit = models.CharField(_("credit"), max_length=120, blank=True)
    focal_point = models.CharField(
        _("focal point"),
        max_length=2,
        choices=FocalPoint,
        default=FocalPoint.CENTRE,
        help_text=_("The part that a crop keeps."),
    )
    people = models.CharField(
        _("who can be recognised"), max_length=10, choices=PeopleOn, default=PeopleOn.NOBODY
    )
    trainees = models.ManyToManyField(
        Trainee, through="PhotoPerson", related_name="photos", blank=True
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    created_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    objects = queries.PhotoQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["order", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(work__isnull=False, exhibition=None, centre=None)
                | Q(work=None, exhibition__isnull=False, centre=None)
                | Q(work=None, exhibition=None, centre__isnull=False),
                name="photo_of_one",
            ),
            models.CheckConstraint(
                condition=Q(decorative=False) | Q(alt="", alt_en=""),
                name="photo_decorative_or_described",
                violation_error_message=_("A decorative photo has no description."),
            ),
        ]

    def __str__(self):
        return self.alt or str(_("photo without a description"))

    @property
    def folder(self):
        """Where its files lie in the storage."""
        return f"photos/{self.id.hex}"

    def url(self, name):
        """The address of one of its files (`izmek.photos.rendition_names`)."""
        return reverse("photo", args=[self.id.hex, name])

    def _srcset(self, extension):
        return ", ".join(
            f"{self.url(f'{width}.{extension}')} {width}w" for width in widths(self.width)
        )

    @property
    def srcset_avif(self):
        return self._srcset("avif")

    @property
    def srcset_webp(self):
        return self._srcset("webp")

    @property
    def jpeg_url(self):
        return self.url(f"{min(JPEG_WIDTH, self.width)}.jpg")

    @property
    def large_url(self):
        """The largest size that the public gets."""
        return self.url(f"{max(widths(self.width))}.webp")

    @property
    def share_url(self):
        """The card that messengers and social networks show."""
        return self.url("share.jpg")

    @property
    def focal_class(self):
        return f"focal-{self.focal_point}"

    @property
    def alt_text(self):
        return "" if self.decorative else in_language(self, "alt")


class PhotoPerson(models.Model):
    """A trainee who can be recognised on a photo."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="persons")
    trainee = models.ForeignKey(
        Trainee, models.CASCADE, related_name="photographed", verbose_name=_("trainee")
    )

    class Meta:
        verbose_name = _("trainee on the photo")
        verbose_name_plural = _("trainees on the photo")
        constraints = [
            models.UniqueConstraint(fields=["photo", "trainee"], name="photo_person_once")
        ]

    def __str__(self):
        return str(self.trainee)


def privacy_deadline():
    """A request about personal data is answered within 30 days (DOMAIN.md §5)."""
    return timezone.localdate() + timedelta(days=30)


class Enquiry(models.Model):
    """What someone writes to us: a question, a request about personal data, a feedback.

    It is answered by the officers of `centre`: at first the one that its work comes from.
    """

    kind = models.CharField(
        _("kind"), max_length=10, choices=EnquiryKind, default=EnquiryKind.QUESTION
    )
    topic = models.CharField(_("chosen subject"), max_length=12, choices=EnquiryTopic, blank=True)
    work = models.ForeignKey(
        Work,
        models.SET_NULL,
        related_name="enquiries",
        verbose_name=_("work"),
        null=True,
        blank=True,
    )
    exhibition = models.ForeignKey(
        Exhibition,
        models.SET_NULL,
        related_name="enquiries",
        verbose_name=_("exhibition"),
        null=True,
        blank=True,
    )
    centre = models.ForeignKey(
        CourseCentre,
        models.SET_NULL,
        related_name="enquiries",
        verbose_name=_("course centre"),
        null=True,
        blank=True,
    )
    name = NameField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    message = models.TextField(_("message"))
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="tr"
    )
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, null=True, editable=False
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    answer_by = models.DateField(_("answer by"), default=privacy_deadline, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=EnquiryState,
        default=EnquiryState.NEW,
        editable=False,
    )
    state_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)
    channel = models.CharField(
        _("way of the answer"), max_length=5, choices=AnswerChannel, blank=True, editable=False
    )
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        USER, models.SET_NULL, null=True, editable=False, verbose_name=_("answered by")
    )

    objects = queries.EnquiryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="enquiry_can_be_answered",
                violation_error_message=_("Give an e-mail address or a phone number."),
            )
        ]

    def __str__(self):
        return f"{self.name}, {timezone.localtime(self.received_at):%d.%m.%Y}"

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.reference = self.reference or new_code()
            if self.centre_id is None and self.work is not None:
                self.centre = self.work.centre
        super().save(*args, **kwargs)

    @property
    def about(self):
        """The work or the exhibition that it is about, or None."""
        return self.work or self.exhibition

    @property
    def has_deadline(self):
        """Whether the law gives a day until which it is answered, and it still waits."""
        return self.kind == EnquiryKind.PRIVACY and self.state == EnquiryState.NEW

    def is_overdue(self, today=None):
        """Whether that day is over (today), as `overdue` selects them."""
        return self.has_deadline and self.answer_by < (today or timezone.localdate())


class VisitorNote(models.Model):
    """A line in an exhibition's visitor book; shown after it was read by the curator."""

    exhibition = models.ForeignKey(
        Exhibition, models.CASCADE, related_name="notes", verbose_name=_("exhibition")
    )
    name = NameField(_("name"), max_length=80, blank=True)
    text = models.TextField(_("text"), max_length=1000)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="tr"
    )
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, null=True, editable=False
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=NoteState,
        default=NoteState.WAITING,
        editable=False,
    )

    objects = queries.VisitorNoteQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("visitor's note")
        verbose_name_plural = _("visitor book")
        ordering = ["-written_at"]

    def __str__(self):
        return self.text[:60]
