"""Sign-in links in letters. They are made when the letter is sent and are never stored.

Otherwise anyone who may read letters, such as the auditor, could use the link to get into a manager's
account. Each function takes the Letter and is registered with the kinds of letters (`izmek/apps.py`).
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy

from izmek.models import User

SALT = "izmek.invitation"


class Outdated(Exception):
    """The account is closed, has a new e-mail address, or no longer needs the link."""


def _owner(letter):
    user = letter.object
    if user is None or not user.is_active or user.email != letter.to:
        raise Outdated("the account is closed or has another address now")
    return user


def password_reset(letter):
    user = _owner(letter)
    token = default_token_generator.make_token(user)
    return settings.SITE_URL + reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": token},
    )


def invitation(letter):
    user = _owner(letter)
    if user.has_usable_password():
        raise Outdated("the invitation was accepted")
    return invitation_address(user)


def invitation_address(user):
    """The address at which an invited user chooses a password."""
    return settings.SITE_URL + reverse("invitation", args=[invitation_token(user)])


def _state(user):
    # Changes when a password is set, and when a newer invitation sets a new unusable password.
    return salted_hmac(SALT, f"{user.pk} {user.email} {user.password}").hexdigest()[:32]


def invitation_token(user):
    """The signed token of the link. It is void once a password is set or a new invitation is sent."""
    return signing.dumps([user.pk, _state(user)], salt=SALT)


def invited_user(token):
    """The invited user, or None if the token is forged, used or older than settings.INVITATION_DAYS."""
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=settings.INVITATION_DAYS * 86400)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not constant_time_compare(state, _state(user)):
        return None
    return user


LETTERS = {
    "invitation": gettext_lazy("invitation"),
    "password_reset": gettext_lazy("new password"),
    "account_notice": gettext_lazy("change of an account"),
}
LINKS = {"invitation": invitation, "password_reset": password_reset}
