"""The course centres: all of them, and one with what is taught and made there."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.models import Course, CourseCentre, Programme
from courses.schema_org import centre_node
from exhibitions.models import Exhibition, Work
from exhibitions.queries.photos import give_covers
from exhibitions.wording import works_address
from izmek.acts.prepared import prepared
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import head
from izmek.public.page import reading
from izmek.public.slugs import by_slug
from izmek.text.languages import in_language
from izmek.text.order import tr_order
from trainees.views.courses import for_list

COURSES = 6
WORKS = 8
EXHIBITIONS = 3


@reading
@cached(Area.COURSES)
def centres(request):
    """All centres in use, in Turkish order."""
    rows = CourseCentre.objects.public().select_related("neighbourhood").order_by(tr_order("name"))
    return render(
        request,
        "site/centres.html",
        {
            "centres": rows,
            "head": head(
                request,
                title=_("Course centres"),
                description=_(
                    "Where the free courses of İZMEK are held: addresses, telephone numbers and "
                    "hours of the course centres in the neighbourhoods of İzmit."
                ),
            ),
        },
    )


@reading
@cached(Area.SHOWN, Area.COURSES, Area.SEATS)
def centre(request, slug):
    """One centre: how to reach it, what is taught there, where to apply, its works and exhibitions."""
    row = by_slug(CourseCentre.objects.public().select_related("neighbourhood"), slug)
    soonest = _soonest(centre=row.pk, now=timezone.now())
    exhibitions = _exhibitions(centre=row.pk)
    newest = _newest(centre=row.pk)
    photos = give_covers(newest, exhibitions, centre=row)
    photos = [photo for photo in photos if photo.centre_id == row.pk]
    count = Work.objects.public().filter(centre=row).count()
    crumbs = [(_("Course centres"), reverse("centres"))]
    place = ", ".join(part for part in (row.address, str(row.neighbourhood)) if part)
    return render(
        request,
        "site/centre.html",
        {
            "centre": row,
            "photos": photos,
            "programmes": _programmes(centre=row.pk),
            "courses": for_list(soonest[:COURSES]) if soonest else [],
            "all_courses": _courses_at(row) if len(soonest) > COURSES else "",
            "exhibitions": exhibitions,
            "works": newest,
            "count": count,
            "all_works": works_address(merkez=row.slug) if count > len(newest) else "",
            "crumbs": crumbs,
            "head": head(
                request,
                title=row.name,
                description=_("%(centre)s, course centre of İZMEK: %(place)s.")
                % {"centre": row.name, "place": place}
                + f" {in_language(row, 'text')}",
                crumbs=crumbs,
                photo=next((one for one in photos), None)
                or next((one.cover for one in [*exhibitions, *newest] if one.cover), None),
                english=bool(row.text_en or not row.text),
                nodes=[lambda base: centre_node(base, row)],
            ),
        },
    )


@prepared
def _programmes(centre):
    taught = Course.objects.filter(centre=centre, state=CourseState.RUNNING)
    return Programme.objects.filter(pk__in=taught.values("programme")).order_by(tr_order("name"))


@prepared
def _soonest(centre, now):
    """The keys of the courses there that begin first; one more than the page shows."""
    courses = Course.objects.open_for_application(now, timezone.localdate()).filter(centre=centre)
    return courses.order_by("begin", "pk").values_list("pk", flat=True)[: COURSES + 1]


@prepared
def _exhibitions(centre):
    public = Exhibition.objects.public().filter(centres=centre)
    return public.for_cards().order_by("-begin", "-pk")[:EXHIBITIONS]


@prepared
def _newest(centre):
    return Work.objects.public().filter(centre=centre).for_cards().order_by("-number")[:WORKS]


def _courses_at(centre):
    """The address of the list of courses that take applications, those of a centre alone."""
    return f"{reverse('courses')}?{urlencode({'merkez': centre.slug})}"
