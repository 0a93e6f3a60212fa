"""Letter case by the Turkish rule (DOMAIN.md §7).

Python's own `lower`, `upper` and `title` get i and ı wrong. Never use them on prose.
"""

import re
import unicodedata

LOWER = str.maketrans("Iİ", "ıi")
_UPPER = str.maketrans("iı", "İI")
_WORD_START = re.compile(r"(?:^|(?<=[\s\-./(&]))\w")


def composed(text):
    """NFC; also repairs "i" + U+0307, which other programs produce when they lower İ."""
    return unicodedata.normalize("NFC", text).replace("i\u0307", "i")


def lower(text):
    """`"IŞIK"` → `"ışık"`, `"İZMİT"` → `"izmit"`."""
    return composed(text).translate(LOWER).lower()


def upper(text):
    """`"ışık"` → `"IŞIK"`, `"izmit"` → `"İZMİT"`."""
    return composed(text).translate(_UPPER).upper()


def title(text, *, turkish=True):
    """The name of a person or place: `"AYŞE NUR  IŞIK"` → `"Ayşe Nur Işık"`.

    A hyphen starts a new word, an apostrophe does not (`"İZMİT'İN"` → `"İzmit'in"`). Several
    spaces become one. turkish=False: by the rule of other languages, `"WILLIAM"` → `"William"`.
    """
    small = lower(text) if turkish else composed(text).lower()
    capital = upper if turkish else str.upper
    return _WORD_START.sub(lambda match: capital(match[0]), " ".join(composed(small).split()))


def initial(name):
    """The first letter as a capital with a full stop: `"yılmaz"` → `"Y."`; "" for an empty name."""
    name = name.strip()
    return upper(name)[0] + "." if name else ""
