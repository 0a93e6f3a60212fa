"""The rate limiter. It uses the cache that all processes share.

    if not limit(request, "application", times=30, seconds=600):
        …  # answer with status 429

An act that counts only when it fails asks `over` first, and `limit` once it has failed. What may be tried
again, but ever more slowly (a password), is a `Try`.

There are `times` slots; each act takes one, and a slot is free again after `seconds`. So there are at
most `times` acts in any `seconds`, over all processes. A slot is taken with the cache's atomic `add`,
so two requests at the same moment cannot take the same one.

While that cache is away (izmek/acts/spare.py) each process counts alone, and lets through its share of what
all together would: nobody is locked out, and no door stands open.
"""

import math
import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from izmek.accounts.clients import client_network
from izmek.acts.spare import is_away

PROCESSES = 3  # that share a limit while each counts alone; as docs/operating.md starts them
_SALT = "izmek.public.limits"
_FORGOTTEN = 60 * 60  # seconds after which a try counts no more


def limit(request, name, times, seconds, who=None):
    """Count one more act called `name`; False if the client has done it too often.

    `who`: count by this text (a phone number, a reference) instead of the client's IP address. The
    cache stores only a keyed hash of it.
    """
    return any(cache.add(place, 1, seconds) for place in _open(request, name, times, who))


def over(request, name, times, seconds, who=None):
    """Whether `limit` with the same arguments would be False; counts nothing."""
    return not _open(request, name, times, who)


class Try:
    """One more try of something called `name`, such as a password. Nobody is locked out: who goes on waits.

    The first `free` tries in an hour wait for nothing. Each later one waits for 1 second after the one
    before, then for 2, 4, 8 … up to `most`. A try that has to wait (`wait`, in seconds; else 0) was not
    made and counts for nothing; one that turned out right is taken back. Two at the same moment are one
    after the other: the second has to wait.
    """

    def __init__(self, request, name, free, most, who=None):
        self.taken = []
        gate = f"{_key(request, name, who)}:next"
        self.wait = _seconds_until(cache.get(gate))
        if self.wait:
            return
        # More are not to be had in an hour.
        times = free + most.bit_length() + _FORGOTTEN // most + 1
        for place in _free(request, name, times, who):
            if cache.add(place, 1, _FORGOTTEN):
                self.taken.append(place)
                break
        made = cache.get_many(_places(request, name, times, who))  # those of this moment as well
        beyond = len(made) - free
        if beyond < 0:
            return
        pause = min(2 ** min(beyond, most.bit_length()), most)
        if cache.add(gate, time.time() + pause, pause):
            self.taken.append(gate)
        else:  # somebody was a moment quicker
            self.take_back()
            self.wait = _seconds_until(cache.get(gate)) or 1

    def take_back(self):
        """It was right, or not made at all: it counts for nothing."""
        cache.delete_many(self.taken)
        self.taken = []


def _seconds_until(moment):
    return max(math.ceil(moment - time.time()), 1) if moment else 0


def _places(request, name, times, who):
    key = _key(request, name, who)
    return [f"{key}:{place}" for place in range(times)]


def _key(request, name, who):
    key = salted_hmac(_SALT, f"{name}:{who or client_network(request)}", algorithm="sha256")
    return f"limit:{key.hexdigest()}"


def _open(request, name, times, who):
    """The keys of the slots that may be taken; while each process counts alone, of its share."""
    free = _free(request, name, times, who)
    if is_away():
        taken, share = times - len(free), max(1, times // PROCESSES)
        return free[: max(0, share - taken)]
    return free


def _free(request, name, times, who):
    """The keys of the slots that nobody has taken."""
    places = _places(request, name, times, who)
    taken = cache.get_many(places)
    return [place for place in places if place not in taken]
