"""How people get in: allauth at /hesap/, without sign-up. Staff are added by a manager."""

from allauth.account import urls as allauth_urls
from allauth.account.adapter import DefaultAccountAdapter
from django.urls import path
from django.views.generic import RedirectView

from izmek.access import public, signed_in

# What we serve of allauth. The rest (e-mail addresses, sign-in by code) has no page with us.
SERVED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        """Staff go to the admin; who has no page of her own yet goes home."""
        return "/yonetim/" if request.user.works_in_admin else "/"


def _served():
    for pattern in allauth_urls.urlpatterns:
        if pattern.name in SERVED:
            mark = signed_in if getattr(pattern.callback, "login_required", True) else public
            mark(pattern.callback)
            yield pattern
    # allauth links to a sign-up by name; there is none.
    yield path(
        "kayit/", public(RedirectView.as_view(pattern_name="account_login")), name="account_signup"
    )


urlpatterns = list(_served())
