"""The exhibitions: what is on, what comes, what was; and one of them."""

from itertools import groupby

from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import CourseCentre
from exhibitions.enums import DatePrecision, ExhibitionState, Phase
from exhibitions.ics import exhibition_events
from exhibitions.models import Exhibition, Guest, Partner, Work
from exhibitions.papers import catalogue
from exhibitions.queries.changes import exhibitions_with_change
from exhibitions.queries.exhibitions import exhibition_cards
from exhibitions.queries.photos import give_covers
from exhibitions.queries.works import work_cards
from exhibitions.schema_org import exhibition_node
from exhibitions.views.work_filters import WorkFilters, centre, teacher
from exhibitions.wording import visit_facts
from izmek.acts.prepared import prepared
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import head, shorten
from izmek.public.ics import calendar_response
from izmek.public.page import paginate, reading
from izmek.public.schema_org import item_list
from izmek.public.slugs import by_slug
from izmek.text.languages import in_language
from izmek.text.order import tr_order

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
@cached(Area.SHOWN, asks=("yil", "sayfa"))
def exhibitions(request):
    """Open, coming, past by year; `?yil=` one year of the past alone.

    From the second page on, and of a year, only past ones.
    """
    past = _past()
    years = list(dict.fromkeys(begin.year for _pk, begin in past))
    year, unknown = _asked_year(request, years)
    of_year = [pk for pk, begin in past if year in (None, begin.year)]
    page = paginate(request, of_year, PAST_ON_A_PAGE)
    whole = page.number == 1 and not year
    current = _not_over() if whole else []
    rows = exhibition_cards([*current, *page])
    current, past = rows[: len(current)], rows[len(current) :]
    give_covers(exhibitions=rows)
    open_now = [row for row in current if row.is_open()]
    coming = [row for row in current if not row.is_open()]
    for row in open_now[:1]:
        row.visit_facts = visit_facts(row)
    title = _("Exhibitions of %(year)d") % {"year": year} if year else _("Exhibitions")
    crumbs = [(_("Exhibitions"), reverse("exhibitions"))] if year else []
    return render(
        request,
        "exhibitions/exhibitions.html",
        {
            "title": title,
            "whole": whole,
            "open_now": open_now,
            "coming": coming,
            "next": next((row for row in coming if row.state == ExhibitionState.PUBLISHED), None),
            "page": page,
            "year": year,
            "unknown_year": unknown,
            "years": years if len(years) > 1 else [],
            "by_year": [
                (of, list(rows)) for of, rows in groupby(past, key=lambda row: row.begin.year)
            ],
            "crumbs": crumbs,
            "head": head(
                request,
                title=title if page.number == 1 else _page_title(title, page),
                description=_(
                    "Exhibitions of İZMEK: what is on now, what opens next, and the exhibitions of "
                    "past years, with their works."
                ),
                crumbs=crumbs,
                photo=next((row.cover for row in rows if row.cover), None),
                page=page,
                query={"yil": year} if year else None,
                nodes=[lambda base: item_list(base, [*open_now, *coming, *past])],
            ),
        },
    )


@prepared
def _not_over():
    return Exhibition.objects.public().not_over().values_list("pk", flat=True)


@prepared
def _past():
    """The keys and first days of all that are over, the latest first."""
    return Exhibition.objects.public().past().values_list("pk", "begin")


def _asked_year(request, years):
    """The year of `?yil=` (None without one), and whether another was asked for than there is."""
    asked = request.GET.get("yil", "").strip()
    year = next((year for year in years if str(year) == asked), None)
    return year, bool(asked) and year is None


@reading
@cached(Area.SHOWN, asks=("q", "teknik", "merkez", "ogretmen", "satilik", "tumu", "sayfa"))
def exhibition(request, slug):
    """One exhibition and its works; of a choice, and from the second page on, only the works."""
    found = _exhibition(slug=slug)
    row = found[0] if found else by_slug(Exhibition.objects.public(), slug)
    shown = Work.objects.shown_at(row)
    filters = WorkFilters(request, shown, by=(centre, teacher), name=str(row.pk))
    page = paginate(request, filters.found, WORKS_ON_A_PAGE, count=filters.count)
    whole = page.number == 1 and not filters.active
    if whole:
        works, highlights = _first_works(row)
    else:
        works, highlights = work_cards(page), []
    photos = give_covers({*works, *highlights}, **({"exhibition": row} if whole else {}))
    photos = [photo for photo in photos if photo.exhibition_id == row.pk]
    covers = [*photos, *(work.cover for work in [*highlights, *works] if work.cover)]
    cover = next(iter(covers), None)
    context = {
        "exhibition": row,
        "status": row.status(),
        "over": row.phase() == Phase.PAST,
        "off": OFF.get(row.state, ""),
        "filters": filters,
        "page": page,
        "whole": whole,
        "works": works,
        "highlights": highlights if len(highlights) < filters.count else [],
        "crumbs": [(_("Exhibitions"), reverse("exhibitions"))],
    }
    guests = []
    if whole:
        guests = _guests(exhibition=row.pk)
        context |= {
            "cover": cover,
            "photos": [photo for photo in photos if photo is not cover],
            "guests": guests,
            "partners": _partners(exhibition=row.pk),
            "hours": row.opening_hours,
            "centres": _centres(exhibition=row.pk),
            "teachers": filters.facet("ogretmen"),
            "has_calendar": row.date_precision == DatePrecision.DAY,
            "has_catalogue": bool(works),
            "catalogue": catalogue.last_size(row),
        }
    title = row.public_title
    context["head"] = head(
        request,
        title=title if page.number == 1 else _page_title(title, page),
        description=_description(row),
        crumbs=context["crumbs"],
        photo=cover,
        page=page,
        query=filters.query,
        english=bool(row.title_en and (row.text_en or not row.text)),
        indexed=not filters.active,
        kind="article",
        nodes=[
            lambda base: exhibition_node(
                base, row, guests=guests, works=highlights[:20], photo=cover
            )
        ],
    )
    return render(request, "exhibitions/exhibition.html", context)


@prepared
def _exhibition(slug):
    rows = Exhibition.objects.public().filter(slug=slug)
    return rows.select_related("neighbourhood", "year").prefetch_related("days")


@prepared
def _guests(exhibition):
    return Guest.objects.filter(exhibition=exhibition)


@prepared
def _partners(exhibition):
    return Partner.objects.filter(exhibition=exhibition)


@prepared
def _centres(exhibition):
    centres = CourseCentre.objects.public().filter(exhibitions=exhibition)
    return centres.order_by(tr_order("name")).only("name", "slug")


def _first_works(row):
    """The works of its first page and the highlights of all of it."""
    works = _shown_first(exhibition=row.pk)
    # Both in the exhibition's order: whatever comes after the first page is a later highlight.
    return works[:WORKS_ON_A_PAGE], [work for work in works if work.highlight][:HIGHLIGHTS]


@prepared
def _shown_first(exhibition):
    """What `_first_works` parts, in one query."""
    shown = Work.objects.shown_at(exhibition)
    chosen = Work.objects.shown_at(exhibition, highlight=True)
    wanted = Q(pk__in=shown.values("pk")[:WORKS_ON_A_PAGE]) | Q(
        pk__in=chosen.values("pk")[:HIGHLIGHTS]
    )
    return shown.filter(wanted).for_cards().annotate(highlight=F("showings__highlight"))


@reading
@cached(Area.SHOWN)
def calendar(request, slug):
    """The days of one exhibition, for the calendar of a phone; not where only the month is known."""
    rows = Exhibition.objects.public().select_related("neighbourhood")
    row = by_slug(exhibitions_with_change(rows), slug)
    events = exhibition_events(row, request.build_absolute_uri(row.get_absolute_url()))
    if not events:
        raise Http404
    return calendar_response(row.public_title, events, f"{row.slug}.ics")


def _page_title(title, page):
    return _("%(title)s, page %(number)d") % {"title": title, "number": page.number}


def _description(row):
    """When, where, and how the text begins."""
    return shorten(f"{row.dates}, {row.place}. {in_language(row, 'text')}", 155)
