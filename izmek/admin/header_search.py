"""The search in the header of every admin page: whatever staff look for by its name or number.

Each app registers what can be found, in its `admin/header_search.py`:

    @found_in_header(30)
    class CourseSearch(SearchKind):
        model = Course
        told = {"programme": "programme__name", "state": "state"}

        def rules(self, asked, user):
            return [every_word(asked.words, "programme__folded", "number")]

        def hit(self, row, asked):
            return Hit(row["programme"], state=CourseState(row["state"]).label)

All kinds are asked in one query: each gives the key and, as JSON, what its line tells (`told`) of up to
MOST rows in any order, which an index finds; the best of them are chosen here.

The box is sent by POST, so that an identity number comes into no address; the answer to anything else is an
address that can be opened again.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import IntegerField, Q, TextField, Value
from django.db.models.functions import Cast, JSONObject
from django.db.models.lookups import Contains
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from izmek.admin.attention import may_open
from izmek.admin.scope import visible
from izmek.secrets.identity import IdentityKind, holds_number, normalise
from izmek.text.fold import fold
from izmek.text.order import sort_key
from izmek.text.phones import searched
from izmek.text.search import first_words, typed

MOST = 200  # rows of a kind that are looked at; who finds more types more
SHOWN = 8  # of them on the page
SHOWN_AT_ONCE = 5  # of them while one types
FEWEST_LETTERS = 3  # of the longest word; shorter ones no index knows
WHOLE_PHONE = 10  # digits
YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
NUMBER = re.compile(r"[\d()+./-]+", re.ASCII)

_kinds = {}


def found_in_header(place):
    """Register a SearchKind; `place` orders the kinds of all apps on the page."""

    def register(kind):
        _kinds[place] = kind()
        return kind

    return register


class SearchText:
    """What somebody typed: as text, as folded words, and these as `names` and `digits`.

    The digits are (part of) a phone number. Beside a name they may have a year of birth before or behind
    them: "ayşe yılmaz 1985 0532 765 43 21". A year alone, "ayşe yılmaz 1985", may be part of a phone too.
    """

    def __init__(self, text):
        self.text, self.folded = text, fold(text)
        self.words = first_words(text).split()
        words = text.split()
        numbers = [word for word in words if NUMBER.fullmatch(word)]
        self.letters = [word for word in words if word not in numbers]  # as they were typed
        self.names = first_words(" ".join(self.letters)).split()
        self.year, self.digits = self._year_and_phone(numbers)

    def _year_and_phone(self, numbers):
        whole = searched(" ".join(numbers))
        if not self.names or not numbers:
            return None, whole
        for year, others in ((numbers[0], numbers[1:]), (numbers[-1], numbers[:-1])):
            phone = searched(" ".join(others))
            ends_phone = others == numbers[:-1] and len(phone) < WHOLE_PHONE == len(whole)
            if YEAR.fullmatch(year) and (phone or not others) and not ends_phone:
                return int(year), phone or year
        return None, whole

    @property
    def is_enough(self):
        return any(len(word) >= FEWEST_LETTERS for word in self.words)

    def is_phone(self, phone):
        """Whether the text is this whole phone number."""
        return len(self.digits) >= WHOLE_PHONE and phone.endswith(self.digits)


@dataclass
class Hit:
    """A row that was found, in one line: its name, what tells it from others, its state.

    `is_exact`: what was typed is the number of this row. `rank`: which of several comes first, the
    smaller the earlier; then the alphabet decides. `acts`: (label, address) of what is often done next.
    """

    title: str
    facts: tuple = ()
    state: str = ""
    is_exact: bool = False
    rank: tuple = ()
    url: str = ""
    acts: tuple = ()

    def order(self, asked):
        name = fold(self.title)
        named = (name != asked.folded, not name.startswith(asked.folded))
        return (not self.is_exact, *named, self.rank, sort_key(self.title))


class SearchKind:
    """A table whose rows can be found.

    `told`: {name: path} of what `hit` gets. `in_list`: filters of the table's list beside the search.
    """

    model = None
    told = {}
    in_list = {}

    def told_to(self, user):
        """`told`, with what depends on the user."""
        return self.told

    def rules(self, asked, user):
        """The rules (Q) by one of which a row fits; each is asked by itself, so that an index answers."""
        raise NotImplementedError

    def hit(self, row, asked):
        """The Hit of a row: a dictionary of `pk` and what `told` names, dates as ISO text."""
        raise NotImplementedError

    def acts(self, row, user):
        """(label, address) of what the user often does next with the row that `hit` gets."""
        return ()

    def owner_of(self, number, kind, user):
        """The row with this identity number among those that the user sees, or None.

        Raises Refusal if the user may not ask.
        """
        return None

    def page(self, key):
        """The address to which the list of the table leads from a row."""
        return self.url(admin.site.get_model_admin(self.model).row_page, key)

    def url(self, name, *args):
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args)


@dataclass
class HitGroup:
    """What was found of a kind, the best first."""

    kind: SearchKind
    hits: list = field(default_factory=list)
    list_url: str = ""

    @property
    def label(self):
        return capfirst(self.kind.model._meta.verbose_name_plural)

    @property
    def best(self):
        return self.hits[:SHOWN]

    @property
    def first(self):
        return self.hits[:SHOWN_AT_ONCE]

    @property
    def is_cut(self):
        """Whether there are more than were looked at."""
        return len(self.hits) > MOST


def every_word(words, *columns, also=None):
    """The rule: each folded word stands in one of the columns, which are folded text.

    A single letter stands everywhere: it has to begin a word there. `also`: a function from a word to
    another rule (Q) by which it fits.
    """
    rule = Q()
    for word in words:
        fits = also(word) if also else Q()
        for column in columns:
            if len(word) > 1:
                fits |= Q(**{f"{column}__contains": word})
            else:
                fits |= Q(**{f"{column}__startswith": word})
                fits |= Q(**{f"{column}__contains": f" {word}"})
        rule &= fits
    return rule


def of_person(asked, *, year=""):
    """The rule of who has a `folded` name and a `phone`: every word of the name, and the digits.

    `year`: the lookup of a year of birth; where nobody has one, a typed year tells nothing.
    """
    rule = every_word(asked.names, "folded")
    if not asked.digits:
        return rule
    number = Q(has_phone(asked))
    if not year or asked.year is None:
        return rule & number
    born = Q(**{year: asked.year})
    return rule & (number | born if asked.digits == str(asked.year) else number & born)


def has_phone(asked):
    """The rule: the typed digits stand in the row's `phone`."""
    # Cast to text: the phone field would reject a part of a number as invalid.
    return Contains(Cast("phone", TextField()), asked.digits)


def first_found(seen, rules, most):
    """For each rule a queryset of `most` of the seen rows that fit it, in no order; an index finds them."""
    for rule in rules:
        keys = seen.order_by().filter(rule).values("pk")[:most]
        yield seen.model._base_manager.filter(pk__in=keys).order_by()


def search(user, asked):
    """The Groups of what was found among the rows that the user sees; one query."""
    parts, groups = [], {}
    for place, kind in sorted(_kinds.items()):
        if not may_open(user, kind.model):
            continue
        address = urlencode({"q": asked.text, **kind.in_list})
        groups[place] = HitGroup(kind, list_url=f"{kind.url('changelist')}?{address}")
        seen = visible(kind.model, user)
        for rows in first_found(seen, kind.rules(asked, user), MOST + 1):
            rows = rows.annotate(
                _place=Value(place, output_field=IntegerField()),
                _told=JSONObject(**kind.told_to(user)),
            )
            parts.append(rows.values_list("_place", "pk", "_told"))
    if not parts:
        return []
    first, *others = parts
    found = {(place, key): row for place, key, row in first.union(*others, all=True)}
    for (place, key), row in found.items():
        group = groups[place]
        hit = group.kind.hit({"pk": key, **row}, asked)
        hit.url, hit.acts = group.kind.page(key), group.kind.acts({"pk": key, **row}, user)
        group.hits.append(hit)
    for group in groups.values():
        group.hits.sort(key=lambda hit: hit.order(asked))
    return [group for group in groups.values() if group.hits]


# --- The page ---------------------------------------------------------------------------------


def search_page(request):
    """POST: to whom an identity number belongs, or to the address of the search. GET: what was found.

    The number of one row alone leads straight to it.
    """
    sent = request.method == "POST"
    text, _shortened = typed((request.POST if sent else request.GET).get("q", ""))
    if holds_number(text):
        if sent:
            return _owner(request, text)
        messages.warning(request, _("Nothing was searched: type the number into the box itself."))
        return HttpResponseRedirect(request.path)
    if sent:
        return HttpResponseRedirect(
            f"{request.path}?{urlencode({'q': text})}" if text else request.path
        )
    asked = SearchText(text)
    groups = search(request.user, asked) if asked.is_enough else []
    exact = [hit for group in groups for hit in group.hits if hit.is_exact]
    if len(exact) == 1:
        return HttpResponseRedirect(exact[0].url)
    return _page(request, asked=asked, groups=groups)


def search_found(request):
    """POST: what fits so far, for below the box (static/js/search.js).

    An identity number is looked up only by Enter: each look is counted, and belongs to a whole number.
    """
    if request.method != "POST":
        raise Http404
    text, _shortened = typed(request.POST.get("q", ""))
    asked, number = SearchText(text), holds_number(text)
    enough = asked.is_enough and not number
    groups = search(request.user, asked) if enough else []
    count = sum(len(group.first) for group in groups)
    context = {"number": number, "enough": enough, "groups": groups, "count": count}
    answer = TemplateResponse(request, "admin/_header_found.html", context)
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def _owner(request, text):
    """To the row that the identity number belongs to; the page repeats no number."""
    number = re.sub(r"[\W_]", "", text)
    kind = IdentityKind.YKN if number.startswith("99") else IdentityKind.TCKN
    kinds = [one for one in _kinds.values() if may_open(request.user, one.model)]
    try:
        normalise(kind, number)
        for one in kinds:
            if owner := one.owner_of(number, kind, request.user):
                return HttpResponseRedirect(one.page(owner.pk))
    except ValidationError as refusal:
        return _page(request, said=" ".join(refusal.messages))
    return _page(request, said=_("Nobody with this number is among those that you see."))


def _page(request, **context):
    title = _("Search results")
    context = {
        **admin.site.each_context(request),
        "title": title,
        "fewest": FEWEST_LETTERS,
        "most": MOST,
        **context,
    }
    return TemplateResponse(request, "admin/header_search.html", context)
