"""The fields of forms, written without templates where they are simple.

Django renders a template for each input, and one more for its attributes; a list that is edited in its
rows has two hundred of them, and every list a box to tick in each row. What is written is the same.
"""

from html import escape

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.safestring import mark_safe

FOLDER = "django/forms/widgets/"
INPUTS = {
    f"{FOLDER}{name}.html"
    for name in (
        *("input", "text", "number", "email", "url", "password", "hidden"),
        *("date", "time", "datetime", "checkbox", "file"),
    )
}
SELECT, OPTION = f"{FOLDER}select.html", f"{FOLDER}select_option.html"


class Renderer(DjangoTemplates):
    """Django's own, but for `INPUTS` and lists to choose from."""

    def render(self, template_name, context, request=None):
        if template_name in INPUTS:
            return mark_safe(_input(context["widget"]))
        if template_name == SELECT and _is_plain(context["widget"]):
            return mark_safe(_select(context["widget"]))
        return super().render(template_name, context, request)


def _input(widget):
    value = widget["value"]
    said = "" if value is None else f' value="{_escaped(value)}"'
    kind, name = _escaped(widget["type"]), _escaped(widget["name"])
    return f'<input type="{kind}" name="{name}"{said}{_attributes(widget)}>'


def _is_plain(widget):
    """Whether all its options are those of Django."""
    return all(
        option["template_name"] == OPTION
        for _name, options, _index in widget["optgroups"]
        for option in options
    )


def _select(widget):
    parts = [f'<select name="{_escaped(widget["name"])}"{_attributes(widget)}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            parts.append(f'\n  <optgroup label="{_escaped(localize(name))}">')
        parts += [
            f'\n  <option value="{_escaped(option["value"])}"{_attributes(option)}>'
            f"{_escaped(localize(option['label']))}</option>\n"
            for option in options
        ]
        if name:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _attributes(widget):
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _escaped(value):
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))
