"""Receivers for sign-in, failed sign-in and a new second factor."""

import logging
import time

from allauth.account.adapter import get_adapter
from allauth.account.signals import user_logged_in
from allauth.mfa.signals import authentication_failed, authenticator_added
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in as signed_in
from django.contrib.auth.signals import user_login_failed
from django.contrib.sessions.models import Session
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from izmek.accounts.backends import account_meant
from izmek.accounts.confirming import SIGNED_IN_AT
from izmek.accounts.second_factor import FACTORS
from izmek.accounts.session_age import SEEN_AT
from izmek.accounts.sessions import end_sessions
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.models import User

log = logging.getLogger("izmek.accounts")


def _address(request):
    return get_adapter().get_client_ip(request) if request else "nowhere"


@receiver(signed_in, dispatch_uid="izmek.accounts.signals.note_time_of_sign_in")
def note_time_of_sign_in(sender, request, user, **kwargs):
    """From it the session's age is counted, and it confirms for a while who is there."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = time.time()


@receiver(user_login_failed, dispatch_uid="izmek.accounts.signals.log_failed_sign_in")
def log_failed_sign_in(sender, credentials, request=None, **kwargs):
    """Log neither password nor user name: people sometimes type the password into the name field."""
    account = account_meant(**credentials)
    who = f"wrong password for user {account.pk}" if account else "no such account"
    log.warning("sign-in failed: %s, from %s", who, _address(request))


@receiver(authentication_failed, dispatch_uid="izmek.accounts.signals.log_failed_second_factor")
def log_failed_second_factor(sender, request, user, authenticator, **kwargs):
    log.warning(
        "second step failed: %s of user %d, from %s", authenticator.type, user.pk, _address(request)
    )


@receiver(authenticator_added, dispatch_uid="izmek.accounts.signals.end_weaker_sessions")
def end_weaker_sessions(sender, request, user, authenticator, **kwargs):
    """When a user gets the first second factor, end all other sessions: they began without one."""
    others = user.authenticator_set.filter(type__in=FACTORS).exclude(pk=authenticator.pk)
    if authenticator.type in FACTORS and not others.exists():
        end_sessions(user, keep=request.session.session_key)


@receiver(post_save, sender=User, dispatch_uid="izmek.accounts.signals.note_superuser")
def note_superuser(sender, instance, created, raw=False, **kwargs):
    """`createsuperuser` makes an account that may do everything."""
    if created and instance.is_superuser and not raw:
        log_access(Access.ACCOUNT_OPENED, instance, by=None, fields="superuser")


@receiver(user_logged_in, dispatch_uid="izmek.accounts.signals.forget_past_sessions")
def forget_past_sessions(sender, **kwargs):
    """Delete the stored IP address and browser of sessions that have ended."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    UserSession.objects.exclude(session_key__in=alive).delete()
