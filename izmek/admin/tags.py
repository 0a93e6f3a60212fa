"""States as coloured tags with their words, in lists and forms.

A ModelAdmin or an inline names its columns of states: `tagged = {"state": {"open": "soon", …}}`, the kinds
of tag (templates/_tag.html) by value; a value without a kind is a tag without a colour.
"""

from django.contrib import admin
from django.template.loader import get_template


def tag(label, kind=""):
    """A state as HTML; `kind`: now, soon, last, past, wrong, or nothing."""
    return get_template("_tag.html").render({"label": label, "kind": kind})


def tag_column(model, name, kinds):
    """A column of a list that shows a state as a tag; it is sorted as the column itself."""
    field = model._meta.get_field(name)

    @admin.display(description=field.verbose_name, ordering=name)
    def column(row):
        return tag(getattr(row, f"get_{name}_display")(), kinds.get(getattr(row, name), ""))

    column.__name__ = name
    return column


def read_only(field):
    """What a read-only field of a form (Django's AdminReadonlyField) shows; a state as a tag."""
    name = field.field["field"]
    kinds = getattr(field.model_admin, "tagged", {}).get(name)
    value = kinds is not None and getattr(field.form.instance, name)
    if not value:
        return field.contents()
    return tag(field.contents(), kinds.get(value, ""))
