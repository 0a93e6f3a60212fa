"""The home page."""

from collections import Counter

from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Course, CourseCentre
from exhibitions.enums import ExhibitionState, Phase
from exhibitions.models import Exhibition, Work
from exhibitions.queries.photos import give_covers
from exhibitions.wording import visit_facts
from izmek.acts.prepared import prepared
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import head
from izmek.public.page import reading
from izmek.site import figures
from izmek.site.small_cells import SMALLEST
from izmek.text.order import tr_order
from trainees.views.courses import for_list

WORKS = 8
OTHERS = 3
PLACES = 16
COURSES = 5


@reading
@cached(Area.SHOWN, Area.COURSES, Area.SEATS, Area.FIGURES)
def home(request):
    """Current exhibitions, works, course centres, and a few figures of the year."""
    exhibitions = _exhibitions()
    current = [row for row in exhibitions if row.phase() != Phase.PAST]
    past = [row for row in reversed(exhibitions) if row.phase() == Phase.PAST]
    published = [row for row in current if row.state == ExhibitionState.PUBLISHED]
    # Shown large: an open exhibition, else the next one, else the last one.
    first = next((row for row in published if row.is_open()), None) or next(
        iter([*published, *past]), None
    )
    others = [row for row in [*current, *past] if row is not first][:OTHERS]
    works = _works(exhibition=first.pk) if first else []
    give_covers(works, [*([first] if first else []), *others])
    if first:
        first.visit_facts = visit_facts(first)
    through = figures.counted_through()
    year = figures.usual_year(figures.years(through), through)
    return render(
        request,
        "site/home.html",
        {
            "first": first,
            "others": others,
            "works": works,
            "courses": for_list(_courses(now=timezone.now())),
            "places": _places(_centres()),
            "year": year,
            "figures": _figures(year, through),
            "head": head(
                request,
                title=_("Free craft and vocational courses in İzmit, and their exhibitions"),
                description=_(
                    "İZMEK, the free vocational courses of İzmit Municipality: course centres in "
                    "the neighbourhoods, and exhibitions of what is made in them."
                ),
                photo=first and first.cover,
            ),
        },
    )


@prepared
def _exhibitions():
    """Those that are not over, and the last ones before them, by their first day."""
    public = Exhibition.objects.public()
    shown = Q(pk__in=public.not_over().values("pk")) | Q(
        pk__in=public.past().values("pk")[: OTHERS + 1]
    )
    return public.for_cards().filter(shown).order_by("begin", "pk")


@prepared
def _works(exhibition):
    works = Work.objects.shown_at(exhibition).for_cards()
    return works.order_by("-showings__highlight", "showings__order", "pk")[:WORKS]


@prepared
def _courses(now):
    soonest = Course.objects.open_for_application(now, timezone.localdate())
    return soonest.order_by("begin", "pk").values_list("pk", flat=True)[:COURSES]


@prepared
def _centres():
    centres = CourseCentre.objects.public().select_related("neighbourhood")
    centres = centres.only("name", "slug", "neighbourhood__name")
    return centres.order_by(tr_order("neighbourhood__name"), tr_order("name"))


def _places(centres):
    """(name, address) of the first course centres.

    The name is the neighbourhood's if it has only one.
    """
    how_many = Counter(centre.neighbourhood_id for centre in centres)
    return [
        (
            centre.neighbourhood.name if how_many[centre.neighbourhood_id] == 1 else centre.name,
            centre.get_absolute_url(),
        )
        for centre in centres[:PLACES]
    ]


def _figures(year, through):
    """(label, number) of the first figures of the education year.

    Those below SMALLEST are left out.
    """
    if year is None:
        return []
    first = figures.headline(year, through)
    return [(figure.label, figure.value) for figure in first if figure.value >= SMALLEST]
