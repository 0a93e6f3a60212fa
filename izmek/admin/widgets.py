"""Inputs of the admin: days and times typed as they are written here, texts as high as their text."""

import re

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.utils.translation import gettext_lazy as _

LINE = 70  # letters, about, in a line of a text field
MOST_LINES = 20
DIGITS_ALONE = re.compile(r"([01]?[0-9]|2[0-4])([0-5][0-9])")  # 0900, 900


class DateInput(forms.DateInput):
    """A day, typed: 12.01.2026. static/js/forms.js puts the browser's own calendar beside it.

    No `<input type="date">` alone: it takes the order of the browser's language, so that on an English
    device 12.01. is typed as 01/12; and nothing can be pasted into it.
    """

    def __init__(self, attrs=None, format=None):
        shown = {
            "class": "vDateField",
            "size": 10,
            "placeholder": _("dd.mm.yyyy"),
            "autocomplete": "off",
            "data-picker": _("Choose the day from a calendar"),
        }
        super().__init__(shown | (attrs or {}), format)


class TimeInput(forms.TimeInput):
    """A time of the day, typed: 14.00, 14:00 or 1400."""

    def __init__(self, attrs=None, format=None):
        shown = {
            "class": "vTimeField",
            "size": 5,
            "placeholder": _("hh:mm"),
            "autocomplete": "off",
        }
        super().__init__(shown | (attrs or {}), format)

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        alone = isinstance(value, str) and DIGITS_ALONE.fullmatch(value.strip())
        return ":".join(alone.groups()) if alone else value


class DateTimeInput(forms.SplitDateTimeWidget):
    """A day and a time, typed beside each other."""

    def __init__(self, attrs=None):
        forms.MultiWidget.__init__(self, [DateInput, TimeInput], attrs)


class TextArea(AdminTextareaWidget):
    """A text; where the browser does not fit the field to it, it has as many lines as it needs."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 3} | (attrs or {}))

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        needed = sum(1 + len(line) // LINE for line in (value or "").splitlines())
        shown = context["widget"]["attrs"]
        shown["rows"] = max(int(shown["rows"]), min(needed, MOST_LINES))
        return context


WIDGETS = {
    models.DateField: {"widget": DateInput},
    models.TimeField: {"widget": TimeInput},
    models.DateTimeField: {"widget": DateTimeInput},
    models.TextField: {"widget": TextArea},
}
