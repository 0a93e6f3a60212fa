"""How long a sign-in lasts: SESSION_HOURS of the settings, and for staff STAFF_IDLE_MINUTES of silence.

After silence the session is locked, not lost: whoever comes back says who they are, and a form that they
sent goes on by itself (izmek/accounts/confirming.py). After its hours it ends, and one signs in anew.
"""

import time

from django.conf import settings
from django.contrib.auth import logout

from izmek.accounts.confirming import SIGNED_IN_AT, ask, said_at

SEEN_AT = "izmek_seen_at"  # in the session: seconds since 1970
WRITTEN_EACH = 60  # seconds; a write for each page would be too many
UNLOCKS = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


class SessionAge:
    """Middleware: before the one that asks for a sign-in. Public views never read the session; the one
    that gives out drafts to who is signed in (exhibitions/views/photos.py) asks the same by itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        if is_over(request):
            logout(request)
            return None
        if request.resolver_match.view_name in UNLOCKS:
            return None
        if is_locked(request):
            return ask(request)
        now = time.time()
        if now - _seen_at(request) > WRITTEN_EACH or SEEN_AT not in request.session:
            request.session[SEEN_AT] = now
        return None


def is_over(request):
    """Whether the hours of the sign-in have passed, however busy somebody was."""
    now = time.time()
    return now - request.session.get(SIGNED_IN_AT, now) > settings.SESSION_HOURS * 3600


def is_locked(request):
    """Whether a member of staff was silent for so long that they have to say who they are."""
    most = settings.STAFF_IDLE_MINUTES * 60
    silent = time.time() - _seen_at(request) > most
    return bool(most) and silent and request.user.works_in_admin


def _seen_at(request):
    return max(request.session.get(SEEN_AT, 0), said_at(request)) or time.time()
