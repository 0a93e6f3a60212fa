"""Search keys and slugs: text without letter case and diacritics (DOMAIN.md §7)."""

import re
import unicodedata

from izmek.text.case import lower

# Letters that Unicode does not decompose. The Turkish letters with marks (ç ğ ö ş ü â î û) need no
# entry; the others occur in foreign names. Apostrophes differ between keyboards.
_FOLD = str.maketrans(
    {"ı": "i", "ə": "e", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
    | dict.fromkeys("‘’ʼ`´", "'")
)


# Letters and marks that stand for nothing: joiner, Hangul fillers, Khmer vowels, empty Braille.
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_FILLER = re.compile(f"[{_FILLERS}]")


def without_unseen(text):
    """The text without invisible characters, which can also reverse the text around them.

    Line ends and tabs stay, and so does the joiner (U+200D) between two parts of an emoji.
    """
    if text.isprintable() and not _FILLER.search(text):
        return text
    unseen = {"Cc", "Cf", "Co", "Cs"}
    seen = [
        letter
        for letter in text
        if letter in "\n\t\u200d"
        or (unicodedata.category(letter) not in unseen and letter not in _FILLERS)
    ]
    return re.sub(r"(?<![^\s\w])\u200d|\u200d(?![^\s\w])", "", "".join(seen))


def fold(text):
    """The search key: `"İĞNE OYASI"`, `"iğne oyası"` and `"igne oyasi"` all → `"igne oyasi"`.

    Lower case by the Turkish rule, then all marks are removed and ı becomes i. Several spaces
    become one. `fold(fold(x)) == fold(x)`. None gives "".
    """
    if text and text.isascii():  # I becomes ı by the Turkish rule, and ı becomes i
        return " ".join(text.lower().replace("`", "'").split())
    plain = unicodedata.normalize("NFD", lower(text or "").translate(_FOLD))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def slug(text, max_length=60):
    """A text for a URL: `"Akmeşe Mahalle Konağı"` → `"akmese-mahalle-konagi"`.

    Only a-z, 0-9 and single hyphens between them; at most `max_length` characters, cut between
    words if possible. A text of symbols only gives "", and the caller decides what to do then.
    """
    whole = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(whole) <= max_length:
        return whole
    words = whole[: max_length + 1].rpartition("-")[0]
    return words or whole[:max_length]
