"""What needs attention: short rules that an app registers, and the lists that show their rows.

    @attention("no-room", Course, _("Courses without a room"), place=120)
    def without_room(courses, today):
        return courses.not_over().filter(room=None)

A rule gets the rows of a table that the user sees and gives those that need attention. The first page
counts them, all rules of all apps in one query and each up to MOST; its line leads to the table's list,
which asks the same rule (`?attention=no-room`). So a list shows what was counted, whatever the rule says.
Where there is a page on which these rows are worked off, the line leads whoever may open it there.
"""

from dataclasses import dataclass

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izmek.acts.queries import CountOf
from izmek.admin.scope import visible
from izmek.text.languages import capital

MOST = 50  # rows of a rule that are counted; of more it says "50+"

_rules = {}


@dataclass(frozen=True)
class Rule:
    """`find(rows, today)`: the rows that need attention. `urgent`: past a day that the law sets.

    `page(user)`: the address of the page on which the user works these rows off, or None.
    """

    name: str  # in addresses
    model: type
    label: str
    place: int  # on the first page
    find: object
    urgent: bool = False
    page: object = None

    @property
    def address(self):
        return f"{list_of(self.model)}?attention={self.name}"


def attention(name, model, label, *, place, urgent=False, page=None):
    """Register a rule for a table; `place` orders the rules of all apps."""

    def register(find):
        _rules[name] = Rule(name, model, label, place, find, urgent, page)
        return find

    return register


def rules(user):
    """The rules about tables that the user may open, in the order of the page; urgent ones first."""
    found = (rule for rule in _rules.values() if may_open(user, rule.model))
    return sorted(found, key=lambda rule: (not rule.urgent, rule.place))


def counts_of_rules(user, today):
    """{name of a rule: an expression that counts its rows}, for one query that asks them all."""
    return {
        rule.name: CountUpTo(rule.find(visible(rule.model, user), today)) for rule in rules(user)
    }


def lines(user, counts):
    """What needs attention, as [{label, count, url, urgent}] for the first page, without empty ones."""
    return [
        {
            "label": capital(str(rule.label)),
            "count": told(counts[rule.name]),
            "url": (rule.page and rule.page(user)) or rule.address,
            "urgent": rule.urgent,
        }
        for rule in rules(user)
        if counts[rule.name]
    ]


def told(count, most=MOST):
    """A count that went no further than one more than `most`: "7", "50+"."""
    return str(count) if count <= most else f"{most}+"


def may_open(user, model):
    """Whether the user may open the list of a table."""
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def list_of(model):
    """The address of a table's list."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


class CountUpTo(CountOf):
    """How many rows there are, counted up to one more than `most`, whatever the table holds."""

    def __init__(self, rows, most=MOST):
        super().__init__(rows.order_by().values("pk")[: most + 1])


class AttentionFilter(admin.SimpleListFilter):
    """The rows of a rule; the list shows it while it is chosen, as the first page does."""

    title = _("needs attention")
    parameter_name = "attention"

    def lookups(self, request, model_admin):
        model = model_admin.model
        return [(rule.name, rule.label) for rule in _rules.values() if rule.model is model]

    def has_output(self):
        return self.value() is not None

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return _rules[self.value()].find(queryset, timezone.localdate())


def has_rules(model):
    return any(rule.model is model for rule in _rules.values())
