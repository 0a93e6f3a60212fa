"""Amounts of money, typed in Turkish notation."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy

# 1.250,50 and 1250,50 as we write them; 1250.50 as a calculator gives it. A point before three
# digits parts thousands (DOMAIN.md §7).
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]{1,2})?")


_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")


class AmountFormField(forms.DecimalField):
    """Where an amount of money is typed, in the notation of Turkish."""

    default_error_messages = {
        "invalid": gettext_lazy("Write the amount in digits, for example 1.250,50."),
        "max_digits": gettext_lazy("This amount is too high."),
        "max_whole_digits": gettext_lazy("This amount is too high."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "localize": True})

    def to_python(self, value):
        return super().to_python(self._as_computers_write(value))

    def _as_computers_write(self, value):
        if not isinstance(value, str):
            return value
        text = " ".join(value.split())
        if _THOUSANDS.fullmatch(text):
            return text.replace(".", "").replace(" ", "").replace(",", ".")
        if not text or _PLAIN.fullmatch(text):
            return text.replace(",", ".")
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class AmountField(models.DecimalField):
    """An amount of money. To the database it is a DecimalField like any other."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": AmountFormField, **kwargs})
