"""A rule about a row, written once as a Q: `filter()` asks it of a table, `holds` of a loaded row."""

import operator

from django.db.models import Q

COMPARE = {
    "": operator.eq,
    "in": lambda value, given: value in given,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


def holds(rule, row):
    """Whether a loaded row meets a rule, decided as a query would, without one.

    `rule`: a Q over the row's own columns and annotations, with the comparisons of COMPARE. As in
    SQL, an empty column (None) is neither equal to, before nor after anything; `column=None` asks
    whether it is empty.
    """
    if isinstance(rule, Q):
        met = (holds(part, row) for part in rule.children)
        return (any(met) if rule.connector == Q.OR else all(met)) != rule.negated
    path, given = rule
    column, _, comparison = path.partition("__")
    value = getattr(row, column)
    if value is None or given is None:
        return value is given and not comparison
    return COMPARE[comparison](value, given)
