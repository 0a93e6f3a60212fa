"""allauth's adapters: our wording of its messages, stored letters, redirects after sign-in."""

from io import BytesIO

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izmek.accounts.backends import account_meant
from izmek.accounts.confirming import is_confirmed
from izmek.accounts.devices import in_words
from izmek.accounts.known_devices import remember
from izmek.accounts.limits import limit
from izmek.accounts.roles import Role
from izmek.accounts.second_factor import lacks_one
from izmek.accounts.tries import OneTry
from izmek.acts.letters import LINK, write
from izmek.secrets import encryption


def start_page(user):
    """The user's first page: the admin, the teacher pages, or else the account."""
    if user.works_in_admin:
        return reverse("admin:index")
    if user.has_role(Role.TEACHER):
        try:
            return reverse("teacher-today")
        except NoReverseMatch:
            pass
    return reverse("account")


# To one account: else the form would let anybody fill somebody's mailbox. The link of each letter holds
# for longer than this, so that the last of them opens while no further one is written.
NEW_PASSWORD_LETTERS = {"times": 5, "seconds": 60 * 60}

# One message for both cases: it must not tell which user names exist.
_WRONG = _("The user name, the e-mail address or the password is wrong.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _WRONG,
        "username_password_mismatch": _WRONG,
        "incorrect_password": _("The password is wrong."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("The code is wrong or no longer valid."),
        "rate_limited": _("Too many attempts in a short time. Wait a minute."),
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        """The user, if the password is theirs: one try for the account that is meant.

        A user name and its e-mail address are two words for one account. It is looked up once, so
        that one password is hashed, whether there is such an account or not.
        """
        account = account_meant(**credentials)
        typed = credentials.get("username", "")
        with OneTry(request, "password", account, typed) as this:
            name = account.username if account else typed
            user = super().authenticate(request, username=name, password=credentials["password"])
            this.failed = user is None or user != account
        return None if this.failed else user

    def post_login(self, request, user, **kwargs):
        """After all steps: the browser is known to the account from now on."""
        response = super().post_login(request, user, **kwargs)
        if not lacks_one(user):
            remember(request, response, user)
        return response

    def get_login_redirect_url(self, request):
        return start_page(request.user)

    def get_password_change_redirect_url(self, request):
        return reverse("account")

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not right after sign-in: the set-up of a second factor then follows without a question."""
        return not is_confirmed(self.request)

    def send_password_reset_mail(self, user, email, context):
        # To the stored address, not to the one that was typed.
        who = f"account {user.pk}"
        if not limit(self.request, "new password", who=who, **NEW_PASSWORD_LETTERS):
            return
        write(
            kind="password_reset",
            to=user.email,
            about=user,
            context={"user": user, "link": LINK},
        )

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell the user what happened to the account; the wording is in letters/account_notice."""
        write(
            kind="account_notice",
            to=user.email,
            about=user,
            context={
                "user": user,
                "what": template_prefix.rpartition("/")[2],
                "at": timezone.now(),
                "device": in_words(self.get_http_user_agent(self.request)),
            },
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    # The secrets of authenticator apps and backup codes are encrypted like identity numbers.

    def encrypt(self, text):
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text):
        try:
            return encryption.decrypt(encrypted_text)
        except encryption.Unreadable:  # said at the code that was typed
            raise ValidationError(encryption.UNREADABLE, code="unreadable") from None

    def get_totp_issuer(self):
        return settings.SITE_NAME

    def build_totp_svg(self, url):
        """The QR code on a white background: phones cannot read a light code on a dark one."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        image = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(image)
        return image.getvalue().decode()

    def get_public_key_credential_rp_entity(self):
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user):
        return {**super().get_public_key_credential_user_entity(user), "display_name": str(user)}

    def generate_authenticator_name(self, user, type):
        """A new passkey is named after the browser; the user can rename it."""
        from allauth.core import context

        return in_words(context.request.headers.get("User-Agent", ""))
