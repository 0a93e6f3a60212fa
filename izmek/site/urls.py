"""Every address of the site. Turkish without prefix, English under /en/ (DESIGN.md §5)."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from exhibitions import urls as exhibitions
from izmek.site.views import centres, home, operation, search

urlpatterns = [
    path("yonetim/", admin.site.urls),
    path("hesap/", include("izmek.accounts.urls")),
    path("ogretmen/", include("izmek.site.teacher_urls")),
    path("saglik/", operation.alive, name="alive"),
    path("hazir/", operation.ready, name="ready"),
    path("robots.txt", operation.robots, name="robots"),
    *exhibitions.stable,
    *i18n_patterns(
        path("", home.home, name="home"),
        path("", include(exhibitions)),
        path("", include("trainees.urls")),
        path(_("centres/"), centres.centres, name="centres"),
        path(_("centres/<slug:slug>/"), centres.centre, name="centre"),
        path(_("search/"), search.search, name="search"),
        prefix_default_language=False,
    ),
]

handler403 = "izmek.site.views.operation.not_allowed"
handler404 = "izmek.site.views.operation.not_found"
