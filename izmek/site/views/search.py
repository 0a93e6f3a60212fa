"""The search over works, exhibitions and centres: folded, so that "igne" finds "İğne"."""

import re
from dataclasses import dataclass, field

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from courses.models import CourseCentre
from exhibitions.models import Exhibition, Photo, Work
from izmek.pages import head, paginate, reading
from izmek.turkish import fold, tr_order

MOST_LETTERS, MOST_WORDS = 100, 8
FIRST_FEW = {"eserler": 12, "sergiler": 3, "merkezler": 5}
ON_A_PAGE = 24
WORK_NUMBER = re.compile(r"\d{4}-\d{4,7}")


@dataclass
class Group:
    """The results of one kind: its key in the address (`tur`), its name, its rows."""

    key: str
    label: str
    found: object
    count: int = 0
    rows: list = field(default_factory=list)


@reading
def search(request):
    """`?q=` a text; `&tur=` one group alone, with `&sayfa=`. A work's number leads to the work."""
    text, shortened = _asked(request.GET.get("q", ""))
    # Each word costs a condition in every table: the first few, each once, are what was meant.
    words = " ".join(list(dict.fromkeys(fold(text).split()))[:MOST_WORDS])
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
            group.rows = list(group.found[: FIRST_FEW[group.key]]) if group.count else []
        elif group is alone:
            page = paginate(request, group.found, ON_A_PAGE)
            group.count, group.rows = page.paginator.count, list(page)
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
                description=_("Search the works, exhibitions and course centres of İZMEK."),
                indexed=False,
            ),
        },
    )


def _asked(raw):
    """What to search for, on one line and not too long; and whether it was shortened."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in raw).split())
    return text[:MOST_LETTERS].strip(), len(text) > MOST_LETTERS


def _groups(words):
    works = Work.objects.public().search(words).select_related("technique", "centre__neighbourhood")
    exhibitions = Exhibition.objects.public().search(words)
    centres = CourseCentre.objects.public().search(words).select_related("neighbourhood")
    return [
        Group("eserler", _("Works"), works.order_by("-number")),
        Group("sergiler", _("Exhibitions"), exhibitions.with_cover().order_by("-begin", "-pk")),
        Group("merkezler", _("Course centres"), centres.order_by(tr_order("name"), "pk")),
    ]
