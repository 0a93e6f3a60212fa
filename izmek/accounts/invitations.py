"""Invitations: a new user gets a letter with a link, and chooses a password there."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from izmek.accounts import rights
from izmek.accounts.given_roles import add_roles
from izmek.accounts.links import invitation_address
from izmek.accounts.roles import Role
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.letters import LINK, write
from izmek.acts.refusal import Refusal
from izmek.models import User
from izmek.text.fold import slug
from izmek.text.mail import mail_address


@transaction.atomic
def invite(*, email, first_name="", last_name="", roles=(), by):
    """Give the owner of an e-mail address an account with roles, and invite them.

    An existing account with that address gets the roles; it gets a letter only if it has no
    password yet. Returns the User. Raises Refusal for a missing or impossible address or a closed account.
    """
    rights.require(by, "invite")
    if not email.strip():
        raise Refusal(_("Enter the e-mail address first."), field="email", code="email")
    try:
        email = mail_address(email)
    except ValidationError as error:
        raise Refusal(error.message, params=error.params, field="email", code="letter") from None
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is None:
        user = open_account(
            user=User(email=email, first_name=first_name, last_name=last_name), by=by
        )
    elif not user.is_active:
        raise Refusal(_("The account with this address is closed."), field="email", code="closed")
    elif not user.has_usable_password():
        send_invitation(user=user, by=by)
    add_roles(user=user, roles=roles, by=by)
    return user


@transaction.atomic
def open_account(*, user, by):
    """Save a new user (names and address are set) under a new user name, and invite them."""
    rights.require(by, "open_account")
    user.username = _user_name(user.get_full_name() or user.email.partition("@")[0])
    user.set_unusable_password()
    user.save()
    log_access(Access.ACCOUNT_OPENED, user, by=by)
    send_invitation(user=user, by=by)
    return user


@transaction.atomic
def send_invitation(*, user, by):
    """Send the first or a new invitation to a user without a password; older links become invalid.

    Raises Refusal when the user has a password, is locked or has no address.
    """
    rights.require(by, "send_invitation", user)
    user.refresh_from_db(from_queryset=User.objects.select_for_update())
    if user.has_usable_password():
        raise Refusal(
            _("This user has a password; a forgotten one is renewed at the sign-in."),
            code="accepted",
        )
    if not user.is_active:
        raise Refusal(_("The account is closed."), code="closed")
    if not user.email:
        raise Refusal(_("Enter the e-mail address first."), field="email", code="email")
    # a new random value: the signature of older links contains the previous one
    user.set_unusable_password()
    user.save(update_fields=["password"])
    log_access(Access.INVITED, user, by=by)
    return write(
        kind="invitation",
        to=user.email,
        about=user,
        context={"user": user, "by": by, "link": LINK, "days": settings.INVITATION_DAYS},
    )


@transaction.atomic
def invite_first_manager(*, username, email, by=None):
    """Open the account of the first manager of a new site; asked again, it gives a new link.

    Returns the address at which they choose a password; no letter is written, as there may be no mail
    server yet. Raises Refusal when somebody who has a password is a manager, and for an impossible name or
    address.
    """
    rights.require(by, "invite_first_manager")
    managers = User.objects.filter(Q(is_superuser=True) | Q(groups__name=Role.MANAGER))
    if any(user.is_active and user.has_usable_password() for user in managers):
        raise Refusal(
            _("There is a manager, who invites everybody else under Users."), code="manager"
        )
    user = User.objects.filter(username__iexact=username).first() or User(username=username)
    if user.pk and user.has_usable_password():
        raise Refusal(_("This user has a password already."), field="username", code="taken")
    user.email = email
    user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), code="wrong") from None
    user.save()
    log_access(Access.ACCOUNT_OPENED, user, by=by)
    add_roles(user=user, roles=[Role.MANAGER], by=by)
    return invitation_address(user)


def _user_name(name):
    """A free user name from a person's name: "ayse.yilmaz", then "ayse.yilmaz2"."""
    base = slug(name).replace("-", ".") or "kullanici"
    found, number = base, 1
    while User.objects.filter(username__iexact=found).exists():
        number += 1
        found = f"{base}{number}"
    return found
