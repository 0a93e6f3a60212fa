"""The courses of a term in another one: a table to correct, with clashes in place, before it is saved."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses import services
from courses.enums import Weekday
from courses.models import Course, CourseCentre, Room, Teacher, Term, check_slots_do_not_overlap
from courses.rights import RIGHTS
from izmek.acts.refusal import Refusal, sentence_of
from izmek.admin import SeveralRows
from izmek.admin.widgets import DateInput, TimeInput
from izmek.text.clock import EndFormField
from izmek.text.order import tr_order

MOST = 100  # courses on one page; who has copied these gets the next ones


class WhichForm(forms.Form):
    """From which term into which, and of which centres."""

    source = forms.TypedChoiceField(label=gettext_lazy("courses of"))
    into = forms.TypedChoiceField(label=gettext_lazy("into the term"))
    centres = SeveralRows(
        CourseCentre.objects.none(),
        label=gettext_lazy("course centres"),
        required=False,
        help_text=gettext_lazy("Several with Ctrl; none: all of yours."),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        terms, today = (
            list(Term.objects.select_related("year").order_by("-begin")),
            timezone.localdate(),
        )
        coming = [term for term in terms if term.begin > today]
        begun = [term for term in terms if term.begin <= today]
        into = coming[-1] if coming else None
        same = (term for term in begun if into and term.name == into.name)
        source = next(same, begun[0] if begun else None)
        for name, offered, first in (
            ("source", terms, source),
            ("into", [term for term in terms if term.end >= today], into),
        ):
            by_key = {str(term.pk): term for term in offered}
            self.fields[name].choices = [(key, str(term)) for key, term in by_key.items()]
            self.fields[name].coerce = by_key.get
            self.fields[name].initial = first and first.pk
        centres = RIGHTS.rows(user, "place_course", CourseCentre.objects.order_by(tr_order("name")))
        self.fields["centres"].queryset = centres
        if len(centres[:2]) < 2:  # nothing to choose from
            self.fields["centres"].widget = forms.MultipleHiddenInput()

    def clean(self):
        data = super().clean()
        if data.get("source") and data.get("source") == data.get("into"):
            self.add_error("into", _("Choose another term than the one that is copied."))
        return data


class CopyForm(forms.Form):
    """A row of the table: a course as it is proposed; what is typed goes into its Copy."""

    chosen = forms.BooleanField(required=False, label=gettext_lazy("copy"))
    begin = forms.DateField(label=gettext_lazy("first day"), widget=DateInput)

    def __init__(self, data, *, copy, teachers, rooms):
        course = copy.course
        teachers = {**teachers, course.teacher_id: copy.source.teacher}
        self.copy, self.teachers, self.rooms, self.refused = copy, teachers, rooms, ""
        super().__init__(
            data,
            prefix=f"course{copy.source.pk}",
            initial={"chosen": copy.there is None, "begin": course.begin},
        )
        self.fields["teacher"] = _choice(_("teacher"), teachers, course.teacher_id)
        self.fields["room"] = _choice(_("room"), rooms, course.room_id, required=False)
        self.lines = []
        for number, slot in enumerate(copy.slots):
            fields = {
                "weekday": forms.TypedChoiceField(
                    label=_("day"), choices=Weekday.choices, coerce=int, initial=slot.weekday
                ),
                "begin": forms.TimeField(
                    label=_("begins at"), initial=slot.begin, widget=TimeInput
                ),
                "end": EndFormField(label=_("ends at"), initial=slot.end, widget=TimeInput),
            }
            for name, field in fields.items():
                self.fields[f"{name}_{number}"] = field
            self.lines.append([self[f"{name}_{number}"] for name in fields])
        for name, field in self.fields.items():
            label = f"{copy.source.programme} {copy.source.group}".strip()
            if name != "chosen":
                field.widget.attrs["aria-label"] = f"{label}: {field.label}"

    def clean(self):
        """Take over what is typed, as far as it is right, and what follows from it."""
        data, course = super().clean(), self.copy.course
        if not data.get("chosen"):
            self._errors.clear()  # nobody wants this one: it keeps nobody from saving
            return data
        if data.get("begin"):
            course.begin = data["begin"]
        if data.get("teacher"):
            course.teacher = self.teachers[data["teacher"]]
        if "room" in data:
            course.room = self.rooms.get(data["room"])
        if course.room:
            course.capacity = min(course.capacity, course.room.capacity)
        for number, slot in enumerate(self.copy.slots):
            self._take_time(number, slot, data)
        if not self.errors:
            try:
                check_slots_do_not_overlap(self.copy.slots)
            except Refusal as refusal:
                self.add_error("begin_0", refusal.messages)
        return data

    def _take_time(self, number, slot, data):
        names = {name: f"{name}_{number}" for name in ("weekday", "begin", "end")}
        if any(name in self.errors for name in names.values()):
            return
        begin, end = data[names["begin"]], data[names["end"]]
        if begin < services.EARLIEST or end <= begin:
            error = _("Lessons are held from 07.00 to 24.00 and end after they begin.")
            self.add_error(names["end"], error)
            return
        if (begin, end) != (slot.begin, slot.end):  # as many lesson hours as fit
            most = self.copy.course.term.year.most_lesson_hours(begin, end)
            slot.lesson_hours = min(most, 12)
        slot.weekday, slot.begin, slot.end = data[names["weekday"]], begin, end


def _choice(label, rows, initial, required=True):
    """A select of rows that are read already: {key: row}."""
    choices = [(key, getattr(row, "name", None) or str(row)) for key, row in rows.items()]
    return forms.TypedChoiceField(
        label=label,
        choices=choices if required else [("", "–"), *choices],
        coerce=int,
        empty_value=None,
        initial=initial,
        required=required,
    )


class CopyTerm:
    """The part of the ModelAdmin of courses with the page on which a term is copied."""

    def get_urls(self):
        view = self.guarded(self.copy_term_view)
        return [path("copy/", view, name="courses_course_copy"), *super().get_urls()]

    def copy_term_view(self, request):
        """GET: which term; with `?source=&into=` the table. POST: the table, to check or to save."""
        if not RIGHTS.may(request.user, "save_course"):
            raise PermissionDenied
        which = WhichForm(request.GET if "source" in request.GET else None, user=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Copy the courses of a term"),
            "opts": self.opts,
            "media": self.media,
            "which": which,
        }
        if not which.is_bound:
            return self._copy_page(request, context)
        if not which.is_valid():
            return self._copy_page(request, context, status=422)
        into = which.cleaned_data["into"]
        forms_, more, left = self._copy_rows(request, which.cleaned_data)
        context |= {"rows": forms_, "more": more, "left": left, "into": into}
        sent = request.method == "POST"
        right = not sent or not [form for form in forms_ if not form.is_valid()]
        chosen = [form for form in forms_ if not sent or form.cleaned_data.get("chosen")]
        holidays = services.holidays_of_year(into)
        refused = services.set_last_days([form.copy for form in chosen], holidays)
        for number, refusal in refused.items():
            form = chosen[number]
            form.refused = sentence_of(refusal)
            right = right and not sent
        copies = [form.copy for number, form in enumerate(chosen) if number not in refused]
        self._check_rows(chosen, refused, sent)
        services.find_clashes([copy for copy in copies if copy.there is None or sent], holidays)
        right = right and not any(form.refused for form in chosen)
        seen = _sign(copies)
        context |= {"seen": seen, "clashes": sum(bool(copy.clashes) for copy in copies)}
        if sent and right and "save" in request.POST:
            if not chosen:
                context["refused"] = _("Choose at least one course.")
            elif context["clashes"] and request.POST.get("seen") != seen:
                context["refused"] = _(
                    "Something is taken at the same time: look at it below. Save again to plan them "
                    "all the same; a course with a clash cannot be opened."
                )
            else:
                return self._plan(request, into, copies, context)
        wrong = sent and (not right or "refused" in context)
        return self._copy_page(request, context, status=422 if wrong else 200)

    def _copy_page(self, request, context, status=200):
        return TemplateResponse(request, "admin/courses/copy_term.html", context, status=status)

    def _copy_rows(self, request, data):
        """The forms of the table, how many courses come after them, and how many are there already."""
        centres = data["centres"] or RIGHTS.rows(
            request.user, "place_course", CourseCentre.objects.all()
        )
        rows = (
            Course.objects.not_cancelled()
            .filter(centre__in=centres, term__in=(data["source"].pk, data["into"].pk))
            .select_related("programme", "centre", "room", "teacher", "term__year")
            .prefetch_related("slots")
            .order_by(tr_order("centre__name"), tr_order("programme__name"), "group", "pk")
        )
        by_term = {data["source"]: [], data["into"]: []}
        for course in rows:
            by_term[course.term].append(course)
        found = services.copies(
            sources=by_term[data["source"]], into=data["into"], courses=by_term[data["into"]]
        )
        there = [copy for copy in found if copy.there]
        if request.method == "POST":  # those of the page that was sent, whatever happened since
            shown = [copy for copy in found if str(copy.source.pk) in request.POST.getlist("shown")]
            rest = [copy for copy in found if copy not in shown and not copy.there]
        else:
            fresh = [copy for copy in found if not copy.there]
            shown, rest = fresh[:MOST], fresh[MOST:]
        keys = {copy.course.centre_id for copy in shown}
        rooms, teachers = {key: {} for key in keys}, {key: {} for key in keys}
        for room in Room.objects.filter(centre__in=keys).order_by(tr_order("name")):
            rooms[room.centre_id][room.pk] = room
        people = Teacher.objects.filter(centres__in=keys).annotate(at=F("centres"))
        for teacher in people.order_by(tr_order("first_name"), tr_order("last_name")):
            teachers[teacher.at][teacher.pk] = teacher
        sent = request.POST if request.method == "POST" else None
        made = [
            CopyForm(
                sent,
                copy=copy,
                teachers=teachers[copy.course.centre_id],
                rooms=rooms[copy.course.centre_id],
            )
            for copy in shown
        ]
        return made, len(rest), len(there)

    def _check_rows(self, chosen, refused, sent):
        """Say at each row why the course could not be as it stands."""
        for number, form in enumerate(chosen):
            if number in refused or (sent and form.errors):
                continue
            try:
                form.copy.course.clean()
            except ValidationError as error:
                form.refused = " ".join(error.messages)
            if not form.copy.slots:
                form.refused = _("It has no weekly times: enter it by hand.")

    def _plan(self, request, into, copies, context):
        made, there, by_centre = [], [], {}
        for copy in copies:
            by_centre.setdefault(copy.course.centre, []).append((copy.course, copy.slots))
        try:
            with transaction.atomic():
                for centre, courses in by_centre.items():
                    new, known = services.plan_courses(
                        centre=centre, into=into, courses=courses, by=request.user
                    )
                    made += new
                    there += known
        except Refusal as refusal:
            return self._copy_page(
                request, {**context, "refused": sentence_of(refusal)}, status=422
            )
        if made:
            text = ngettext("%(n)d course is planned.", "%(n)d courses are planned.", len(made))
            self.message_user(request, text % {"n": len(made)}, messages.SUCCESS)
        if there:
            text = ngettext(
                "%(n)d course was planned already and is not made twice: %(names)s",
                "%(n)d courses were planned already and are not made twice: %(names)s",
                len(there),
            )
            names = ", ".join(str(course.programme) for course in there[:10])
            self.message_user(request, text % {"n": len(there), "names": names}, messages.WARNING)
        if context["more"]:
            self.message_user(request, _("The next ones of the term follow."), messages.INFO)
            return HttpResponseRedirect(request.get_full_path())
        address = f"{self.url('changelist')}?year={into.year_id}&state__exact=planned"
        return HttpResponseRedirect(address)


def _sign(copies):
    """What tells the clashes that the page shows from others."""
    told = [
        (copy.source.pk, what, str(course), day.isoformat())
        for copy in copies
        for what, course, day, *_times in copy.clashes
    ]
    return salted_hmac("courses.copies", repr(told)).hexdigest()[:16]
