"""Numbers, percentages and amounts of money, formatted for people."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats
from django.utils.translation import get_language


def number(value, places=0):
    """A number in the active language, rounded half up: `1.234.567,89` (English 1,234,567.89)."""
    if type(value) is int and not places and -1000 < value < 1000:
        return str(value)  # most of a page's: a list of filters has a hundred
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return formats.number_format(rounded, places, use_l10n=True, force_grouping=True)


def percent(value, places=1):
    """A percentage in the active language: 87.5 → `%87,5` (English 87.5%)."""
    figure = number(value, places)
    return f"%{figure}" if (get_language() or "tr").startswith("tr") else f"{figure}%"


def lira(value):
    """An amount of money; kuruş only if there are some: 1250 → `1.250 TL`, 1234.5 → `1.234,50 TL`."""
    return f"{number(value, 2 if value % 1 else 0)} TL"


_ONES = ["sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
_TENS = ["", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"]


def in_turkish(value):
    """A number from 0 to 100 in Turkish words, with one decimal: 85 → `seksen beş`, 85,3 → `seksen beş
    virgül üç`; so that nobody changes it on a record."""
    whole, tenth = divmod(int(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP) * 10), 10)
    tens, ones = divmod(whole, 10)
    parts = ["yüz"] if whole == 100 else [_TENS[tens], _ONES[ones] if ones or not tens else ""]
    words = " ".join(filter(None, parts))
    return f"{words} virgül {_ONES[tenth]}" if tenth else words
