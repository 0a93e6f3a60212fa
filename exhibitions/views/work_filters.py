"""The filters of works: what may be chosen, what each choice leads to, and the works that fit.

The database counts; nothing here reads a work. So the cost is the same for ten works and for two
thousand: two queries, one for what was chosen and one for what can be.
"""

from django.db.models import Count, F, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exhibitions.enums import SaleStatus
from exhibitions.queries.makers import named_teachers
from izmek.public.facets import Facet, Filters, Option
from izmek.text.search import first_words, typed

NOTHING = Value("", output_field=TextField())


class WorkFacet(Facet):
    """A question about works.

    `value`, `name`, `name_en`: expressions over works. `where`: the works that have an answer.
    """

    def __init__(self, key, label, value, name, name_en=NOTHING, where=None, newest=False):
        super().__init__(key, label, newest=newest)
        self.value, self.name, self.name_en = value, name, name_en
        self.where = Q() if where is None else where

    def of(self, works):
        """Rows (facet, value, name, name_en, n): how many of the works give which answer."""
        return (
            works.filter(self.where)
            .order_by()
            .values(
                facet=Value(self.key, output_field=TextField()),
                answer=self.value,
                name=self.name,
                name_en=self.name_en,
            )
            .annotate(n=Count("pk"))
        )

    def answered(self, works, value):
        """The works that give this answer."""
        return works.filter(self.where).alias(answer=self.value).filter(answer=value)


def _option(row):
    english = get_language() == "en" and row["name_en"]
    lang = "" if english or get_language() == "tr" else "tr"
    return Option(row["answer"], row["name_en"] if english else row["name"], row["n"], lang)


def technique():
    return WorkFacet("teknik", _("Technique"), F("technique__slug"), F("technique__name"),
                 F("technique__name_en"))  # fmt: skip


def centre():
    return WorkFacet("merkez", _("Course centre"), F("centre__slug"), F("centre__name"))


def year():
    name = F("year__name")
    return WorkFacet("yil", _("Education year"), name, name, newest=True)


def teacher():
    """Teachers who consent to their name on the web at this moment; nobody else can be asked for."""
    return WorkFacet(
        "ogretmen",
        _("Teacher"),
        Cast("teacher", TextField()),
        Concat("teacher__first_name", Value(" "), "teacher__last_name", output_field=TextField()),
        where=Q(teacher__in=named_teachers().values("pk")),
    )


def for_sale():
    return WorkFacet(
        "satilik",
        _("For sale only"),
        Value("1", output_field=TextField()),
        NOTHING,
        where=Q(sale_status=SaleStatus.FOR_SALE),
    )


class WorkFilters(Filters):
    """What the query string of a request asks of some works.

    The first facet is the technique, which every work has. `works`: those that fit, `count`: how
    many. `shortened`: the text was too long.
    """

    searched = True

    def __init__(self, request, works, *, by):
        self._all, self._chosen_rows = works, []
        super().__init__(request, [technique(), *(facet() for facet in by)], for_sale())
        text, self.shortened = typed(request.GET.get("q", ""))
        words = first_words(text)
        self.text = text if words else ""
        if words:
            works = works.search(words)
        self.works = self._narrow(works)
        self._offer(works)

    def answered(self, asked):
        """See Filters; one query."""
        found = [facet.of(facet.answered(self._all, value)) for facet, value in asked.items()]
        self._chosen_rows = [row for row in _together(found) if row["n"]]
        known = {row["facet"] for row in self._chosen_rows}
        return {facet for facet in asked if facet.key in known}

    def _narrow(self, works, besides=None):
        """The works that give all chosen answers, but for one facet's."""
        for facet in self.questions:
            if facet.chosen and facet is not besides:
                works = facet.answered(works, facet.chosen)
        return works

    def _offer(self, works):
        """Offer each facet its answers; of two rows about the same answer the later one counts."""
        rows = _together([facet.of(self._narrow(works, besides=facet)) for facet in self.questions])
        rows = [*({**row, "n": 0} for row in self._chosen_rows), *rows]
        for facet in self.questions:
            answers = {row["answer"]: row for row in rows if row["facet"] == facet.key}
            facet.offer([_option(row) for row in answers.values()])
        first = self.facets[0]
        counts = {option.value: option.count for option in first.options}
        self.count = counts[first.chosen] if first.chosen else sum(counts.values())


def _together(rows):
    """The rows of several grouped querysets in one query."""
    first, *others = rows
    return list(first.union(*others, all=True) if others else first)
