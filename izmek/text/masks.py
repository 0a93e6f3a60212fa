"""How personal data are shown to readers who may know that they are there, but not what they say."""

import re

HIDDEN = "***"

_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
_NUMBER = re.compile(r"\+?\d(?:[\s()./-]*\d){6,}")  # a phone or identity number in a sentence


class Masked(str):
    """A masked value. It stands where the value stood, whatever the type of that."""


def phone(number):
    """`+905551234567` → `*** ** 67`."""
    return Masked(f"*** ** {str(number)[-2:]}")


def email(address):
    """`veli@example.org` → `v***@***`."""
    return Masked(f"{address[0]}{HIDDEN}@{HIDDEN}")


def day(date):
    """`4 May 1990` → `**.**.1990`."""
    return Masked(f"**.**.{date.year}")


def code(text):
    """A reference: `KM7Q-2XWP` → `KM***`."""
    return Masked(f"{text[:2]}{HIDDEN}")


def words(text):
    """A text without the addresses and long numbers in it."""
    return Masked(_NUMBER.sub(HIDDEN, _ADDRESS.sub(HIDDEN, text)))


def all_of_it(text):
    return Masked(HIDDEN)
