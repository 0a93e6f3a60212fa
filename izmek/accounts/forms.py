"""allauth's forms with our labels, so that a thing has the same name on every page.

For example "parola", never "şifre".
"""

from allauth.account import forms as allauth
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from izmek.accounts.tries import OneTry

LONGEST_LOGIN = 254  # signs of a user name or an e-mail address


class Ours:
    """Our labels and hints, and no placeholders: they repeat the label and vanish on typing."""

    labels = {}
    hints = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)


NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password, once more")}
PASSWORD_RULE = {
    "password1": _("At least 8 characters, not only digits. Three words in a row are easy to keep.")
}


class TypedTwice:
    """Our own message if the two new passwords differ."""

    def add_error(self, field, error):
        # allauth passes plain text only here: its own message, which says "şifre".
        if field == "password2" and not isinstance(error, forms.ValidationError):
            error = _("The two passwords differ. Type the same one twice.")
        super().add_error(field, error)


class SignInForm(Ours, allauth.LoginForm):
    labels = {"login": _("User name or e-mail address"), "password": _("Password")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # a link between the two fields is in the way of Tab
        login = self.fields["login"]
        # No name and no address is longer; SQLite compares none with what is as long as a book.
        login.validators.append(MaxLengthValidator(LONGEST_LOGIN))
        login.widget.attrs |= {
            "maxlength": LONGEST_LOGIN,
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class ReauthenticateForm(Ours, allauth.ReauthenticateForm):
    labels = {"password": _("Password")}


class ChangePasswordForm(TypedTwice, Ours, allauth.ChangePasswordForm):
    labels = {"oldpassword": _("Present password"), **NEW_PASSWORD}
    hints = PASSWORD_RULE

    def clean_oldpassword(self):
        with OneTry(context.request, "password", self.user):
            return super().clean_oldpassword()


class SetPasswordForm(TypedTwice, Ours, allauth.SetPasswordForm):
    labels = NEW_PASSWORD
    hints = PASSWORD_RULE


class ResetPasswordForm(Ours, allauth.ResetPasswordForm):
    """`send` looks for the account and writes the letter, when the answer of the view is on its way."""

    labels = {"email": _("E-mail address")}

    def clean_email(self):
        """Nobody is looked for yet: how long it takes would tell which addresses we know."""
        return self.cleaned_data["email"]

    def save(self, request, **kwargs):
        find, write = super().clean_email, super().save

        def send():
            with context.request_context(request):  # allauth's own ends with the answer
                find()
                write(request, **kwargs)

        self.send = send
        return self.cleaned_data["email"]


class ResetPasswordKeyForm(TypedTwice, Ours, allauth.ResetPasswordKeyForm):
    labels = NEW_PASSWORD
    hints = PASSWORD_RULE


class InvitationForm(TypedTwice, Ours, allauth.ResetPasswordKeyForm):
    labels = {"password1": _("Password"), "password2": _("Password, once more")}
    hints = PASSWORD_RULE


# --- Second factor ----------------------------------------------------------------------------

DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class OneTimeCode(Ours):
    """A code that is accepted only once.

    allauth remembers a used code for 30 seconds. With a tolerance of one step before and after
    (settings.MFA_TOTP_TOLERANCE) it is valid for 90 seconds, so we remember it that long.
    """

    labels = {"code": _("Code")}
    hints = {"code": _("The 6 digits that the app shows now, or one of your backup codes.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= DIGITS

    def clean_code(self):
        with OneTry(context.request, "code", self.user):
            code = super().clean_code()
            digits = "".join(filter(str.isdigit, code))
            if not cache.add(f"one-time-code:{self.user.pk}:{digits}", "used", timeout=90):
                raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(OneTimeCode, mfa.AuthenticateForm):
    pass


class SecondStepAgainForm(OneTimeCode, mfa.ReauthenticateForm):
    pass


class ActivateAppForm(Ours, totp.ActivateTOTPForm):
    labels = {"code": _("Code")}
    hints = {"code": _("The 6 digits that the app shows now.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= DIGITS

    def secret_in_groups(self):
        """The secret in groups of four letters, easier to copy. Apps ignore the spaces."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class CredentialField(forms.JSONField):
    """What the browser says of a passkey, as JSON of the given kind of response.

    Text that is no such response is a wrong code; Django's and allauth's parsers let errors through.
    """

    widget = forms.HiddenInput

    def __init__(self, response):
        super().__init__()
        self.response = response

    def to_python(self, value):
        try:
            found = super().to_python(value)
            self.response.from_dict(found)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return found


class PasskeyForm(Ours, webauthn.AddWebAuthnForm):
    """A new passkey; the browser's response is in `credential`."""

    labels = {
        "name": _("Name"),
        "passwordless": _("Sign in with it alone, without a password"),
    }
    hints = {
        "name": _("By which you tell it from others: “my phone”, “office computer”."),
        "passwordless": _("Untick it for an older security key without PIN or fingerprint."),
    }

    name = forms.CharField(max_length=60, required=False)
    credential = CredentialField(RegistrationResponse)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(Ours, webauthn.EditWebAuthnForm):
    labels = PasskeyForm.labels
    hints = {"name": PasskeyForm.hints["name"]}
    name = forms.CharField(max_length=60)


class SignInPasskeyForm(webauthn.LoginWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class SecondStepPasskeyForm(webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class SecondStepAgainPasskeyForm(webauthn.ReauthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)
