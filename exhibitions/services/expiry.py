"""Which of the things of this app are kept no longer (izmek/privacy/destruction.py, DOMAIN.md §5)."""

from django.utils.translation import gettext_lazy as _

from exhibitions.models import Enquiry, Guest, VisitorNote
from izmek.privacy.destruction import expires
from izmek.privacy.kernel_expiry import first_moment
from izmek.privacy.terms import ENQUIRIES, EXHIBITED


@expires(ENQUIRIES, "enquiries", _("enquiries with their answers"), Enquiry)
def enquiries(before):
    return Enquiry.objects.filter(received_at__lt=first_moment(before))


@expires(EXHIBITED, "visitor-book", _("lines of visitor books"), VisitorNote)
def lines(before):
    return VisitorNote.objects.filter(exhibition__end__lt=before)


@expires(EXHIBITED, "guests", _("names of guests"), Guest)
def guests(before):
    return Guest.objects.filter(exhibition__end__lt=before)
