"""The error pages."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http.multipartparser import exhaust
from django.shortcuts import render
from django.views.defaults import bad_request

from izmek.accounts.access import public


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
    return bad_request(request, exception)


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
