"""Texts stored in Turkish and optionally in English (`text`, `text_en`), and the language of a page."""

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import get_language

from izmek.text import case


def in_language(row, name):
    """The text `name` of a row in the language of the page; Turkish if the English is missing."""
    return (get_language() == "en" and getattr(row, f"{name}_en", "")) or getattr(row, name)


def language_of(row, name):
    """The language of the result of `in_language` if it differs from the page's: "tr" or ""."""
    if get_language() == "tr" or not getattr(row, name):
        return ""
    return "" if getattr(row, f"{name}_en", "") else "tr"


def capital(text, language=None):
    """The text with a capital first letter. `language`: of the text; by default that of the page."""
    text = str(text)
    upper = case.upper if (language or get_language()) == "tr" else str.upper
    return upper(text[:1]) + text[1:]


def said(row, name):
    """The text `name` of a row as HTML, with a `lang` attribute if its language is not the page's."""
    language = language_of(row, name)
    text = capital(in_language(row, name), language)
    return format_html('<span lang="{}">{}</span>', language, text) if language else text


def language(get_response):
    """Middleware: only the URL decides the language. /en/… is English, everything else Turkish.

    Django's LocaleMiddleware would also read the browser's language and send
    `Vary: Accept-Language`.
    """

    def middleware(request):
        code = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware
