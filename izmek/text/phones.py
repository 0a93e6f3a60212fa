"""Telephone numbers: fields, display, search and dial links (DOMAIN.md §4).

django-phonenumber-field (region TR) reads and stores them: it takes 05xx…, 5xx…, +90… and 0090…
with any spaces, hyphens and brackets, and stores +905551234567.
"""

import re
from functools import partial

from django.core.exceptions import ValidationError
from django.forms import CharField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field import formfields, modelfields
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import CountryCodeSource, NumberParseException

from izmek.text.masks import Masked

STORED = re.compile(r"\+90[2-9][0-9]{9}")
TYPED = re.compile(r"0?\s?(5[0-9]{2})\s?([0-9]{3})\s?([0-9]{2})\s?([0-9]{2})", re.ASCII)
WITHOUT = CountryCodeSource.FROM_DEFAULT_COUNTRY
WITH_PLUS = CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN
FEWEST_DIGITS = 4  # to search for a number; fewer would match too many people


class Phone(PhoneNumber):
    """A number as it was read; nobody changes it afterwards.

    The library asks all its patterns anew for each comparison, each `if phone` and each column that is
    written: a third of the time that a long list takes.
    """

    def is_valid(self):
        return self._once("valid", super().is_valid)

    def format_as(self, format):
        return self._once(format, partial(super().format_as, format))

    def __str__(self):
        return self._once("text", super().__str__)

    def stored(self):
        """As its column holds it: +905551234567; what is no valid number as it was typed."""
        return self.as_e164 if self.is_valid() else self.raw_input

    def _once(self, what, find):
        found = self.__dict__.setdefault("_found", {})
        if what not in found:
            found[what] = find()
        return found[what]

    def __bool__(self):
        return bool(self.national_number or self.raw_input)

    def __eq__(self, other):
        return (
            self.stored() == other.stored() if isinstance(other, Phone) else super().__eq__(other)
        )

    def __hash__(self):
        return hash(self.stored())


def to_python(value, region=None):
    """The Phone of a text; "" and None stay as they are. What most lists hold needs no parsing."""
    if not value or isinstance(value, Phone):
        return value
    if isinstance(value, PhoneNumber):
        phone = Phone()
        phone.merge_from(value)
        return phone
    if STORED.fullmatch(value):
        return Phone(90, value[3:], raw_input=value, country_code_source=WITH_PLUS)
    if region in (None, "TR") and (typed := TYPED.fullmatch(value)):
        return Phone(90, "".join(typed.groups()), raw_input=value, country_code_source=WITHOUT)
    try:
        return Phone.from_string(value, region=region)
    except NumberParseException:
        return Phone(raw_input=value)


class PhoneFormField(formfields.PhoneNumberField):
    """A phone number that is stored exactly as it was typed.

    The library reads letters as the digits on their keys (OOO → 666), and drops an extension or a
    second number without a word. Here both are refused.
    """

    default_error_messages = {
        "invalid": gettext_lazy("Enter a phone number, for example 0555 123 45 67.")
    }

    def to_python(self, value):
        if not value:
            return self.empty_value
        number = to_python(CharField.to_python(self, value), region=self.region)
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


class _Attribute(modelfields.PhoneNumberDescriptor):
    def __set__(self, instance, value):
        instance.__dict__[self.field.name] = to_python(value, region=self.field.region)


class PhoneField(modelfields.PhoneNumberField):
    """A phone number. In migrations it is an ordinary PhoneNumberField."""

    attr_class, descriptor_class = Phone, _Attribute

    def to_python(self, value):
        return to_python(value, region=self.region)

    def from_db_value(self, value, expression, connection):
        return to_python(value)

    def get_prep_value(self, value):
        return value.stored() if isinstance(value, Phone) else super().get_prep_value(value)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "phonenumber_field.modelfields.PhoneNumberField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PhoneFormField, **kwargs})


def as_stored(phone):
    """A number, typed in whatever way, as its column holds it (+905551234567); "" for none."""
    number = to_python(phone)
    return number.as_e164 if number and number.is_valid() else str(phone or "")


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


def show_stored(text):
    """`show` for a text out of the database; of a Turkish number without parsing it, for long lists."""
    if STORED.fullmatch(text or ""):
        return f"0{text[3:6]} {text[6:9]} {text[9:11]} {text[11:]}"
    return show(text)


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
