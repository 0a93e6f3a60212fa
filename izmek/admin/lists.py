"""The lists of the admin: what they cost does not follow the size of the table.

A page is read in two steps. First the keys of its 50 rows, with only the tables that scope, filters,
search and order ask; then these rows, with all that their columns show.

Up to LONG rows a list is sorted by what was found, by any column. More rows of a large table are sorted by
what an index serves, and the later pages are read from the end; or by their keys, if it serves none. Up to
LARGE rows are counted; of more the database's estimate is told, and that it is one.
"""

import json
from datetime import timedelta

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ORDER_VAR
from django.contrib.admin.views.main import ChangeList as DjangoChangeList
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import InvalidPage, Paginator
from django.db import DataError, connections, models
from django.db.models import F, OrderBy, Subquery
from django.db.models.functions import Collate
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from izmek.text.figures import number
from izmek.text.order import COLLATION

LONG = 5_000  # rows that are found first and sorted afterwards
COMPUTED = 1_500  # rows, up to which a list is sorted by what is computed for each of them
LARGE = 50_000  # rows of a table, up to which any list of it is sorted; rows up to which a list is counted
LAST = 3  # pages that are read from the end where nobody knows how many rows there are
TEXT = (models.CharField, models.TextField)


class KeyPages(Paginator):
    """Pages of keys. `is_rough`: many rows of a large table, which only an index may sort."""

    def __init__(self, rows, *args, **kwargs):
        super().__init__(rows, *args, **kwargs)
        self.rows = rows
        # What a filter finds is read once, a whole table no further than it is needed.
        whole = rows.model._default_manager.all().query.where
        self.most = LONG if rows.query.where == whole else max(LONG, LARGE)

    @cached_property
    def some(self):
        """The keys of `most` rows, in any order, and of one more if there are more."""
        return list(self.rows.order_by().values_list("pk", flat=True)[: self.most + 1])

    @property
    def are_all(self):
        """Whether `some` are all rows."""
        return len(self.some) <= self.most

    @property
    def is_long(self):
        return len(self.some) > LONG

    @cached_property
    def is_rough(self):
        return self.is_long and estimate(self.rows.model._base_manager.all()) > LARGE

    @cached_property
    def count(self):
        if self.are_all:
            return len(self.some)
        if not self.is_rough:
            return self.rows.order_by().count()
        return max(self.counted, estimate(self.rows)) if self.is_estimate else self.counted

    @cached_property
    def counted(self):
        """How many rows there are; of more than LARGE just that there are more."""
        if self.are_all or len(self.some) > LARGE:
            return len(self.some)
        return self.rows.order_by().values("pk")[: LARGE + 1].count()

    @property
    def is_estimate(self):
        return self.is_rough and self.counted > LARGE

    def found(self):
        """The rows to sort: of a list that is not long those that were found, whatever found them.

        Else the database may go along the order of the table and ask each row whether it fits.
        """
        if self.is_long:
            return self.rows
        return self.rows.model._default_manager.filter(pk__in=self.some)

    def page(self, number):
        """The page with its keys as a list; of a long list, the later ones are read from the end.

        Where the number is an estimate, only the last few are; the others are counted from the beginning.
        As far as the estimate errs, rows stand on two pages or on none between them: such a list is told
        as “about”, and narrowed by search and filters.
        """
        number = self.validate_number(number)
        if self.num_pages == 1:
            return self._get_page(self.some, number, self)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        if self.are_all and set(self.object_list.query.order_by) == {"-pk"}:
            return self._get_page(sorted(self.some, reverse=True)[first:last], number, self)
        keys = self.object_list.values_list("pk", flat=True)
        at_the_end = number > self.num_pages - LAST if self.is_estimate else first > self.count // 2
        if self.is_rough and at_the_end:
            found = list(keys.reverse()[self.count - last : self.count - first])[::-1]
        else:
            found = list(keys[first:last])
        return self._get_page(found, number, self)


class Choices(Paginator):
    """Pages of keys of which nobody asks how many there are, only whether there are more."""

    count = 0  # the rows up to the page that was read, and one if there are more

    def page(self, number):
        first = (max(1, int(number)) - 1) * self.per_page
        found = self.object_list.values_list("pk", flat=True)[first : first + self.per_page + 1]
        self.count = first + len(found)
        return self._get_page(list(found[: self.per_page]), number, self)


def estimate(rows):
    """About how many rows there are, as the planner of the database thinks; SQLite counts them."""
    if connections[rows.db].vendor != "postgresql":
        return rows.order_by().count()
    plan = rows.order_by().values("pk").explain(format="json")
    return json.loads(plan)[0]["Plan"]["Plan Rows"]


class Dates:
    """Stands for the rows of a long list where Django asks for their dates.

    Offers every year, month or day between the first and the last, instead of reading all rows.
    """

    def __init__(self, rows, field):
        ends = [rows.order_by(order).values(field)[:1] for order in (field, f"-{field}")]
        self.first, self.last = rows.model._base_manager.order_by().values_list(
            *map(Subquery, ends)
        )[0]

    def aggregate(self, **ends):
        return {"first": self.first, "last": self.last}

    def dates(self, field, kind):
        level = ("year", "month", "day").index(kind) + 1
        days = (self.last - self.first).days + 1
        firsts = {}
        for day in (self.first + timedelta(days=n) for n in range(days)):
            firsts.setdefault(day.timetuple()[:level], day)
        return list(firsts.values())

    def datetimes(self, field, kind):
        self.first, self.last = (localtime(end).date() for end in (self.first, self.last))
        return self.dates(field, kind)


class ChangeList(DjangoChangeList):
    """Django's list, read in two steps; text columns are sorted in Turkish.

    `queryset`: the rows that fit, bare. `result_list`: those of the page, with all that is shown.
    """

    def get_queryset(self, request, exclude_parameters=None):
        self.root_queryset = self.model_admin.seen(request)
        self.may_add = self.model_admin.has_add_permission(request)
        return super().get_queryset(request, exclude_parameters)

    def url_for_result(self, result):
        return self.model_admin.url(self.model_admin.row_page, quote(result.pk))

    def apply_select_related(self, qs):
        return qs  # the rows of the page get it (`ModelAdmin.shown_in_list`)

    def get_filters(self, request):
        """Like Django's; but only what the list offers may be asked: its filters and its dates.

        Django looks up any column of the table that the address names, and so would tell it, sign
        by sign, to someone who never sees it. Whatever is not offered is an invalid filter, before
        its value is looked at; a date outside the supported range is one too.
        """
        try:
            found = super().get_filters(request)
        except (ValueError, OverflowError, DisallowedModelAdminLookup) as error:
            raise IncorrectLookupParameters(error) from error
        left = found[2]  # what no filter has taken
        by_date = {f"{self.date_hierarchy}__{end}" for end in ("gte", "lte", "lt")}
        if not by_date.issuperset(left):
            raise IncorrectLookupParameters
        return found

    def get_results(self, request):
        """Like Django's, by keys; a URL value that the database cannot compare is an invalid filter."""
        self.paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
        self.show_full_result_count, self.full_result_count = False, None
        self.show_admin_actions = True
        try:
            self._sort(request)
            self.can_show_all = self.result_count <= self.list_max_show_all
            self.multi_page = self.result_count > self.list_per_page
            if self.show_all and self.can_show_all:
                keys = self.paginator.some
            else:
                keys = self.paginator.page(self.page_num if self.multi_page else 1).object_list
        except (InvalidPage, ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error
        if self.paginator.is_rough:
            self.add_facets = self.is_facets_optional = False  # each of them reads all rows
            if self.date_hierarchy:  # the only thing that Django asks the rows for from now on
                self.queryset = Dates(self.queryset, self.date_hierarchy)
        rows = self.model_admin.shown_in_list(request, self.model._default_manager.all())
        self.result_list = rows.filter(pk__in=keys).order_by(*self.ordering)

    def _sort(self, request):
        """Sort the rows by the columns that the user chose, unless the list is too long for them."""
        self.result_count = self.paginator.count
        if not self._can_be_sorted():
            self._sort_as_ever(request)
        if self.paginator.is_rough and self.ordering[-1:] == ["-pk"] and _ascends(self.ordering[0]):
            self.ordering = [*self.ordering[:-1], "pk"]  # an index is read in one direction
        rows = self.paginator.found()
        if self.is_sorted_by_computed:
            rows = self.model_admin.with_shown(request, rows)
        self.paginator.object_list = rows.order_by(*self.ordering)

    def _can_be_sorted(self):
        """Not by an index where a word was searched: names that hold it may stand together at its end."""
        if self.is_sorted_by_computed:
            return self.result_count <= COMPUTED
        if not self.paginator.is_rough:
            return True
        return not self.query.strip() and is_served(self.model, self.ordering[0])

    @property
    def is_sorted_by_computed(self):
        """Whether the rows are sorted by what `with_shown` annotates."""
        return any(map(self._is_computed, self.ordering))

    def _sort_as_ever(self, request):
        if self.params.pop(ORDER_VAR, None):
            self.filter_params.pop(ORDER_VAR)
            sentence = gettext(
                "The list is too long to be sorted by this column: narrow it by a filter or a search."
            )
            messages.warning(request, sentence)
        self.ordering = self.get_ordering(request, self.queryset)
        if not self._can_be_sorted():
            self.ordering = ["-pk"]

    @property
    def count_in_words(self):
        """How many rows there are; of a long list about how many."""
        count = self.result_count
        if not self.paginator.is_estimate:
            return ngettext("%(count)s result", "%(count)s results", count) % {
                "count": number(count)
            }
        step = 10 ** (len(str(count)) - 3)
        return gettext("about %(count)s results") % {"count": number(round(count / step) * step)}

    # --- Order --------------------------------------------------------------------------------

    def get_ordering(self, request, queryset):
        """All columns to sort by are kept in `ordering`; here are those that need no computing."""
        self.hidden = self.model_admin.hidden_columns(request)
        self.ordering = super().get_ordering(request, queryset)
        return [term for term in self.ordering if not self._is_computed(term)]

    def get_ordering_field(self, field_name):
        name = super().get_ordering_field(field_name)
        if name in self.hidden:
            return None
        if not isinstance(name, str):
            return name
        try:
            field = self.lookup_opts.get_field(name)
        except FieldDoesNotExist:
            return name
        if field.remote_field:
            model = field.remote_field.model
            target = {field.name for field in model._meta.fields}
            inner = next((n for n in ("last_name", "name", "title") if n in target), None)
            inner = getattr(model, "sorted_by", inner)
            return Collate(F(f"{name}__{inner}"), COLLATION) if inner else name
        if isinstance(field, TEXT) and not field.choices:
            return Collate(F(name), COLLATION)
        return name

    def _is_computed(self, term):
        """Whether a term of the order is no column, but annotated by `with_shown`."""
        if isinstance(term, str):
            term = F(term.removeprefix("-"))
        names = {"pk", *(field.name for field in self.lookup_opts.get_fields())}
        return any(
            isinstance(part, (Subquery, models.sql.Query))
            or (isinstance(part, F) and part.name.partition("__")[0] not in names)
            for part in (term.flatten() if hasattr(term, "flatten") else [term])
        )


def is_served(model, term):
    """Whether rows come in this order out of an index, of the table or of what the path leads to."""
    path, in_turkish = _column(term)
    if path is None:
        return False
    *relations, name = path.split("__")
    if len(relations) > 1:  # too many rows on the way that do not fit
        return False
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if field.is_relation:
        return False
    wanted = {(field.name, in_turkish), (field.attname, in_turkish)}
    ordinary = not in_turkish and (field.unique or field.db_index)
    return ordinary or not wanted.isdisjoint(map(_first_column, model._meta.indexes))


def _ascends(term):
    """Whether a term of an order begins with the smallest."""
    descending = (
        term.startswith("-") if isinstance(term, str) else getattr(term, "descending", False)
    )
    return not descending


def _column(term):
    """(path, whether it is sorted in Turkish) of a term of an order; (None, False) if it is no column."""
    if isinstance(term, str):
        return term.removeprefix("-"), False
    if isinstance(term, OrderBy):
        term = term.expression
    in_turkish = isinstance(term, Collate) and term.collation == COLLATION
    if in_turkish:
        (term,) = term.get_source_expressions()
    return (term.name, in_turkish) if isinstance(term, F) else (None, False)


def _first_column(index):
    if index.condition is not None:
        return None
    return _column(index.expressions[0] if index.expressions else index.fields[0])
