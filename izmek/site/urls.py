"""All URLs of the site. Turkish without prefix, English under /en/ (DESIGN.md §5)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from exhibitions import urls as exhibitions
from izmek.public.policy_reports import policy_report
from izmek.site import sitemaps
from izmek.site.views import centres, figures, home, metrics, operation, search, statements
from trainees import urls as trainees

urlpatterns = [
    path("yonetim/", admin.site.urls),
    path("hesap/", include("izmek.accounts.urls")),
    path("ogretmen/", include("izmek.site.teacher_urls")),
    path(settings.CSP_REPORTS.strip("/") + "/", policy_report, name="policy_report"),
    path("saglik/", operation.alive, name="alive"),
    path("hazir/", operation.ready, name="ready"),
    path("olcumler/", metrics.metrics, name="metrics"),
    path("robots.txt", operation.robots, name="robots"),
    path("sitemap.xml", sitemaps.sections, name="sitemap"),
    path("sitemap-<str:section>.xml", sitemaps.section, name="sitemap_section"),
    path("rakamlarla/veri.csv", figures.as_csv, name="figures_csv"),
    path("rakamlarla/veri.json", figures.as_json, name="figures_json"),
    *exhibitions.stable,
    *trainees.stable,
    *i18n_patterns(
        path("", home.home, name="home"),
        path("", include(exhibitions)),
        path("", include(trainees)),
        path(_("centres/"), centres.centres, name="centres"),
        path(_("centres/<slug:slug>/"), centres.centre, name="centre"),
        path(_("figures/"), figures.figures, name="figures"),
        path(_("search/"), search.search, name="search"),
        path(_("accessibility/"), statements.accessibility, name="accessibility"),
        path(_("privacy/"), statements.privacy, name="privacy"),
        path(_("cookies/"), statements.cookies, name="cookies"),
        path(_("contact/"), statements.contact, name="contact"),
        prefix_default_language=False,
    ),
]

handler400 = "izmek.site.views.errors.not_understood"
handler403 = "izmek.site.views.errors.not_allowed"
handler404 = "izmek.site.views.errors.not_found"
handler500 = "izmek.site.views.errors.went_wrong"
