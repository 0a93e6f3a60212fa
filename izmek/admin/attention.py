"""What the admin's first page tells of the year: each app registers its rules, the site gathers them.

    @attention(60)
    def works(user, year, today, figures, waiting, coming):
        if may_open(user, Work):
            figures.append(line(Work, _("Works of the year"), …))

A rule adds to three lists: `figures` and `waiting` take rows of `line`, `coming` rows of `row`. It asks one
query for its table, whatever the year holds, and says nothing where the user may not open the list.
"""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

_rules = {}


def attention(place):
    """Register a rule; `place` orders the rules of all apps on the page."""

    def register(rule):
        _rules[place] = rule
        return rule

    return register


def rules():
    """The rules of all apps, in the order of the page."""
    return [_rules[place] for place in sorted(_rules)]


def may_open(user, model):
    """Whether the user may open the list of a table."""
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def line(model, label, count, **filters):
    """A figure that leads to the rows that were counted: the table's list under these filters."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return {"label": label, "count": count, "url": f"{reverse(name)}?{urlencode(filters)}"}


def count_of(condition):
    """An aggregate: how many different rows meet a condition."""
    return Count("pk", filter=condition, distinct=True)


def row(of, day, what):
    """A row that comes up on a day."""
    name = f"admin:{of._meta.app_label}_{of._meta.model_name}_change"
    return {
        "label": str(of),
        "day": day,
        "what": what,
        "state": of.get_state_display(),
        "url": reverse(name, args=[of.pk]),
    }
