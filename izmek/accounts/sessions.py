"""List and end the sessions of a user. allauth stores each one at sign-in, with its browser."""

from allauth.usersessions.models import UserSession

from izmek.accounts.devices import in_words
from izmek.accounts.known_devices import forget_devices


def open_sessions(user):
    """The user's open sessions, newest first, each with its `device` in words."""
    sessions = UserSession.objects.purge_and_list(user)
    for session in sessions:
        session.device = in_words(session.user_agent)
    return sorted(sessions, key=lambda session: session.created_at, reverse=True)


def end_sessions(user, keep=None):
    """End all sessions of a user except the one with the key `keep`; returns how many.

    No browser is known to the account any more (izmek/accounts/known_devices.py).
    """
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
    for session in sessions:
        session.end()
    forget_devices(user)
    return len(sessions)
