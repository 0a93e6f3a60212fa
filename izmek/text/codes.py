"""Codes that people read from a screen or say on the telephone, and keys of rows in requests."""

import re
import secrets

# Only characters that are not easily confused (not O/0, I/1, S/5, Z/2, B/8, G/6). No vowels, so a
# code never spells a word. 12 of them make 51 random bits, 16 make 67.
SIGNS = "CDFGHKLMNPRTVYZ" + "3479"
LENGTH, GROUP = 12, 4


def new_code(length=LENGTH):
    """A random code of so many signs that cannot be guessed, such as `K7RC-3VTD-MZ4P`."""
    return _grouped("".join(secrets.choice(SIGNS) for _ in range(length)))


def read_code(text, length=LENGTH):
    """The stored form of a code that someone typed, with or without hyphens; "" if it is not a code."""
    signs = re.sub(r"[\s\-–.]", "", text).upper()  # safe: a code contains no i or ı
    if len(signs) != length or not set(signs) <= set(SIGNS):
        return ""
    return _grouped(signs)


def _grouped(signs):
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def row_key(text):
    """The key of a row in a request as an int; None for an impossible one, such as 5,000 digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
