"""The URLs under /hesap/: our own pages and the allauth pages that we use."""

from allauth.account import urls as allauth_urls
from allauth.mfa import urls as mfa_urls
from django.urls import URLResolver, path
from django.urls import include as include_urls
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from izmek.accounts import views
from izmek.accounts.access import public, signed_in
from izmek.accounts.tries import says_when

# The pages of allauth.account that we use. The others (e-mail addresses, sign-in by code) are off.
SERVED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


# Our own in the place of allauth's, at the same address.
OURS = {"account_reset_password_from_key": views.NewPassword.as_view()}


def _kept(patterns):
    """The patterns with an access marker on each view, `never_cache` and `says_when`."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            list(_kept(pattern.url_patterns))
        else:
            pattern.callback = OURS.get(pattern.name, pattern.callback)
            mark = signed_in if getattr(pattern.callback, "login_required", True) else public
            pattern.callback = mark(never_cache(says_when(pattern.callback)))
        yield pattern


urlpatterns = list(
    _kept(
        [
            path("", views.account, name="account"),
            path("oturumlar/", views.sessions, name="account_sessions"),
            path("davet/<str:token>/", views.invitation, name="invitation"),
            path("password/reset/", views.password_reset, name="account_reset_password"),
            *(pattern for pattern in allauth_urls.urlpatterns if pattern.name in SERVED),
            # The page of the second factor lists the passkeys, so their own list redirects there.
            path(
                "iki-asama/webauthn/",
                signed_in(RedirectView.as_view(pattern_name="mfa_index")),
                name="mfa_list_webauthn",
            ),
            path("iki-asama/", include_urls(mfa_urls)),
            # allauth needs a URL with this name, but there is no sign-up.
            path(
                "kayit/",
                public(RedirectView.as_view(pattern_name="account_login")),
                name="account_signup",
            ),
        ]
    )
)
