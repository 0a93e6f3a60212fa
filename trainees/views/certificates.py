"""Certificates in public: looked up by their code, verified by their signature.

What the site tells of a certificate never names its holder, and never whether a person exists: a text that
is no code and a code that nobody has are answered alike, by the same question to the database. Only the
paper itself, and so the text of its QR, holds the name.
"""

import json
from datetime import date

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from izmek.accounts.limits import limit, over
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.forms import MINUTES, form_page, within_limits
from izmek.public.head import head
from izmek.public.page import reading
from izmek.secrets import signing
from izmek.text.codes import read_code
from trainees.certificate_text import CODE_LENGTH, FIELDS, read
from trainees.enums import CertificateState
from trainees.forms.certificates import VerifyForm
from trainees.models import Certificate
from trainees.wording import certificate_status, initials

# Codes from one address that nobody has. What is found does not count: a hall that scans its certificates
# is one address, and so is an office that checks a pile of them.
MISSES = {"times": 60, "seconds": 10 * MINUTES}
LONGEST_CODE = 40  # signs that are shown again
MEB = "https://www.turkiye.gov.tr/meb-sertifika-bilgileri-sorgulama"
TURKISH = ("name", "programme", "field", "centre")
DATES = ("begin", "end", "issued")


@reading
@cached(Area.CERTIFICATES, asks=("kod",))
def certificates(request):
    """The form for a code; `?kod=` leads to the page of the certificate."""
    typed = " ".join(request.GET.get("kod", "").split())
    if typed:
        return _look_up(request, typed, shown=typed[:LONGEST_CODE])
    return _page(request)


@reading
@cached(Area.CERTIFICATES)
def certificate(request, code):
    """What anyone may know of a certificate: the QR and the form lead here."""
    return _look_up(request, code)


def _look_up(request, typed, shown=""):
    """The page of the certificate, a redirect to it, or that there is none.

    `shown`: the text that stands in the form again. What stands in the path is not repeated: somebody may
    have put an identity number there.
    """
    if over(request, "certificate", **MISSES):  # then a find is answered like a miss
        return _too_often(request)
    code = read_code(typed, CODE_LENGTH)
    row = Certificate.objects.filter(code=code).select_related("replaced_by").first()
    if row is None:
        limit(request, "certificate", **MISSES)
        return _page(request, status=404, typed=shown, missing=True)
    if request.path != reverse("certificate", args=[row.code]):
        return _tells_nobody(redirect("certificate", row.code))
    return _page(request, certificate=row, **_told(row))


def _too_often(request):
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(MISSES["seconds"])
    return response


def _page(request, *, status=200, **context):
    found = context.get("certificate")
    title = (
        _("Certificate %(number)s") % {"number": found.number}
        if found
        else _("Check a certificate")
    )
    context |= {
        "meb": MEB,
        "code_length": LONGEST_CODE,
        "crumbs": [(_("Check a certificate"), reverse("certificates"))] if found else [],
        "head": head(
            request,
            title=title,
            description=_("Whether a certificate of participation of İZMEK is valid."),
            indexed=False,
        ),
        **_for_script(found),
    }
    return _tells_nobody(render(request, "trainees/certificate_check.html", context, status=status))


def _tells_nobody(response):
    """Links on such a page must not tell other sites its address, which holds a code."""
    response["Referrer-Policy"] = "no-referrer"
    return response


def _told(row):
    """What the page says: state, number, programme, hours, dates, initials – nothing more."""
    content = row.content
    label, kind = certificate_status(row)
    replaced_by = getattr(row, "replaced_by", None)
    return {
        "label": label,
        "kind": kind,
        "is_valid": row.state == CertificateState.VALID,
        "replaced_by": replaced_by and replaced_by.number,
        "facts": [
            (name, _label(name), value)
            for name, value in [
                *_values(content, ("number", "programme", "hours", "begin", "end", "issued")),
                ("initials", initials(content.get("name") or "")),
            ]
            if value
        ],
        "turkish": TURKISH,
    }


def _for_script(found):
    """What static/js/certificate.js compares a signed text with; dates and hours as they are signed."""
    said = {}
    if found:
        names = ("number", "code", "programme", "hours", "begin", "end", "issued")
        said = {name: found.content.get(name) for name in names}
    return {
        "script": {
            "keys": json.dumps(_public_keys()),
            "fields": json.dumps(FIELDS),
            "dates": json.dumps(DATES),
            "said": json.dumps(said) if found else "",
            "signed_facts": [(name, _label(name), "") for name in FIELDS],
            "more_facts": [(name, _label(name), "") for name in FIELDS if name not in said],
        },
        "turkish": TURKISH,
    }


def _public_keys():
    return {key.id: signing.packed(key.raw) for key in signing.all_keys()}


def _label(name):
    return {
        "number": _("Certificate number"),
        "code": _("Check code"),
        "name": _("First and last name"),
        "initials": _("Initials of the holder"),
        "programme": _("Programme"),
        "field": _("Field"),
        "hours": _("Lesson hours"),
        "begin": _("First day"),
        "end": _("Last day"),
        "centre": _("Course centre"),
        "year": _("Education year"),
        "issued": _("Date of issue"),
    }[name]


def _values(content, names):
    """(name, text) of what a certificate says, dates in words."""
    for name in names:
        value = content.get(name) or ""
        if value and name in DATES:
            value = date_format(date.fromisoformat(value), "j F Y")
        yield name, value


# --- By the signature ----------------------------------------------------------------------------


@form_page
def verify(request):
    """Whether a scanned text was signed by us and not changed; the script does it without asking us."""
    form, status, answer = VerifyForm(request.POST if request.method == "POST" else None), 200, {}
    if form.is_bound and form.is_valid():
        too_often = _("This was tried too often from here. Wait ten minutes and try again.")
        if within_limits(request, form, "certificate text", too_often):
            answer = _verdict(form.cleaned_data["text"])
        else:
            status = 429
    context = {
        "form": form,
        "meb": MEB,
        "crumbs": [(_("Check a certificate"), reverse("certificates"))],
        "head": head(
            request,
            title=_("Verify a signature"),
            description=_("Verify the signed text of a certificate's QR code, also offline."),
            indexed=False,
        ),
        **_for_script(None),
        **answer,
    }
    return render(request, "trainees/certificate_verify.html", context, status=status)


def _verdict(text):
    found = read(text)
    values = _values(found.content, FIELDS) if found.content else []
    return {
        "verdict": found.verdict,
        "content": found.content,
        "facts": [(name, _label(name), value) for name, value in values],
    }


@reading
@cached(Area.CERTIFICATES)
def keys_json(request):
    """The public halves of all keys that ever signed certificates, for programs."""
    keys = [
        {"id": key.id, "public": signing.packed(key.raw), "signs": place == 0}
        for place, key in enumerate(signing.all_keys())
    ]
    return JsonResponse(
        {"version": signing.VERSION, "algorithm": "Ed25519", "fields": FIELDS, "keys": keys}
    )


@reading
@cached(Area.CERTIFICATES)
def keys_text(request):
    """The same as PEM, newest first, each under its id."""
    keys = [
        f"Key {key.id}, Ed25519, version {signing.VERSION}\n{key.pem}" for key in signing.all_keys()
    ]
    return HttpResponse("\n".join(keys), content_type="text/plain; charset=utf-8")
