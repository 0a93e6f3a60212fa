"""Where a request comes from, for limits: the client's address behind our own proxies."""

import ipaddress

from django.conf import settings


def client_address(request):
    """The IP address of the client, as text.

    Of X-Forwarded-For only the entries of our own proxies are trusted: each of the
    settings.TRUSTED_PROXY_COUNT proxies adds at the end the address it saw.
    """
    proxies = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def client_network(request):
    """The client's address for counting: an IPv4 address, or the /64 network of IPv6 (one household)."""
    address = client_address(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
