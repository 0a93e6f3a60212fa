"""What every page for the public is made with: how it is cached, paged and described in its head."""

from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from izmek import jsonld
from izmek.access import public
from izmek.models import SlugRedirect
from izmek.photos import share_size

DESCRIPTION_LENGTH = 155  # what search engines print


def reading(view):
    """Mark a view as a page that everyone may read: GET and HEAD only, no session, no cookie.

    `Cache-Control: no-cache` with the ETag of ConditionalGetMiddleware: whoever keeps a copy asks
    each time whether it still holds, so that what is withdrawn is gone at once (DESIGN.md §6).
    """
    return public(require_safe(cache_control(no_cache=True)(follow_moves(view))))


def follow_moves(view):
    """Let an address that the page once had (`by_slug`) lead to the one it has now."""

    @wraps(view)
    def page(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            match = request.resolver_match
            return redirect(match.view_name, **match.kwargs | {"slug": moved.row.slug})

    return page


def paginate(request, rows, per_page, count=None):
    """The page of rows that `?sayfa=` asks for, as a django.core.paginator.Page.

    What lies outside the list gives the nearest page, what is no number the first; `page.missed`
    then tells that it is not the one that was asked for. `count`: how many rows there are, where
    that is known already.
    """
    asked = request.GET.get("sayfa", "1")
    paginator = Paginator(rows, per_page)
    if count is not None:
        paginator.count = count
    try:
        number = min(max(int(asked), 1), paginator.num_pages)
    except ValueError:
        number = 1
    page = paginator.page(number)
    page.missed = asked != str(number)
    return page


def shorten(text, length):
    """The text on one line, at most `length` characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:–-.") + "…"


class Moved(Exception):
    """The page of a row has another address by now."""

    def __init__(self, row):
        super().__init__(row)
        self.row = row


def by_slug(rows, slug):
    """The row of a public page with this address.

    Raises Moved when it had the address once (`izmek.slugs.remember`), Http404 for any other.
    """
    row = rows.filter(slug=slug).first()
    if row is not None:
        return row
    kind = ContentType.objects.get_for_model(rows.model)
    old = SlugRedirect.objects.filter(content_type=kind, slug=slug).first()
    now = old and rows.filter(pk=old.object_id).first()
    if now is None:
        raise Http404
    raise Moved(now)


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
    """What `page.html` prints in the head of a page.

    title, description: plain text. crumbs: the way to the page, [(name, url)]. photo: for messengers
    and social networks. page: of a list, from `paginate`. query: {name: value} of the query string
    that makes the page another one. english: whether the English page says everything; one that does
    not is for people, not for search engines (and not named in hreflang).
    indexed: False for pages that are no place of their own (search). nodes: schema.org; callables that
    take the site's address and return a dict (izmek/jsonld.py).
    """
    base = request.build_absolute_uri("/")[:-1]
    query = dict(query or {})
    if page is not None and page.number > 1:  # whether it has rows would be asked of the database
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
