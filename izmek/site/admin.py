"""The admin site: Django's own, with our name, our look and the year's dashboard as its index."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class IzmekAdminSite(AdminSite):
    site_title = "İZMEK"
    site_header = _("İZMEK administration")
    index_title = _("This year")
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request):
        """The admin is for managers, officers, curators and auditors; teachers have their pages."""
        return request.user.is_active and getattr(request.user, "works_in_admin", False)
