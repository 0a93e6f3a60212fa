"""Turkish text: letter case, search key, slug, order, dates and figures in words (DOMAIN.md §7).

Python's own `lower`, `upper`, `title` and Django's `slugify` get i and ı wrong and are never used
on prose; these are. Nothing here reads the database, but for the order that the ORM asks for:
`tr_order("name")` sorts by the same rule on PostgreSQL (its ICU collation) and on SQLite (ours).
"""

import functools
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F
from django.db.models.functions import Collate
from django.utils import formats
from django.utils.dates import MONTHS
from django.utils.translation import get_language

# --- Letter case ------------------------------------------------------------------------------

_LOWER = str.maketrans("Iİ", "ıi")
_UPPER = str.maketrans("iı", "İI")
_WORD_START = re.compile(r"(?:^|(?<=[\s\-./(&]))\w")


def _composed(text):
    """NFC; also mends the "i" + U+0307 that other programs make of İ when they lower it."""
    return unicodedata.normalize("NFC", text).replace("i\u0307", "i")


def lower(text):
    """`"IŞIK"` → `"ışık"`, `"İZMİT"` → `"izmit"`."""
    return _composed(text).translate(_LOWER).lower()


def upper(text):
    """`"ışık"` → `"IŞIK"`, `"izmit"` → `"İZMİT"`."""
    return _composed(text).translate(_UPPER).upper()


def title(text):
    """A person's or a place's name: `"AYŞE NUR  IŞIK"` → `"Ayşe Nur Işık"`.

    A hyphen begins a new word, an apostrophe does not (`"İZMİT'İN"` → `"İzmit'in"`). Runs of
    blanks become one.
    """
    return _WORD_START.sub(lambda match: upper(match[0]), " ".join(lower(text).split()))


def initial(name):
    """The first letter as a capital with a full stop: `"yılmaz"` → `"Y."`; "" for no name."""
    name = name.strip()
    return upper(name)[0] + "." if name else ""


# --- Search key and slug ----------------------------------------------------------------------

# Letters that no decomposition takes apart. The Turkish ones with marks (ç ğ ö ş ü â î û) need no
# entry. The others occur in foreigners' names; apostrophes differ from keyboard to keyboard.
_FOLD = str.maketrans(
    {"ı": "i", "ə": "e", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
    | dict.fromkeys("‘’ʼ`´", "'")
)


def without_unseen(text):
    """Text without the signs that no one sees, and that can turn the order of what stands around.

    Line ends and tabs stay, and what joins the parts of an emoji between two signs that are seen.
    """
    unseen = {"Cc", "Cf", "Co", "Cs"}
    seen = [
        letter
        for letter in text
        if letter in "\n\t\u200d" or unicodedata.category(letter) not in unseen
    ]
    return re.sub(r"(?<![^\s\w])\u200d|\u200d(?![^\s\w])", "", "".join(seen))


def fold(text):
    """The search key: `"İĞNE OYASI"`, `"iğne oyası"` and `"igne oyasi"` all → `"igne oyasi"`.

    Lower case by the Turkish rule, then every mark is taken off and ı becomes i. Runs of blanks
    become one. `fold(fold(x)) == fold(x)`. None gives "".
    """
    plain = unicodedata.normalize("NFD", lower(text or "").translate(_FOLD))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def slug(text, max_length=60):
    """The part of an address: `"Akmeşe Mahalle Konağı"` → `"akmese-mahalle-konagi"`.

    Only a-z, 0-9 and single hyphens between them; at most `max_length` characters, cut between
    words where there is such a place. May be "" (a text of symbols only): the caller decides.
    """
    whole = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(whole) <= max_length:
        return whole
    words = whole[: max_length + 1].rpartition("-")[0]
    return words or whole[:max_length]


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


# --- Dates and figures ------------------------------------------------------------------------


def date_range(begin, end=None, precision="day"):
    """A period in words, in the active language, as short as it can be said.

    `2–15 Haziran 2025`, `30 Mayıs – 2 Haziran 2025`; with `precision="month"`: `Haziran 2023`,
    `Mayıs – Haziran 2023`. Takes dates; the end belongs to the period, None is the begin.
    """
    end = end or begin
    same_year = begin.year == end.year
    same_month = same_year and begin.month == end.month
    if precision == "month":
        last = f"{MONTHS[end.month]} {end.year}"
        if same_month:
            return last
        return f"{MONTHS[begin.month]}{'' if same_year else f' {begin.year}'} – {last}"
    last = f"{end.day} {MONTHS[end.month]} {end.year}"
    if begin == end:
        return last
    if same_month:
        return f"{begin.day}–{last}"
    first = f"{begin.day} {MONTHS[begin.month]}"
    return f"{first}{'' if same_year else f' {begin.year}'} – {last}"


def number(value, places=0):
    """A figure in the active language, rounded half up: `1.234.567,89` (English 1,234,567.89)."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return formats.number_format(rounded, places, use_l10n=True, force_grouping=True)


def percent(value, places=1):
    """A percentage in the active language: 87.5 → `%87,5` (English 87.5%)."""
    figure = number(value, places)
    return f"%{figure}" if (get_language() or "tr").startswith("tr") else f"{figure}%"


def lira(value):
    """An amount of money: 1234.5 → `1.234,50 TL`."""
    return f"{number(value, 2)} TL"
