"""Courses with their timetable."""

from copy import copy
from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Collate
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.columns import SEATS_HELD, teacher_column
from courses.admin.copies import CopyTerm
from courses.admin.course_lessons import lessons_tab
from courses.admin.filters import year_filter
from courses.admin.free_times import LINES
from courses.admin.free_times import read as read_times
from courses.admin.no_overlap import without_overlap
from courses.admin.told import who_is_told
from courses.enums import CourseState
from courses.models import (
    Course,
    CourseModule,
    Session,
    Teacher,
    TeacherChange,
    Term,
    TimetableSlot,
    check_slots_do_not_overlap,
)
from courses.rights import RIGHTS
from courses.sheets.courses import COLUMNS
from izmek.acts.refusal import Refusal
from izmek.admin import (
    FORM,
    HISTORY,
    ActionForm,
    Desk,
    Fact,
    Head,
    Meter,
    ModelAdmin,
    ModelForm,
    ReadOnlyInline,
    RelatedFilter,
    RowChoice,
    Tab,
    TabularInline,
    Tag,
    object_action,
    who_holds,
)
from izmek.admin.actions import ReasonForm
from izmek.admin.widgets import DateInput, TimeInput
from izmek.text.clock import EndFormField
from izmek.text.order import COLLATION, tr_order

MOST_HOURS = 12  # of one lesson


class SlotFormSet(without_overlap(check_slots_do_not_overlap)):
    def clean(self):
        super().clean()
        if self.instance.pk and self.instance.state != CourseState.PLANNED and self.has_changed():
            raise ValidationError(
                gettext("The course is open: “Change the weekly times” is an act of its own.")
            )


class SlotForm(ModelForm):
    """A weekly time; of a new course its lesson hours are as many as fit, if none are typed."""

    class Meta:
        help_texts = {"lesson_hours": _("Empty: as many as fit into the time.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "lesson_hours" in self.fields:
            self.fields["lesson_hours"].required = False

    def clean(self):
        data = super().clean()
        course, begin, end = (data.get(name) for name in ("course", "begin", "end"))
        empty = "lesson_hours" not in self.errors and data.get("lesson_hours") is None
        if empty and begin and end and begin < end and course and course.term_id:
            most = course.term.year.most_lesson_hours(begin, end)
            data["lesson_hours"] = min(most, MOST_HOURS)
        return data


class SlotInline(TabularInline):
    """The weekly times of a planned course; once it is open an act changes them."""

    model = TimetableSlot
    form = SlotForm
    formset = SlotFormSet
    copied = True

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj or self.proposed(request) or "copy" in request.GET else 1

    def proposed(self, request):
        return list(read_times(request.GET.get(LINES, "")))

    def typed(self, request, obj):
        """Whether the form may hold rows. Rows sent all the same are refused (`SlotFormSet`)."""
        sent = any(name.startswith("slots-") and name.endswith("-weekday") for name in request.POST)
        return obj is None or obj.state == CourseState.PLANNED or sent

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self.typed(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.typed(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.typed(request, obj)


class TeacherChangeInline(ReadOnlyInline):
    """Read-only; the act "Change the teacher" makes the changes."""

    model = TeacherChange
    fields = ("teacher", "begins_on", "reason")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("teacher")


class CourseModuleInline(ReadOnlyInline):
    model = CourseModule
    fields = ("name", "hours")
    classes = ("collapse",)


class ChangeTeacherForm(ActionForm):
    teacher = RowChoice(TeacherChange, "teacher")
    begins_on = forms.DateField(label=_("from"), widget=DateInput)
    reason = forms.CharField(label=_("reason"), max_length=250, required=False)


class ChangeTimesForm(ActionForm):
    """The weekly times, one in a line; a line without a day is left out."""

    SPARE = 2  # empty lines below those that there are
    begins_on = forms.DateField(
        label=_("from"),
        widget=DateInput,
        help_text=_("Lessons before this day stay as they are."),
    )
    reason = forms.CharField(label=_("reason"), max_length=250, required=False)

    def __init__(self, *args, obj, **kwargs):
        slots = list(obj.slots.all())
        names = ("weekday", "begin", "end", "lesson_hours")
        widgets = {"begin": TimeInput, "end": TimeInput}
        rows = range(len(slots) + self.SPARE)
        fields = [forms.fields_for_model(TimetableSlot, names, widgets=widgets) for _row in rows]
        initial = {
            f"{name}_{row}": getattr(slot, name)
            for row, slot in enumerate(slots)
            for name in fields[row]
        }
        super().__init__(*args, obj=obj, initial=initial, **kwargs)
        self.rows = []
        for row in rows:
            for name, field in fields[row].items():
                field.required = False
                field.label = f"{row + 1}. {field.label}"
                self.fields[f"{name}_{row}"] = field
            self.rows.append({name: f"{name}_{row}" for name in fields[row]})
        self.lines = ["begins_on", *(tuple(row.values()) for row in self.rows), "reason"]

    def clean(self):
        data = super().clean()
        slots = []
        for row in self.rows:
            if not data.get(row["weekday"]):
                continue
            for name in row.values():
                if name not in self.errors and data.get(name) in (None, ""):
                    self.add_error(name, self.fields[name].error_messages["required"])
            slots.append({name: data.get(field) for name, field in row.items()})
            self._check_line(row, slots[-1])
        return {name: data.get(name) for name in ("begins_on", "reason")} | {"slots": slots}

    def _check_line(self, row, values):
        """Show what is wrong with a weekly time in its own line."""
        if any(name in self.errors for name in row.values()):
            return
        try:
            TimetableSlot(course=self.obj, **values).full_clean(exclude=["course"])
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                self.add_error(row.get(name, row["end"]), errors)


class ChangeDatesForm(ActionForm):
    begin = forms.DateField(label=_("begins on"), widget=DateInput)
    end = forms.DateField(label=_("ends on"), widget=DateInput)
    reason = forms.CharField(label=_("reason"), max_length=250, required=False)

    def __init__(self, *args, obj, **kwargs):
        initial = {"begin": obj.begin, "end": obj.end}
        super().__init__(*args, obj=obj, initial=initial, **kwargs)


class AddSessionForm(ActionForm):
    date = forms.DateField(label=_("date"), widget=DateInput)
    begin = forms.TimeField(label=_("begins at"), widget=TimeInput)
    end = EndFormField(label=_("ends at"), widget=TimeInput)
    lesson_hours = forms.IntegerField(label=_("lesson hours"), min_value=1, max_value=12)
    topic = forms.CharField(label=_("topic"), max_length=250, required=False)
    teacher = RowChoice(
        Session, "teacher", required=False, help_text=_("Empty: the course's own teacher.")
    )


# The last name of the teacher from `with_teacher_on`.
TEACHER_NOW = Collate(
    Subquery(Teacher.objects.filter(pk=OuterRef("teacher_now_id")).values("last_name")), COLLATION
)


def what_opening_does(course):
    """The explanation on the act's page, and how many lesson hours the timetable does not cover."""
    text = _(
        "The rules of the programme and the education year are copied into the course, its "
        "sessions are made from the timetable, and its teacher and room are booked."
    )
    total, given = course.programme.total_hours, services.hours_given(course=course)
    if given >= total:
        return text
    short = _(
        "The dates and weekly times give %(given)d of the programme's %(total)d lesson hours: "
        "%(missing)d are missing. Correct them first, or add the lessons later."
    )
    return f"{text}\n\n" + short % {"given": given, "total": total, "missing": total - given}


def what_cancelling_does(course):
    """The explanation on the act's page, in figures."""
    today = timezone.localdate()
    coming = course.sessions.not_cancelled().uncalled().filter(date__gte=today)
    return _(
        "%(seats)d people lose their seat, %(applications)d applications are closed, %(lessons)d "
        "coming lessons are cancelled; teacher and room become free. %(told)s This cannot be taken back."
    ) % {
        "seats": course.enrolments.holding_seat().count(),
        "applications": course.applications.open().count(),
        "lessons": coming.count(),
        "told": who_is_told(course, course.applications.open()),
    }


STATE_COLOURS = {
    CourseState.OPEN: "soon",
    CourseState.RUNNING: "now",
    CourseState.FINISHED: "past",
    CourseState.CANCELLED: "wrong",
}


class CourseForm(ModelForm):
    """A course. Of a new one everything that follows from the rest may stay empty.

    The term follows from the first day, the last day from the weekly times and the programme's lesson hours
    (without holidays), the seats from the room. Hours for which the year is too short are no refusal: it is
    said at the last day, which may be left empty as long as the course is planned.
    """

    FOLLOWS = {
        "term": _("Empty: the term of the first day."),
        "end": _("Empty: the day on which the weekly times have given all lesson hours."),
        "capacity": _("Empty: as many as the room seats."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        course = self.instance
        self.following = [
            name
            for name in self.FOLLOWS
            if name in self.fields
            and (not course.pk or (name == "end" and course.state == CourseState.PLANNED))
        ]
        for name in self.following:
            self.fields[name].required = False
            self.fields[name].help_text = self.FOLLOWS[name]
        if course.pk and self.following and not self.is_bound:
            said = services.hours_warning(course=course, slots=course.slots.all())
            if said:
                self.fields["end"].help_text = format_html(
                    '<strong class="warning">{}</strong> {}', said, self.FOLLOWS["end"]
                )

    def clean(self):
        data = super().clean()
        for name in self.following:  # in this order: the last day needs the term
            if data.get(name) is None and name not in self.errors:
                try:
                    data[name] = getattr(self, f"_{name}_of")(data)
                except Refusal as refusal:
                    self.add_error(name, refusal)
        return data

    def _term_of(self, data):
        if data.get("begin") is None:
            return None
        term = Term.objects.on(data["begin"]).select_related("year").order_by("-begin").first()
        if term is None:
            raise Refusal(gettext("No term includes the first day: choose the term."))
        return term

    def _capacity_of(self, data):
        if data.get("room") is None:
            raise Refusal(gettext("Type how many seats there are, or choose the room."))
        return data["room"].capacity

    def _end_of(self, data):
        """The day after which all hours are given; the year's last one if it is too short for them."""
        needed = {name: data.get(name) for name in ("programme", "centre", "term", "begin")}
        if None in needed.values():
            return None
        course = copy(self.instance)
        for name, value in needed.items():
            setattr(course, name, value)
        slots = self._slots_of(course)
        if not slots:
            raise Refusal(gettext("Type the weekly times below, or the last day."))
        try:
            return services.last_day(course=course, slots=slots)
        except Refusal:
            return course.term.year.end

    def _slots_of(self, course):
        """The weekly times that are typed below, as far as they are right."""
        formset = forms.inlineformset_factory(
            Course,
            TimetableSlot,
            form=SlotForm,
            fields=("weekday", "begin", "end", "lesson_hours"),
        )(self.data, instance=course, prefix="slots")
        if not formset.management_form.is_valid():
            return []
        typed = (form for form in formset.forms if form.instance.pk or form.has_changed())
        right = [form for form in typed if form.is_valid()]
        return [form.instance for form in right if not form.cleaned_data.get("DELETE")]


@admin.register(Course)
class CourseAdmin(CopyTerm, Desk, ModelAdmin):
    import_kind = "courses"
    put_in_as = {"teacher_now": "teacher"}
    form = CourseForm
    tagged = {"state": STATE_COLOURS}
    help = "kurs-acmak"
    tabs = (
        Tab(
            "lessons",
            _("Lessons of the course"),
            lessons_tab,
            "admin/courses/lessons.html",
            may=who_holds("courses.view_session"),
        ),
        FORM,
        HISTORY,
    )
    list_display = (
        "programme_and_group",
        "centre",
        "teacher_now",
        "timetable",
        "period",
        "seats",
        "state",
    )
    exported = (
        "number",
        "programme",
        "group",
        "centre",
        "room",
        teacher_column(),
        *(column for column in COLUMNS if column.name in ("term", "times")),
        "begin",
        "end",
        SEATS_HELD,
        "capacity",
        "state",
    )
    exported_more = ("total_hours", "note", "state_reason")
    export_prefetch = ("term__year",)
    list_filter = (
        year_filter("term__year"),
        "state",
        ("centre", RelatedFilter),
        ("programme__field", RelatedFilter),
    )
    list_select_related = ("programme", "centre", "teacher")
    search_fields = (
        "programme__folded",
        "centre__folded",
        "teacher__folded",
        "teacher_changes__teacher__folded",
        "number",
        "group",
    )
    search_through = ("programme", "centre", "teacher", "teacher_changes__teacher")
    ordering = ("-begin", tr_order("programme__name"), "group")
    inlines = (SlotInline, TeacherChangeInline, CourseModuleInline)
    object_actions = (
        "open",
        "start",
        "make_sessions",
        "add_session",
        "change_times",
        "change_dates",
        "change_teacher",
        "cancel",
    )
    readonly_fields = ("absence_limit",)
    copied = (
        "programme",
        "centre",
        "room",
        "teacher",
        "term",
        "capacity",
        "minimum_group",
        "minimum_reason",
        "note",
        "note_en",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("programme", "group", "number"),
                    ("centre", "room"),
                    ("teacher", "term"),
                    ("begin", "end", "capacity"),
                )
            },
        ),
        (
            _("Rules"),
            {
                "fields": (("total_hours", "pass_mark", "absence_limit"),),
            },
        ),
        (
            _("Application"),
            {"fields": (("applications_from", "applications_until"), "registration_deadline")},
        ),
        (_("Public page"), {"fields": ("note", "note_en")}),
        (
            _("A smaller group than the year's"),
            {"fields": (("minimum_group", "minimum_reason"),), "classes": ("collapse",)},
        ),
    )

    def with_shown(self, request, rows):
        rows = rows.with_free_seats().with_open_applications().with_teacher_on()
        rows = rows.select_related("programme", "centre", "teacher")
        return rows.prefetch_related("slots", "teacher_changes__teacher")

    def head(self, request, course):
        """What people ask of a course first: where it stands, when, who teaches it, its seats."""
        taken = course.seats_held + course.seats_offered
        words = _("%(held)d of %(capacity)d given") % {
            "held": course.seats_held,
            "capacity": course.capacity,
        }
        for count, of_them in (
            (course.seats_offered, _("%(n)d offered")),
            (max(0, course.capacity - taken), _("%(n)d free")),
            (course.waiting_count, _("%(n)d waiting")),
        ):
            if count:
                words += f" · {of_them % {'n': count}}"
        return Head(
            title=self.programme_and_group(course),
            tag=Tag(course.get_state_display(), STATE_COLOURS.get(course.state, "")),
            facts=[
                Fact(_("course centre"), str(course.centre)),
                Fact(_("teacher"), str(services.who_teaches(course))),
                Fact(_("dates"), self.period(course)),
                Fact(_("timetable"), self.timetable(course)),
            ],
            meter=Meter(
                _("seats"), words, course.capacity, (course.seats_held, course.seats_offered)
            ),
            notes=[course.state_reason] if course.state_reason else [],
        )

    def get_changeform_initial_data(self, request):
        """With a first day: that of the coming term, or the next Monday of the one that runs."""
        initial = super().get_changeform_initial_data(request)
        today = timezone.localdate()
        term = Term.objects.filter(end__gte=today).order_by("begin").first()
        if term and not initial.get("begin") and "copy" not in request.GET:
            monday = today + timedelta(days=7 - today.weekday())
            initial["begin"] = max(term.begin, min(monday, term.end))
        return initial

    def get_readonly_fields(self, request, obj=None):
        """With those that are fixed now; one that is sent all the same is refused by the service."""
        fixed = obj.fixed_fields if obj else ()
        shown = (name for name in fixed if name not in request.POST)
        return (*super().get_readonly_fields(request, obj), *shown)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.state == CourseState.FINISHED:
            context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_row(self, request, course):
        services.save_course(course=course, by=request.user)

    def save_related(self, request, form, formsets, change):
        """Warns about lessons and lesson hours that do not match the dates and weekly times."""
        super().save_related(request, form, formsets, change)
        course = Course.objects.get(pk=form.instance.pk)
        said = services.timetable_warnings(course=course)
        if course.state == CourseState.PLANNED:
            said.append(services.hours_warning(course=course, slots=course.slots.all()))
        if any(said):
            self.message_user(
                request, " ".join([f"{course}:", *filter(None, said)]), messages.WARNING
            )

    def with_labels(self, request, rows):
        return rows.select_related("programme", "centre", "term__year")

    def choice_label(self, course):
        return f"{course} · {course.term.year}"

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=_("course"), ordering=tr_order("programme__name"))
    def programme_and_group(self, course):
        return f"{course.programme} {course.group}".strip()

    @admin.display(description=_("teacher"), ordering=TEACHER_NOW)
    def teacher_now(self, course):
        return services.who_teaches(course)

    @admin.display(description=_("timetable"))
    def timetable(self, course):
        return format_html_join(
            ", ",
            '<span class="nowrap">{} {}</span>',
            (
                (WEEKDAYS_ABBR[slot.weekday - 1], f"{slot.begin:%H.%M}-{slot.end:%H.%M}")
                for slot in course.slots.all()
            ),
        )

    @admin.display(description=_("dates"), ordering="begin")
    def period(self, course):
        return f"{course.begin:%d.%m.%Y} – {course.end:%d.%m.%Y}"

    @admin.display(description=_("seats"), ordering=F("seats_held") + F("seats_offered"))
    def seats(self, course):
        return f"{course.seats_held + course.seats_offered}/{course.capacity}"

    @admin.display(description=_("absence limit"))
    def absence_limit(self, course):
        if course.absence_limit_numerator is None:
            return ""
        return f"{course.absence_limit_numerator}/{course.absence_limit_denominator}"

    # --- Acts ---------------------------------------------------------------------------------

    @object_action(
        _("Open for application"),
        may=RIGHTS.asks("open_course"),
        when=lambda course: course.state == CourseState.PLANNED,
        next_when=lambda course: True,
        text=what_opening_does,
    )
    def open(self, request, course, data):
        services.open_course(course=course, by=request.user)
        return _("The course is open.")

    @object_action(
        _("Start the lessons"),
        may=RIGHTS.asks("start_course"),
        when=lambda course: course.state == CourseState.OPEN,
        next_when=lambda course: course.begin <= timezone.localdate(),
    )
    def start(self, request, course, data):
        services.start_course(course=course, by=request.user)
        return _("The course is running.")

    @object_action(
        _("Make the sessions"),
        may=RIGHTS.asks("make_sessions"),
        when=lambda course: course.state not in CourseState.over(),
        text=_(
            "Coming sessions are made anew from the weekly timetable, holidays left out. Sessions "
            "whose roll was called stay as they are."
        ),
    )
    def make_sessions(self, request, course, data):
        count = services.make_sessions(course=course, by=request.user)
        return ngettext("%(count)d session made.", "%(count)d sessions made.", count) % {
            "count": count
        }

    @object_action(
        _("Add a lesson"),
        form=AddSessionForm,
        may=RIGHTS.asks("add_session"),
        when=lambda course: course.state not in CourseState.over(),
        text=_("Outside the timetable, such as one that makes up for a cancelled one."),
    )
    def add_session(self, request, course, data):
        services.add_session(course=course, by=request.user, **data)
        return _("The lesson is added.")

    @object_action(
        _("Change the weekly times"),
        form=ChangeTimesForm,
        may=RIGHTS.asks("change_times"),
        when=lambda course: course.state in CourseState.booking(),
        text=_("The coming lessons are made again from that day on, and everyone is told."),
    )
    def change_times(self, request, course, data):
        services.change_times(course=course, by=request.user, **data)
        return _("The weekly times change on %(day)s.") % {"day": f"{data['begins_on']:%d.%m.%Y}"}

    @object_action(
        _("Change the dates"),
        form=ChangeDatesForm,
        may=RIGHTS.asks("change_dates"),
        when=lambda course: course.state in CourseState.booking(),
        text=_("The coming lessons are made again, and everyone is told."),
    )
    def change_dates(self, request, course, data):
        course = services.change_dates(course=course, by=request.user, **data)
        return _("The course now runs %(period)s.") % {"period": self.period(course)}

    @object_action(
        _("Change the teacher"),
        form=ChangeTeacherForm,
        may=RIGHTS.asks("change_teacher"),
        when=lambda course: course.state not in CourseState.over(),
        text=_("The former teacher loses access to the course on that day."),
    )
    def change_teacher(self, request, course, data):
        services.change_teacher(course=course, by=request.user, **data)
        return _("The teacher changes on %(day)s.") % {"day": f"{data['begins_on']:%d.%m.%Y}"}

    @object_action(
        _("Cancel the course …"),
        form=ReasonForm,
        may=RIGHTS.asks("cancel_course"),
        when=lambda course: course.state not in CourseState.over(),
        text=what_cancelling_does,
        danger=True,
    )
    def cancel(self, request, course, data):
        services.cancel_course(course=course, by=request.user, **data)
        return _("The course is cancelled.")
