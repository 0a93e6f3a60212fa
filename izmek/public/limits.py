"""How often someone may do something: one limiter, on the cache that all processes share.

    if not limit(request, "application", times=30, seconds=600):
        …  # say so, with status 429

An act takes one of so many places, and each place is free again after the time: at most `times` in
any `seconds`, whichever process is asked. Taking a place is the cache's `add`, which gives it to one
of two who ask at the same moment.
"""

import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

_SALT = "izmek.public.limits"


def limit(request, name, times, seconds, who=None):
    """Count one more act of the kind `name`; False when the client has done it too often.

    `who`: whose acts are counted where that is not the client's address (a phone, a reference).
    Neither is stored as it is: the cache holds a keyed hash.
    """
    key = salted_hmac(_SALT, f"{name}:{who or client_network(request)}", algorithm="sha256")
    places = [f"limit:{key.hexdigest()}:{place}" for place in range(times)]
    taken = cache.get_many(places)
    return any(cache.add(place, 1, seconds) for place in places if place not in taken)


def client_address(request):
    """The address that the request comes from, as text.

    Of X-Forwarded-For only what our own proxies wrote is believed: settings.TRUSTED_PROXY_COUNT of
    them each add the address they saw at its end.
    """
    proxies = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def client_network(request):
    """Whom an address counts for: itself, of IPv6 the /64 network, which is one household's."""
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
