"""The filters of works: what may be chosen, what each choice leads to, and the works that fit.

The database counts; nothing here reads a work. So the cost is the same for ten works and for two
thousand: two queries, one for what was chosen and one for what can be.
"""

import re
from urllib.parse import urlencode

from django.db.models import Count, F, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exhibitions.enums import SaleStatus
from exhibitions.queries.makers import named_teachers
from izmek.text.order import sort_key
from izmek.text.search import first_words, typed

VALUE = re.compile(r"[\w-]{1,80}")
NOTHING = Value("", output_field=TextField())


class Option:
    """An answer that is offered: its value in the address, its words, how many works it leads to."""

    def __init__(self, row):
        self.value, self.count = row["answer"], row["n"]
        english = get_language() == "en" and row["name_en"]
        self.label = row["name_en"] if english else row["name"]
        self.lang = "" if english or get_language() == "tr" else "tr"


class WorkFacet:
    """One question of the form.

    `key`: its name in the address. `value`, `name`, `name_en`: expressions over works. `where`: the
    works that have an answer. `chosen`: the value asked for, "" for none; `options`: the Options that
    lead to a work, all other questions as they stand.
    """

    def __init__(self, key, label, value, name, name_en=NOTHING, where=None, newest=False):
        self.key, self.label, self.newest = key, label, newest
        self.value, self.name, self.name_en = value, name, name_en
        self.where = Q() if where is None else where
        self.chosen, self.options = "", []

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

    def offer(self, rows):
        """Take the options from rows of `of`; of two about the same answer the later one counts."""
        mine = {row["answer"]: row for row in rows if row["facet"] == self.key}
        offered = [Option(row) for row in mine.values()]
        self.options = [one for one in offered if one.count or one.value == self.chosen]
        self.options.sort(key=lambda option: sort_key(option.label), reverse=self.newest)

    @property
    def is_a_choice(self):
        """Whether it parts the works at all."""
        return bool(self.chosen) or len(self.options) > 1

    @property
    def chosen_option(self):
        return next((option for option in self.options if option.value == self.chosen), None)


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
    """Not among the selects: a tick."""
    return WorkFacet(
        "satilik",
        _("For sale only"),
        Value("1", output_field=TextField()),
        NOTHING,
        where=Q(sale_status=SaleStatus.FOR_SALE),
    )


class WorkFilters:
    """What the query string of a request asks of some works.

    `facets` (the first is the technique, which every work has), `sale` and `text` are the form;
    `works`: those that fit, `count`: how many. `unknown`: labels of the facets that were asked for
    what none of the works has, and that are left out. `shortened`: the text was too long.
    `query`: the clean form of what was chosen, {key: value}.
    """

    def __init__(self, request, works, *, by):
        self.path = request.path
        self.facets, self.sale = [technique(), *(facet() for facet in by)], for_sale()
        self._choose(request.GET, works)
        text, self.shortened = typed(request.GET.get("q", ""))
        words = first_words(text)
        self.text = text if words else ""
        if words:
            works = works.search(words)
        self.works = self._narrow(works)
        self._offer(works)

    @property
    def questions(self):
        return [*self.facets, self.sale]

    def facet(self, key):
        return next(facet for facet in self.questions if facet.key == key)

    def _choose(self, query, works):
        """Take the asked values that some work has; one query, none when nothing was asked."""
        wanted = {
            facet: value for facet in self.questions if (value := query.get(facet.key, "").strip())
        }
        rows = [
            facet.of(facet.answered(works, value))
            for facet, value in wanted.items()
            if VALUE.fullmatch(value)
        ]
        found = {(row["facet"], row["answer"]): row for row in _together(rows) if row["n"]}
        self.unknown = []
        for facet, value in wanted.items():
            if (facet.key, value) in found:
                facet.chosen = value
            else:
                self.unknown.append(facet.label)
        self._chosen_rows = list(found.values())

    def _narrow(self, works, besides=None):
        """The works that give all chosen answers, but for one facet's."""
        for facet in self.questions:
            if facet.chosen and facet is not besides:
                works = facet.answered(works, facet.chosen)
        return works

    def _offer(self, works):
        """Offer what leads to a work; what is chosen stays to be seen in any case."""
        rows = _together([facet.of(self._narrow(works, besides=facet)) for facet in self.questions])
        for facet in self.questions:
            facet.offer([*({**row, "n": 0} for row in self._chosen_rows), *rows])
        first = self.facets[0]
        counts = {option.value: option.count for option in first.options}
        self.count = counts[first.chosen] if first.chosen else sum(counts.values())

    @property
    def query(self):
        chosen = {facet.key: facet.chosen for facet in self.questions if facet.chosen}
        return ({"q": self.text} if self.text else {}) | chosen

    @property
    def kept(self):
        """The same as a QueryDict, which `{% querystring %}` takes."""
        kept = QueryDict(mutable=True)
        kept.update(self.query)
        return kept

    @property
    def active(self):
        return bool(self.query)

    @property
    def alone(self):
        """The Option that was chosen, when it is the only thing asked."""
        if len(self.query) != 1:
            return None
        return next((facet.chosen_option for facet in self.facets if facet.chosen), None)

    @property
    def is_a_choice(self):
        """Whether there is anything to choose between: a form is worth its place."""
        return self.active or any(facet.is_a_choice for facet in self.facets)

    @property
    def removable(self):
        """What was chosen: (label, words, language of the words, address without it)."""
        chosen = []
        if self.text:
            chosen.append((_("Search"), f"“{self.text}”", "", self._without("q")))
        for facet in self.questions:
            option = facet.chosen_option
            if option:
                words = option.label or facet.label
                label = facet.label if option.label else ""
                chosen.append((label, words, option.lang, self._without(facet.key)))
        return chosen

    def _without(self, key):
        query = urlencode({name: value for name, value in self.query.items() if name != key})
        return f"{self.path}?{query}" if query else self.path


def _together(rows):
    """The rows of several grouped querysets in one query."""
    if not rows:
        return []
    first, *others = rows
    return list(first.union(*others, all=True) if others else first)
