"""Links that let their owner in. They are made as the letter goes out, so that they stand in no row.

Whoever may read letters – the auditor, say – would otherwise find in them the key to a manager's
account. Each function takes the Letter and is named in `izmek.acts.letters.LINKS`.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from izmek.models import User

SALT = "izmek.invitation"


class Outdated(Exception):
    """The letter's owner has another address or no use for its link any more."""


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
    return settings.SITE_URL + reverse("invitation", args=[invitation_token(user)])


def _state(user):
    # A password that was set, or the unusable one of a newer invitation, is another text.
    return salted_hmac(SALT, f"{user.pk} {user.email} {user.password}").hexdigest()[:32]


def invitation_token(user):
    """What the link holds: signed, dated, and void once a password is set or a new one is sent."""
    return signing.dumps([user.pk, _state(user)], salt=SALT)


def invited_user(token):
    """The user whom a link invites, or None: forged, too old (settings.INVITATION_DAYS), used."""
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=settings.INVITATION_DAYS * 86400)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not constant_time_compare(state, _state(user)):
        return None
    return user
