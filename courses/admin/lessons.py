"""Lessons in the admin."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.columns import course_columns, teacher_column
from courses.admin.filters import RollFilter, TakingPlaceFilter, year_filter
from courses.admin.told import who_is_told
from courses.enums import CourseState, SessionState
from courses.models import Session
from courses.rights import RIGHTS
from izmek.acts.refusal import Refusal, sentence_of
from izmek.admin import (
    ActionForm,
    ChosenFilter,
    ModelAdmin,
    RelatedFilter,
    RowChoice,
    object_action,
)
from izmek.admin.actions import ReasonForm
from izmek.admin.exported import Out
from izmek.admin.tags import tag
from izmek.admin.widgets import DateInput, TimeInput
from izmek.text.clock import EndFormField


class SubstituteActForm(ActionForm):
    teacher = RowChoice(
        Session, "teacher", required=False, help_text=_("Empty: the course's own teacher again.")
    )


class MakeUpLessonForm(ActionForm):
    """When a cancelled lesson is held instead; the times and hours are proposed as they were."""

    date = forms.DateField(label=_("date"), widget=DateInput)
    begin = forms.TimeField(label=_("begins at"), widget=TimeInput)
    end = EndFormField(label=_("ends at"), widget=TimeInput)
    lesson_hours = forms.IntegerField(label=_("lesson hours"), min_value=1, max_value=12)
    lines = (("date", "begin", "end", "lesson_hours"),)

    def __init__(self, *args, obj, **kwargs):
        initial = {name: getattr(obj, name) for name in ("begin", "end", "lesson_hours")}
        super().__init__(*args, obj=obj, initial=initial, **kwargs)


class CancelLessonForm(ReasonForm, MakeUpLessonForm):
    """The reason, and where it is known already when the lesson is held instead."""

    field_order = ("reason", "date", "begin", "end", "lesson_hours")
    lines = ("reason", ("date", "begin", "end", "lesson_hours"))
    times = ("begin", "end", "lesson_hours")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date"].label = _("make-up lesson on")
        self.fields["date"].help_text = _("Empty: no make-up lesson, or one that is added later.")
        for name in ("date", *self.times):
            self.fields[name].required = False

    def clean(self):
        """`make_up`: None, or when it is held, with everything that such a lesson needs."""
        data = super().clean()
        make_up = None
        if data.get("date"):
            make_up = {name: data.get(name) for name in ("date", *self.times)}
            for name in self.times:
                if make_up[name] in (None, "") and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return {"reason": data.get("reason"), "make_up": make_up}


def what_cancelling_a_lesson_does(session):
    """The explanation on the act's page, in figures."""
    return _("%(told)s This cannot be taken back.") % {"told": who_is_told(session.course)}


STATE_COLOURS = {SessionState.CANCELLED: "wrong"}


@admin.register(Session)
class SessionAdmin(ModelAdmin):
    """Lessons come from the timetable, or from the act "Add a lesson" on the course's page."""

    tagged = {"state": STATE_COLOURS}
    help = "ders-basladiktan-sonra"
    list_display = ("date", "time", "course", "lesson_hours", "who", "called", "takes_place")
    exported = (
        "date",
        "begin",
        "end",
        *course_columns("course__"),
        "lesson_hours",
        teacher_column("course__", "teacher__first_name", "teacher__last_name", day="date"),
        Out("called", _("roll called"), ("roll_call__id",), lambda key: key is not None),
        "takes_place",
    )
    exported_more = ("topic", "state_reason")
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
    object_actions = ("substitute", "make_up", "cancel")
    readonly_fields = ("course", "date", "begin", "end", "lesson_hours", "teacher", "extra")
    fields = (
        "course",
        ("date", "begin", "end", "lesson_hours"),
        ("teacher", "extra"),
        ("takes_place", "state_reason", "makes_up_for"),
        "topic",
    )

    def with_shown(self, request, rows):
        return rows.with_holiday().select_related(
            "course__programme", "course__centre", "roll_call"
        )

    def page_of(self, request, session):
        """A lesson's acts lead back to the lessons of its course."""
        lessons = reverse("admin:courses_course_lessons", args=[session.course_id])
        return f"{lessons}#lesson-{session.pk}"

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
                self.message_user(request, sentence_of(refusal), messages.ERROR)
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
            return tag(gettext("no lesson: %(name)s") % {"name": session.holiday}, "past")
        return tag(session.get_state_display(), STATE_COLOURS.get(session.state, ""))

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
        _("Add the make-up lesson"),
        form=MakeUpLessonForm,
        may=RIGHTS.asks("cancel_session"),
        when=lambda session: (
            session.state == SessionState.CANCELLED
            and session.course.state not in CourseState.over()
        ),
        text=lambda session: who_is_told(session.course),
    )
    def make_up(self, request, session, data):
        services.add_session(course=session.course, makes_up_for=session, by=request.user, **data)
        return _("The lesson is added.")

    @object_action(
        _("Cancel the lesson"),
        form=CancelLessonForm,
        may=RIGHTS.asks("cancel_session"),
        when=lambda session: (
            session.state != SessionState.CANCELLED and not hasattr(session, "roll_call")
        ),
        text=what_cancelling_a_lesson_does,
        danger=True,
    )
    def cancel(self, request, session, data):
        services.cancel_session(session=session, by=request.user, **data)
        if data["make_up"]:
            day = f"{data['make_up']['date']:%d.%m.%Y}"
            return _("The lesson is cancelled; it is held on %(day)s instead.") % {"day": day}
        return _("The lesson is cancelled.")
