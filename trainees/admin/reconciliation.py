"""e-Yaygın beside us (Mutabakat): a tab of each course, and a page of all courses that have a list."""

from dataclasses import dataclass, field

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import CourseState
from courses.models import Course
from izmek.accounts.roles import Role
from izmek.acts.enums import RowState
from izmek.acts.imports import KINDS
from izmek.admin.desk import TAB
from izmek.admin.imports import list_address
from izmek.models import SheetImport, SheetRow
from izmek.secrets.identity import mask_written
from izmek.sheets.columns import key
from izmek.text.codes import row_key
from izmek.text.languages import capital
from trainees import services
from trainees.enums import EnrolmentState
from trainees.models import OutsideList
from trainees.queries.reconciliation import RESULTS
from trainees.rights import RIGHTS
from trainees.services.reconciliation import shows_digits

KIND = "e-yaygin"
SLUG = "reconciliation"  # of the tab
PAGE = 25  # courses
FACTS = {
    "name": gettext_lazy("name"),
    "number": gettext_lazy("identity number"),
    "absent_hours": gettext_lazy("absent lesson hours"),
    "attended_hours": gettext_lazy("attended lesson hours"),
    "result": gettext_lazy("result"),
}
ONLY_THEIRS = gettext_lazy("Only e-Yaygın has them")
ONLY_OURS = gettext_lazy("Only we have them")
DIFFER = gettext_lazy("They differ")
SEVERAL = gettext_lazy("Several are possible")


def may_reconcile(user, course=None):
    """Whether the tab is theirs; every tab asks, and an officer alone sees no course of others."""
    if course is not None and user.roles == {Role.OFFICER}:
        return True
    return RIGHTS.may(user, "reconcile", course)


@dataclass
class ShownLine:
    """A line of the answer: who, what stands on both sides, what mends it here, what to mend there."""

    who: str
    url: str = ""  # of the person here
    number: str = ""  # masked
    row: int = 0  # in the list
    facts: list = field(
        default_factory=list
    )  # [(label, theirs, ours)], None where a side says nothing
    notes: list = field(default_factory=list)
    acts: list = field(default_factory=list)  # [(label, address)]


# --- The tab of a course --------------------------------------------------------------------------


def reconciliation_tab(admin, request, course):
    """What the list of the course says otherwise than our seats; below it the form for the next list."""
    kept = _with_source(OutsideList.objects.filter(course=course), request.user).first()
    context = {"kind": KINDS[KIND], "kept": kept, "put_in": list_address(KIND, course)}
    if kept is None:
        return context
    kept.course = course
    found = services.compare([kept])[kept.pk]
    return context | {
        "found": found,
        "parts": [
            (label, lines)
            for label, lines in (
                (ONLY_THEIRS, [_only_theirs(line, course) for line in found.only_theirs]),
                (ONLY_OURS, [_only_ours(seat, course) for seat in found.only_ours]),
                (DIFFER, [_differing(line, course) for line in found.differ]),
                (SEVERAL, [_several(line) for line in found.several]),
            )
            if lines
        ],
        "hours": ", ".join(map(str, found.hours)),
    }


def _with_source(lists, user):
    """With how many rows of the list were not understood, for who put it in, and other courses in it."""
    wrong = SheetRow.objects.filter(
        sheet=OuterRef("source"), state=RowState.WRONG, sheet__by=user
    ).exclude(sheet__file="")
    others = OutsideList.objects.filter(source=OuterRef("source")).exclude(pk=OuterRef("pk"))
    count = {
        "wrong_rows": wrong.order_by().values("sheet").annotate(n=Count("pk")).values("n"),
        "other_courses": others.order_by().values("source").annotate(n=Count("pk")).values("n"),
    }
    lists = lists.annotate(**{name: Coalesce(Subquery(rows), 0) for name, rows in count.items()})
    return lists.select_related("by")


def _only_theirs(line, course):
    shown = ShownLine(line.row.name, number=mask_written(line.row.number), row=line.row.row)
    shown.facts = [
        (FACTS[name], value, None) for name, value in line.row.facts.items() if name in FACTS
    ]
    if line.again:
        shown.notes.append(
            _("Row %(row)d has the same identity number: the person stands there twice.")
            % {"row": line.again}
        )
        return shown
    if course.state in CourseState.enrolling():
        address = reverse("admin:trainees_enrolment_counter")
        shown.acts.append((_("Make the enrolment"), f"{address}?course={course.pk}"))
        shown.notes.append(_("If they do not attend, have them taken out in e-Yaygın."))
    elif course.state == CourseState.FINISHED:
        shown.acts.append(_reopen(course))
        shown.notes.append(_("If they did not attend, have them taken out in e-Yaygın."))
    else:
        shown.notes.append(
            _("The course is %(state)s here: nobody is enrolled now.")
            % {"state": course.get_state_display()}
        )
    return shown


def _only_ours(seat, course):
    shown = _person(seat)
    shown.facts = [(_("state"), None, _state(seat))]
    if seat.state == EnrolmentState.ENROLLED and course.state in CourseState.enrolling():
        shown.acts.append((_("End the seat"), _act("enrolment", seat.pk, "withdraw", course)))
        shown.notes.append(_("If they attend, have them entered in e-Yaygın."))
    else:
        if course.state == CourseState.FINISHED:
            shown.acts.append(_reopen(course))
        shown.notes.append(_("If they attended, have them entered in e-Yaygın."))
    return shown


def _differing(line, course):
    seat = line.seat
    shown = _person(seat)
    shown.row = line.row.row
    for one in line.differences:
        theirs, ours = one.theirs, one.ours
        if one.fact == "number":
            theirs = mask_written(one.theirs)
            if not shows_digits(one.theirs):
                shown.notes.append(_("The number in the list cannot be read: look at it there."))
        if one.fact == "result":
            ours = _state(seat)
            if theirs and not RESULTS.get(key(theirs)):
                shown.notes.append(_("The word of the result is not known here."))
        shown.facts.append(
            (FACTS[one.fact], *("–" if side == "" else side for side in (theirs, ours)))
        )
        act = _mends(one, seat, course)
        if act and act not in shown.acts:
            shown.acts.append(act)
    shown.notes.append(_("If ours is right, have it corrected in e-Yaygın."))
    return shown


def _mends(one, seat, course):
    """(label, address) of the act that mends a difference here, or None."""
    person = seat.trainee_id
    if one.fact == "name":
        address = reverse("admin:trainees_trainee_change", args=[person])
        return _("Correct the name"), address
    if one.fact == "number":
        if hasattr(seat.trainee, "identity"):
            return _("Correct the number"), _act("trainee", person, "correct_identity", course)
        return _("Record the number"), _act("trainee", person, "record_identity", course)
    if course.state == CourseState.FINISHED:
        return _reopen(course)
    if one.fact != "result":
        return _("Correct the roll"), reverse("admin:courses_course_roll", args=[course.pk])
    meant = RESULTS.get(key(one.theirs or ""), ())
    if seat.state in EnrolmentState.left():
        address = (
            f"{reverse('admin:trainees_enrolment_counter')}?course={course.pk}&person={person}"
        )
        return (_("Enrol again"), address) if course.state in CourseState.enrolling() else None
    if set(meant) <= set(EnrolmentState.left()) and meant:
        return _("End the seat"), _act("enrolment", seat.pk, "withdraw", course)
    if course.state == CourseState.RUNNING and set(meant) & set(EnrolmentState.outcomes()):
        return _("Finish the course"), reverse("admin:courses_course_outcome", args=[course.pk])
    return None


def _several(line):
    shown = ShownLine(line.row.name, number=mask_written(line.row.number), row=line.row.row)
    for seat in line.possible:
        number = seat.trainee.masked_number
        label = f"{seat.trainee}, {number}" if number else str(seat.trainee)
        shown.acts.append((label, reverse("admin:trainees_trainee_desk", args=[seat.trainee_id])))
    shown.notes.append(
        _(
            "Look at the identity card. With the whole number in the list, or on record here, it is clear "
            "who is meant."
        )
    )
    return shown


def _person(seat):
    url = reverse("admin:trainees_trainee_desk", args=[seat.trainee_id])
    return ShownLine(str(seat.trainee), url, seat.trainee.masked_number)


def _state(seat):
    said = capital(seat.get_state_display())
    return f"{said} ({date_format(seat.left_on, 'SHORT_DATE_FORMAT')})" if seat.left_on else said


def _act(model, pk, act, course):
    address = reverse(f"admin:trainees_{model}_act", args=[pk, act])
    return f"{address}?{TAB}={SLUG}&course={course.pk}"


def _reopen(course):
    address = reverse("admin:courses_course_act", args=[course.pk, "reopen"])
    return _("Reopen the course"), f"{address}?{TAB}={SLUG}"


def tab_address(course_key):
    return reverse(f"admin:courses_course_{SLUG}", args=[course_key])


class LeadsBack:
    """The part of a ModelAdmin whose acts, opened from the tab of a course, lead back to it."""

    def page_of(self, request, obj):
        course = row_key(request.GET.get("course", ""))
        if request.GET.get(TAB) == SLUG and course:
            return tab_address(course)
        return super().page_of(request, obj)


# --- The page of all courses ----------------------------------------------------------------------


class Reconciles(LeadsBack):
    """The part of EnrolmentAdmin with the page of all courses of which there is a list."""

    def get_urls(self):
        view = self.guarded(self.reconciliation_view)
        name = "trainees_enrolment_reconciliation"
        return [path("reconciliation/", view, name=name), *super().get_urls()]

    def list_tools(self, request):
        tools = super().list_tools(request)
        if may_reconcile(request.user):
            tools.insert(0, (_("Reconciliation"), self.url("reconciliation")))
        return tools

    def reconciliation_view(self, request):
        """Each course with its list, the newest first, and how many lines there are to look at."""
        if not may_reconcile(request.user):
            raise PermissionDenied
        courses = RIGHTS.rows(request.user, "reconcile", Course.objects.all())
        lists = OutsideList.objects.filter(course__in=courses.values("pk"))
        lists = lists.select_related("course__programme", "course__centre", "by")
        page = Paginator(lists.order_by("-received_at", "-pk"), PAGE).get_page(request.GET.get("p"))
        page.object_list = list(page.object_list)
        found = services.compare(page.object_list)
        for one in page.object_list:
            one.found = found[one.pk]
        context = {
            **admin.site.each_context(request),
            "opts": self.opts,
            "title": _("Reconciliation"),
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "labels": (ONLY_THEIRS, ONLY_OURS, DIFFER, SEVERAL),
            "left_out": _left_out(request.user),
            "put_in": list_address(KIND),
        }
        return TemplateResponse(request, "admin/trainees/reconciliation.html", context)


@dataclass
class LeftOut:
    """What the user's last list of many courses says of courses that are not theirs, or unknown."""

    sheet: SheetImport
    rows: int
    courses: int


def _left_out(user):
    mine = SheetImport.objects.visible_to(user).filter(kind=KIND, object_id="").first()
    if mine is None:
        return None
    number = NullIf(KT("problems__0__1"), Value(""))  # of a course, where that is what is wrong
    wrong = mine.rows.filter(state=RowState.WRONG)
    found = wrong.aggregate(rows=Count("pk"), courses=Count(number, distinct=True))
    return LeftOut(mine, **found) if found["rows"] else None
