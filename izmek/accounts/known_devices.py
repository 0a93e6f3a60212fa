"""Browsers in which somebody has signed in: what others try at their account does not slow them down.

A cookie, sent to the pages under /hesap/ alone, holds a random name of the browser and, for each of the
accounts that signed in last, a mark: a keyed hash of the browser's name, the account, its password and how
often its browsers were forgotten. So it names nobody, nobody can make one, and a mark is void once the
password changes or the sessions elsewhere are ended. It opens nothing: password and second step are asked
as ever.
"""

import re
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

ACCOUNTS = 5  # that one browser remembers; a computer at the counter has several users
WRITTEN = re.compile(r"[\w-]{22}(\.[0-9a-f]{64}){1,5}", re.ASCII)


def known_device(request, user):
    """The name of the browser, if the user has signed in with it; else ""."""
    name, marks = _read(request)
    mark = _mark(name, user)
    return name if any(constant_time_compare(mark, one) for one in marks) else ""


def remember(request, response, user):
    """Let the browser be known to the account from now on."""
    name, marks = _read(request)
    name = name or secrets.token_urlsafe(16)
    mark = _mark(name, user)
    marks = [mark, *(one for one in marks if one != mark)][:ACCOUNTS]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        ".".join([name, *marks]),
        max_age=settings.SIGN_INS_KEPT_DAYS * 24 * 60 * 60,
        path=reverse("account"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_devices(user):
    """Let no browser be known to the account any more."""
    get_user_model().objects.filter(pk=user.pk).update(devices_forgotten=F("devices_forgotten") + 1)
    user.refresh_from_db(fields=["devices_forgotten"])


def _read(request):
    """(name of the browser, marks) of the cookie; ("", []) if there is none, or somebody wrote it."""
    written = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    if not WRITTEN.fullmatch(written):
        return "", []
    name, *marks = written.split(".")
    return name, marks


def _mark(name, user):
    said = f"{name} {user.pk} {user.get_session_auth_hash()} {user.devices_forgotten}"
    return salted_hmac("izmek.accounts.known_devices", said, algorithm="sha256").hexdigest()
