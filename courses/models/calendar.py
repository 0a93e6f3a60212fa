"""Education years with their rules, terms, holidays."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.enums import DayPart
from courses.models.no_overlap import refuse_overlap
from courses.models.places import CourseCentre, names_of
from courses.queries.calendar import EducationYearQuerySet, HolidayQuerySet, TermQuerySet
from izmek.text.lines import LineField, ProseField
from izmek.text.placeholders import KnownPlaces

# What a sentence of a paper may tell of its course (`trainees/papers/record.py` fills it in).
OF_COURSE = ("program", "merkez", "kurs_no", "ogretmen", "baslangic", "bitis")
OF_OUTCOME = ("toplam", "tamamlayan", "transkript", "basarisiz", "devamsiz")
PLACES = KnownPlaces(*OF_OUTCOME, *OF_COURSE)


def begin_before_end(name):
    """Validation: a row's `end` is not before its `begin`."""
    return models.CheckConstraint(
        condition=Q(end__gte=F("begin")),
        name=name,
        violation_error_message=_("The end is before the beginning."),
    )


def check_terms_do_not_overlap(terms):
    """Raise Refusal when two terms of a year overlap: a day belongs to one term at most."""
    refuse_overlap(
        terms,
        _("“%(row)s” overlaps another term of the year: “%(other)s”."),
        begin=lambda term: term.begin,
        end=lambda term: term.end + timedelta(days=1),  # the last day is part of the term
    )


class EducationYear(models.Model):
    """A school year with its rules: all numbers marked [C] or [O] in DOMAIN.md §3 are here.

    So are the words of its papers. The next year begins with what the last one has (`propose_year`).
    """

    name = LineField(_("name"), max_length=9, unique=True, help_text=_("As in 2022-2023."))
    begin = models.DateField(_("begins on"))
    end = models.DateField(_("ends on"))
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark"), default=50, validators=[MaxValueValidator(100)]
    )
    absence_limit_numerator = models.PositiveSmallIntegerField(
        _("absence limit: numerator"),
        default=1,
        help_text=_("Limit as a fraction of the total lesson hours: 1/5. More than that fails."),
    )
    absence_limit_denominator = models.PositiveSmallIntegerField(
        _("absence limit: denominator"), default=5, validators=[MinValueValidator(1)]
    )
    count_before_joining = models.BooleanField(
        _("sessions before joining count as absent"), default=False
    )
    minimum_group = models.PositiveSmallIntegerField(_("smallest group"), default=12)
    max_courses = models.PositiveSmallIntegerField(_("courses at a time"), default=2)
    drop_bars_next_term = models.BooleanField(
        _("who is dropped for absence gets no seat in the next term"), default=True
    )
    offer_hours = models.PositiveSmallIntegerField(_("hours an offer stands"), default=48)
    confirm_days = models.PositiveSmallIntegerField(
        _("days in which an application is confirmed"),
        default=7,
        help_text=_("After them an application that nobody has confirmed lapses."),
    )
    teacher_daily_hours = models.PositiveSmallIntegerField(
        _("paid instructor: lesson hours a day"), default=8
    )
    teacher_weekly_hours = models.PositiveSmallIntegerField(
        _("paid instructor: lesson hours a week"), default=40
    )
    lesson_minutes = models.PositiveSmallIntegerField(_("minutes of a lesson hour"), default=40)

    # The words of the papers of a course that HEM expects (DOMAIN.md §3): its forms change.
    sign_in_title = LineField(
        _("title: sign-in sheet"), max_length=80, default="Kursiyer imza listesi"
    )
    roll_title = LineField(_("title: monthly roll"), max_length=80, default="Yoklama çizelgesi")
    marks_title = LineField(
        _("title: list of marks"), max_length=80, default="Not çizelgesi (EK-10)"
    )
    exam_title = LineField(_("title: exam record"), max_length=80, default="Sınav tutanağı")
    outcome_title = LineField(
        _("title: outcome list"), max_length=80, default="Kursiyer karar durumu"
    )
    class_title = LineField(_("title: class list"), max_length=80, default="Sınıf listesi")
    exam_sentence = ProseField(
        _("sentence of the exam record"),
        blank=True,
        max_length=600,
        validators=[PLACES],
        default=(
            "Yapılan sınavda {toplam} kursiyerden {tamamlayan} kişi modüllerin tümünde, {transkript} "
            "kişi bir kısmında başarılı olmuş; {basarisiz} kişi başarısız sayılmış, {devamsiz} kişi "
            "devamsızlık nedeniyle değerlendirmeye alınmamıştır."
        ),
    )
    outcome_sentence = ProseField(
        _("closing sentence of the outcome list"),
        blank=True,
        max_length=600,
        validators=[PLACES],
        default=(
            "Yukarıda adı yazılı {toplam} kursiyerden {tamamlayan} kişi kursu tamamlamış, {transkript} "
            "kişi modüllerin bir kısmını başarmış, {basarisiz} kişi başarısız olmuş, {devamsiz} kişi "
            "devamsızlıktan kalmıştır."
        ),
        help_text=_(
            "In curly brackets, filled in when it is printed: toplam, tamamlayan, transkript, basarisiz, "
            "devamsiz (numbers of people); program, merkez, kurs_no, ogretmen, baslangic, bitis."
        ),
    )
    teacher_signs = LineField(
        _("signature line: teacher"), max_length=80, blank=True, default="Kurs öğretmeni"
    )
    centre_signs = LineField(
        _("signature line: course centre"),
        max_length=80,
        blank=True,
        default="Kurs merkezi sorumlusu",
    )
    hem_signs = LineField(
        _("signature line: HEM"),
        max_length=80,
        blank=True,
        default="Halk Eğitimi Merkezi Müdürü",
        help_text=_("An empty signature line is left out."),
    )

    objects = EducationYearQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("education year")
        verbose_name_plural = _("education years")
        ordering = ["-begin"]
        constraints = [
            begin_before_end("year_begin_end"),
            models.CheckConstraint(
                condition=Q(
                    absence_limit_denominator__gte=1,
                    absence_limit_numerator__lte=F("absence_limit_denominator"),
                ),
                name="year_absence_limit",
                violation_error_message=_("The limit is a fraction between 0 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(pass_mark__lte=100),
                name="year_pass_mark",
                violation_error_message=_("Marks go from 0 to 100."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if not (self.pk and self.begin and self.end):
            return
        from courses.models import Course

        later = Course.objects.not_cancelled().filter(term__year=self, end__gt=self.end)
        if later:
            raise ValidationError(
                {
                    "end": _("These courses would lie outside: %(courses)s.")
                    % {"courses": names_of(later.select_related("programme", "centre"))}
                }
            )

    def most_lesson_hours(self, begin, end):
        """The most lesson hours that fit between two times of a day; a started hour counts."""
        minutes = (end.hour - begin.hour) * 60 + end.minute - begin.minute
        return -(-minutes // max(1, self.lesson_minutes))


class Term(models.Model):
    """A part of an education year; a course belongs to one term and begins in it."""

    year = models.ForeignKey(
        EducationYear, models.PROTECT, related_name="terms", verbose_name=_("education year")
    )
    name = LineField(_("name"), max_length=40)
    begin = models.DateField(_("begins on"))
    end = models.DateField(_("ends on"))

    objects = TermQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["-begin"]
        constraints = [
            begin_before_end("term_begin_end"),
            models.UniqueConstraint(fields=["year", "name"], name="term_once"),
        ]

    def __str__(self):
        return f"{self.year} {self.name}"

    def clean(self):
        if not (self.year_id and self.begin and self.end):
            return
        if self.begin < self.year.begin or self.end > self.year.end:
            raise ValidationError({"begin": _("The term lies outside its education year.")})
        if not self.pk:
            return
        courses = self.courses.not_cancelled().select_related("programme", "centre")
        for field, outside in (
            ("begin", courses.filter(begin__lt=self.begin)),
            ("end", courses.filter(begin__gt=self.end)),
            ("year", courses.filter(end__gt=self.year.end)),
        ):
            if outside:
                raise ValidationError(
                    {
                        field: _("These courses would lie outside: %(courses)s.")
                        % {"courses": names_of(outside)}
                    }
                )


class Holiday(models.Model):
    """Days without lessons, everywhere or at one centre; half days are possible."""

    name = LineField(_("name"), max_length=120)
    begin = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    part = models.CharField(
        _("part of the day"), max_length=10, choices=DayPart, default=DayPart.WHOLE
    )
    centre = models.ForeignKey(
        CourseCentre,
        models.CASCADE,
        related_name="holidays",
        verbose_name=_("course centre"),
        null=True,
        blank=True,
        help_text=_("Empty: everywhere."),
    )

    objects = HolidayQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["-begin"]
        # Long lists of lessons ask it for each of them: what is over by its day is not looked at.
        indexes = [models.Index(fields=["end", "begin", "centre", "part"], name="holiday_end")]
        constraints = [begin_before_end("holiday_begin_end")]

    def __str__(self):
        return self.name
