"""The rate limiter. It uses the cache that all processes share.

    if not limit(request, "application", times=30, seconds=600):
        …  # answer with status 429

There are `times` slots; each act takes one, and a slot is free again after `seconds`. So there are at
most `times` acts in any `seconds`, over all processes. A slot is taken with the cache's atomic `add`,
so two requests at the same moment cannot take the same one.
"""

import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

_SALT = "izmek.public.limits"


def limit(request, name, times, seconds, who=None):
    """Count one more act called `name`; False if the client has done it too often.

    `who`: count by this text (a phone number, a reference) instead of the client's IP address. The
    cache stores only a keyed hash of it.
    """
    key = salted_hmac(_SALT, f"{name}:{who or client_network(request)}", algorithm="sha256")
    places = [f"limit:{key.hexdigest()}:{place}" for place in range(times)]
    taken = cache.get_many(places)
    return any(cache.add(place, 1, seconds) for place in places if place not in taken)


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
