"""The filters of a public list: questions in the query string, their answers, and what was chosen.

A list says how its rows answer (`WorkFilters` asks the database, `CourseFilters` its own rows).
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from izmek.text.order import sort_key

MOST = 30  # options that a form offers unless all of a facet are asked for
EVERYTHING = "tumu"  # the parameter that names this facet
VALUE = re.compile(r"[\w-]{1,80}")


@dataclass
class Option:
    """An answer that is offered: its value in the address, its words, how many rows it leads to.

    `lang`: the language of the words if it is not the page's.
    """

    value: str
    label: str
    count: int
    lang: str = ""


class Facet:
    """One question of the form.

    `key`: its name in the address. `order`: the sort key of an Option. `chosen`: the value asked for,
    "" for none; `options`: the Options that lead to a row, all other questions as they stand. Of very many
    only those that lead to the most rows, unless `everything` is wanted; `count`: how many there are.
    """

    def __init__(self, key, label, *, order=lambda option: sort_key(option.label), newest=False):
        self.key, self.label, self.order, self.newest = key, label, order, newest
        self.chosen, self.options, self.count, self.everything = "", [], 0, False

    def offer(self, options):
        """Offer what leads to a row; what is chosen stays to be seen in any case."""
        offered = [option for option in options if option.count or option.value == self.chosen]
        self.count = len(offered)
        if self.count > MOST and not self.everything:
            chosen = self.chosen
            offered.sort(key=lambda one: (one.value != chosen, -one.count, self.order(one)))
            del offered[MOST:]
        self.options = sorted(offered, key=self.order, reverse=self.newest)

    @property
    def is_cut(self):
        """Whether there are more options than those that it offers."""
        return self.count > len(self.options)

    @property
    def is_a_choice(self):
        """Whether it parts the rows at all."""
        return bool(self.chosen) or self.count > 1

    @property
    def chosen_option(self):
        return next((option for option in self.options if option.value == self.chosen), None)


class Filters:
    """What the query string of a request asks of a list.

    `facets`, `tick` (a check box) and, where `searched`, `text` are the form (`_filters.html`).
    `unknown`: labels of the facets that were asked for what no row has, and that are left out.
    """

    searched = False
    text = ""

    def __init__(self, request, facets, tick):
        self.path, self.facets, self.tick = request.path, facets, tick
        for facet in facets:
            facet.everything = request.GET.get(EVERYTHING) == facet.key
        asked = {
            facet: value
            for facet in self.questions
            if (value := request.GET.get(facet.key, "").strip())
        }
        fit = {facet: value for facet, value in asked.items() if VALUE.fullmatch(value)}
        answered = self.answered(fit) if fit else set()
        for facet in answered:
            facet.chosen = asked[facet]
        self.unknown = [facet.label for facet in asked if facet not in answered]

    def answered(self, asked):
        """Those of the facets, {facet: value}, that some row answers with the value."""
        raise NotImplementedError

    @property
    def questions(self):
        return [*self.facets, self.tick]

    def facet(self, key):
        return next(facet for facet in self.questions if facet.key == key)

    @property
    def query(self):
        """The clean form of what was chosen, {key: value}."""
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
