"""The search over works, exhibitions, courses and centres: folded, so that "igne" finds "İğne"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from courses.models import Course, CourseCentre
from exhibitions.models import Exhibition, Photo, Work
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
    """The results of one kind: its key in the URL (`tur`), its name, its rows.

    `read`: loads the rows to print from the found ones.
    """

    key: str
    label: str
    found: object
    read: Callable = list
    count: int = 0
    rows: list = field(default_factory=list)


@reading
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
    for group in groups:
        if alone is None:
            group.count = group.found.count()
            few = group.found[: FIRST_FEW[group.key]]
            group.rows = group.read(few) if group.count else []
        elif group is alone:
            page = paginate(request, group.found, ON_A_PAGE)
            group.count, group.rows = page.paginator.count, group.read(page.object_list)
    rows = {group.key: group.rows for group in groups}
    Photo.objects.public().give_covers(rows.get("eserler", ()), rows.get("sergiler", ()))
    return render(
        request,
        "site/search.html",
        {
            "q": text,
            "shortened": shortened,
            "groups": [group for group in groups if group.count],
            "count": sum(group.count for group in groups),
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
    works = Work.objects.public().search(words).for_cards()
    exhibitions = Exhibition.objects.public().search(words)
    courses = Course.objects.open_for_application().search_as_public(words)
    courses = courses.order_by("begin", "pk").values_list("pk", flat=True)
    centres = CourseCentre.objects.public().search(words).select_related("neighbourhood")
    return [
        Group("eserler", _("Works"), works.order_by("-number")),
        Group("sergiler", _("Exhibitions"), exhibitions.for_cards().order_by("-begin", "-pk")),
        Group(
            "kurslar", _("Courses you can apply for"), courses, lambda keys: for_list(list(keys))
        ),
        Group("merkezler", _("Course centres"), centres.order_by(tr_order("name"), "pk")),
    ]
