"""The record of processing (DOMAIN.md §5): of each column whether it is personal, and if so why it is
there, on what ground, for how long, who sees it and what erasing does to it.

Each app declares its tables in `personal_data.py`:

    SEAT = Personal(COURSES, Basis.LAW, RESULTS, seen_by=STAFF)
    declare(Absence, "enrolment__trainee", not_personal="session", hours=SEAT, note=SEAT.but(mask=words))

A test fails on a column that is not declared. The VERBİS table, the notice on the public pages, what an
auditor reads masked, the hand-over, erasing and destruction all read this and nothing else, so that they
cannot disagree. History tables follow the declaration of the table whose history they are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import TopologicalSorter

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from izmek.accounts.roles import Role
from izmek.acts.queries import in_any

Words = str | Promise


class Basis(models.TextChoices):
    """Grounds of law 6698: articles 5 and 6; the value is the place in the law."""

    LAW = "5/2-a", _("provided for by law")
    CONTRACT = "5/2-c", _("needed for a contract with the person")
    OBLIGATION = "5/2-ç", _("needed for a legal obligation")
    RIGHT = "5/2-e", _("needed to establish, exercise or protect a right")
    INTEREST = "5/2-f", _("legitimate interest")
    CONSENT = "5/1", _("the person’s consent")
    # Of letters: what the course centre owes is one thing, news of coming courses the other.
    LAW_OR_CONSENT = "5/2-a, 5/1", _("provided for by law; for news the person’s consent")
    SPECIAL_CONSENT = "6/3-a", _("the person’s consent, for data of a special category")

    @property
    def words(self):
        """`provided for by law (5/2-a)`."""
        return f"{self.label} ({self.value})"


@dataclass(frozen=True)
class DataPurpose:
    """What data are for, in words that the people whom they are about understand."""

    key: str
    words: Words


@dataclass(frozen=True)
class Period:
    """How long something is kept: `setting`, a number of `unit`s after `counted_from`."""

    key: str
    words: Words  # what is kept
    setting: str  # the name of the setting, which is that of the variable in the environment
    unit: str  # "years" or "days"
    counted_from: Words

    @property
    def length(self):
        """The number of units, as configured."""
        return getattr(settings, self.setting)

    @property
    def told(self):
        """`10 years`."""
        if self.unit == "years":
            return ngettext("%(n)d year", "%(n)d years", self.length) % {"n": self.length}
        return ngettext("%(n)d day", "%(n)d days", self.length) % {"n": self.length}

    def over_before(self, day):
        """Whatever the period counts from lies before this day is over on `day`."""
        if self.unit == "days":
            return day - _days(self.length)
        try:
            return day.replace(year=day.year - self.length)
        except ValueError:  # 29 February
            return day.replace(year=day.year - self.length, day=28)


def _days(number):
    from datetime import timedelta

    return timedelta(days=number)


# --- What erasing does to a column ----------------------------------------------------------------


@dataclass(frozen=True)
class Blank:
    """It is emptied: null where the column allows that, else what the column is without a value."""


@dataclass(frozen=True)
class Keep:
    """It stays, for a reason that the person is told."""

    reason: Words


@dataclass(frozen=True)
class Instead:
    """Something stands in its place: `value`, or what `of` makes of each row (of a version of it, too).

    `words` tells what. `of` is given rows with their values as they were and gives the new ones in turn.
    """

    words: Words
    value: object = None
    of: Callable | None = None


BLANK = Blank()
NAMES_NOBODY = Keep(_("says nothing about anybody once the person’s name and number are gone"))


@dataclass(frozen=True)
class Personal:
    """What is declared of a personal column.

    `seen_by`: the roles whose pages show it; the auditor reads it through `mask` where there is one.
    `special`: of a special category (article 6). `handed_over`: part of what the person gets on request.
    `erase`: BLANK, Keep or Instead. Where whole rows go (`declare(…, erase_rows=True)`) it tells nothing.
    """

    purpose: DataPurpose
    basis: Basis
    period: Period
    seen_by: tuple[Role, ...] = ()
    erase: Blank | Keep | Instead = BLANK
    mask: Callable | None = None
    special: bool = False
    handed_over: bool = True

    def but(self, **changes):
        """The same with some changes."""
        return replace(self, **changes)


NOT_PERSONAL = None
OBJECT = (
    "object"  # the path of a row about any other row: letters, overrides, merges (`AboutObject`)
)


@dataclass(frozen=True)
class Declaration:
    """What is declared of a table.

    `paths`: lookups from a row to the person whom it is about; "" for the row itself, OBJECT for a row
    about any row of that person, none where the person is found otherwise or nobody is meant.
    `fields`: {column: Personal or NOT_PERSONAL}.
    """

    model: type
    paths: tuple[str, ...] = ()
    erase_rows: bool = False
    whom: Words = ""  # the people in it, in words
    fields: dict = field(default_factory=dict)

    @property
    def label(self):
        return self.model._meta.label

    @cached_property
    def personal(self):
        """{column: Personal} without the others, in the order of the table."""
        return {name: found for name, found in self.fields.items() if found is not NOT_PERSONAL}

    @property
    def goes(self):
        """{column: Personal} of those that erasing does not keep; all where whole rows go."""
        return {
            name: one
            for name, one in self.personal.items()
            if self.erase_rows or not isinstance(one.erase, Keep)
        }

    @property
    def kept(self):
        """{column: Personal} of the others; `one.erase.reason` says why."""
        return {name: one for name, one in self.personal.items() if name not in self.goes}

    @property
    def periods(self):
        """The periods of what goes; who did something stays as long as the row."""
        return {one.period for one in self.personal.values() if not isinstance(one.erase, Keep)}

    def paths_to(self, subject):
        """The paths that lead to a person of the model `subject`."""
        return tuple(path for path in self.paths if end_of(self.model, path) is subject)

    def rows_of(self, subject, keys):
        """The rows about the people of the model `subject` with these keys."""
        rows = self.model._base_manager.all()
        if OBJECT in self.paths:
            return _any_of(rows, _about_rows_of(rows, subject, keys))
        ways = (f"{path}__in" if path else "pk__in" for path in self.paths_to(subject))
        return _any_of(rows, [rows.filter(**{way: keys}) for way in ways])

    def versions_of(self, subject, keys):
        """Rows of the history of these, and of those that were deleted before."""
        now = self.versions_among(self.rows_of(subject, keys))
        if now is None:
            return None
        versions = now.model._base_manager.all()
        had = {one.name for one in now.model._meta.fields}
        ways = [path or self.model._meta.pk.name for path in self.paths_to(subject)]
        # A version has columns, and no rows that point to it.
        ways = [f"{path}__in" for path in ways if path.partition("__")[0] in had]
        return _any_of(versions, [now, *(versions.filter(**{way: keys}) for way in ways)])

    def versions_among(self, rows):
        """Rows of the history of some rows; None where no history is kept."""
        history = getattr(self.model, "history", None)
        if history is None:
            return None
        key = self.model._meta.pk.name
        return history.model._base_manager.filter(**{f"{key}__in": rows.order_by().values("pk")})


def _any_of(rows, ways):
    """The rows that are among one of several QuerySets of the same table."""
    if len(ways) < 2:
        return ways[0] if ways else rows.none()
    return in_any(rows, *(one.values("pk") for one in ways))


def _about_rows_of(rows, subject, keys):
    """For each table of the people with these keys: those of the rows (an AboutObject) about its rows."""
    from django.contrib.contenttypes.models import ContentType

    text = rows.model._meta.get_field("object_id")
    ways = []
    for declaration in about(subject):
        if OBJECT not in declaration.paths:
            told_of = declaration.rows_of(subject, keys).order_by()
            as_text = told_of.annotate(as_text=Cast("pk", text.clone())).values("as_text")
            kind = ContentType.objects.get_for_model(declaration.model)
            ways.append(rows.filter(content_type=kind, object_id__in=as_text))
    return ways


def end_of(model, path):
    """The model at the end of a lookup; None for OBJECT."""
    if path == OBJECT:
        return None
    for name in path.split("__") if path else ():
        model = model._meta.get_field(name).related_model
    return model


# --- The registry ---------------------------------------------------------------------------------

_declared = {}


def declare(model, path=None, *, erase_rows=False, whom="", not_personal="", **fields):
    """Declare a table: `path` from a row to its person (several as a tuple), and each column.

    Keys of the table and of the person need no word; `not_personal` names the other columns that are
    about nobody, in one string; `whom` tells whom the table is about.
    With `erase_rows` a row goes as a whole when its person is erased.
    """
    paths = () if path is None else (path,) if isinstance(path, str) else tuple(path)
    given = {**dict.fromkeys(not_personal.split(), NOT_PERSONAL), **fields}
    known = {one.name: one for one in columns(model)}
    if wrong := given.keys() - known.keys():
        raise FieldDoesNotExist(f"{model._meta.label} has no column {', '.join(sorted(wrong))}.")
    ordered = {name: given[name] for name in known if name in given}
    _declared[model] = Declaration(model, paths, erase_rows, whom, ordered)


def each(names, personal):
    """{column: the same Personal} for columns named in one string."""
    return dict.fromkeys(names.split(), personal)


def nothing_personal(*tables):
    """Declare tables that hold nothing about anybody."""
    for model in tables:
        declare(model, not_personal=" ".join(one.name for one in columns(model)))


def records():
    """All declarations: first those of the apps above, in the order in which they were made."""
    return list(_declared.values())


def about(subject):
    """The declarations of the tables with rows about people of the model `subject`, such as Trainee.

    Those on which others hang come last: so a row can go before what it points to.
    """
    found = {one.model: one for one in records() if OBJECT in one.paths or one.paths_to(subject)}
    order = TopologicalSorter()
    for model in found:
        order.add(model)
        for column in model._meta.concrete_fields:
            if column.related_model in found and column.related_model is not model:
                order.add(column.related_model, model)
    whole = [found[model] for model in order.static_order()]
    return sorted(whole, key=lambda one: OBJECT not in one.paths)


def of(model):
    """The Declaration of a table, of a history table that of its base; None without one."""
    return _declared.get(base_of(model))


def in_use(rows):
    """Rows (a QuerySet) without those about people whose data may be stored only (`restricted_at`).

    The rule of law 6698, article 11, for whatever is done with many: they stand in no list that is taken
    out, and **what is over is not destroyed while the restriction stands**, since it is asked for to keep
    what is disputed (RESTRICTED in terms.py says so to everybody).
    """
    declaration = of(rows.model)
    for subject in _can_be_restricted():
        if declaration and (OBJECT in declaration.paths or declaration.paths_to(subject)):
            people = subject._base_manager.exclude(restricted_at=None).order_by()
            if keys := list(people.values_list("pk", flat=True)):  # few, if any
                theirs = declaration.rows_of(subject, keys)
                rows = rows.exclude(pk__in=theirs.order_by().values("pk"))
    return rows


def _can_be_restricted():
    return [
        one.model
        for one in records()
        if "" in one.paths
        and any(c.name == "restricted_at" for c in one.model._meta.concrete_fields)
    ]


def base_of(model):
    """The table whose history a table holds; any other table is its own."""
    return getattr(model, "instance_type", model)


def personal_fields(model):
    """{column: Personal} of a table."""
    declaration = of(model)
    return declaration.personal if declaration else {}


def masks_of(model):
    """{column: how an auditor reads it} of a table."""
    return {name: one.mask for name, one in personal_fields(model).items() if one.mask}


def columns(model):
    """The columns that a declaration speaks of: all but the primary key."""
    return [one for one in model._meta.concrete_fields if not one.primary_key]


def undeclared(model):
    """The names of the columns of a table of which nothing is declared."""
    declaration = of(model)
    if declaration is None:
        return [one.name for one in columns(model)]
    ways = {path.split("__")[0] for path in declaration.paths}
    return [
        one.name
        for one in columns(model)
        if one.name not in declaration.fields | dict.fromkeys(ways)
    ]


def purposes():
    """The purposes for which anything is declared, in the order of the declarations."""
    return list(
        dict.fromkeys(one.purpose for found in records() for one in found.personal.values())
    )


def periods():
    """The periods of which anything is declared."""
    return list(dict.fromkeys(one.period for found in records() for one in found.personal.values()))
