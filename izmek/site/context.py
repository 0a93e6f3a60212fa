"""Variables for the frame of every page. Reads neither session nor user, so pages stay cacheable."""

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.functional import cached_property
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from izmek.site.demo import flag

NAVIGATION = [
    ("exhibitions", lambda: _("Exhibitions")),
    ("works", lambda: _("Works")),
    ("courses", lambda: _("Courses")),
    ("centres", lambda: _("Centres")),
    ("search", lambda: _("Search")),
    ("certificates", lambda: _("Check a certificate")),
]
# The header's row is full on a narrow page: there these stand in the footer alone.
ONLY_WIDE = {"certificates"}


class Site:
    """Facts about the whole site for templates; each costs one query when it is used."""

    @cached_property
    def demo(self):
        """Whether the data are invented: the footer says so, and robots are refused."""
        return flag.is_on()


def site(request):
    """`SITE_NAME`, `site.demo`, `nav` (url, label, current, only_wide), `lang_switch` (url, code, name,
    prefix)."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "site": Site(),
        "nav": [
            {
                "url": reverse(name),
                "label": label(),
                "current": request.path.startswith(reverse(name)),
                "only_wide": name in ONLY_WIDE,
            }
            for name, label in NAVIGATION
        ],
        "lang_switch": lang_switch(request),
    }


def lang_switch(request):
    """The same page in the other language, named in that language; None if there is only one."""
    code, name, prefix = (
        ("tr", "Türkçe", "Sayfanın dili:")
        if get_language() == "en"
        else ("en", "English", "Change language to")
    )
    if request.resolver_match is None:  # no URL of ours matches: link to the home page
        with override(code):
            url = reverse("home")
    else:
        here = request.get_full_path()
        url = translate_url(here, code)
        if url == here:
            return None
    return {"url": url, "code": code, "name": name, "prefix": prefix}
