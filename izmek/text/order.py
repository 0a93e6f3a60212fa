"""Turkish sort order, the same on PostgreSQL (ICU collation) and on SQLite (implemented here)."""

import functools
import unicodedata

from django.db.models import F
from django.db.models.functions import Collate

from izmek.text.case import LOWER

COLLATION = "tr-x-icu"

# The rules of ICU's Turkish collation, so that SQLite sorts like PostgreSQL: first by letter (its
# position in these strings), then by mark (a < â), then by case (a < A), then by code point, which
# makes it a total order. Letters of other alphabets follow z by code point.
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

# ICU decomposes these letters, Unicode does not. ß æ œ get an extra mark between their two letters.
_TAKEN_APART = {
    "đ": "d\u0335",
    "ł": "l\u0335",
    "ø": "o\u0338",
    "ß": "s\u0335s",
    "æ": "a\u0335e",
    "œ": "o\u0335e",
}
_VARIANT = 2  # used as the case: ª sorts after A, ² after 2


@functools.lru_cache(maxsize=2048)
def _elements(letter):
    """What one code point adds to a sort key: a tuple of (place, mark, case) tuples."""
    if letter in _PLACES:
        return ((_PLACES[letter], 0, 0),)
    small = letter.translate(LOWER).lower()
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
    """A key for `sorted` that gives Turkish order: … c ç d … h ı i j … o ö …

    Symbols come before digits, digits before letters; â î û sort with a ı/i u; q w x have their
    Latin places. Two different texts never have the same key, so the order is always the same.
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
    """-1, 0 or 1, by the `sort_key` of the two texts: the form that SQLite needs for a collation."""
    mine, yours = sort_key(one), sort_key(other)
    return (mine > yours) - (mine < yours)


def tr_order(name):
    """An ordering by a text column in Turkish: `order_by(tr_order("-trainee__last_name"))`.

    `name` is a field path, with "-" for descending. Rows without a value come last on both
    databases.
    """
    expression = Collate(F(name.removeprefix("-")), COLLATION)
    if name.startswith("-"):
        return expression.desc(nulls_last=True)
    return expression.asc(nulls_last=True)


def register_collation(sender, connection, **kwargs):
    """Receiver of `connection_created`: adds the collation to SQLite; PostgreSQL has it already."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(COLLATION, compare)
