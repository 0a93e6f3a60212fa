"""The account page, the list of open sessions, and the invitation to a new account."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.internal import flows
from allauth.account.utils import perform_login
from allauth.account.views import PasswordResetFromKeyView, PasswordResetView
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from izmek.accounts.access import public, signed_in
from izmek.accounts.adapters import start_page
from izmek.accounts.forms import InvitationForm
from izmek.accounts.known_devices import remember
from izmek.accounts.links import invited_user
from izmek.accounts.second_factor import FACTORS, is_demanded
from izmek.accounts.sessions import end_sessions, open_sessions
from izmek.models import User
from izmek.text.codes import row_key


@signed_in
def account(request):
    """The account page: the user's data and links to password, second factor and sessions."""
    user = request.user
    factors = Authenticator.objects.filter(user=user, type__in=FACTORS).count()
    context = {
        "facts": [
            (_("Name"), user.get_full_name(), None),
            (_("User name"), user.username, None),
            (_("E-mail address"), user.email, None),
            (_("Roles"), ", ".join(sorted(str(role.label) for role in user.roles)), None),
        ],
        "start": start_page(user),
        "factors": factors,
        "demanded": is_demanded(user),
        "sessions": len(open_sessions(user)),
    }
    return render(request, "account/account.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request):
    """The user's open sessions; POST ends one (`session`) or all but the present one (`others`)."""
    key = request.session.session_key
    if request.method == "POST":
        answer = redirect("account_sessions")
        if "others" in request.POST:
            ended = end_sessions(request.user, keep=key)
            remember(request, answer, request.user)
        else:
            mine = request.user.usersession_set.exclude(session_key=key)
            get_object_or_404(mine, pk=row_key(request.POST.get("session", ""))).end()
            ended = 1
        told = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
        messages.success(request, told % {"count": ended})
        return answer
    rows = open_sessions(request.user)
    for session in rows:
        session.is_this = session.session_key == key
    return render(request, "account/sessions.html", {"sessions": rows})


class ThenSend(HttpResponseRedirect):
    """A redirect that does something when it has been sent: the server closes it then."""

    def __init__(self, to, then):
        super().__init__(to)
        self.then = then

    def close(self):
        try:
            self.then()
        finally:
            super().close()  # which ends the request, with its database connection


class PasswordReset(PasswordResetView):
    """allauth's, with the letter after the answer: its time would tell which addresses we know."""

    def form_valid(self, form):
        answer = super().form_valid(form)
        sends = hasattr(form, "send")  # not when there were too many requests
        return ThenSend(answer.url, form.send) if sends else answer


password_reset = public(PasswordReset.as_view())


class NewPassword(PasswordResetFromKeyView):
    """allauth's, but a link that is used twice at the same moment sets one password.

    Whoever reads the mail of an account is not slowed down by those who guess its password.
    """

    def form_valid(self, form):
        with transaction.atomic():
            form.user = User.objects.select_for_update().get(pk=self.reset_user.pk)
            if not default_token_generator.check_token(form.user, self.key):
                self.reset_user = None
                return self.render_to_response(self.get_context_data(token_fail=True))
            answer = super().form_valid(form)
        remember(self.request, answer, form.user)
        return answer


@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
class Invitation(FormView):
    """Sets the first password of an invited user and signs them in; the second factor follows."""

    form_class = InvitationForm
    template_name = "account/invitation.html"

    def dispatch(self, request, token):
        self.invited = invited_user(token)
        if self.invited is None:
            return render(request, "account/invitation_void.html", status=410)
        return super().dispatch(request, token)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.invited}

    def get_context_data(self, **kwargs):
        return super().get_context_data(invited=self.invited, **kwargs)

    def form_valid(self, form):
        with transaction.atomic():
            # If the link is used twice at the same moment, only the first sets the password.
            user = User.objects.select_for_update().get(pk=self.invited.pk)
            if invited_user(self.kwargs["token"]) is None:
                return render(self.request, "account/invitation_void.html", status=410)
            get_adapter().set_password(user, form.cleaned_data["password1"])
        if self.request.user.is_authenticated:  # another user is signed in in this browser
            logout(self.request)
        # allauth has no public way to note this; with it the second factor is set up without a question.
        flows.login.record_authentication(self.request, user, method="password")
        return perform_login(self.request, user)


invitation = public(Invitation.as_view())
