"""Deployment mistakes found at the start: an address that leads nowhere, photos that lie elsewhere."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.files.storage import FileSystemStorage, default_storage


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


@register(Tags.security, deploy=True)
def nginx_sends_photos_of_a_folder(app_configs, **kwargs):
    """With PHOTO_ACCEL_PREFIX nginx looks on its own disk, and finds nothing of a bucket there."""
    if not settings.PHOTO_ACCEL_PREFIX or isinstance(default_storage, FileSystemStorage):
        return []
    return [
        Error(
            "PHOTO_ACCEL_PREFIX is set, and MEDIA_STORAGE is no folder: no photo would be found.",
            hint="Leave PHOTO_ACCEL_PREFIX empty: the program sends what lies in a bucket.",
            id="izmek.E008",
        )
    ]
