"""QuerySets of education years, terms and holidays."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from courses.enums import DayPart
from courses.queries.scope import ReferenceQuerySet


class OpenPeriodQuerySet(models.QuerySet):
    """For rows with `begin` and `end` dates; both days are included."""

    def on(self, day):
        """Rows whose period includes the day."""
        return self.filter(begin__lte=day, end__gte=day)


class EducationYearQuerySet(OpenPeriodQuerySet, ReferenceQuerySet):
    def current(self, day=None):
        """The education year that includes the day (today), else the last one begun, else None."""
        day = day or timezone.localdate()
        return self.filter(begin__lte=day).order_by("-begin").first()

    def with_courses(self, day):
        """Years in which at least one course had begun by the day, latest first."""
        from courses.models import Course

        held = Course.objects.held_by(day).filter(term__year=OuterRef("pk"))
        return self.filter(Exists(held)).order_by("-begin")


class TermQuerySet(OpenPeriodQuerySet, ReferenceQuerySet):
    pass


def takes_lessons(day, half):
    """The rule: a holiday takes the lessons that begin in this half (a DayPart) of the day."""
    return Q(begin__lte=day, end__gte=day, part__in=(DayPart.WHOLE, half))


class HolidayQuerySet(OpenPeriodQuerySet, ReferenceQuerySet):
    def for_centre(self, centre):
        """Holidays of a centre: general ones and its own."""
        return self.filter(Q(centre=None) | Q(centre=centre))


def in_year(year, path="year", dates=None):
    """A condition: the rows of a year, found at `path`; those without one count by the column `dates`."""
    wanted = Q(**{path: year})
    if year and dates:
        wanted |= Q(**{f"{dates}__gte": year.begin, f"{dates}__lte": year.end})
    return wanted
