"""Template filters used on several pages: bilingual texts, numbers, money, telephone numbers."""

from django import template
from django.utils.html import format_html
from django.utils.text import normalize_newlines

from izmek.text import figures, phones
from izmek.text import languages as bilingual

register = template.Library()

register.filter("show_phone", phones.show)
register.filter("tel", phones.tel_uri)
register.filter("capital", bilingual.capital)
register.filter("said", bilingual.said)


@register.filter
def written(row, name):
    """The text `name` of a row in the language of the page."""
    return bilingual.in_language(row, name)


@register.filter
def lang_attr(row, name):
    """` lang="tr"` if the text `name` of a row is Turkish on an English page, else ""."""
    language = bilingual.language_of(row, name)
    return format_html(' lang="{}"', language) if language else ""


@register.filter
def lang_of(row, name):
    """ "tr" if the text `name` of a row is Turkish on an English page, else ""."""
    return bilingual.language_of(row, name)


@register.filter
def figure(value):
    """A whole number with thousands separators: 1.584."""
    return figures.number(value)


@register.filter
def price(value):
    """An amount in lira: 1.250 TL."""
    return figures.lira(value)


@register.filter
def paragraphs(text):
    """The paragraphs of a text, which are separated by empty lines."""
    return [part.strip() for part in normalize_newlines(text).split("\n\n") if part.strip()]
