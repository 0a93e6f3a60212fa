"""Identity numbers: their rules, how they are shown and found (DOMAIN.md §4).

A number is stored encrypted (`secrets.encryption`) and looked up by a keyed hash (IDENTITY_HASH_KEY).
There are only about 9·10⁸ numbers, so a hash without a key would hide nothing. No message and no
error here repeats a number."""

import hashlib
import hmac
import re
import unicodedata
from itertools import accumulate

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from izmek.secrets.encryption import Unreadable


class IdentityKind(models.TextChoices):
    TCKN = "tckn", _("T.C. identity number")
    YKN = "ykn", _("foreigner number")
    PASSPORT = "passport", _("passport")


# Beside a name, a year of birth and a phone without its area code: "ayşe 1985 532 12 34".
_LOCAL_PHONE = r"[0-9]{3}[\s.-]?[0-9]{2}[\s.-]?[0-9]{2}"
_YEAR_AND_PHONE = re.compile(
    rf"(?:19|20)[0-9]{{2}}\s{_LOCAL_PHONE}|{_LOCAL_PHONE}\s(?:19|20)[0-9]{{2}}"
)

FOREIGN = (IdentityKind.YKN, IdentityKind.PASSPORT)  # who has one of these is a foreigner


def normalise(kind, text):
    """The number as it is stored: without blanks, a passport's letters as capitals.

    Raises ValidationError that says what is wrong, for the field where it was typed.
    """
    number = "".join(text.split())
    if kind == IdentityKind.PASSPORT:
        return _passport(number)
    if not (number.isascii() and number.isdigit()):
        raise ValidationError(
            _("An identity number consists of the digits 0 to 9 only."), code="digits"
        )
    if len(number) != 11:
        raise ValidationError(
            _("An identity number has 11 digits; this one has %(count)d."),
            code="length",
            params={"count": len(number)},
        )
    if number[0] == "0":
        raise ValidationError(_("An identity number does not begin with 0."), code="zero")
    if kind == IdentityKind.YKN and not number.startswith("99"):
        raise ValidationError(_("A foreigner number begins with 99."), code="kind")
    if kind == IdentityKind.TCKN and number.startswith("99"):
        raise ValidationError(
            _("A number that begins with 99 is a foreigner number; choose that kind."), code="kind"
        )
    if len(set(number[:10])) == 1:  # 11111111110 would pass the check digits
        raise ValidationError(
            _("An identity number does not repeat one digit throughout."), code="repeated"
        )
    if number[9:] != _check_digits(number[:9]):
        raise ValidationError(
            _("The number does not check out: a digit is wrong or two are swapped."), code="check"
        )
    return number


def _passport(number):
    if not (number.isascii() and number.isalnum()):
        raise ValidationError(
            _("A passport number consists of the letters A to Z and the digits 0 to 9 only."),
            code="letters",
        )
    if not 5 <= len(number) <= 15:
        raise ValidationError(_("A passport number has 5 to 15 letters and digits."), code="length")
    if re.fullmatch(r"[0-9]{11}", number):
        # Else a mistyped identity number could be entered here, and its owner a second time.
        raise ValidationError(
            _("11 digits are an identity number, not a passport number; choose that kind."),
            code="kind",
        )
    return number.upper()  # ASCII by now: i becomes I


def _check_digits(first_nine):
    """The tenth and eleventh digit that belong to the first nine, as text."""
    digits = [int(digit) for digit in first_nine]
    tenth = (sum(digits[0::2]) * 7 - sum(digits[1::2])) % 10
    return f"{tenth}{(sum(digits) + tenth) % 10}"


def holds_number(text):
    """Whether a text holds what may be an identity number, which must not stand in an address.

    That is a row of 11 digits, the first not 0, with blanks, hyphens or dots between them; or 11
    that check out, whatever signs stand between them and whatever digits before and behind. Digits
    of other scripts count. A phone number begins with 0 or has 10 or 12 digits; beside a name, a year
    may stand before or behind one of 7.
    """
    plain = "".join(str(unicodedata.digit(sign, sign)) for sign in text)
    rows = re.findall(r"[0-9](?:[\s.-]*[0-9])*", plain)
    if any(map(str.isalpha, text)):
        rows = [row for row in rows if not _YEAR_AND_PHONE.fullmatch(row)]
    if any(re.fullmatch(r"[1-9][0-9]{10}", re.sub(r"[\s.-]", "", row)) for row in rows):
        return True
    for row in re.findall(r"[0-9]+(?:[\W_]+[0-9]+)*", plain):
        groups = re.findall(r"[0-9]+", row)
        for first in range(len(groups)):
            whole = [
                number for number in accumulate(groups[first : first + 11]) if len(number) == 11
            ]
            if whole and detect_kind(whole[0]):
                return True
    return False


def detect_kind(text):
    """The kind of number that the text is a correct one of, or None."""
    for kind in IdentityKind:
        try:
            normalise(kind, text)
        except ValidationError:
            continue
        return kind
    return None


def mask(number):
    """What a screen shows of a normalised number: `123******46`, of a passport `U1*****89`.

    Less than half of a short passport number is shown; "" gives "".
    """
    if len(number) == 11 and number.isdigit():
        first, last = 3, 2
    else:
        first = last = 2 if len(number) >= 8 else 1
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]


def mask_written(text):
    """What a screen shows of a number as a list has it: whole, masked with “*”, or what is none.

    Never more than the first three signs and the last two, also where a whole number holds a mark.
    """
    plain = "".join(text.split())
    if "*" not in plain:
        return mask(plain) if len(plain) >= 5 else "*" * len(plain)
    first = re.match(r"[^*]{0,3}", plain)[0]
    last = re.search(r"[^*]{0,2}$", plain)[0]
    return first + "*" * (len(plain) - len(first) - len(last)) + last


def identity_hash(kind, number, country=""):
    """The newest of `identity_hashes`: under it a number is kept."""
    return identity_hashes(kind, number, country)[0]


def identity_hashes(kind, number, country=""):
    """The 64 hex digits by which a number is found again and kept unique.

    T.C. and foreigner numbers are one group, since a person who is naturalised keeps neither
    apart; a passport number counts within its `country` (two ASCII letters). The number is
    normalised here, so that one number has one hash however it was typed: ValidationError if it
    is none. ValueError for a passport without a country. As a tuple, the one to keep first: while the key
    is rotated (IDENTITY_HASH_KEY_OLD), rows may have the second.
    """
    group = "tr"
    if kind == IdentityKind.PASSPORT:
        if not re.fullmatch(r"[A-Za-z]{2}", country):
            raise ValueError("a passport number needs the country's two letters")
        group = f"passport-{country.upper()}"
    return keyed_hashes(f"{group}:{normalise(kind, number)}")


def keyed_hash(message):
    """64 hex digits that tell a message again, and to nobody without IDENTITY_HASH_KEY what it says."""
    return keyed_hashes(message)[0]


def keyed_hashes(message):
    """`keyed_hash`, and behind it, while the key is rotated, the one under IDENTITY_HASH_KEY_OLD."""
    keys = filter(None, (settings.IDENTITY_HASH_KEY, settings.IDENTITY_HASH_KEY_OLD))
    return tuple(
        hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest() for key in keys
    )


def written_hashes(number):
    """`identity_hashes` of a T.C. or foreigner number as a list has it; () if it is none, or masked."""
    kind = detect_kind(number) if len(number) == 11 and number.isdigit() else None
    return identity_hashes(kind, number) if kind else ()


def newest_hash(row):
    """The `hash` of a row with `hashes()`, under the newest key: so two rows can be compared."""
    if not is_rotating():
        return row.hash
    try:
        hashes = row.hashes()
    except Unreadable:
        return row.hash
    return hashes[0] if row.hash in hashes else row.hash


def is_rotating():
    """Whether rows may still have hashes under IDENTITY_HASH_KEY_OLD."""
    return bool(settings.IDENTITY_HASH_KEY_OLD)
