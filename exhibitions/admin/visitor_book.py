"""The visitor book in the admin."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.admin import year_filter
from exhibitions import services
from exhibitions.enums import NoteState
from exhibitions.models import VisitorNote
from exhibitions.rights import RIGHTS
from izmek.admin import ReadOnlyAdmin, RelatedFilter, bulk_action, object_action

# --- The visitor book -------------------------------------------------------------------------


STATE_COLOURS = {NoteState.WAITING: "soon", NoteState.SHOWN: "now", NoteState.REFUSED: "past"}


@admin.register(VisitorNote)
class VisitorNoteAdmin(ReadOnlyAdmin):
    """Nobody edits a visitor's note: it is shown or not shown."""

    tagged = {"state": STATE_COLOURS}
    help = "ziyaretcilerden-gelenler"
    list_display = ("written_at", "exhibition", "name", "line", "state")
    list_filter = (
        year_filter("exhibition__year", dates="exhibition__begin"),
        "state",
        ("exhibition", RelatedFilter),
    )
    list_select_related = ("exhibition",)
    search_fields = ("text", "name", "exhibition__folded")
    ordering = ("-written_at", "-pk")
    fields = ("exhibition", ("name", "language"), "text", ("written_at", "state"))
    object_actions = ("show", "refuse")
    actions = ("show_selected", "refuse_selected")

    @admin.display(description=_("text"))
    def line(self, note):
        return Truncator(note.text).chars(240)

    @object_action(
        _("Publish"),
        may=RIGHTS.asks("show_note"),
        when=lambda note: note.state != NoteState.SHOWN,
        text=lambda note: note.text,
    )
    def show(self, request, note, data):
        services.show_note(note=note, by=request.user)
        return _("The note is shown.")

    @object_action(
        _("Turn down"),
        may=RIGHTS.asks("refuse_note"),
        when=lambda note: note.state != NoteState.REFUSED,
        text=lambda note: note.text,
        danger=True,
    )
    def refuse(self, request, note, data):
        services.refuse_note(note=note, by=request.user)
        return _("The note is not shown.")

    @bulk_action(
        _("Publish the selected notes"),
        may=RIGHTS.asks("show_note"),
        done=lambda count: (
            ngettext("%(count)d note is shown.", "%(count)d notes are shown.", count)
            % {"count": count}
        ),
    )
    def show_selected(self, request, note, data):
        services.show_note(note=note, by=request.user)

    @bulk_action(
        _("Turn down the selected notes"),
        may=RIGHTS.asks("refuse_note"),
        done=lambda count: (
            ngettext("%(count)d note is not shown.", "%(count)d notes are not shown.", count)
            % {"count": count}
        ),
    )
    def refuse_selected(self, request, note, data):
        services.refuse_note(note=note, by=request.user)
