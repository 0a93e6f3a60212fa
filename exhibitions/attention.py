"""What needs attention among works, exhibitions and visitors (izmek/admin/attention.py)."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exhibitions.enums import ExhibitionState, WorkState
from exhibitions.models import (
    Enquiry,
    Exhibition,
    NamedText,
    Photo,
    Showing,
    VisitorNote,
    Work,
)
from exhibitions.queries.exhibitions import SOON, draft_soon
from exhibitions.rights import RIGHTS
from izmek.admin.attention import attention


@attention(
    "late-answer",
    Enquiry,
    _("requests about personal data past their day"),
    place=10,
    urgent=True,
)
def answer_late(enquiries, today):
    return enquiries.overdue(today)


@attention(
    "near-answer", Enquiry, _("requests about personal data to answer in ten days"), place=15
)
def answer_soon(enquiries, today):
    return enquiries.due_soon(today).filter(answer_by__gte=today)


def approvals(user):
    if RIGHTS.may(user, "approve_work"):
        return reverse("admin:exhibitions_work_approvals")
    return None


@attention("submitted", Work, _("works that wait for approval"), place=510, page=approvals)
def to_approve(works, today):
    return works.waiting_for_approval()


@attention("no-photo", Work, _("works without a photo"), place=520)
def without_photo(works, today):
    shown = Photo.objects.filter(work=OuterRef("pk"))
    return works.filter(~Exists(shown), state__in=(WorkState.SUBMITTED, WorkState.APPROVED))


@attention("draft", Exhibition, _("exhibitions that open soon and are drafts"), place=530)
def draft(exhibitions, today):
    return exhibitions.filter(draft_soon(today))


@attention("no-works", Exhibition, _("exhibitions that open soon without works"), place=540)
def without_works(exhibitions, today):
    approved = Showing.objects.approved().filter(exhibition=OuterRef("pk"))
    coming = exhibitions.exclude(state=ExhibitionState.CANCELLED)
    return coming.filter(~Exists(approved), begin__lte=today + SOON, end__gte=today)


@attention("unanswered-enquiry", Enquiry, _("enquiries to answer"), place=550)
def to_answer(enquiries, today):
    return enquiries.open()


@attention("unread-note", VisitorNote, _("notes in visitor books to read"), place=560)
def to_read(notes, today):
    return notes.waiting()


@attention("named", NamedText, _("texts that name somebody who does not agree"), place=505)
def named(texts, today):
    """Found by night and after each answer; what is mended or agreed to is gone from there."""
    return texts.still_public()


@attention("no-description", Photo, _("photos without a description"), place=570)
def without_description(photos, today):
    return photos.undescribed()
