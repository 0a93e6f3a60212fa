from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class SiteConfig(AppConfig):
    """The top layer: URLs, home page, search, the admin site, the demo."""

    name = "izmek.site"
    label = "izmek_site"


class AdminConfig(DjangoAdminConfig):
    default_site = "izmek.site.admin.IzmekAdminSite"
