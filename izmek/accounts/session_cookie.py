"""The session that a browser names. A key that none of ours can be is no key, and no database is asked.

A cookie may hold any sign, written as `\\000`, and PostgreSQL takes no NUL.
"""

import re

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware

KEY = re.compile(r"[a-z0-9]{32}")  # as Django makes them


class SessionCookie(SessionMiddleware):
    """Django's middleware, which loads what the cookie names."""

    def process_request(self, request):
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        request.session = self.SessionStore(key if KEY.fullmatch(key) else None)
