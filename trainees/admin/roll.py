"""Roll calls and absences in the admin; officers correct a roll on the course's desk."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from courses.admin.columns import course_columns
from courses.enums import SessionState
from izmek.admin import ReadOnlyAdmin, ReadOnlyInline, RelatedFilter, object_link
from izmek.text.order import tr_order
from trainees import services
from trainees.admin.columns import name_columns
from trainees.admin.corrected import CorrectedAdmin
from trainees.models import Absence, RollCall
from trainees.rights import RIGHTS


@admin.register(RollCall)
class RollCallAdmin(ReadOnlyAdmin):
    list_display = ("day", "course", "at", "by")
    exported = (
        "session__date",
        "session__begin",
        *course_columns("session__course__"),
        "at",
        "by",
    )
    list_filter = (
        year_filter("session__course__term__year", lessons="session__date", held=True),
        ("session__course__centre", RelatedFilter),
    )
    list_select_related = ("session__course__programme", "session__course__centre", "by")
    search_fields = ("session__course__programme__folded", "session__course__centre__folded")
    search_through = ("session__course",)
    ordering = ("-session__date", "-pk")
    fields = ("session", ("at", "by"))

    @admin.display(description=_("session"), ordering="session__date")
    def day(self, roll_call):
        return f"{roll_call.session.date:%d.%m.%Y} {roll_call.session.begin:%H.%M}"

    @admin.display(description=_("course"), ordering=tr_order("session__course__programme__name"))
    def course(self, roll_call):
        return roll_call.session.course


@admin.register(Absence)
class AbsenceAdmin(CorrectedAdmin):
    list_display = ("who", "course", "day", "hours", "excused", "note")
    list_display_links = ("day",)
    exported = (
        *name_columns("enrolment__trainee__"),
        *course_columns("enrolment__course__"),
        "session__date",
        "hours",
        "excused",
        "note",
    )
    exported_more = ("at", "by")
    list_filter = (
        year_filter("session__course__term__year", lessons="session__date", held=True),
        "excused",
        ("session__course__centre", RelatedFilter),
    )
    list_select_related = (
        "enrolment__trainee",
        "enrolment__course__programme",
        "enrolment__course__centre",
        "session",
    )
    search_fields = ("enrolment__trainee__folded", "session__course__programme__folded")
    search_through = ("enrolment__trainee", "session__course")
    ordering = ("-session__date", "-pk")
    fixed = ("enrolment", "session")
    fields = ("enrolment", "session", ("hours", "excused"), "note", ("at", "by"))

    def save_row(self, request, absence):
        services.mark_absent(
            enrolment=absence.enrolment,
            session=absence.session,
            hours=absence.hours,
            excused=absence.excused,
            note=absence.note,
            by=request.user,
        )

    @admin.display(description=_("session"), ordering="session__date")
    def day(self, absence):
        return f"{absence.session.date:%d.%m.%Y}"


class AbsentInline(ReadOnlyInline):
    """Those marked absent; after the roll call everyone else counts as present."""

    model = Absence
    fields = ("enrolment", "hours", "excused", "note", "at", "by")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("by", "enrolment__trainee")
        return rows.select_related("enrolment__course__programme", "enrolment__course__centre")


def was_held(session):
    """Whether the lesson can have a roll: not cancelled, and not in the future."""
    return session.state != SessionState.CANCELLED and session.date <= timezone.localdate()


def roll_page(session):
    """The address of the tab with the course's roll, this lesson's column opened."""
    return f"{reverse('admin:courses_course_roll', args=[session.course_id])}?lesson={session.pk}"


roll = object_link(_("Roll"), roll_page, may=RIGHTS.asks("mark_absent"), when=was_held)
