"""The holder's own way to a certificate, without an account."""

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from trainees.enums import CertificateState
from trainees.models import Certificate


def fetch_own_certificate(*, code, phone_digits):
    """The valid certificate with this code, for who knows the last four digits of the phone on record.

    Writes nothing, and asks for no right: what is known is the proof. Raises Refusal: `unknown`, in the
    same words for a code that nobody has, for other digits, and where no phone is on record; `state` where
    the digits fit and the certificate is not valid any more.
    """
    found = Certificate.objects.filter(code=code).select_related(
        "enrolment__trainee", "replaced_by"
    )
    certificate = found.first()
    digits = _digits(certificate)
    if not digits or not constant_time_compare("".join(phone_digits.split()), digits):
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
    """What has to be known; "" where there is nothing."""
    phone = certificate and certificate.enrolment.trainee.phone
    return str(phone.national_number)[-4:] if phone else ""
