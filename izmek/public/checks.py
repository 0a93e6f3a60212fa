"""A deployment mistake found at the start: an address that leads nowhere."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def the_address_is_the_public_one(app_configs, **kwargs):
    """SITE_URL is printed in QR codes that hang on walls, and stands in letters."""
    if urlsplit(settings.SITE_URL).hostname not in ("localhost", "127.0.0.1", "::1", None):
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL}: no QR code and no letter would lead to the site.",
            hint="Set SITE_URL to the address from outside, such as https://izmek.izmit.bel.tr.",
            id="izmek.E002",
        )
    ]
