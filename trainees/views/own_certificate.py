"""Where a holder fetches the certificate again, as PDF and without an account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from izmek.accounts.limits import limit, over
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal, show_refusal
from izmek.papers.typst import pdf
from izmek.public.forms import DAY, MINUTES, form_page, within_limits
from izmek.public.head import head
from izmek.public.page import without_numbers
from izmek.text.codes import read_code
from trainees.certificate_text import CODE_LENGTH
from trainees.forms.own_certificate import OwnCertificateForm
from trainees.papers.certificates import certificate_sheets
from trainees.services import fetch_own_certificate

# Of the digits that belong to one code: in an hour, and wrong ones in a month.
GUESSES = {"times": 5, "seconds": 60 * MINUTES}
WRONG = {"times": 20, "seconds": 30 * DAY}


@form_page
@without_numbers
def mine(request):
    """The form, and the PDF for who knows code and digits. Neither stands in an address."""
    form, status = OwnCertificateForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound and form.is_valid():
        too_often = _("This was tried too often. Wait an hour, or call the course centre.")
        code = form.cleaned_data["code"]
        wrong = {"name": "own certificate wrong", "who": code, **WRONG}
        if over(request, **wrong):
            sentence = _("Too many wrong digits were tried with this code. Call the course centre.")
            form.add_error(None, sentence)
            status = 429
        elif within_limits(
            request, form, "own certificate", too_often, by_one=GUESSES, people=[code]
        ):
            try:
                paper = pdf(certificate_sheets([fetch_own_certificate(**form.cleaned_data)]))
                # Again: it may have been revoked while its paper was made.
                certificate = fetch_own_certificate(**form.cleaned_data)
                reason = f"{request.path}: 1"
                log_access(Access.EXPORTED, certificate, by=None, fields="names", reason=reason)
                return _file(certificate, paper)
            except Refusal as refusal:
                if refusal.reason == "unknown" and code:
                    limit(request, **wrong)
                show_refusal(form, refusal)
        else:
            status = 429
    form.initial["code"] = read_code(request.GET.get("kod", ""), CODE_LENGTH)
    context = {
        "form": form,
        "crumbs": [(_("Check a certificate"), reverse("certificates"))],
        "head": head(
            request,
            title=_("Get your certificate again"),
            description=_("Your certificate of participation as PDF, without an account."),
            indexed=False,
        ),
    }
    return render(request, "trainees/certificate_own.html", context, status=status)


def _file(certificate, paper):
    response = HttpResponse(paper, content_type="application/pdf")
    name = f"katilim-belgesi-{certificate.number}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
