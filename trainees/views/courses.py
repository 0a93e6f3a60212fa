"""The course list and the course page (DESIGN.md §5). Read-only pages without a session."""

from collections import defaultdict

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.models import Course, TimetableSlot
from courses.schema_org import course_node
from courses.wording import weekly_times
from izmek.acts.prepared import prepared
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import head
from izmek.public.page import paginate, reading
from izmek.text.languages import in_language
from trainees import wording
from trainees.enums import Purpose
from trainees.queries.consents import consenting_teachers
from trainees.views.course_filters import CourseFilters

ON_A_PAGE = 20


def for_list(courses, times=None):
    """The courses as `trainees/_courses.html` prints them, in the order of their keys.

    `times`: {key: weekly times} if the caller has them already.
    """
    rows = {row.pk: row for row in _listed(courses=courses, now=timezone.now())} if courses else {}
    if rows and times is None:
        times = defaultdict(list)
        for slot in _slots(courses=courses):
            times[slot.course_id].append(slot)
    for row in rows.values():
        row.status, row.seats = wording.status(row), wording.seats(row)
        row.times = weekly_times(times[row.pk])
    return [rows[key] for key in courses if key in rows]


@prepared
def _listed(courses, now):
    rows = Course.objects.filter(pk__in=courses).with_free_seats()
    rows = rows.with_application_period(now, timezone.localdate())
    return rows.select_related("programme", "centre__neighbourhood").defer("centre__phone")


@prepared
def _slots(courses):
    return TimetableSlot.objects.filter(course__in=courses)


@reading
@cached(
    Area.COURSES,
    Area.SEATS,
    asks=("mahalle", "merkez", "program", "gun", "saat", "bos", "tumu", "sayfa"),
)
def courses(request):
    """The courses that accept applications now, with their filters."""
    filters = CourseFilters(request)
    page = paginate(request, filters.keys, ON_A_PAGE)
    title = _("Courses you can apply for")
    if page.number > 1:
        title = _("%(title)s, page %(number)d") % {"title": title, "number": page.number}
    return render(
        request,
        "trainees/courses.html",
        {
            "filters": filters,
            "page": page,
            "courses": for_list(list(page), filters.times),
            "head": head(
                request,
                title=title,
                description=_(
                    "Free craft and vocational courses in the neighbourhoods of İzmit that take "
                    "applications now: days, hours, course centres and free seats."
                ),
                page=page,
                indexed=not filters.active,
            ),
        },
    )


@reading
@cached(Area.COURSES, Area.SEATS)
def course(request, pk, slug):
    """One course: content, time, place, teacher, and how to apply."""
    row = next(iter(_course(pk=pk, now=timezone.now())), None)
    if row is None:
        raise Http404
    if slug != row.slug:
        return redirect(row)
    slots, modules = _slots(courses=[row.pk]), list(row.modules.all())
    teacher = str(next(iter(_named_teacher(pk=row.teacher_now_id)), ""))
    programme = row.programme
    crumbs = [(_("Courses"), reverse("courses"))]
    return render(
        request,
        "trainees/course.html",
        {
            "course": row,
            "programme": programme,
            "status": wording.status(row),
            "over": row.state in CourseState.over(),
            "facts": wording.course_facts(row, slots=slots, teacher=teacher),
            "conditions": wording.conditions(row),
            "opens": wording.opening(row),
            "modules": modules,
            "crumbs": crumbs,
            "head": head(
                request,
                title=f"{row.public_name} | {row.centre.name}",
                description=f"{weekly_times(slots)}. {row.centre.name}. "
                f"{in_language(programme, 'text')}",
                crumbs=crumbs,
                english=bool(
                    programme.name_en
                    and (programme.text_en or not programme.text)
                    and (programme.bring_en or not programme.bring)
                ),
                indexed=row.takes_applications,
                kind="article",
                nodes=[
                    lambda base: course_node(
                        base, row, slots=slots, modules=modules, teacher=teacher
                    )
                ],
            ),
        },
    )


@prepared
def _course(pk, now):
    return public_courses(now, timezone.localdate()).filter(pk=pk)


@prepared
def _named_teacher(pk):
    return consenting_teachers(Purpose.NAME_WEB).filter(pk=pk)


def public_courses(now=None, today=None):
    """Courses that have a public page, with everything that the page shows."""
    return (
        Course.objects.public()
        .with_application_period(now, today)
        .with_free_seats()
        .with_teacher_on()
        .select_related("programme", "centre__neighbourhood", "term__year")
    )
