"""The holder's own way to a certificate, without an account."""

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from trainees.enums import CertificateState
from trainees.models import Certificate, phones_of


def fetch_own_certificate(*, code, phone_digits):
    """The valid certificate with this code, for who knows the last four digits of a phone on record.

    Which phones: `phones_of`; a guardian's counts for who is under 18 or has none. Writes nothing, and asks
    for no right: what is known is the proof. Raises Refusal: `unknown`, in the same words for a code that
    nobody has, for other digits, and where no phone is on record; `state` where the digits fit and the
    certificate is not valid any more.
    """
    found = Certificate.objects.filter(code=code).select_related(
        "enrolment__trainee", "replaced_by"
    )
    certificate = found.first()
    typed = "".join(phone_digits.split())
    fits = [constant_time_compare(typed, digits) for digits in _digits(certificate)]
    if not any(fits):  # each is compared: the time does not tell which fits
        raise Refusal(
            _(
                "No certificate has this code together with these digits. Compare the code with your "
                "paper; if your phone has changed since the course, call the course centre."
            ),
            code="unknown",
        )
    if certificate.state == CertificateState.REPLACED:
        raise Refusal(
            _(
                "This certificate was replaced by the certificate %(number)s: use the code of that one. "
                "If you do not have it, call the course centre."
            ),
            params={"number": certificate.replaced_by.number},
            code="state",
        )
    if certificate.state == CertificateState.REVOKED:
        raise Refusal(
            _("This certificate was revoked. The course centre tells you why."), code="state"
        )
    return certificate


def _digits(certificate):
    """Of what one has to be known; empty where there is nothing."""
    known = phones_of(certificate.enrolment.trainee) if certificate else []
    return [str(phone.national_number)[-4:] for _whose, phone, _wrong in known]
