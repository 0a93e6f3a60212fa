"""The exhibitions: what is on, what comes, what was; and one of them."""

from itertools import groupby

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exhibitions import queries
from exhibitions.enums import ExhibitionState, Phase
from exhibitions.facts import visit_facts
from exhibitions.jsonld import exhibition_node
from exhibitions.models import Exhibition, Photo, Showing, Work
from izmek.bilingual import in_language
from izmek.pages import by_slug, head, paginate, reading, shorten
from izmek.turkish import tr_order

PAST_ON_A_PAGE = 12
WORKS_ON_A_PAGE = 24
HIGHLIGHTS = 12
OFF = {
    ExhibitionState.POSTPONED: gettext_lazy(
        "The exhibition is postponed; it does not open on these days."
    ),
    ExhibitionState.CANCELLED: gettext_lazy("The exhibition is cancelled."),
}


@reading
def exhibitions(request):
    """Open now, coming, past by year; from the second page on only the past ones."""
    public = Exhibition.objects.public().select_related("neighbourhood").with_cover()
    page = paginate(request, public.past(), PAST_ON_A_PAGE)
    first_page = page.number == 1
    current = list(public.not_over()) if first_page else []
    Photo.objects.public().give_covers(exhibitions=[*current, *page])
    open_now = [row for row in current if row.is_open()]
    coming = [row for row in current if not row.is_open()]
    for row in open_now[:1]:
        row.visit_facts = visit_facts(row)
    return render(
        request,
        "exhibitions/exhibitions.html",
        {
            "open_now": open_now,
            "coming": coming,
            "next": next((row for row in coming if row.state == ExhibitionState.PUBLISHED), None),
            "page": page,
            "years": [
                (year, list(rows)) for year, rows in groupby(page, key=lambda row: row.begin.year)
            ],
            "head": head(
                request,
                title=_("Exhibitions") if first_page else _page_title(_("Exhibitions"), page),
                description=_(
                    "Exhibitions of İZMEK: what is on now, what opens next, and the exhibitions of "
                    "past years, with their works."
                ),
                photo=next((row.cover for row in [*current, *page] if row.cover), None),
                page=page,
            ),
        },
    )


@reading
def exhibition(request, slug):
    """One exhibition and its works; from the second page on only the works."""
    row = by_slug(Exhibition.objects.public().select_related("neighbourhood", "year"), slug)
    # The keys of all its works (at most some thousands) tell the count, the page and the highlights.
    shown = list(row.showings.approved().values_list("work_id", "highlight"))
    page = paginate(request, [pk for pk, _highlight in shown], WORKS_ON_A_PAGE)
    first_page = page.number == 1
    chosen = [pk for pk, highlight in shown if highlight][:HIGHLIGHTS] if first_page else []
    works = (
        Work.objects.filter(pk__in={*page, *chosen})
        .select_related("technique", "centre__neighbourhood")
        .in_bulk()
    )
    photos = Photo.objects.public().give_covers(
        works.values(), also=Q(exhibition=row) if first_page else None
    )
    photos = [photo for photo in photos if photo.exhibition_id == row.pk]
    highlights = [works[pk] for pk in chosen]
    shown_here = [works[pk] for pk in page]
    covers = [*photos, *(work.cover for work in [*highlights, *shown_here] if work.cover)]
    cover = next(iter(covers), None)
    context = {
        "exhibition": row,
        "status": row.status(),
        "over": row.phase() == Phase.PAST,
        "off": OFF.get(row.state, ""),
        "page": page,
        "works": shown_here,
        "highlights": highlights if len(highlights) < len(shown) else [],
        "crumbs": [(_("Exhibitions"), reverse("exhibitions"))],
    }
    guests = []
    if first_page:
        guests = list(row.guests.all())
        context |= {
            "cover": cover,
            "photos": [photo for photo in photos if photo is not cover],
            "guests": guests,
            "partners": row.partners.all(),
            "days": row.days.all(),
            "centres": row.centres.public().order_by(tr_order("name")),
            "teachers": _teachers(row),
        }
    title = row.public_title
    context["head"] = head(
        request,
        title=title if first_page else _page_title(title, page),
        description=_description(row),
        crumbs=context["crumbs"],
        photo=cover,
        page=page,
        english=bool(row.title_en and (row.text_en or not row.text)),
        kind="article",
        nodes=[
            lambda base: exhibition_node(
                base, row, guests=guests, works=highlights[:20], photo=cover
            )
        ],
    )
    return render(request, "exhibitions/exhibition.html", context)


def _page_title(title, page):
    return _("%(title)s, page %(number)d") % {"title": title, "number": page.number}


def _description(row):
    """When, where, and how the text begins."""
    return shorten(f"{row.dates}, {row.place}. {in_language(row, 'text')}", 155)


def _teachers(row):
    """Teachers of the courses that its works come from, who consent to their name on the web."""
    of_works = Showing.objects.approved().filter(exhibition=row).values("work__course__teacher")
    return (
        queries.named_teachers()
        .filter(pk__in=of_works)
        .order_by(tr_order("first_name"), tr_order("last_name"))
    )
