"""This server: whether it is in service, the certificate of its address, its release."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.site.checks.check import Check, Finding, Grade

CERTIFICATE_SOON = 21  # days: time to order a new one
CERTIFICATE_NOW = 3


def _in_service():
    """By the operator, before the host is restarted; it answers meanwhile as ever."""
    if Path(settings.DRAIN_MARK).exists():
        yield Finding(_("is being taken out of service"), f"until {settings.DRAIN_MARK} is gone")


IN_SERVICE = Check(
    gettext_lazy("this server"),
    "This server is in service",
    _in_service,
    gettext_lazy(
        "Before a server of several is restarted, visitors are sent to the others. If this stays for "
        "more than some minutes, tell whoever looks after the server."
    ),
    ready=True,
    needed=True,
)


def days_of_certificate():
    """How many days the certificate of settings.TLS_CERTIFICATE holds; None: no file is named.

    Raises OSError when it cannot be read, ValueError when it is none.
    """
    if not settings.TLS_CERTIFICATE:
        return None
    from cryptography.x509 import load_pem_x509_certificates

    first = load_pem_x509_certificates(Path(settings.TLS_CERTIFICATE).read_bytes())[0]
    return (first.not_valid_after_utc - datetime.now(UTC)) // timedelta(days=1)


def _certificate():
    try:
        days = days_of_certificate()
    except (OSError, ValueError) as error:
        said = _("the certificate cannot be read")
        yield Finding(said, f"TLS_CERTIFICATE: {type(error).__name__}")
        return
    if days is None:
        yield Finding(_("nobody has said where it lies (TLS_CERTIFICATE)"), grade=Grade.UNSET)
        return
    if days < 0:
        said, grade = _("it is over: browsers warn of the site"), Grade.BROKEN
    else:
        said = _("it is valid for %(days)d more days") % {"days": days}
        grade = Grade.FINE if days >= CERTIFICATE_SOON else Grade.LOOK
        grade = Grade.BROKEN if days < CERTIFICATE_NOW else grade
    yield Finding(said, "" if grade == Grade.FINE else _("put a new one into its place"), grade)


CERTIFICATE = Check(
    gettext_lazy("certificate of the address"),
    "The certificate of the address is valid for some weeks",
    _certificate,
    gettext_lazy(
        "It lets browsers trust the address. When it ends every visitor is warned of the site: have it "
        "renewed in time."
    ),
)


def _release():
    yield Finding(settings.RELEASE or _("without a name"), grade=Grade.FINE)


RELEASE = Check(
    gettext_lazy("release"),
    "The release has a name",
    _release,
    gettext_lazy("Name this if you report a mistake: it says which program runs here."),
)
