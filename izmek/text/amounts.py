"""Amounts of money, typed in Turkish notation."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy

# Accepted: 1.250,50 and 1250,50 (Turkish) and 1250.50 (copied from a calculator). A point before
# three digits is a thousands separator (DOMAIN.md §7).
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]{1,2})?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")


class AmountFormField(forms.DecimalField):
    """A form field for an amount of money in Turkish notation."""

    default_error_messages = {
        "invalid": gettext_lazy("Write the amount in digits, for example 1.250,50."),
        "max_digits": gettext_lazy("This amount is too high."),
        "max_whole_digits": gettext_lazy("This amount is too high."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "localize": True})

    def to_python(self, value):
        return super().to_python(self._plain_decimal(value))

    def _plain_decimal(self, value):
        if not isinstance(value, str):
            return value
        text = " ".join(value.split())
        if _THOUSANDS.fullmatch(text):
            return text.replace(".", "").replace(" ", "").replace(",", ".")
        if not text or _PLAIN.fullmatch(text):
            return text.replace(",", ".")
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class AmountField(models.DecimalField):
    """An amount of money. In migrations it is an ordinary DecimalField."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": AmountFormField, **kwargs})
