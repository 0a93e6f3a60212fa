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
