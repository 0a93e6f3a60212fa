"""How many parts a text message has: each is paid for, and counts for the daily limit.

Alphabets and lengths are those of 3GPP TS 23.038: the GSM 7 bit default alphabet and its extension table
(6.2.1), the Turkish single shift table (A.2.1), else UCS2. A part holds 140 octets. The announcement of the
Turkish table takes four of them, in a message of several parts three beside the six by which the parts are
joined (3GPP TS 23.040, 9.2.3.24): 155 and 149 signs instead of 160 and 153.
"""

import unicodedata
from dataclasses import dataclass
from enum import Enum

from django.conf import settings

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Two places each: the escape, and the sign.
EXTENSION = frozenset("\f^{}\\[~]|€")
TURKISH_SHIFT = EXTENSION | frozenset("ĞİŞçğış")

# Signs that would make UCS2 of a whole message, for twice the parts.
PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚′", "'"),
        **dict.fromkeys("“”„«»″", '"'),
        **dict.fromkeys("‐‑–—−", "-"),
        **dict.fromkeys("\t\u00a0\u2009\u202f", " "),
        **dict(zip("âîûôêÂÎÛÔÊ", "aiuoeAİUOE", strict=True)),
        "…": "...",
        "•": "-",
        "×": "x",
    }
)
NONE = "\ufffe\uffff"  # no signs, and no XML may hold them


class Alphabet(Enum):
    """(signs of a message of one part, signs in each of several parts)."""

    BASIC = (160, 153)
    TURKISH = (155, 149)
    UCS2 = (70, 67)


@dataclass(frozen=True)
class Measured:
    """`signs`: the places that a text takes in its `alphabet`, as gateways count them."""

    alphabet: Alphabet
    signs: int
    parts: int


def plain(text):
    """The text as it is sent: typographic signs as those of a telephone, no control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(PLAIN)
    kept = (
        sign
        for sign in text
        if sign == "\n"
        or (unicodedata.category(sign) not in ("Cc", "Cf", "Cs") and sign not in NONE)
    )
    lines = (" ".join(line.split()) for line in "".join(kept).split("\n"))
    return "\n".join(lines).strip()


def measure(text):
    """The Measured of a text, which no part cuts inside a sign."""
    signs = set(text)
    if signs <= BASIC | EXTENSION:
        alphabet, two = Alphabet.BASIC, EXTENSION
    elif signs <= BASIC | TURKISH_SHIFT and settings.SMS_TURKISH_TABLE:
        alphabet, two = Alphabet.TURKISH, TURKISH_SHIFT
    else:
        alphabet, two = Alphabet.UCS2, {sign for sign in signs if sign > "\uffff"}
    widths = [2 if sign in two else 1 for sign in text]
    one, several = alphabet.value
    whole = sum(widths)
    if whole <= one:
        return Measured(alphabet, whole, 1)
    parts, room = 1, several
    for width in widths:
        if width > room:
            parts, room = parts + 1, several
        room -= width
    return Measured(alphabet, whole, parts)
