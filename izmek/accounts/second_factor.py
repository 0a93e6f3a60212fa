"""The second factor: who must have one, and the middleware that redirects to the set-up.

Everyone who works in the admin must have one (settings.REQUIRE_SECOND_FACTOR); teachers may. A passkey
or an authenticator app counts; backup codes alone do not.
"""

from collections import Counter

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from izmek.accounts import rights
from izmek.accounts.sessions import end_sessions
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.letters import write
from izmek.acts.refusal import Refusal
from izmek.secrets.encryption import Unreadable, is_current, rotate

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# The only pages for users who must set up a second factor first; sign-out is public anyway.
SET_UP = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
}


def is_demanded(user):
    """Whether the user must have a second factor."""
    return settings.REQUIRE_SECOND_FACTOR and user.works_in_admin


def has_one(user):
    return is_mfa_enabled(user, FACTORS)


def lacks_one(user):
    """Whether the user must set one up before they see more than the public does."""
    return is_demanded(user) and not has_one(user)


@transaction.atomic
def drop_second_factor(*, user, by):
    """Remove the second factor of a user who lost their phone and backup codes.

    The user's sessions end, a letter informs them, and they set up a new one at the next sign-in.
    Raises Refusal if the user has none.
    """
    rights.require(by, "drop_second_factor", user)
    rows = Authenticator.objects.filter(user=user)
    if not rows.exists():
        raise Refusal(_("There is no second step to take away."), code="none")
    rows.delete()
    end_sessions(user)
    log_access(Access.SECOND_STEP_DROPPED, user, by=by)
    write(
        kind="account_notice",
        to=user.email,
        about=user,
        context={"user": user, "what": "second_factor_dropped", "by": by},
    )


def rotate_secrets():
    """Re-encrypt the secrets that do not use the newest of IDENTITY_KEYS; a Counter of rows."""
    counts = Counter()
    for pk in list(Authenticator.objects.values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            old = (
                {} if row is None else {k: row.data[k] for k in ("secret", "seed") if k in row.data}
            )
            try:
                new = {k: token if is_current(token) else rotate(token) for k, token in old.items()}
            except Unreadable:
                counts["unreadable"] += 1
                continue
            if new != old:
                row.data |= new
                row.save(update_fields=["data"])
                counts["done"] += 1
    return counts


class SecondFactorMiddleware:
    """Redirects users who must have a second factor, and have none, to the set-up.

    Public views are skipped, so that public pages never read the session. It must come after
    DefaultDenyMiddleware, which makes sure that a user is signed in on all other pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True) or not lacks_one(request.user):
            return None
        request.second_factor_missing = True  # the set-up pages then show no links to other pages
        return None if request.resolver_match.view_name in SET_UP else redirect("mfa_index")
