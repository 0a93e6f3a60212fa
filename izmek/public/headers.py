"""Headers of every answer, whoever gives it: pages, photos, static files, redirects, errors.

Django's SecurityMiddleware adds HSTS and the referrer policy, django-csp the content policy; here is what
neither has. nginx says the same of what it answers itself (deploy/nginx.conf).
"""

from django.conf import settings

# What the site never asks a browser for; passkeys and copying a link are all that it does.
NEVER = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
OWN = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
# Of what a browser opens; a stylesheet, script or font is light and needs none of them.
OF_PAGES = {
    "Permissions-Policy": ", ".join(
        [*(f"{name}=()" for name in NEVER), *(f"{name}=(self)" for name in OWN)]
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Reporting-Endpoints": f'csp="{settings.CSP_REPORTS}"',
}
PARTS = ("text/css", "text/javascript", "font/")
HEADERS = {
    # No other site shows our photos as its own, or reads along.
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def secured(response):
    """The response with what belongs to it; what a view said itself stays."""
    is_part = response.headers.get("Content-Type", "").startswith(PARTS)
    for name, value in (HEADERS if is_part else HEADERS | OF_PAGES).items():
        response.headers.setdefault(name, value)
    return response


class SecureHeaders:
    """Middleware: after the one that keeps pages, before all that may answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return secured(self.get_response(request))
