"""Letter case by the Turkish rule (DOMAIN.md §7).

Python's own `lower`, `upper` and `title` get i and ı wrong and are never used on prose."""

import re
import unicodedata

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
