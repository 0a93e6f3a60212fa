"""Turkish order, the same on PostgreSQL (its ICU collation) and on SQLite (ours)."""

import functools
import unicodedata

from django.db.models import F
from django.db.models.functions import Collate

from izmek.text.case import _LOWER

# --- Order ------------------------------------------------------------------------------------

COLLATION = "tr-x-icu"


# What ICU's Turkish collation does, so that SQLite sorts as PostgreSQL does: by letter first (its
# place in these rows), then by mark (a < â), then by case (a < A), then by code point: a total
# order. Letters of other alphabets than the Turkish and Western ones follow z by code point.
_SYMBOLS = (
    "\t\n\v\f\r\x85\u2028\u2029 ‾_-‐‒–—―,;:!¡?¿.·'‘’‚‹›\"“”„«»()[]{}§¶@*/\\&#%‰†‡•`´^¯¨¸°©®"
    "+±÷×<=>¬|¦~¤¢$£¥€₺"
)


_LETTERS = "0123456789abcçdeəfgğhıijklmnoöpqrsştuüvwxyz"


_OTHER_SYMBOL, _LETTER, _OTHER_LETTER = 0x200000, 0x400000, 0x600000


_PLACES = {sign: place for place, sign in enumerate(_SYMBOLS, 1)}


_PLACES |= {letter: place for place, letter in enumerate(_LETTERS, _LETTER)}


# The usual marks in ICU's order (acute, grave, breve, circumflex …); others by code point.
_MARKS = "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304"


# Unicode has no decomposition of these, ICU has; in ß æ œ a mark of their own stands between.
_TAKEN_APART = {
    "đ": "d\u0335",
    "ł": "l\u0335",
    "ø": "o\u0338",
    "ß": "s\u0335s",
    "æ": "a\u0335e",
    "œ": "o\u0335e",
}


_VARIANT = 2  # in the place of the case: ª after A, ² after 2


@functools.lru_cache(maxsize=2048)
def _elements(letter):
    """What one code point adds to a sort key: a tuple of (place, mark, case)."""
    if letter in _PLACES:
        return ((_PLACES[letter], 0, 0),)
    small = letter.translate(_LOWER).lower()
    if small in _PLACES:
        return ((_PLACES[small], 0, 1),)
    apart = unicodedata.decomposition(letter)
    if apart and not apart.startswith("<"):  # Î is I with a mark; ICU puts it beside I, not İ
        return sum((_elements(chr(int(code, 16))) for code in apart.split()), ())
    if small != letter and len(small) == 1:
        return tuple(
            (place, mark, case if mark else case + 1) for place, mark, case in _elements(small)
        )
    if letter in _TAKEN_APART:
        parts = _TAKEN_APART[letter]
    elif (digit := unicodedata.digit(letter, None)) is not None:
        parts = str(digit)
    else:
        parts = "".join(chr(int(code, 16)) for code in apart.split()[1:])
    if parts:
        return tuple(
            (place, mark, 0 if mark else _VARIANT)
            for part in parts
            for place, mark, _ in _elements(part)
        )
    match unicodedata.category(letter)[0]:
        case "M":
            weight = _MARKS.find(letter)
            return ((0, weight + 1 if weight >= 0 else ord(letter), 0),)
        case "L" | "N":
            return ((_OTHER_LETTER + ord(letter), 0, 0),)
        case "C":
            return ()
        case _:
            return ((_OTHER_SYMBOL + ord(letter), 0, 0),)


@functools.lru_cache(maxsize=20_000)
def sort_key(text):
    """A key for `sorted` that puts texts in Turkish order: … c ç d … h ı i j … o ö …

    Signs before digits before letters; â î û with a ı/i u; q w x in their Latin places. Differs
    for any two different texts, so that an order is always the same one.
    """
    elements = [
        element for letter in unicodedata.normalize("NFC", text) for element in _elements(letter)
    ]
    return (
        [place for place, _, _ in elements if place],
        [mark for _, mark, _ in elements],
        [case for _, _, case in elements],
        text,
    )


def compare(one, other):
    """-1, 0 or 1, as `sort_key` orders the two texts; what SQLite asks of a collation."""
    mine, yours = sort_key(one), sort_key(other)
    return (mine > yours) - (mine < yours)


def tr_order(name):
    """An ordering by a text column in Turkish: `order_by(tr_order("-trainee__last_name"))`.

    `name` is a field path, with "-" for descending. Rows without a value come last, on both
    databases.
    """
    expression = Collate(F(name.removeprefix("-")), COLLATION)
    if name.startswith("-"):
        return expression.desc(nulls_last=True)
    return expression.asc(nulls_last=True)


def register_collation(sender, connection, **kwargs):
    """Receiver of `connection_created`: gives SQLite the collation that PostgreSQL has."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(COLLATION, compare)
