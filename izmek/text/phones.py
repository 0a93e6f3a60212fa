"""Telephone numbers: fields, display, search and dial links (DOMAIN.md §4).

django-phonenumber-field (region TR) reads and stores them: it takes 05xx…, 5xx…, +90… and 0090…
with any spaces, hyphens and brackets, and stores +905551234567.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field import formfields, modelfields
from phonenumber_field.phonenumber import to_python

from izmek.text.masks import Masked

FEWEST_DIGITS = 4  # to search for a number; fewer would match too many people


class PhoneFormField(formfields.PhoneNumberField):
    """A phone number that is stored exactly as it was typed.

    The library reads letters as the digits on their keys (OOO → 666), and drops an extension or a
    second number without a word. Here both are refused.
    """

    default_error_messages = {
        "invalid": gettext_lazy("Enter a phone number, for example 0555 123 45 67.")
    }

    def to_python(self, value):
        number = super().to_python(value)
        if number and isinstance(value, str) and not _is_all(number, value):
            raise ValidationError(
                _("Write one phone number with its digits only, without letters or an extension."),
                code="digits",
            )
        return number


def _is_all(number, typed):
    """Whether a typed text holds nothing but this number (and the prefix of country or city)."""
    digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    return not any(map(str.isalpha, typed)) and digits.endswith(str(number.national_number))


class PhoneField(modelfields.PhoneNumberField):
    """A phone number. In migrations it is an ordinary PhoneNumberField."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "phonenumber_field.modelfields.PhoneNumberField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PhoneFormField, **kwargs})


def show(phone):
    """`+905551234567` → `0555 123 45 67`; a foreign number in its international form.

    Takes a PhoneNumber or the stored text; "" for no number. A masked one stays as it is.
    """
    if isinstance(phone, Masked):
        return phone
    number = to_python(phone)
    if not number:
        return ""
    digits = str(number.national_number)
    if number.country_code != 90:
        return number.as_international
    if len(digits) != 10:  # 444 41 41
        return number.as_national
    return f"0{digits[:3]} {digits[3:6]} {digits[6:8]} {digits[8:]}"


def searched(text):
    """The digits to look for in stored numbers if the text looks like (part of) a number, else "".

    `0555 111 22 33`, `5551112233`, `+905551112233` and the part `22 33` all find the same number.
    """
    if not re.fullmatch(r"[\s\d()+./-]+", text, re.ASCII):
        return ""
    digits = re.sub(r"\D", "", text)
    if len(digits) < FEWEST_DIGITS:
        return ""
    return digits.lstrip("0")  # the prefixes 0 and 00 are not stored


def tel_uri(phone):
    """The URL of a link that dials: `tel:+905551234567`; "" for no number and for a masked one."""
    number = None if isinstance(phone, Masked) else to_python(phone)
    return f"tel:{number.as_e164}" if number else ""
