"""Exhibitions with their days, guests and partners."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import CourseCentre, EducationYear, Neighbourhood
from exhibitions.enums import DatePrecision, ExhibitionKind, ExhibitionState, Phase
from exhibitions.queries.exhibitions import ExhibitionQuerySet, open_on, public_at
from exhibitions.queries.scope import ExhibitionChildQuerySet
from izmek.acts.rules import holds
from izmek.public.addresses import address
from izmek.public.slugs import free_slug
from izmek.text.clock import EndField
from izmek.text.dates import date_range
from izmek.text.fields import FoldedField
from izmek.text.languages import in_language
from izmek.text.lines import LineField, ProseField
from izmek.text.names import NameField


class Exhibition(models.Model):
    kind = models.CharField(_("kind"), max_length=10, choices=ExhibitionKind)
    title = LineField(_("title"), max_length=160)
    title_en = LineField(_("title in English"), max_length=160, blank=True)
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
    text = ProseField(_("text"), blank=True)
    text_en = ProseField(_("text in English"), blank=True)
    venue = LineField(_("venue"), max_length=160, blank=True)
    address = LineField(_("postal address"), max_length=250, blank=True)
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
    date_note = LineField(
        _("note on the dates"),
        max_length=200,
        blank=True,
        help_text=_("For example where a date is assumed."),
    )
    opens_at = models.TimeField(_("opens daily at"), null=True, blank=True)
    closes_at = EndField(_("closes daily at"), null=True, blank=True)
    opening_at = models.DateTimeField(_("opening ceremony"), null=True, blank=True)
    access = ProseField(_("accessibility"), blank=True)
    access_en = ProseField(_("accessibility in English"), blank=True)
    entry = LineField(
        _("entry"), max_length=120, blank=True, help_text=_("For example: free of charge")
    )
    entry_en = LineField(_("entry in English"), max_length=120, blank=True)
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

    objects = ExhibitionQuerySet.as_manager()
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
        self.slug = self.slug or free_slug(self, self.title, ending=str(self.end.year))
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return address("exhibition", self.slug)

    @property
    def public_title(self):
        return in_language(self, "title")

    @property
    def dates(self):
        """The dates in words, no more exact than they are known."""
        return date_range(self.begin, self.end, precision=self.date_precision)

    @property
    def opening_hours(self):
        """When its doors are open, as lines in words: the usual hours, then each day that differs.

        "Daily" is said only where it is true: on several days, all of them alike.
        """
        others = [day for day in self.days.all() if self.begin <= day.date <= self.end]
        lines = []
        if self.opens_at and self.closes_at and len(others) <= (self.end - self.begin).days:
            usual = f"{time_format(self.opens_at)}–{time_format(self.closes_at)}"
            alike = self.begin < self.end and not others
            lines.append(_("Daily %(hours)s") % {"hours": usual} if alike else usual)
        return lines + [
            f"{format_date(day.date, 'LONG_DAY_FORMAT')}: {day.hours}" for day in others
        ]

    @property
    def place(self):
        """Where it is held, in words."""
        if self.venue:
            return self.venue
        return self.get_kind_display() if self.kind == ExhibitionKind.ONLINE else ""

    def is_public(self):
        """Whether everyone may see it at this moment (`public_at`)."""
        return holds(public_at(timezone.now()), self)

    def is_open(self, today=None):
        """Whether it can be visited on the day (today; `open_on`)."""
        return holds(open_on(today or timezone.localdate()), self)

    def is_moved(self):
        """Whether it was postponed and is announced again; the reason is still in `state_reason`."""
        return self.state == ExhibitionState.PUBLISHED and bool(self.state_reason)

    def status(self, today=None):
        """How it stands on the day (today): words for its tag, and the tag's kind."""
        if self.state == ExhibitionState.CANCELLED:
            return _("Cancelled"), "last"
        if self.state == ExhibitionState.POSTPONED:
            return _("Postponed"), "last"
        phase = self.phase(today)
        if phase in Phase.visitable() and self.is_closed_on(today or timezone.localdate()):
            return _("Closed today"), "soon"
        if self.date_precision == DatePrecision.MONTH and phase in Phase.visitable():
            return _("This month"), "soon"
        return phase.label, phase.value

    def is_closed_on(self, day):
        """Whether a day within its dates is one on which nobody comes in."""
        return any(other.date == day and other.closed for other in self.days.all())

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
    closes_at = EndField(_("closes at"), null=True, blank=True)

    objects = ExhibitionChildQuerySet.as_manager()
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
                # `closes_at > opens_at` alone is neither true nor false where one of them is missing.
                condition=Q(opens_at=None, closes_at=None)
                | Q(opens_at__isnull=False, closes_at__isnull=False, closes_at__gt=F("opens_at")),
                name="exhibition_day_hours",
                violation_error_message=_("It closes before it opens; leave both empty if closed."),
            ),
        ]

    def __str__(self):
        return f"{self.date:%d.%m.%Y}"

    def clean(self):
        if (self.opens_at is None) != (self.closes_at is None):
            missing = "opens_at" if self.opens_at is None else "closes_at"
            raise ValidationError({missing: _("Give both hours; leave both empty if closed.")})
        exhibition = self.exhibition
        if not (self.date and exhibition.begin and exhibition.end):
            return
        if not exhibition.begin <= self.date <= exhibition.end:
            raise ValidationError({"date": _("The exhibition does not last to this day.")})

    @property
    def closed(self):
        return self.opens_at is None

    @property
    def hours(self):
        """Its hours in words."""
        if self.closed:
            return _("closed all day")
        return f"{time_format(self.opens_at)}–{time_format(self.closes_at)}"


class Guest(models.Model):
    """Someone in public office who came to the opening."""

    exhibition = models.ForeignKey(
        Exhibition, models.CASCADE, related_name="guests", verbose_name=_("exhibition")
    )
    name = NameField(_("name"), max_length=160)
    office = LineField(_("office"), max_length=160, blank=True)
    office_en = LineField(_("office in English"), max_length=160, blank=True)
    spoke = models.BooleanField(_("spoke"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ExhibitionChildQuerySet.as_manager()
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
    name = LineField(_("name"), max_length=160)
    role = LineField(_("role"), max_length=160, blank=True)
    role_en = LineField(_("role in English"), max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ExhibitionChildQuerySet.as_manager()
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
