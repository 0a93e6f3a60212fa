"""The data for the <head> of a public page."""

from urllib.parse import urlencode

from django.conf import settings
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.translation import get_language

from izmek.media.photos import share_size
from izmek.public import schema_org as jsonld

DESCRIPTION_LENGTH = 155  # characters that search engines show


def shorten(text, length):
    """The text on one line; longer than `length` characters, it is cut between words and ends with …"""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:–-.") + "…"


def head(
    request,
    *,
    title,
    description,
    crumbs=(),
    photo=None,
    page=None,
    query=None,
    english=True,
    indexed=True,
    kind="website",
    nodes=(),
):
    """The context that `_head.html` prints, as a dict.

    title, description: plain text. crumbs: the breadcrumbs, [(name, url)]. photo: shown by messengers
    and social networks. page: the page of a list, from `paginate`. query: {name: value} of the query
    string, part of the canonical URL. english: whether everything on the page exists in English; if not,
    search engines do not index the English page and hreflang does not name it. indexed: False for pages
    that search engines should not list (search results). nodes: schema.org, as callables that take the
    site's URL and return a dict (izmek/public/schema_org.py).
    """
    base = request.build_absolute_uri("/")[:-1]
    query = dict(query or {})
    if page is not None and page.number > 1:  # `if page` would query the database
        query["sayfa"] = page.number
    here = request.path + (f"?{urlencode(query)}" if query else "")
    languages = [code for code, _name in settings.LANGUAGES if english or code != "en"]
    alternates = [(code, base + translate_url(here, code)) for code in languages]
    indexed = indexed and get_language() in languages
    image = {"url": base + static("img/share.png"), "width": 1200, "height": 630}
    if photo is not None:
        width, height = share_size(photo.width, photo.height)
        image = {
            "url": base + photo.share_url,
            "width": width,
            "height": height,
            "alt": photo.alt_text,
        }
    return {
        "title": title,
        "description": shorten(description, DESCRIPTION_LENGTH),
        "canonical": base + here,
        "alternates": [*alternates, ("x-default", alternates[0][1])] if indexed else [],
        "indexed": indexed,
        "kind": kind,
        "image": image,
        "base": base,
        "locale": {"tr": "tr_TR", "en": "en_GB"}[get_language()],
        "jsonld": jsonld.script(
            jsonld.organisation(base),
            jsonld.website(base),
            jsonld.breadcrumbs(base, crumbs, title),
            *(node(base) for node in nodes),
        ),
    }
