"""Texts for papers about works and exhibitions."""

from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.text import normalize_newlines

from izmek.papers.typst import breakable
from izmek.text.figures import lira
from izmek.text.fold import fold
from izmek.text.languages import capital, in_language, language_of

TEMPLATES = Path(__file__).resolve().parent.parent / "typst"


# --- Texts ------------------------------------------------------------------------------------


def said(row, name):
    """The field `name` of a row, with a capital first letter: {text, lang}.

    `lang` is "" when the text is in the paper's language.
    """
    language = language_of(row, name)
    return {"text": breakable(capital(in_language(row, name), language)), "lang": language}


def plain(text):
    return {"text": text, "lang": ""}


def joined(parts, sign="\u00a0· "):
    """Texts joined in one line; if one of them is Turkish, the whole line counts as Turkish."""
    parts = [part for part in parts if part and part["text"]]
    language = next((part["lang"] for part in parts if part["lang"]), "")
    return {"text": sign.join(part["text"] for part in parts), "lang": language}


def paragraphs(text):
    parts = normalize_newlines(text).split("\n\n")
    return [breakable(" ".join(part.split())) for part in parts if part.strip()]


def sale(work):
    """The sale status in words: "satılık, 1.250 TL"."""
    status = capital(work.get_sale_status_display())
    return status if work.public_price is None else f"{status}, {price(work)}"


def price(work):
    """The price that is told, or ""."""
    if work.public_price is None:
        return ""
    return lira(work.public_price).replace(" ", "\u00a0")


def when(exhibition):
    """The dates, the hours if they are known, and the days that differ, as a list of lines."""
    return [exhibition.dates, *exhibition.opening_hours]


def opening(exhibition):
    """The opening in words, or ""."""
    if exhibition.opening_at is None:
        return ""
    moment = timezone.localtime(exhibition.opening_at)
    return f"{format_date(moment, 'LONG_DATE_FORMAT')}, {time_format(moment.time())}"


def where(exhibition):
    """The venue with its neighbourhood."""
    place, area = exhibition.place, exhibition.neighbourhood
    if area is not None and fold(area.name) not in fold(place):
        place = f"{place}, {area.name}" if place else area.name
    return breakable(place)


# --- Addresses --------------------------------------------------------------------------------


def absolute(path):
    return f"{settings.SITE_URL}{path}"


def short_address(work_number):
    """The URL in a label's QR code: it never changes and has no language."""
    return absolute(reverse("work_short", args=[work_number]))


def page_address(exhibition):
    """The URL of the exhibition's Turkish page, for posters and programmes."""
    with translation.override("tr"):
        return absolute(exhibition.get_absolute_url())


def spoken(address):
    """A URL as people write it."""
    return address.partition("://")[2].rstrip("/")


def about(exhibition):
    return {
        "title": breakable(exhibition.title),
        "when": ", ".join(when(exhibition)),
        "place": where(exhibition),
    }
