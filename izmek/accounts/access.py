"""Who may see a view. Every view says it with one of these; a test walks the URLs and fails on silence.

`public` is for everyone and never touches the session; `signed_in` is for anyone with an account;
`roles(…)` is for people who hold one of the roles. What is *inside* a page is a matter of
`visible_to(user)`: a row out of scope is 404, a right not held is 403 (DESIGN.md §4).
"""

from functools import wraps
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

UNSAVED = "unsaved"  # in an address: a form was sent from this page by somebody signed out


def public(view):
    """Mark a view as readable by everyone."""
    view.login_required = False
    view.access = "public"
    return view


def signed_in(view):
    """Mark a view as open to everyone who has signed in."""
    view.access = "signed in"
    return view


def roles(*allowed):
    """Let a view be used by people who hold one of the given roles; others get 403."""

    def mark(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_role(*allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = ", ".join(allowed)
        return guarded

    return mark


class DefaultDenyMiddleware(LoginRequiredMiddleware):
    """A view that does not say it is public needs a sign-in.

    Asks the view first and the user only then, so that public pages never read the session.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        denied = super().process_view(request, view_func, view_args, view_kwargs)
        if denied is None and request.method == "GET" and UNSAVED in request.GET:
            return self._say_unsaved(request)
        return denied

    def handle_no_permission(self, request, view_func):
        """To the sign-in. A form that was sent is lost: the page it came from will say so."""
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        page = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
            page = request.get_full_path()
        parts = urlsplit(page)
        query = "&".join(filter(None, [parts.query, f"{UNSAVED}=1"]))
        login_url = self.get_login_url(view_func)
        return redirect_to_login(urlunsplit(("", "", parts.path, query, "")), login_url)

    def _say_unsaved(self, request):
        messages.warning(
            request,
            _(
                "You were signed out when you sent the form, so nothing was saved. Please do it again."
            ),
        )
        rest = request.GET.copy()
        del rest[UNSAVED]
        return redirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)
