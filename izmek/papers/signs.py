"""Which characters a paper can print: those that every font in `fonts/` has.

Typst refuses to make a PDF/UA if its font lacks a single character. One heart in one title, typed on
a phone, would leave an exhibition without a catalogue and labels.
"""

import functools
import re
import struct
import unicodedata
from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts"
NOTHING_LEFT = "…"  # because a heading must not be empty


def printable(data):
    """The same JSON-like data without the characters that cannot be printed."""
    if isinstance(data, str):
        return data if data.isascii() and data.isprintable() else _printable(data)
    if isinstance(data, dict):
        return {key: printable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [printable(value) for value in data]
    return data


def _printable(text):
    text = unicodedata.normalize("NFC", text)
    if set(text) <= _known():
        return text
    known = (sign if sign in _known() else " " if sign.isspace() else "" for sign in text)
    left = "".join(known)
    return re.sub(" {2,}", " ", left).strip() or NOTHING_LEFT


@functools.cache
def _known():
    """The characters that all fonts have, and line break and tab."""
    return frozenset.intersection(*map(_signs, FONTS.glob("*.ttf"))) | {"\n", "\t"}


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
