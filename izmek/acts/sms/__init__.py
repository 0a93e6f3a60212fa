"""Text messages (SMS): the letters of people without an e-mail address.

A backend hands one message over. `SMS_BACKEND` names it: `console` (a trial), `gateway` (any HTTP gateway,
described by settings), `memory` (tests); empty: no text messages are sent.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string
from phonenumbers import PhoneNumberType, number_type

MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
BACKENDS = {
    "console": "izmek.acts.sms.console.Console",
    "gateway": "izmek.acts.sms.gateway.Gateway",
    "memory": "izmek.acts.sms.memory.Memory",
}


class NotSent(Exception):
    """The gateway surely has not sent it: it refused, or was never reached."""


class GatewayAway(NotSent):
    """It was not reached."""


@dataclass(frozen=True)
class Report:
    """What became of a message: whether it was delivered, and if not why."""

    delivered: bool
    reason: str = ""


class MessageBackend:
    """Where messages go.

    `send(phone, text)`: a PhoneNumber and the text; returns the gateway's name for the message, "" if it
    gives none. Raises NotSent, GatewayAway, or MaybeSent (izmek/acts/smtp.py) when nobody knows.
    `report(name)`: the Report, or None while there is none; asked only where `reports`.
    """

    reports = False

    def send(self, phone, text):
        raise NotImplementedError

    def report(self, name):
        return None


def are_sent():
    """Whether this server sends text messages at all."""
    return bool(settings.SMS_BACKEND)


def reaches(phone):
    """Whether a text message may go to a PhoneNumber: a mobile one, and Turkish unless SMS_ABROAD."""
    if not phone or not phone.is_valid() or number_type(phone) not in MOBILE:
        return False
    return phone.country_code == 90 or settings.SMS_ABROAD


def backend():
    """The MessageBackend. Raises NotSent where none is set."""
    if not are_sent():
        raise NotSent("SMS_BACKEND")
    return import_string(BACKENDS[settings.SMS_BACKEND])()
