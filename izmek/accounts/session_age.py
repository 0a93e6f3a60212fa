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
    """Middleware: before the one that asks for a sign-in. Public views never read the session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        now, session = time.time(), request.session
        if now - session.get(SIGNED_IN_AT, now) > settings.SESSION_HOURS * 3600:
            logout(request)
            return None
        if request.resolver_match.view_name in UNLOCKS:
            return None
        seen = max(session.get(SEEN_AT, 0), said_at(request)) or now
        most = settings.STAFF_IDLE_MINUTES * 60
        if most and now - seen > most and request.user.works_in_admin:
            return ask(request)
        if now - seen > WRITTEN_EACH or SEEN_AT not in session:
            session[SEEN_AT] = now
        return None
