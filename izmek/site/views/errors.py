"""The error pages."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from izmek.accounts.access import public


@public
def csrf_failure(request, reason=""):
    """A form without a valid token: an old tab, or cookies off. The page says what to do."""
    return render(request, "403_csrf.html", status=403)


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
