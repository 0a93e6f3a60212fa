"""What every page's frame needs; reads neither session nor user, so that public pages stay public."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

NAVIGATION = [
    ("exhibitions", lambda: _("Exhibitions")),
    ("centres", lambda: _("Course centres")),
    ("search", lambda: _("Search")),
]


def site(request):
    """`SITE_NAME`, `nav` (url, label, current), `lang_switch` (url, code, name, prefix), `demo`."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "nav": [
            {
                "url": reverse(name),
                "label": label(),
                "current": request.path.startswith(reverse(name)),
            }
            for name, label in NAVIGATION
        ],
    }
