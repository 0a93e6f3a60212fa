"""Telephone numbers as people read and dial them (DOMAIN.md §4).

They are entered and stored by django-phonenumber-field (region TR), which takes 05xx…, 5xx…,
+90… and 0090… with any blanks, hyphens and brackets and stores +905551234567.
"""

from phonenumber_field.phonenumber import to_python


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


def tel_uri(phone):
    """The address of a link that dials: `tel:+905551234567`; "" for no number."""
    number = to_python(phone)
    return f"tel:{number.as_e164}" if number else ""
