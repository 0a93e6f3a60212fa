"""The time at which something ends."""

import re

from django import forms
from django.db import models

END_OF_DAY = "23:59"  # a TimeField has no 24:00


class EndFormField(forms.TimeField):
    """A time of day; 24:00, as people write the end of a day, is its last minute."""

    def to_python(self, value):
        midnight = isinstance(value, str) and re.fullmatch(r"24([:.]?00)?", value.strip())
        return super().to_python(END_OF_DAY if midnight else value)


class EndField(models.TimeField):
    """The end of something, on the day on which it begins. In migrations it is a TimeField."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TimeField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": EndFormField, **kwargs})
