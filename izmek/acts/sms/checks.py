"""Mistakes in the settings of the gateway, found at the start."""

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.core.checks import Error, register

from izmek.acts.sms import BACKENDS, hours
from izmek.acts.sms.gateway import ESCAPES, PLACEHOLDER, fill

STRANGE = "a&b<c>\"d'é ğ"
HERE = ("127.0.0.1", "::1", "localhost")
PATTERNS = ("SMS_TAKEN", "SMS_REFUSED", "SMS_DELIVERED", "SMS_UNDELIVERED")


@register
def gateway_is_usable(app_configs, **kwargs):
    """The backend is known; a gateway has an address that is encrypted, and a body of its format."""
    if not settings.SMS_BACKEND:
        return []
    hint = "docs/operating.md shows two gateways."
    return [Error(sentence, hint=hint, id="izmek.E004") for sentence in _wrong()]


def _wrong():
    if settings.SMS_BACKEND not in BACKENDS:
        yield f"SMS_BACKEND is none of {', '.join(BACKENDS)}."
        return
    if settings.SMS_BACKEND == "console" and not settings.DEBUG:
        yield "SMS_BACKEND is console: numbers and texts would go to the log."
    try:
        hours.read(settings.SMS_HOURS)
    except ValueError:
        yield "SMS_HOURS is not of the form 09:00-20:00."
    if settings.SMS_BACKEND != "gateway":
        return
    if settings.SMS_FORMAT not in ESCAPES:
        yield f"SMS_FORMAT is none of {', '.join(ESCAPES)}."
        return
    if settings.SMS_AUTHORIZATION not in ("", "basic", "bearer"):
        yield "SMS_AUTHORIZATION is neither basic nor bearer."
    for name in PATTERNS:
        try:
            re.compile(getattr(settings, name))
        except re.error as error:
            yield f"{name} is no regular expression: {error}."
    if settings.SMS_TAKEN == "(?!)":
        yield "SMS_TAKEN is not set: every message would count as one that may have arrived."
    for name in ("SMS_URL", "SMS_REPORT_URL"):
        url = getattr(settings, name)
        try:
            place = urlsplit(url)
            _ = place.port
        except ValueError:
            yield f"{name} is no address."
            continue
        if (url or name == "SMS_URL") and place.scheme != "https" and place.hostname not in HERE:
            yield f"{name} does not begin with https://: numbers and texts would be read on the way."
    bodies = ("SMS_BODY", "SMS_REPORT_BODY") if settings.SMS_REPORT_URL else ("SMS_BODY",)
    for name in bodies if settings.SMS_METHOD != "GET" else ():
        if not _is_of_format(getattr(settings, name)):
            yield f"{name} is no {settings.SMS_FORMAT} once it is filled in."
    template = settings.SMS_URL if settings.SMS_METHOD == "GET" else settings.SMS_BODY
    names = set(PLACEHOLDER.findall(template))
    if "text" not in names or names.isdisjoint({"number", "national"}):
        yield "The message has no {text}, or neither {number} nor {national}."


def _is_of_format(body):
    """Whether it can be read back with strange signs in all its places."""
    kind = settings.SMS_FORMAT
    values = dict.fromkeys(PLACEHOLDER.findall(body), STRANGE)
    filled = fill(body, values, ESCAPES[kind])
    try:
        if kind == "json":
            json.loads(filled)
        elif kind == "xml":
            # In CDATA an escaped value would be read as it is written.
            ElementTree.fromstring(filled)  # noqa: S314 - of our own settings
            return "<![CDATA[" not in body
    except (ValueError, ElementTree.ParseError):
        return False
    return True
