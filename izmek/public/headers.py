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
HEADERS = {
    "Permissions-Policy": ", ".join(
        [*(f"{name}=()" for name in NEVER), *(f"{name}=(self)" for name in OWN)]
    ),
    # No other site shows our photos as its own, or reads along.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Reporting-Endpoints": f'csp="{settings.CSP_REPORTS}"',
}


def secured(response):
    """The response with all of them; what a view said itself stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class SecureHeaders:
    """Middleware: after the one that keeps pages, before all that may answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return secured(self.get_response(request))
