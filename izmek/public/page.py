"""What every page for the public is made with: how it may be cached and paged."""

from django.core.paginator import Paginator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from izmek.accounts.access import public
from izmek.public.slugs import follow_moves


def reading(view):
    """Mark a view as a page that everyone may read: GET and HEAD only, no session, no cookie.

    `Cache-Control: no-cache` with the ETag of ConditionalGetMiddleware: whoever keeps a copy asks
    each time whether it still holds, so that what is withdrawn is gone at once (DESIGN.md §6).
    """
    return public(require_safe(cache_control(no_cache=True)(follow_moves(view))))


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
