"""Which of the things of this app are kept no longer (izmek/privacy/destruction.py, DOMAIN.md §5)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exhibitions.enums import EnquiryState
from exhibitions.models import Enquiry, Guest, Maker, VisitorNote
from izmek.privacy.destruction import expires
from izmek.privacy.kernel_expiry import first_moment
from izmek.privacy.terms import ENQUIRIES, EXHIBITED
from trainees.services.expiry import still_needed


@expires(ENQUIRIES, "enquiries", _("enquiries with their answers"), Enquiry)
def enquiries(before):
    """What is open waits until it is answered; of the others the line in the register stays, empty."""
    rows = Enquiry.objects.filter(received_at__lt=first_moment(before))
    return rows.exclude(state=EnquiryState.NEW).exclude(name="", message="")


@expires(EXHIBITED, "visitor-book", _("lines of visitor books"), VisitorNote)
def lines(before):
    return VisitorNote.objects.filter(exhibition__end__lt=before)


@expires(EXHIBITED, "guests", _("names of guests"), Guest)
def guests(before):
    return Guest.objects.filter(exhibition__end__lt=before)


@still_needed
def who_asks():
    """Who waits for an answer about their own data."""
    return Enquiry.objects.open().filter(trainee__isnull=False).values("trainee")


@still_needed
def who_exhibits():
    """Whose work is shown now or soon, under the name that they agreed to."""
    shown = Maker.objects.filter(work__showings__exhibition__end__gte=timezone.localdate())
    return shown.filter(trainee__isnull=False).values("trainee")
