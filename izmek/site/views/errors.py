"""The error pages."""

import sys

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpResponse
from django.http.multipartparser import exhaust
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path

from izmek.accounts.access import public
from izmek.acts.trouble import Trouble, trouble
from izmek.media.room import StorageAway
from izmek.watching.work import READ_OUT, request_number


@public
def csrf_failure(request, reason=""):
    """A form without a valid token: an old tab, or cookies off. The page says what to do."""
    return render(request, "403_csrf.html", status=403)


@public
def not_understood(request, exception):
    """400; the texts of a form that are too large are answered by its view, if it says how."""
    if isinstance(exception, RequestDataTooBig):
        exhaust(request)  # a browser that still sends sees no answer
        view = getattr(request.resolver_match, "func", None)
        if hasattr(view, "too_large"):
            return view.too_large(request)
    return _plain_page(request, 400)


@public
def not_found(request, exception):
    """404; never cached, because the page may be published soon."""
    response = render(request, "404.html", status=404)
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
def not_allowed(request, exception):
    """403; shows the sentence of the PermissionDenied that a view raised."""
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "403.html", {"reason": reason}, status=403)


@public
def went_wrong(request):
    """500; 503 while the database is away or keeps somebody waiting too long. Asks the database nothing.

    Both name the number under which the log tells of it. What was typed stands in the page, to be sent
    again with one button; but for files, which no page can give back to a browser, and passwords.
    """
    error = sys.exc_info()[1]
    if isinstance(error, StorageAway):  # of a photo or a file: forms tell it at the field
        headers = {"Retry-After": "20", "Cache-Control": "no-store"}
        return HttpResponse(error.message, "text/plain; charset=utf-8", 503, headers=headers)
    found, number = trouble(error), request_number()[:READ_OUT]
    if found is None:
        return _plain_page(request, 500, number=number)
    answer = _plain_page(request, 503, number=number, **_what_is_said(request, found))
    answer.headers["Retry-After"] = str(RETRY_AFTER[found])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _plain_page(request, status, **said):
    """A page that needs nobody, in the language of the address."""
    said["english"] = get_language_from_path(request.path_info) == "en"
    return HttpResponse(render_to_string(f"{status}.html", said), status=status)


RETRY_AFTER = {Trouble.BUSY: 5, Trouble.AWAY: 20}  # seconds


def _what_is_said(request, found):
    view = getattr(request.resolver_match, "url_name", None)
    sent = request.method == "POST" and view != "account_login"  # who signs in saves nothing
    try:
        typed = [(name, value) for name, some in request.POST.lists() for value in some]
        secret = any("password" in name for name, _value in typed)
        again = sent and not request.FILES and not secret
    except (OSError, ValueError):  # the body did not arrive whole
        typed, again = [], False
    return {
        "busy": found == Trouble.BUSY,
        "sent": sent,
        "action": request.get_full_path() if again else "",
        "typed": typed if again else [],
    }
