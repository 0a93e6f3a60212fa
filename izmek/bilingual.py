"""Texts that are kept in Turkish and, where someone wrote it, in English (`text`, `text_en`)."""

from django.utils.translation import get_language

from izmek import turkish


def in_language(row, name):
    """The text `name` of a row in the language of the page; Turkish where English is missing."""
    return (get_language() == "en" and getattr(row, f"{name}_en", "")) or getattr(row, name)


def language_of(row, name):
    """The language of what `in_language` gives, where it is not the page's: "tr" or ""."""
    if get_language() == "tr" or not getattr(row, name):
        return ""
    return "" if getattr(row, f"{name}_en", "") else "tr"


def capital(text):
    """The text with a capital letter at its beginning, by the rule of the page's language."""
    text = str(text)
    upper = turkish.upper if get_language() == "tr" else str.upper
    return upper(text[:1]) + text[1:]
