"""Who may see a view. Every view says it with one of these; a test walks the URLs and fails on silence.

`public` is for everyone and never touches the session; `signed_in` is for anyone with an account;
`roles(…)` is for people who hold one of the roles. What is *inside* a page is a matter of
`visible_to(user)`: a row out of scope is 404, a right not held is 403 (DESIGN.md §4).
"""

from functools import wraps

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied


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
        return super().process_view(request, view_func, view_args, view_kwargs)
