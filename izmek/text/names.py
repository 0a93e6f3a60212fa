"""Names of people: form fields, database field, cleaning and capitals."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.text.case import lower, title, upper
from izmek.text.fold import without_unseen
from izmek.text.lines import LineField

TURKISH = set("ÇĞİÖŞÜ")  # who typed one of these has a Turkish keyboard: an I is an ı
ONLY_TURKISH = set("ĞİŞ")
NO_LAST_NAME = "-"
_NONE = (NO_LAST_NAME, "–", "—")
_PARTICLE = re.compile(r"(?<!\w)(\w{1,2}['’])(\w)")  # O'Neil, D'Angelo


def clean_name(text):
    """A person's name with single spaces and without invisible characters.

    Raises ValidationError if it contains no letter.
    """
    name = " ".join(without_unseen(text).split())
    if name and not any(map(str.isalpha, name)):
        raise ValidationError(_("Write the name with letters."), code="name")
    return name


def written_name(name, *, foreign=False):
    """A cleaned name; its capitals are put right if it is all capitals or all small letters.

    foreign: the name of somebody with a foreigner number or a passport: `WILLIAM` → `William`.
    Otherwise the Turkish rule holds (`IŞIL` → `Işıl`). Raises ValidationError where capitals leave
    open which letter is meant: `HATICE`, typed on an English keyboard, would become `Hatıce`.
    """
    if name not in (lower(name), upper(name)):
        return name
    letters = set(name)
    turkish = not foreign or bool(letters & ONLY_TURKISH)
    if turkish and "I" in letters and not letters & TURKISH:
        raise ValidationError(
            _("Is it “%(dotted)s” or “%(plain)s”? Write it like that, with small letters."),
            params={"dotted": _capitals(name, False), "plain": _capitals(name, True)},
            code="capitals",
        )
    return _capitals(name, turkish)


def _capitals(name, turkish):
    return _PARTICLE.sub(
        lambda match: match[1] + (upper(match[2]) if turkish else match[2].upper()),
        title(name, turkish=turkish),
    )


class NameFormField(forms.CharField):
    """A form field for the name of a person, as `written_name` gives it.

    `foreign` can be set on the field. `as_typed`: capitals stay as they are, and nothing is asked.
    """

    def __init__(self, *, as_typed=False, foreign=False, **kwargs):
        super().__init__(**kwargs)
        self.as_typed, self.foreign = as_typed, foreign

    def to_python(self, value):
        name = clean_name(super().to_python(value))
        return name if self.as_typed else written_name(name, foreign=self.foreign)


class LastNameFormField(NameFormField):
    """A last name that must be given, or “-” for somebody who has one name only (stored as "")."""

    default_error_messages = {
        "required": gettext_lazy("Enter the last name, or “-” if there is only one name.")
    }

    def clean(self, value):
        return "" if str(value or "").strip() in _NONE else super().clean(value)


class NameField(LineField):
    """The name of a person."""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": NameFormField, **kwargs})

    def clean(self, value, model_instance):
        return super().clean(clean_name(self.to_python(value) or ""), model_instance)
