"""Search keys and addresses: text without case and marks (DOMAIN.md §7)."""

import re
import unicodedata

from izmek.text.case import lower

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
