"""Pages for monitoring and for robots."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from izmek.accounts.access import public
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.page import reading
from izmek.site.checks import CHECKS, DATABASE
from izmek.site.demo import flag

PLAIN = "text/plain; charset=utf-8"


@public
@require_safe
@never_cache
def alive(request):
    """`/saglik/`: the process answers; checks nothing else."""
    return HttpResponse(_("alive") + "\n", content_type=PLAIN)


@public
@require_safe
@never_cache
def ready(request):
    """`/hazir/`: 200 where this host can show pages, else 503; a line for each part tells how it stands.

    What pages can do without is only told, photos too: for a store that is away a balancer would take all
    hosts out at once.
    """
    lines, whole = [], True
    for check in CHECKS:
        if not check.ready:
            continue
        problem = "; ".join(one.said for one in check.wrong())
        lines.append(f"{check.name}: {problem or _('ready')}\n")
        whole = whole and not (problem and check.needed)
        if problem and check is DATABASE:
            break  # the others would ask it too
    return HttpResponse("".join(lines), content_type=PLAIN, status=200 if whole else 503)


@reading
@cached(Area.COURSES)
def robots(request):
    """`/robots.txt`: all public pages except the search, and the site map; nothing with demo data."""
    closed = ["/"] if flag.is_on() else ["/yonetim/", "/hesap/", "/ara/", "/en/search/"]
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in closed)]
    if not flag.is_on():
        lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)
