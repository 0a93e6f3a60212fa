"""Telephone numbers as people read and dial them (DOMAIN.md §4).

They are entered and stored by django-phonenumber-field (region TR), which takes 05xx…, 5xx…,
+90… and 0090… with any blanks, hyphens and brackets and stores +905551234567.
"""

import re

from phonenumber_field.phonenumber import to_python

FEWEST_DIGITS = 4  # of a number that is looked for; fewer would find half the town


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
    """The digits by which a stored number is found, when a text looks like one or a part of one; else "".

    `0555 111 22 33`, `5551112233` and `+905551112233` find the same number, `22 33` its owner too.
    """
    if not re.fullmatch(r"[\s\d()+./-]+", text, re.ASCII):
        return ""
    digits = re.sub(r"\D", "", text)
    if len(digits) < FEWEST_DIGITS:
        return ""
    return digits.lstrip("0")  # 0 and 00 are dialled, not stored


def tel_uri(phone):
    """The address of a link that dials: `tel:+905551234567`; "" for no number."""
    number = to_python(phone)
    return f"tel:{number.as_e164}" if number else ""
