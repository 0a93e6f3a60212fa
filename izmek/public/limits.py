"""The rate limiter. It uses the cache that all processes share.

    if not limit(request, "application", times=30, seconds=600):
        …  # answer with status 429

An act that counts only when it fails asks `over` first, and `limit` once it has failed.

There are `times` slots; each act takes one, and a slot is free again after `seconds`. So there are at
most `times` acts in any `seconds`, over all processes. A slot is taken with the cache's atomic `add`,
so two requests at the same moment cannot take the same one.
"""

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from izmek.accounts.clients import client_network

_SALT = "izmek.public.limits"


def limit(request, name, times, seconds, who=None):
    """Count one more act called `name`; False if the client has done it too often.

    `who`: count by this text (a phone number, a reference) instead of the client's IP address. The
    cache stores only a keyed hash of it.
    """
    return any(cache.add(place, 1, seconds) for place in _free(request, name, times, who))


def over(request, name, times, seconds, who=None):
    """Whether `limit` with the same arguments would be False; counts nothing."""
    return not _free(request, name, times, who)


def _free(request, name, times, who):
    """The keys of the slots that nobody has taken."""
    key = salted_hmac(_SALT, f"{name}:{who or client_network(request)}", algorithm="sha256")
    places = [f"limit:{key.hexdigest()}:{place}" for place in range(times)]
    taken = cache.get_many(places)
    return [place for place in places if place not in taken]
