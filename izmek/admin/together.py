"""Rows of several tables by one query: a page that tells of many tables asks what one of one table asks.

    works, fairs = read_together([(Work.objects.filter(…), ["course__centre"]), (Exhibition.objects.…, [])])

Each QuerySet comes with the paths that `select_related` would take. The database gives each row, with
those to which its paths lead, as one JSON object; what comes out are rows as the ORM gives them.
"""

import json
from decimal import Decimal

from django.db import connection
from django.db.models import DecimalField, F, IntegerField, JSONField, Value
from django.db.models.functions import JSONObject

OWN = "columns"  # beside the relations, none of which is called so


def read_together(parts, also=()):
    """The rows of each part, as a list of lists; a part is (QuerySet, paths).

    `also`: names that each QuerySet annotates; the rows have them as attributes, as they are told.
    """
    parts = [(rows, _tree(paths)) for rows, paths in parts]
    found = [[] for _part in parts]
    for place, told in together(_asked(place, *part, also) for place, part in enumerate(parts)):
        rows, tree = parts[place]
        told = json.loads(told) if isinstance(told, str) else told
        row = _row(rows.model, tree, told)
        for name in also:
            setattr(row, name, told[OWN][name])
        found[place].append(row)
    return found


def together(parts):
    """Several QuerySets of the same columns as one; none of them may be ordered."""
    first, *others = parts
    return first.union(*others, all=True) if others else first


def number(place):
    """The place of a table among others, as a column of its rows."""
    return Value(place, output_field=IntegerField())


def _tree(paths):
    tree = {}
    for path in paths:
        here = tree
        for name in path.split("__"):
            here = here.setdefault(name, {})
    return tree


def _asked(place, rows, tree, also):
    told = _told(rows.model, tree, "", also)
    return (
        rows.order_by().annotate(of_table=number(place), told=told).values_list("of_table", "told")
    )


def _told(model, tree, path, also=()):
    """A row and those to which the tree leads, as the expression of one JSON object."""
    own = {field.attname: F(path + field.attname) for field in model._meta.concrete_fields}
    own |= {name: F(name) for name in also}
    related = {
        name: _told(_related(model, name), below, f"{path}{name}__") for name, below in tree.items()
    }
    return JSONObject(**{OWN: JSONObject(**own)}, **related)


def _row(model, tree, told):
    fields = model._meta.concrete_fields
    values = [_value(field, told[OWN][field.attname]) for field in fields]
    row = model.from_db(connection.alias, [field.attname for field in fields], values)
    for name, below in tree.items():
        if getattr(row, model._meta.get_field(name).attname) is not None:
            related = _row(_related(model, name), below, told[name])
            if related.pk is not None:  # a version may point to what was deleted since
                setattr(row, name, related)
    return row


def _related(model, name):
    return model._meta.get_field(name).related_model


def _value(field, told):
    """What the ORM would have read: JSON knows neither dates nor decimals."""
    if told is None or isinstance(field, JSONField):
        return json.loads(told) if isinstance(told, str) else told
    column = field.get_col(field.model._meta.db_table)
    for convert in (
        *connection.ops.get_db_converters(column),
        *field.get_db_converters(connection),
    ):
        told = convert(told, column, connection)
    value = field.to_python(told)
    if isinstance(field, DecimalField):
        value = value.quantize(Decimal(1).scaleb(-field.decimal_places))
    return value
