"""The search over works, exhibitions, courses and centres: folded, so that "igne" finds "İğne"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from courses.models import Course, CourseCentre
from exhibitions.models import Exhibition, Work
from exhibitions.queries.exhibitions import exhibition_cards
from exhibitions.queries.photos import give_covers
from exhibitions.queries.works import work_cards
from exhibitions.views.suggestions import suggestion
from izmek.acts.prepared import in_order, prepared
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import head
from izmek.public.page import paginate, reading
from izmek.text.order import tr_order
from izmek.text.search import first_words, typed
from trainees.views.courses import for_list

FIRST_FEW = {"eserler": 12, "sergiler": 3, "kurslar": 5, "merkezler": 5}
ON_A_PAGE = 24
WORK_NUMBER = re.compile(r"\d{4}-\d{4,7}")


@dataclass
class Group:
    """The results of one kind: its key in the URL (`tur`), its name, what is found, in order.

    `found`: rows to search. `read`: loads the rows to print, from their keys.
    """

    key: str
    label: str
    found: object
    read: Callable
    keys: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    @property
    def count(self):
        return len(self.keys)


@reading
@cached(Area.SHOWN, Area.COURSES, Area.SEATS, asks=("q", "tur", "sayfa"))
def search(request):
    """`?q=` the text; `&tur=` only one group, with `&sayfa=`.

    A work's number redirects to the work.
    """
    text, shortened = typed(request.GET.get("q", ""))
    words = first_words(text)
    if WORK_NUMBER.fullmatch(words):
        work = Work.objects.public().filter(number=words).first()
        if work:
            return redirect(work)
    groups = _groups(words) if words else []
    asked = request.GET.get("tur")
    alone = next((group for group in groups if group.key == asked), None)
    page = None
    for group in [alone] if alone else groups:
        group.keys = list(group.found.values_list("pk", flat=True))
        shown = group.keys[: FIRST_FEW[group.key]]
        if alone:
            shown = page = paginate(request, group.keys, ON_A_PAGE)
        group.rows = group.read(list(shown)) if group.keys else []
    rows = {group.key: group.rows for group in groups if group.rows}
    if rows.keys() & {"eserler", "sergiler"}:
        give_covers(rows.get("eserler", ()), rows.get("sergiler", ()))
    count = sum(group.count for group in groups)
    return render(
        request,
        "site/search.html",
        {
            "q": text,
            "shortened": shortened,
            "groups": [group for group in groups if group.count],
            "count": count,
            "meant": "" if count or not words else suggestion(words, _finds),
            "alone": alone,
            "page": page,
            "head": head(
                request,
                title=_("Search: %(text)s") % {"text": text} if text else _("Search"),
                description=_(
                    "Search the works, exhibitions, courses and course centres of İZMEK."
                ),
                indexed=False,
            ),
        },
    )


def _groups(words):
    centres = CourseCentre.objects.public().search(words)
    return [
        Group(
            "eserler",
            _("Works"),
            Work.objects.public().order_by("-number").search(words),
            work_cards,
        ),
        Group(
            "sergiler",
            _("Exhibitions"),
            Exhibition.objects.public().search(words).order_by("-begin", "-pk"),
            exhibition_cards,
        ),
        Group(
            "kurslar",
            _("Courses you can apply for"),
            Course.objects.open_for_application().search_as_public(words).order_by("begin", "pk"),
            for_list,
        ),
        Group(
            "merkezler",
            _("Course centres"),
            centres.order_by(tr_order("name"), "pk"),
            lambda keys: in_order(_centres, keys),
        ),
    ]


@prepared
def _centres(keys):
    return CourseCentre.objects.filter(pk__in=keys).select_related("neighbourhood")


def _finds(words):
    return any(group.found.exists() for group in _groups(words))
