"""Codes that people read from a screen and say on the telephone: references and check codes."""

import re
import secrets

# Consonants and digits that nobody takes for one another (no O/0, I/1, S/5, Z/2, B/8, G/6), and no
# vowels, so that no word comes out. 12 of them are 51 random bits.
SIGNS = "CDFGHKLMNPRTVYZ" + "3479"
LENGTH, GROUP = 12, 4


def new_code():
    """A code nobody can guess, such as `K7RC-3VTD-MZ4P`."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read_code(text):
    """A code as it is stored, however someone typed it; "" for what cannot be one."""
    signs = re.sub(r"[\s\-–.]", "", text).upper()  # a code holds no letter of Turkish case
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS):
        return ""
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))
