"""The door of the site: every request gets a number, a line in the log, and is counted.

It stands outside of Django, so that pages which are kept pass it too and keep no number of anybody.
"""

import logging
import re
import time
from typing import NamedTuple
from urllib.parse import unquote

from django.conf import settings
from django.urls import resolve

from izmek.watching import metrics
from izmek.watching.work import begin_request

log = logging.getLogger(__name__)

VISIT = "izmek.visit"  # where a WSGI environ has the Visit, once it is known
# Parts of an address that may open a door or be what somebody typed: links of letters, references of
# applications, codes of certificates, keys of the admin.
MAY_TELL = re.compile(r"<(str|path):|\(\?P<")
OF_SOMEBODY = re.compile("[0-9]{10,}")  # an identity number, a telephone: no key of ours is so long


class Visit(NamedTuple):
    """What may be told of a visit: the name of the view, and the address without what opens a door."""

    view: str
    address: str

    @classmethod
    def of(cls, match, path):
        """`match`: the ResolverMatch of the path."""
        closed = MAY_TELL.search(match.route)
        return cls(match.view_name, f"/{match.route}" if closed else OF_SOMEBODY.sub("…", path))


NOWHERE = Visit("", "-")  # an address that is none may hold anything


def visit_of(path):
    """The Visit of a path, whoever asks for it and whatever stands behind a question mark."""
    path = unquote(path.partition("?")[0])
    try:
        return Visit.of(resolve(path), path)
    except Exception:  # no such address, or no Django yet: a record must not fail for it
        return NOWHERE


def watched(application):
    """Wrap the WSGI application. The answer has the number in `X-Request-ID`."""

    def answer(environ, start_response):
        proxied = settings.TRUSTED_PROXY_COUNT > 0
        number = begin_request(environ.get("HTTP_X_REQUEST_ID", "") if proxied else "")
        status = "500"  # of who never begins to answer

        def start(line, headers, *error):
            nonlocal status
            status = line[:3]
            return start_response(line, [*headers, ("X-Request-ID", number)], *error)

        began = time.perf_counter()
        try:
            return application(environ, start)
        finally:
            _note(environ, status, time.perf_counter() - began)

    return answer


def _note(environ, status, seconds):
    if environ["PATH_INFO"].startswith(settings.STATIC_URL):
        return  # the server before us tells of those
    visit = environ.get(VISIT, NOWHERE)
    metrics.count_visit(visit.view, status, seconds)
    told = {
        "method": environ["REQUEST_METHOD"],
        "path": visit.address,
        "view": visit.view,
        "status": int(status),
        "ms": round(seconds * 1000),
    }
    log.info("%(method)s %(path)s %(status)d %(ms)d ms", told, extra={"visit": told})


class NamedVisits:
    """Middleware: tell the door which view answers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        request.META[VISIT] = Visit.of(request.resolver_match, request.path)
