"""Addresses that a page writes dozens of times."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language


def address(name, *args):
    """As `reverse`, which takes longer than all else that a card needs; remembered for each language."""
    return _address(name, args, get_language(), get_script_prefix())


@lru_cache(maxsize=4096)
def _address(name, args, _language, _prefix):
    return reverse(name, args=args)
