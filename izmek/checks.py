"""Mistakes of a deployment that would otherwise show only when somebody needs the thing."""

from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, Tags, register


@register
def identity_keys_are_usable(app_configs, **kwargs):
    """Every key of IDENTITY_KEYS is a Fernet key; a wrong one would show at the first enrolment."""
    wrong = [place for place, key in enumerate(settings.IDENTITY_KEYS, start=1) if not _is_key(key)]
    return [
        Error(
            f"Key {place} of IDENTITY_KEYS is no Fernet key (32 bytes, urlsafe base64).",
            hint="docs/operating.md tells how to make one.",
            id="izmek.E001",
        )
        for place in wrong
    ]


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


def _is_key(key):
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
