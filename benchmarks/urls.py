"""The site's addresses and, before them, an empty view."""

from django.http import HttpResponse
from django.urls import path

from benchmarks.page import EMPTY
from izmek.site import urls as site
from izmek.site.urls import handler400, handler403, handler404  # noqa: F401


def empty(request):
    """15 KB that nobody made: what Django, and the middleware of the site, cost by themselves."""
    return HttpResponse(EMPTY)


urlpatterns = [path("bos/", empty), *site.urlpatterns]
handler500 = getattr(site, "handler500", "django.views.defaults.server_error")
