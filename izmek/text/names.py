"""Names of people: form field, database field and cleaning."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from izmek.text.fold import without_unseen


def clean_name(text):
    """A person's name with single spaces and without invisible characters.

    Raises ValidationError if it contains no letter.
    """
    name = " ".join(without_unseen(text).split())
    if name and not any(map(str.isalpha, name)):
        raise ValidationError(_("Write the name with letters."), code="name")
    return name


class NameFormField(forms.CharField):
    """A form field for the name of a person."""

    def to_python(self, value):
        return clean_name(super().to_python(value))


class NameField(models.CharField):
    """The name of a person. In migrations it is an ordinary CharField."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": NameFormField, **kwargs})

    def clean(self, value, model_instance):
        return super().clean(clean_name(self.to_python(value) or ""), model_instance)
