"""Telephone numbers: display, search and dial links (DOMAIN.md §4).

django-phonenumber-field (region TR) reads and stores them: it takes 05xx…, 5xx…, +90… and 0090…
with any spaces, hyphens and brackets, and stores +905551234567.
"""

import re

from phonenumber_field.phonenumber import to_python

FEWEST_DIGITS = 4  # to search for a number; fewer would match too many people


def show(phone):
    """`+905551234567` → `0555 123 45 67`; a foreign number in its international form.

    Takes a PhoneNumber or the stored text; "" for no number.
    """
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
    """The URL of a link that dials: `tel:+905551234567`; "" for no number."""
    number = to_python(phone)
    return f"tel:{number.as_e164}" if number else ""
