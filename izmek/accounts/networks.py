"""The panel is reached from settings.ADMIN_NETWORKS alone, the municipality's own; none named: from all."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from izmek.accounts.clients import client_address


@lru_cache(maxsize=32)
def _network(written):
    """The network that is written so. Raises ValueError if it is none."""
    return ipaddress.ip_network(written.strip(), strict=False)


def is_inside(address):
    """Whether an address (text) lies in one of settings.ADMIN_NETWORKS; no network stands for all."""
    return not settings.ADMIN_NETWORKS or lies_in(address, settings.ADMIN_NETWORKS)


def lies_in(address, networks):
    """Whether an address (text) lies in one of some networks, as they are written in the settings."""
    try:
        asked = ipaddress.ip_address(address)
    except ValueError:
        return False
    asked = getattr(asked, "ipv4_mapped", None) or asked
    return any(asked in _network(written) for written in networks)


class AdminNetworks:
    """Middleware: the panel answers 403 to whoever comes from elsewhere, signed in or not.

    The sign-in and the teachers' pages stay open: teachers are on their phones.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        inside = "admin" not in request.resolver_match.app_names
        if inside or not settings.ADMIN_NETWORKS or is_inside(client_address(request)):
            return None
        raise PermissionDenied(_("The panel is open only from the municipality’s network."))


@register
def networks_are_networks(app_configs, **kwargs):
    wrong = []
    for name in ("ADMIN_NETWORKS", "METRICS_NETWORKS"):
        for one in getattr(settings, name):
            try:
                _network(one)
            except ValueError:
                wrong.append((name, one))
    return [
        Error(
            f"{name}: {one!r} is no network.",
            hint="Write addresses such as 10.20.0.0/16, separated by commas.",
            id="izmek.E006",
        )
        for name, one in wrong
    ]
