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
    """The network that one of settings.ADMIN_NETWORKS names. Raises ValueError if it is none."""
    return ipaddress.ip_network(written.strip(), strict=False)


def is_inside(address):
    """Whether an address (text) lies in one of settings.ADMIN_NETWORKS; no network stands for all."""
    networks = [_network(written) for written in settings.ADMIN_NETWORKS]
    try:
        asked = ipaddress.ip_address(address)
    except ValueError:
        return not networks
    asked = getattr(asked, "ipv4_mapped", None) or asked
    return not networks or any(asked in network for network in networks)


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
    for one in settings.ADMIN_NETWORKS:
        try:
            _network(one)
        except ValueError:
            wrong.append(one)
    return [
        Error(
            f"ADMIN_NETWORKS: {one!r} is no network.",
            hint="Write addresses such as 10.20.0.0/16, separated by commas.",
            id="izmek.E006",
        )
        for one in wrong
    ]
