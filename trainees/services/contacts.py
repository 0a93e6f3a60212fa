"""What people are called and how they are reached, in whatever table it stands.

Who has no record of their own is known by nothing else (known_by_contact.py); of who is erased it is looked
for wherever no key leads (izmek/acts/leftovers.py).
"""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db.models import Q

from courses.models import Teacher
from izmek.text.fold import fold
from trainees.models import Application, Guardian, Trainee

COLUMNS = {
    "phone": ("phone", "wrong_phone", "guardian_phone", "guardian_wrong_phone"),
    "email": ("email",),
}
# Tables in which somebody stands by name and contact; apps above add theirs (`extend_contacts`).
PEOPLE = [Trainee, Teacher, Application, Guardian]


def name_of(person):
    """What somebody is called, whatever row tells of them."""
    if hasattr(person, "name"):
        return person.name
    return f"{person.first_name} {person.last_name}".strip()


def ways_to(name, rows):
    """{(folded name, column, value)}: under this name, the ways to reach somebody that rows tell."""
    told = {(way, getattr(row, way, "")) for row in rows for way in COLUMNS}
    return {(fold(name), way, value) for way, value in told if name and value}


def of_same_name(rows, ways):
    """[row] of a QuerySet: those with one of the `ways` ({(folded name, column, value)})."""
    by_column = defaultdict(set)
    for _name, column, value in ways:
        if _has(rows.model, column):
            by_column[column].add(value)
    same = reduce(or_, (Q(**{f"{one}__in": of}) for one, of in by_column.items()), Q(pk__in=[]))
    return [
        row
        for row in rows.filter(same)
        if any((fold(name_of(row)), one, getattr(row, one)) in ways for one in by_column)
    ]


def what_they_are_called(found):
    """[text]: names, phones (as they are stored) and e-mail addresses that nobody else on record has.

    `found`: [QuerySet] of all rows about the people, of whatever tables; former values count as well.
    A name of one word is left out: it may be a word like any other.
    """
    names, phones, emails, mine = defaultdict(set), set(), set(), defaultdict(set)
    for rows in found:
        keys = {row.pk for row in rows}
        mine[rows.model] |= keys
        history = getattr(rows.model, "history", None)
        for row in (*rows, *(history.filter(id__in=keys) if history else ())):
            names[fold(name_of(row))] |= spelled(row)
            phones |= {getattr(row, one, None) for one in COLUMNS["phone"]}
            emails.add(getattr(row, "email", ""))
    phones, emails = {one for one in phones if one}, emails - {""}
    told = [names[folded] for folded in names.keys() - _of_others(mine, "folded", names)]
    return sorted(
        {text for texts in told for text in texts if " " in text}
        | {one.stored() for one in phones - _of_others(mine, "phone", phones)}
        | emails - _of_others(mine, "email", emails)
    )


def spelled(row):
    """{text}: the name of somebody, and as lists have it: the surname first."""
    first, last = getattr(row, "first_name", ""), getattr(row, "last_name", "")
    if hasattr(row, "name"):
        first, _gap, last = " ".join(row.name.split()).rpartition(" ")
    if not (first and last):
        return {first or last}
    return {f"{first} {last}", f"{last} {first}", f"{last}, {first}"}


def _of_others(mine, column, values):
    """Those of the values of a column that somebody else has too, such as a sister or a namesake."""
    found = set()
    for model in PEOPLE:
        if _has(model, column):
            rows = model._base_manager.filter(**{f"{column}__in": values})
            rows = rows.exclude(pk__in=mine[model]).order_by()
            found.update(rows.values_list(column, flat=True).distinct())
    return found


def _has(model, column):
    return any(one.name == column for one in model._meta.concrete_fields)
