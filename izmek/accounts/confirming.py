"""Who does something grave says once more who they are: before a number is shown or replaced, before a
list, the file of a job, the certificates of several people or what an import gave back are fetched, before
people are merged, separated, erased or handed over, before a certificate is revoked or replaced, before
news goes to many people, before accounts and roles change. It is asked in the panel and in the teachers'
pages alike.

A sign-in, or the page "Confirm that it is you", holds for settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
seconds: an unlocked screen alone gives nothing away, and who has just signed in is not asked.

    @confirmed                  a view, or a method of a class with `method_decorator`
    confirm(request)            inside one, once the right was asked: else who may not is asked too

A form that was sent is sent again by itself afterwards. What was typed lies in the session meanwhile,
encrypted, under a token that only the address has to which the page leads back; so nothing is sent that
somebody gave up and came across later.
"""

import time
from functools import wraps
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from izmek.secrets import encryption

SIGNED_IN_AT = "izmek_signed_in_at"  # in the session: seconds since 1970
SENT = "izmek_sent"  # in the session: the form that waits
AGAIN = "again"  # in an address: the token of the form that is to be sent again


def is_confirmed(request):
    """Whether the user said a short while ago who they are."""
    return time.time() - said_at(request) < app_settings.REAUTHENTICATION_TIMEOUT


def said_at(request):
    """When the user last said who they are, by a sign-in or after it: seconds since 1970, 0 for never."""
    times = [record["at"] for record in get_authentication_records(request, request.user)]
    return max([request.session.get(SIGNED_IN_AT, 0), *times])


def confirm(request):
    """Go on only if the user said a short while ago who they are; else they are asked, and come back.

    Raises allauth's ImmediateHttpResponse, which its middleware turns into the redirect; a transaction
    around is rolled back. Ask before anything is done. Files are not kept.
    """
    if not is_confirmed(request):
        raise ImmediateHttpResponse(ask(request))


def confirmed(view):
    """Let a view begin only when the user said a short while ago who they are."""

    @wraps(view)
    def asked_first(request, *args, **kwargs):
        confirm(request)
        return view(request, *args, **kwargs)

    return asked_first


def ask(request):
    """The redirect to the page that asks, and back to here; what was typed waits meanwhile."""
    back = request.get_full_path()
    if request.method == "POST":
        token = get_random_string(22)
        sent = encryption.encrypt(request.POST.urlencode())
        request.session[SENT] = {"token": token, "page": back, "form": sent}
        back += f"{'&' if request.GET else '?'}{urlencode({AGAIN: token})}"
    page = reverse("account_reauthenticate")
    return HttpResponseRedirect(f"{page}?{urlencode({REDIRECT_FIELD_NAME: back})}")


class SentAgain:
    """Middleware: the form that waited for its sender's confirmation goes to its view, as it was sent.

    It comes after the sign-in and before the CSRF check, which looks at the form's token again.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if (
            request.method != "GET"
            or AGAIN not in request.GET
            or not getattr(view_func, "login_required", True)
        ):
            return None
        waiting = request.session.pop(SENT, None)
        query = request.GET.copy()
        token = query.pop(AGAIN)[-1]
        request.META["QUERY_STRING"] = query.urlencode()
        page = request.get_full_path()
        form = self._form(waiting, token, page) if is_confirmed(request) else None
        if form is None:
            messages.warning(request, _("The form was not sent. Please do it again."))
            return HttpResponseRedirect(page)
        request.GET, request.method = query, "POST"
        request.META["REQUEST_METHOD"] = "POST"
        request.POST = QueryDict(form)
        request._files = MultiValueDict()  # else Django would look for them in the body
        return None

    def _form(self, waiting, token, page):
        """What was typed, if it waits for this token and this page; else None."""
        if not waiting or _read(waiting["page"]) != _read(page):
            return None
        if not constant_time_compare(waiting["token"], token):
            return None
        try:
            return encryption.decrypt(waiting["form"])
        except encryption.Unreadable:  # its key was taken away meanwhile
            return None


def _read(page):
    """An address as (path, what it asks): one query can be written in several ways."""
    path, _mark, query = page.partition("?")
    return path, QueryDict(query)
