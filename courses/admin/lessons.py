"""Lessons in the admin."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.filters import RollFilter, TakingPlaceFilter, year_filter
from courses.enums import CourseState, SessionState
from courses.models import Session
from courses.rights import RIGHTS
from izmek.acts.refusal import Refusal
from izmek.admin import (
    ActionForm,
    ChosenFilter,
    ModelAdmin,
    RelatedFilter,
    RowChoice,
    object_action,
)
from izmek.admin.actions import ReasonForm


class SubstituteActForm(ActionForm):
    teacher = RowChoice(
        Session, "teacher", required=False, help_text=_("Empty: the course's own teacher again.")
    )


@admin.register(Session)
class SessionAdmin(ModelAdmin):
    """Lessons come from the timetable, or from the act "Add a lesson" on the course's page."""

    list_display = ("date", "time", "course", "lesson_hours", "who", "called", "takes_place")
    list_filter = (
        year_filter("course__term__year", lessons="date"),
        "state",
        TakingPlaceFilter,
        RollFilter,
        ("course__centre", RelatedFilter),
        ("course", ChosenFilter),
    )
    list_select_related = ("course__programme", "course__centre", "course__teacher", "teacher")
    search_fields = ("course__programme__folded", "course__centre__folded", "topic")
    search_through = ("course",)
    ordering = ("date", "begin", "pk")
    date_hierarchy = "date"
    object_actions = ("substitute", "cancel")
    readonly_fields = ("course", "date", "begin", "end", "lesson_hours", "teacher", "extra")
    fields = (
        "course",
        ("date", "begin", "end", "lesson_hours"),
        ("teacher", "extra"),
        ("takes_place", "state_reason"),
        "topic",
    )

    def with_shown(self, request, rows):
        return rows.with_holiday().select_related(
            "course__programme", "course__centre", "roll_call"
        )

    def get_list_queryset(self, request, rows):
        return rows.prefetch_related("course__teacher_changes__teacher")

    def get_readonly_fields(self, request, obj=None):
        """The topic too once the course is over."""
        over = ("topic",) if obj and obj.course.state in CourseState.over() else ()
        return (*super().get_readonly_fields(request, obj), "takes_place", "state_reason", *over)

    def has_add_permission(self, request):
        return False

    def delete_view(self, request, object_id, extra_context=None):
        """Only of a planned course; else it says what to do instead."""
        session = self.get_object(request, unquote(object_id))
        if session and self.has_delete_permission(request, session):
            try:
                services.check_deletable(session=session)
            except Refusal as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
                return HttpResponseRedirect(self.url("change", session.pk))
        return super().delete_view(request, object_id, extra_context)

    @admin.display(description=_("time"), ordering="begin")
    def time(self, session):
        return f"{session.begin:%H.%M}-{session.end:%H.%M}"

    @admin.display(description=_("teacher"))
    def who(self, session):
        return session.teacher or services.who_teaches(session.course, session.date)

    @admin.display(description=_("state"), ordering="state")
    def takes_place(self, session):
        """A holiday may be entered after the lesson; it then cancels lessons that were not held."""
        if session.holiday and session.state == SessionState.PLANNED:
            return gettext("no lesson: %(name)s") % {"name": session.holiday}
        return session.get_state_display()

    @admin.display(description=_("roll called"), boolean=True)
    def called(self, session):
        return hasattr(session, "roll_call")

    @object_action(
        _("Name a substitute"),
        form=SubstituteActForm,
        may=RIGHTS.asks("name_substitute"),
        when=lambda session: session.state != SessionState.CANCELLED,
        text=_("The substitute gives this lesson and sees the roll of this lesson only."),
    )
    def substitute(self, request, session, data):
        services.name_substitute(session=session, by=request.user, **data)
        return _("The lesson is given by the substitute.")

    @object_action(
        _("Cancel the lesson"),
        form=ReasonForm,
        may=RIGHTS.asks("cancel_session"),
        when=lambda session: (
            session.state != SessionState.CANCELLED and not hasattr(session, "roll_call")
        ),
        text=_(
            "Who has an e-mail address is told by letter, the others stand on the list of people to "
            "call. This cannot be taken back; a lesson that makes up for it can be added."
        ),
        danger=True,
    )
    def cancel(self, request, session, data):
        services.cancel_session(session=session, by=request.user, **data)
        return _("The lesson is cancelled.")
