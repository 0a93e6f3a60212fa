"""Wrong passwords and codes: whoever goes on guessing waits, longer each time, and nobody is locked out.

    with OneTry(request, "password", user, typed) as this:
        …  # what fails, or sets `this.failed`, counts

A try is counted

- by the account and the network it comes from: five are free, then it waits up to five minutes;
- by the account, from wherever: 30 are free, then up to a minute, so that many networks help little;
- by the network, for whatever account: ten wrong ones a minute.

A browser in which the user has signed in before (izmek/accounts/known_devices.py), or is signed in, has a
count of its own instead of all these: what strangers try does not slow it down.

Nothing sleeps: a try that comes too early is refused with the seconds that are left, in the sentence at the
form and in the head Retry-After, and its password is not looked at. An account that does not exist is
counted by what was typed for it, in one spelling, so that it is slowed down as any other.
"""

from functools import wraps

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from izmek.accounts.backends import one_spelling
from izmek.accounts.clients import client_network
from izmek.accounts.known_devices import known_device
from izmek.accounts.limits import Try, limit, over

BY_PLACE = {"free": 5, "most": 5 * 60}
BY_ACCOUNT = {"free": 30, "most": 60}
BY_NETWORK = {"times": 10, "seconds": 60}


class OneTry:
    """What is done inside is one try, of "password" or "code", for the account of a user or of what was
    typed.

    Raises a ValidationError at its beginning if it has to wait. An error inside counts as a wrong try.
    """

    def __init__(self, request, what, user, typed=""):
        self.request, self.name, self.failed = request, f"wrong {what}", False
        self.account = str(user.pk) if user else f"typed {one_spelling(typed)}"
        self.device = user and _device(request, user)

    def __enter__(self):
        self.counted = []
        if not self.device and over(self.request, "wrong tries", **BY_NETWORK):
            self._refuse(BY_NETWORK["seconds"])
        self.counted = [
            Try(self.request, self.name, who=who, **pace) for pace, who in self._counts()
        ]
        if wait := max(one.wait for one in self.counted):
            self._take_back()
            self._refuse(wait)
        return self

    def __exit__(self, kind, *_error):
        if not kind and not self.failed:
            self._take_back()
        elif not self.device:
            limit(self.request, "wrong tries", **BY_NETWORK)

    def _counts(self):
        if self.device:
            return [(BY_PLACE, f"{self.account} {self.device}")]
        return [
            (BY_PLACE, f"{self.account} from {client_network(self.request)}"),
            (BY_ACCOUNT, f"{self.account} from anywhere"),
        ]

    def _take_back(self):
        for one in self.counted:
            one.take_back()

    def _refuse(self, seconds):
        self.request.try_again_after = seconds
        sentence = ngettext(
            "Too many wrong attempts. Try again in %(seconds)d second.",
            "Too many wrong attempts. Try again in %(seconds)d seconds.",
            seconds,
        )
        raise ValidationError(sentence, params={"seconds": seconds}, code="too_many")


def _device(request, user):
    """What the browser is counted by, if it is known to this account; else ""."""
    signed_in = getattr(request, "user", None)
    if signed_in and signed_in.pk == user.pk:
        return f"session {request.session.session_key}"
    return known_device(request, user)


def says_when(view):
    """Let the page whose form was refused by a OneTry be a 429 that says when to try again."""

    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if seconds := getattr(request, "try_again_after", 0):
            response.status_code = 429
            response.headers["Retry-After"] = str(seconds)
        return response

    return page
