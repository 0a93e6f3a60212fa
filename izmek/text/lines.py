"""Texts without invisible signs, of one line (titles) or of paragraphs: fields and cleaning."""

import unicodedata

from django import forms
from django.db import models

from izmek.text.fold import without_unseen


def clean_line(text):
    """The text with single spaces and without invisible signs; "" if nothing visible is left."""
    line = " ".join(without_unseen(text).split())
    if line.isascii():  # nearly all: what is left of it can be seen
        return line
    return line if any(unicodedata.category(sign)[0] not in "MZ" for sign in line) else ""


class LineFormField(forms.CharField):
    def to_python(self, value):
        return clean_line(super().to_python(value))


class LineField(models.CharField):
    """A text of one line. In migrations it is an ordinary CharField."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": LineFormField, **kwargs})

    def clean(self, value, model_instance):
        return super().clean(clean_line(self.to_python(value) or ""), model_instance)


class ProseFormField(forms.CharField):
    def to_python(self, value):
        return without_unseen(super().to_python(value))


class ProseField(models.TextField):
    """A text of paragraphs. In migrations it is an ordinary TextField."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": ProseFormField, **kwargs})

    def clean(self, value, model_instance):
        return super().clean(without_unseen(self.to_python(value) or ""), model_instance)
