"""Which characters a paper can print, and what stands for the others.

Typst refuses to make a PDF/UA if its fonts lack a single character. One heart in one title, typed on
a phone, would leave an exhibition without a catalogue and labels. Staff are told before they print
(`unprintable`).
"""

import functools
import re
import struct
import unicodedata
from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts"
MAIN, OTHERS = (
    "Source*.ttf",
    "Noto*.ttf",
)  # style.typ: the others are asked where the main ones lack it
MISSING = "☐"
_UNSEEN = {"\u200d", "\u200f"}  # a joiner of emoji and a direction sign, even if a font has them
_MARKS = {"\n", "\t", "\u200e"}  # need no font: line break, tab and the mark of `typst.breakable`
_SEPARATORS = r"[\s,;/·]"


def printable(data):
    """The same JSON-like data with nothing that cannot be printed.

    A letter of a script without a font becomes ☐, so that everybody sees that something is missing.
    Emoji and other symbols are left out, if anything else is left of the text.
    """
    if isinstance(data, str):
        return data if data.isascii() and data.isprintable() else _printable(data)
    if isinstance(data, dict):
        return {key: printable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [printable(value) for value in data]
    return data


def unprintable(data):
    """The characters in JSON-like data that no font has, as a text, each once."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list | tuple):
        return "".join(dict.fromkeys("".join(map(unprintable, data))))
    if not isinstance(data, str) or data.isascii():
        return ""
    unknown = set(unicodedata.normalize("NFC", data)) - _known()
    return "".join(sign for sign in dict.fromkeys(data) if sign in unknown and _stands_alone(sign))


def _printable(text):
    text = unicodedata.normalize("NFC", text)
    if set(text) <= _known():
        return text
    left = "".join(sign if sign in _known() else _instead(sign) for sign in text)
    left = re.sub(" {2,}", " ", left).strip()
    # An emoji between two commas leaves no hole in the list.
    left = re.sub(rf"([,;/·]){_SEPARATORS}*(?=[,;/·])", "", left)
    left = re.sub(rf"^{_SEPARATORS}+|{_SEPARATORS}+$", "", left)
    return left or MISSING


def _instead(sign):
    if sign.isspace():
        return " "
    return MISSING if unicodedata.category(sign)[0] in "LN" else ""


def _stands_alone(sign):
    """Whether people see the character by itself; not a mark, nor what joins two emoji."""
    return unicodedata.category(sign)[0] not in "MCZ"


@functools.cache
def _known():
    """The characters of the papers, and the marks."""
    main = frozenset.intersection(*map(_signs, FONTS.glob(MAIN)))
    others = frozenset.intersection(*map(_signs, FONTS.glob(OTHERS)))
    return (main | others | _MARKS) - _UNSEEN


def _signs(path):
    """The characters of a font file: the groups (first, last, …) in format 12 of its `cmap` table."""
    data = path.read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = (struct.unpack_from(">4sLLL", data, 12 + 16 * place) for place in range(count))
    at = next(offset for tag, _sum, offset, _length in tables if tag == b"cmap")
    count = struct.unpack_from(">H", data, at + 2)[0]
    maps = [at + struct.unpack_from(">4xL", data, at + 4 + 8 * place)[0] for place in range(count)]
    whole = next(one for one in maps if struct.unpack_from(">H", data, one)[0] == 12)
    groups = struct.unpack_from(">L", data, whole + 12)[0]
    known = set()
    for place in range(groups):
        first, last = struct.unpack_from(">LL", data, whole + 16 + 12 * place)
        known.update(map(chr, range(first, last + 1)))
    return frozenset(known)
