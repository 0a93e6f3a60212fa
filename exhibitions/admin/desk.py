"""An exhibition as the curator's desk: its head with the next step, and tabs (izmek/admin/desk.py)."""

from django.db.models import Case, Q, When
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exhibitions import previews
from exhibitions.admin.approval import approvals_address
from exhibitions.admin.order import hung, order_tab
from exhibitions.admin.papers import papers_tab
from exhibitions.admin.photos import photos_address
from exhibitions.admin.sales import SALES
from exhibitions.enums import EnquiryState, ExhibitionState, NoteState, WorkState
from exhibitions.models import Enquiry, VisitorNote
from exhibitions.rights import RIGHTS
from izmek.admin import (
    FORM,
    HISTORY,
    Desk,
    Fact,
    Head,
    Meter,
    Tab,
    Tag,
    object_link,
    visible,
    who_holds,
)
from izmek.admin.masking import masked_for
from izmek.admin.scope import admin_of

MOST_SAID = 50  # notes and enquiries that the desk shows; its link leads to all
STATE_COLOURS = {
    WorkState.SUBMITTED: "soon",
    WorkState.APPROVED: "now",
    WorkState.RETURNED: "last",
    WorkState.WITHDRAWN: "past",
}
SAID_COLOURS = {
    NoteState.WAITING: "soon",
    NoteState.SHOWN: "now",
    EnquiryState.NEW: "soon",
    EnquiryState.ANSWERED: "now",
}


# --- Tabs -------------------------------------------------------------------------------------


def works_tab(admin, request, exhibition):
    """The works as they hang, each with its photo and how far it is."""
    page = hung(request, exhibition)
    for showing in page:
        showing.tag = state_of(showing)
    showings = reverse("admin:exhibitions_showing_changelist")
    adds = request.user.has_perm("exhibitions.add_showing")
    return {
        "page": page,
        "places": f"{showings}?exhibition__id__exact={exhibition.pk}&year=all",
        "add": f"{reverse('admin:exhibitions_showing_add')}?exhibition={exhibition.pk}"
        if adds
        else None,
    }


def state_of(showing):
    """How far a work is in an exhibition, in words and colour."""
    state = showing.work.state
    if state == WorkState.APPROVED and showing.approved_at is None:
        return Tag(_("not approved for this exhibition"), "soon")
    return Tag(showing.work.get_state_display(), STATE_COLOURS.get(state, ""))


def gallery_tab(admin, request, exhibition):
    """The photos of the exhibition itself: the hall, the opening."""
    photos = list(exhibition.photos.all())
    agreed = set(exhibition.photos.agreed().values_list("pk", flat=True)) if photos else set()
    for photo in photos:
        photo.tag = None
        if not photo.alt and not photo.decorative:
            photo.tag = Tag(_("without a description"), "last")
        elif photo.pk not in agreed:
            photo.tag = Tag(_("no consent"), "wrong")
    add = None
    if RIGHTS.may(request.user, "add_photo_of_exhibition", exhibition):
        add = photos_address(exhibition)
    return {"photos": photos, "add": add}


def visitors_tab(admin, request, exhibition):
    """What visitors wrote: the visitor book and the enquiries, what waits first."""
    sees = request.user.has_perm
    notes, enquiries = [], []
    if sees("exhibitions.view_visitornote"):
        of_notes = admin_of(admin.admin_site, VisitorNote)
        rows = _read(request, of_notes).filter(exhibition=exhibition)
        notes = list(rows.order_by(_first(NoteState.WAITING), "-written_at", "-pk")[:MOST_SAID])
        buttons = of_notes.buttons_in_list(request, notes)
        for note in notes:
            note.acts = buttons[note.pk]
            note.tag = Tag(note.get_state_display(), SAID_COLOURS.get(note.state, "past"))
    if sees("exhibitions.view_enquiry"):
        shown = exhibition.showings.order_by().values("work")
        rows = _read(request, admin_of(admin.admin_site, Enquiry))
        rows = rows.filter(Q(exhibition=exhibition) | Q(work__in=shown))
        rows = rows.select_related("work", "exhibition", "centre")
        enquiries = list(rows.order_by(_first(EnquiryState.NEW), "-received_at", "-pk")[:MOST_SAID])
        for enquiry in enquiries:
            enquiry.tag = Tag(enquiry.get_state_display(), SAID_COLOURS.get(enquiry.state, "past"))
    of = f"?exhibition__id__exact={exhibition.pk}&year=all"
    return {
        "sees_notes": sees("exhibitions.view_visitornote"),
        "notes": notes,
        "all_notes": reverse("admin:exhibitions_visitornote_changelist") + of,
        "sees_enquiries": sees("exhibitions.view_enquiry"),
        "enquiries": enquiries,
    }


def _read(request, of):
    """The rows of another table as its own list gives them to the user."""
    return masked_for(request.user, visible(of.model, request.user))


def _first(state):
    """An order: rows in this state, which wait, before the others."""
    return Case(When(state=state, then=0), default=1)


def may_read_visitors(user, exhibition=None):
    return user.has_perm("exhibitions.view_visitornote") or user.has_perm(
        "exhibitions.view_enquiry"
    )


# --- The desk ---------------------------------------------------------------------------------


class CuratorsDesk(Desk):
    """The part of ExhibitionAdmin that makes it a desk."""

    tabs = (
        Tab(
            "works",
            gettext_lazy("Works"),
            works_tab,
            "admin/exhibitions/works.html",
            may=who_holds("exhibitions.view_showing"),
            count=lambda exhibition: exhibition.work_count,
        ),
        Tab(
            "order",
            gettext_lazy("Order of the works"),
            order_tab,
            "admin/exhibitions/order.html",
            may=RIGHTS.asks("move_showing"),
            when=lambda exhibition: exhibition.work_count > 1,
        ),
        Tab(
            "gallery",
            gettext_lazy("Photos"),
            gallery_tab,
            "admin/exhibitions/gallery.html",
            may=who_holds("exhibitions.view_photo"),
        ),
        SALES,
        Tab(
            "papers",
            gettext_lazy("Printed papers"),
            papers_tab,
            "admin/exhibitions/papers.html",
            may=RIGHTS.asks("print_papers"),
        ),
        Tab(
            "visitors",
            gettext_lazy("Visitor book and questions"),
            visitors_tab,
            "admin/exhibitions/visitors.html",
            may=may_read_visitors,
        ),
        FORM,
        HISTORY,
    )
    approve_works = object_link(
        gettext_lazy("Approve the works that wait"),
        approvals_address,
        may=RIGHTS.asks("approve_work"),
        when=lambda exhibition: exhibition.waiting_count > 0,
        next_when=lambda exhibition: exhibition.state != ExhibitionState.CANCELLED,
    )
    preview = object_link(
        gettext_lazy("Preview link"),
        lambda exhibition: reverse("admin:exhibitions_exhibition_preview", args=[exhibition.pk]),
        may=RIGHTS.asks("preview_exhibition"),
        when=lambda exhibition: not exhibition.is_public(),
    )

    def get_urls(self):
        view = self.guarded(self.preview_view)
        return [
            path("<int:pk>/preview/", view, name="exhibitions_exhibition_preview"),
            *super().get_urls(),
        ]

    def head(self, request, exhibition):
        """What people ask of an exhibition first: where it stands, when, where, how many works."""
        label, kind = self.tag_of(exhibition)
        words = _("%(approved)d of %(count)d works approved") % {
            "approved": exhibition.approved_count,
            "count": exhibition.work_count,
        }
        if exhibition.waiting_count:
            words += " · " + _("%(n)d waiting") % {"n": exhibition.waiting_count}
        counts = (exhibition.approved_count, exhibition.waiting_count)
        hours = ", ".join(str(line) for line in exhibition.opening_hours[:2])
        return Head(
            title=str(exhibition),
            tag=Tag(label, kind),
            facts=[
                Fact(_("dates"), exhibition.dates),
                Fact(_("hours"), hours),
                Fact(_("venue"), exhibition.place),
            ],
            meter=Meter(_("works"), words, exhibition.work_count, counts)
            if exhibition.work_count
            else None,
            notes=[exhibition.state_reason] if exhibition.state_reason else [],
        )

    @staticmethod
    def tag_of(exhibition):
        """Where it stands, as words and the kind of its tag."""
        if exhibition.state == ExhibitionState.DRAFT:
            return exhibition.get_state_display(), ""
        if not exhibition.is_public():
            return _("Waits for its hour"), "soon"
        return exhibition.status()

    # --- The preview --------------------------------------------------------------------------

    def preview_view(self, request, pk):
        """Make a link for people without an account. It changes nothing in the database."""
        exhibition = self.object_to_act(request, self.preview, str(pk))
        link = None
        if not exhibition.is_public():
            address = reverse("preview", args=[previews.token_for(exhibition)])
            link = request.build_absolute_uri(address)
        return TemplateResponse(
            request,
            "admin/exhibitions/preview.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": exhibition,
                "title": _("Preview link"),
                "link": link,
                "until": timezone.now() + previews.LASTS,
            },
        )
