"""What an education year counts, stored: the pages with its figures count nothing themselves."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import EducationYear


class CountedYear(models.Model):
    """Counts of a year up to a day (`services.figures`); by keys, so that a new name shows at once.

    `totals`: {what: number}, and what is told in steps (`izmek.site.figures.sales_of`), which a row keeps.
    `people`: [neighbourhood, age group, gender, people]. `places`:
    [programme, centre, month of beginning, courses, seats, ended, completed].
    """

    year = models.OneToOneField(
        EducationYear, models.CASCADE, related_name="counted", verbose_name=_("education year")
    )
    through = models.DateField(_("counted up to"))
    counted_at = models.DateTimeField(_("counted at"), default=timezone.now)
    totals = models.JSONField()
    people = models.JSONField()
    places = models.JSONField()

    class Meta:
        verbose_name = _("counted year")
        verbose_name_plural = _("counted years")

    def __str__(self):
        return f"{self.year}, {self.through:%d.%m.%Y}"
