"""The filters of works: what may be chosen, what each choice leads to, and the works that fit.

No work is read here. What is asked is answered by one query, which reads a few columns of the works that
fit or miss a single answer; they are counted here, so that the cost is that of what is found, not of the
list. How many works of the whole list give which answer the database counts once for each state of the
public content.
"""

from collections import Counter
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db import connections
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import CourseCentre, EducationYear
from exhibitions.enums import SaleStatus
from exhibitions.models import Technique, Work
from exhibitions.queries.makers import named_teachers
from exhibitions.views.suggestions import suggestion
from izmek.acts.prepared import prepared
from izmek.public.cache import once_for_now
from izmek.public.enums import Area
from izmek.public.facets import Facet, Filters, Option
from izmek.text.search import first_words, typed


class WorkFacet(Facet):
    """A question about works, which a column of theirs answers.

    `words`: {content of the column: (value in the address, name, name in English)}. `wanted`: the content
    that was asked for.
    """

    def __init__(self, key, label, column, words, newest=False):
        super().__init__(key, label, newest=newest)
        self.column, self.words, self.wanted = column, words, None

    @property
    def rule(self):
        return Q(**{self.column: self.wanted})

    def content(self, value):
        """The content that a value in the address stands for, or None."""
        return next((key for key, words in self.words.items() if words[0] == value), None)

    def said(self, contents):
        """The words of these contents, as in `words`."""
        return {key: self.words[key] for key in contents if key in self.words}


class TeacherFacet(WorkFacet):
    """Teachers who consent to their name on the web at this moment; nobody else can be asked for."""

    def content(self, value):
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            return None
        return next(iter(self.said([int(value)])), None)

    def said(self, contents):
        names = _teachers(keys=contents) if contents else []
        return {pk: (str(pk), f"{first} {last}".strip(), "") for pk, first, last in names}


@prepared
def _teachers(keys):
    rows = named_teachers().filter(pk__in=keys)
    return rows.values_list("pk", "first_name", "last_name")


@prepared
def _techniques():
    return Technique.objects.values_list("pk", "slug", "name", "name_en")


@prepared
def _centres():
    return CourseCentre.objects.values_list("pk", "slug", "name")


def technique():
    words = {pk: tuple(said) for pk, *said in _techniques()}
    return WorkFacet("teknik", _("Technique"), "technique", words)


def centre():
    words = {pk: (slug, name, "") for pk, slug, name in _centres()}
    return WorkFacet("merkez", _("Course centre"), "centre", words)


def year():
    words = {pk: (name, name, "") for pk, name in EducationYear.objects.values_list("pk", "name")}
    return WorkFacet("yil", _("Education year"), "year", words, newest=True)


def teacher():
    return TeacherFacet("ogretmen", _("Teacher"), "teacher", {})


def for_sale():
    words = {SaleStatus.FOR_SALE: ("1", "", "")}
    return WorkFacet("satilik", _("For sale only"), "sale_status", words)


class WorkFilters(Filters):
    """What the query string of a request asks of a list of works.

    `works`: the list, in its order; `name` tells it from other lists. The first facet is the technique,
    which every work has. `found`: the keys of the works that fit, `count`: how many; `meant`: (another text
    that finds some, its address) where none fit; `shortened`: the text was too long.
    """

    searched = True

    def __init__(self, request, works, *, by, name):
        self._works, self._name = works, name
        super().__init__(request, [facet() for facet in (technique, *by)], for_sale())
        text, self.shortened = typed(request.GET.get("q", ""))
        words = first_words(text)
        self.text = text if words else ""
        self._columns = [facet.column for facet in self.questions]
        self._chosen = [facet for facet in self.questions if facet.chosen]
        self._rows = self._near(works.search(words) if words else works) if self.active else []
        counts = self._counts()
        if self.active:
            self.found = [pk for pk, *_row in self._fitting(self._chosen)]
            self.count = len(self.found)
        else:
            self.found = works.values_list("pk", flat=True)
            self.count = sum(counts["technique"].values())
        self.meant = self._meant() if words and not self.count else None
        for facet in self.questions:
            of = counts[facet.column]
            said = facet.said({*of, facet.wanted} - {None})
            facet.offer([_option(words, of[key]) for key, words in said.items()])

    def answered(self, asked):
        """See Filters."""
        for facet, value in asked.items():
            facet.wanted = facet.content(value)
        known = (facet for facet in asked if facet.wanted is not None)
        return {facet for facet in known if self._works.filter(facet.rule).exists()}

    def _meant(self):
        def finds(text):
            works = self._works.search(text)
            return works.filter(*(facet.rule for facet in self._chosen)).exists()

        text = suggestion(self.text, finds)
        return (text, f"{self.path}?{urlencode(self.query | {'q': text})}") if text else None

    def _near(self, works):
        """(key, *columns) of the works that miss one chosen answer at most, as far as they are counted."""
        rules = [facet.rule for facet in self._chosen]
        if len(rules) > 1:
            # All rules but one, for each: most often the same as any two of three, or one of two.
            rules = [
                reduce(lambda one, other: one & other, rules[:place] + rules[place + 1 :])
                for place in range(len(rules))
            ]
            works = works.filter(reduce(or_, rules))
        elif rules and not self.text:  # what misses it is the whole list, which is counted already
            works = works.filter(rules[0])
        return list(works.values_list("pk", *self._columns))

    def _fitting(self, facets):
        """Those of the rows that give the chosen answers of the facets."""
        rows = self._rows
        for facet in facets:
            place = self._columns.index(facet.column) + 1
            rows = [row for row in rows if row[place] == facet.wanted]
        return rows

    def _counts(self):
        """{column: {content: how many works have it and give all answers to other questions}}."""
        counts, free = {}, []
        for place, facet in enumerate(self.questions, start=1):
            others = [other for other in self._chosen if other is not facet]
            if others or self.text:
                counts[facet.column] = Counter(row[place] for row in self._fitting(others))
            else:
                free.append(facet.column)
        if free:
            kept = "-".join(["works", self._name, *free])
            counts |= once_for_now(kept, lambda: _count(self._works, free), Area.SHOWN)
        return counts


def _option(words, count):
    value, name, name_en = words
    english = get_language() == "en" and name_en
    lang = "" if english or get_language() == "tr" else "tr"
    return Option(value, name_en if english else name, count, lang)


def _count(works, columns):
    """{column: {content: how many of the works have it}}; the works are looked for once."""
    found, values = works.order_by().values(*columns).query.sql_with_params()
    names = [f"c{place}" for place in range(len(columns))]
    counts = " UNION ALL ".join(
        f"SELECT {place}, CAST({name} AS text), COUNT(*) FROM found GROUP BY {name}"  # noqa: S608
        for place, name in enumerate(names)
    )
    result = {column: Counter() for column in columns}
    with connections[works.db].cursor() as cursor:
        cursor.execute(f"WITH found ({', '.join(names)}) AS ({found}) {counts}", values)
        for place, content, n in cursor.fetchall():
            column = columns[place]
            result[column][Work._meta.get_field(column).to_python(content)] = n
    return result
