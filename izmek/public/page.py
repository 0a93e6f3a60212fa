"""Common parts of public pages: access and caching, what no address may hold, pagination."""

from functools import wraps

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from izmek.accounts.access import public
from izmek.public.slugs import follow_moves
from izmek.secrets.identity import holds_number


def reading(view):
    """Decorator for a page that everyone may read: GET and HEAD only, no session, no cookie.

    `Cache-Control: no-cache` with an ETag (izmek/public/cache.py): browsers and proxies must ask each time
    whether their copy is still valid, so withdrawn content disappears at once (DESIGN.md §6).
    """
    page = public(require_safe(cache_control(no_cache=True)(without_numbers(follow_moves(view)))))
    page.reading = True
    return page


def without_numbers(view):
    """Decorator: a question that holds an identity number is not answered, repeated or kept.

    It stands in the address then, which a public search cannot help; the page says so, and that is all.
    """

    @wraps(view)
    def page(request, *args, **kwargs):
        if any(holds_number(value) for value in request.GET.values()):
            request.META["QUERY_STRING"] = ""  # the link to the other language would repeat it
            return render(request, "number.html", status=400)
        return view(request, *args, **kwargs)

    return page


def paginate(request, rows, per_page, count=None):
    """The page of rows that `?sayfa=` asks for, as a django.core.paginator.Page.

    A number outside the list gives the nearest page, a text that is not a number the first page; then
    `page.missed` is true. `page.numbers`: the pages that its pager is about. `count`: the number of
    rows, if the caller already knows it.
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
    ends, near = {1, paginator.num_pages}, range(number - 2, number + 3)
    page.numbers = sorted(ends.union(near).intersection(paginator.page_range))
    return page
