"""QuerySets of sales: of which education year they are."""

from django.db.models import Exists, OuterRef, Q

from courses.models import EducationYear
from exhibitions.queries.scope import WorkChildQuerySet


class SaleQuerySet(WorkChildQuerySet):
    def of_year(self, year, day):
        """Sales of an education year up to a day.

        One at an exhibition is of the exhibition's year, any other of the year in which its day lies, and
        between two years of the work's. Of a year that is over by the day, what was sold afterwards
        counts too.
        """
        in_a_year = EducationYear.objects.filter(
            begin__lte=OuterRef("date"), end__gte=OuterRef("date")
        )
        rows = self.filter(
            Q(exhibition__year=year)
            | Q(exhibition__year=None, date__gte=year.begin, date__lte=year.end)
            | Q(~Exists(in_a_year), exhibition__year=None, work__year=year)
        )
        return rows if day >= year.end else rows.filter(date__lte=day)
