"""An HTTP gateway of any kind: what it is asked and what its answers mean is told by settings.

The body is a template, with `{user}`, `{password}`, `{header}`, `{text}`, `{number}` (905321112233),
`{national}` (5321112233) and, for a report, `{id}`; each is escaped for the format of the body, and for an
address in the URL. Answers are read by regular expressions.

What was not sent for sure is told apart from what may have been: only before the connection stands, or when
the gateway says no, is a message tried again. Certificates are verified, no redirect is followed, and no
number or text goes to a log.
"""

import base64
import json
import re
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR, socket
from threading import Timer
from urllib.parse import quote, quote_plus, urlsplit
from xml.sax.saxutils import escape

from django.conf import settings

from izmek.acts.sms import GatewayAway, MessageBackend, NotSent, Report
from izmek.acts.smtp import MaybeSent

LONGEST = 64 * 1024  # bytes of an answer
PLACEHOLDER = re.compile(r"\{(user|password|header|text|number|national|id)\}")
TYPES = {
    "form": "application/x-www-form-urlencoded; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
ESCAPES = {
    "form": quote_plus,
    "json": lambda value: json.dumps(value)[1:-1],
    "xml": lambda value: escape(value, {'"': "&quot;", "'": "&apos;"}),
}


def fill(template, values, escaped):
    """A template with its values, each of them escaped; what is no placeholder stays as it is."""
    return PLACEHOLDER.sub(lambda found: escaped(values.get(found[1], "")), template)


class Gateway(MessageBackend):
    @property
    def reports(self):
        return bool(settings.SMS_REPORT_URL)

    def send(self, phone, text):
        values = {
            "text": text,
            "number": f"{phone.country_code}{phone.national_number}",
            "national": str(phone.national_number),
        }
        status, answer = ask(settings.SMS_URL, settings.SMS_METHOD, settings.SMS_BODY, values)
        if 200 <= status < 300 and (taken := re.search(settings.SMS_TAKEN, answer, re.DOTALL)):
            return (taken.groupdict().get("id") or "")[:100]
        said = _said(status, answer, values)
        if status in (429, 503) or 300 <= status < 500:
            raise NotSent(said)
        if 200 <= status < 300 and re.search(settings.SMS_REFUSED, answer, re.DOTALL):
            raise NotSent(said)
        raise MaybeSent(said)

    def report(self, name):
        try:
            status, answer = ask(
                settings.SMS_REPORT_URL,
                settings.SMS_METHOD,
                settings.SMS_REPORT_BODY,
                {"id": name},
            )
        except MaybeSent as error:  # to ask again does no harm
            raise GatewayAway(str(error)) from error
        if not 200 <= status < 300:
            return None
        if re.search(settings.SMS_DELIVERED, answer, re.DOTALL):
            return Report(delivered=True)
        if failed := re.search(settings.SMS_UNDELIVERED, answer, re.DOTALL):
            return Report(delivered=False, reason=(failed.groupdict().get("reason") or "")[:200])
        return None


def _said(status, answer, values):
    """The beginning of an answer, for the staff to see, without the number, the text and the password."""
    for value in sorted((*values.values(), settings.SMS_PASSWORD), key=len, reverse=True):
        if value:
            answer = answer.replace(value, "…")
    return f"HTTP {status}: {' '.join(answer.split())[:200]}"


def ask(url, method, body, values):
    """(status, text) of the gateway's answer. Raises GatewayAway, or MaybeSent once it had been asked."""
    values = {
        "user": settings.SMS_USER,
        "password": settings.SMS_PASSWORD,
        "header": settings.SMS_HEADER,
        **values,
    }
    place = urlsplit(url)
    path = fill(place.path or "/", values, lambda value: quote(value, safe=""))
    if place.query:
        path += "?" + fill(place.query, values, quote_plus)
    headers, sent = {"Accept": "*/*", "User-Agent": "izmek"}, None
    if method != "GET":
        sent = fill(body, values, ESCAPES[settings.SMS_FORMAT]).encode()
        headers["Content-Type"] = TYPES[settings.SMS_FORMAT]
    if settings.SMS_AUTHORIZATION == "basic":
        pair = f"{settings.SMS_USER}:{settings.SMS_PASSWORD}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
    elif settings.SMS_AUTHORIZATION == "bearer":
        headers["Authorization"] = f"Bearer {settings.SMS_PASSWORD}"
    connection = _connection(place)
    try:
        try:
            connection.connect()
        except OSError as error:  # of TLS too
            raise GatewayAway(type(error).__name__) from error
        # An answer that comes bit by bit never meets the timeout of a single bit.
        end = Timer(3 * settings.SMS_TIMEOUT, _break_off, [connection.sock])
        end.start()
        try:
            try:
                connection.request(method, path, body=sent, headers=headers)
            except ValueError as error:  # a header that cannot be; what it says repeats the secret
                raise NotSent(type(error).__name__) from None
            return _answer(connection)
        except (OSError, HTTPException) as error:
            raise MaybeSent(type(error).__name__) from error
        finally:
            end.cancel()
    finally:
        connection.close()


def _connection(place):
    if place.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(
            place.hostname, place.port, timeout=settings.SMS_TIMEOUT, context=context
        )
    return HTTPConnection(place.hostname, place.port, timeout=settings.SMS_TIMEOUT)


def _break_off(connected):
    with suppress(OSError):  # it is over already
        socket.shutdown(
            connected, SHUT_RDWR
        )  # not that of TLS, which takes the reader its keys away


def _answer(connection):
    """Its status, and the first LONGEST bytes of what it says."""
    answer, read = connection.getresponse(), b""
    while len(read) < LONGEST and (some := answer.read1(LONGEST - len(read))):
        read += some
    # No database keeps a NUL.
    return answer.status, read.decode(errors="replace").replace("\0", " ")
