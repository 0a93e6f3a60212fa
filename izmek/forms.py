"""Forms of the kernel: allauth's, as people here fill them in."""

from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _


class NoPlaceholders:
    """A placeholder repeats the label and vanishes when it is needed: none (GOV.UK forms)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(NoPlaceholders, allauth.LoginForm):
    """Sign-in with a label that says what to type."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(NoPlaceholders, allauth.ReauthenticateForm):
    pass


class ChangePasswordForm(NoPlaceholders, allauth.ChangePasswordForm):
    pass


class ResetPasswordForm(NoPlaceholders, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(NoPlaceholders, allauth.ResetPasswordKeyForm):
    pass
