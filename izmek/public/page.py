"""Common parts of public pages: access and caching, pagination."""

from django.core.paginator import Paginator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from izmek.accounts.access import public
from izmek.public.slugs import follow_moves


def reading(view):
    """Decorator for a page that everyone may read: GET and HEAD only, no session, no cookie.

    `Cache-Control: no-cache` with the ETag of ConditionalGetMiddleware: browsers and proxies must ask
    each time whether their copy is still valid, so withdrawn content disappears at once (DESIGN.md §6).
    """
    return public(require_safe(cache_control(no_cache=True)(follow_moves(view))))


def paginate(request, rows, per_page, count=None):
    """The page of rows that `?sayfa=` asks for, as a django.core.paginator.Page.

    A number outside the list gives the nearest page, a text that is not a number the first page; then
    `page.missed` is true. `count`: the number of rows, if the caller already knows it.
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
