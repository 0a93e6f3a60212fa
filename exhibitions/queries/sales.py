"""QuerySets of sales: of which education year they are."""

from django.db.models import Q

from exhibitions.queries.scope import WorkChildQuerySet


class SaleQuerySet(WorkChildQuerySet):
    def of_year(self, year, day):
        """Sales of an education year up to a day, in the order of their days.

        One at an exhibition is of the exhibition's year, any other of the year in which its day lies. Of a
        year that is over by the day, what was sold afterwards counts too.
        """
        rows = self.filter(
            Q(exhibition__year=year)
            | Q(exhibition__year=None, date__gte=year.begin, date__lte=year.end)
        )
        if day < year.end:
            rows = rows.filter(date__lte=day)
        return rows.order_by("date", "pk")
