"""Every address of the site. Turkish without prefix, English under /en/ (DESIGN.md §5)."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("yonetim/", admin.site.urls),
    path("hesap/", include("izmek.accounts")),
]
