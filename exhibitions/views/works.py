"""All works, and one work: the page that its label leads to."""

from django.db.models import Case, Q, Value, When
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from exhibitions.enums import SaleStatus, Surface, WorkState
from exhibitions.models import Exhibition, Maker, Showing, Technique, Work
from exhibitions.queries.exhibitions import open_on
from exhibitions.queries.photos import give_covers
from exhibitions.queries.works import work_cards
from exhibitions.schema_org import work_node
from exhibitions.views.work_filters import WorkFilters, centre, year
from exhibitions.wording import work_facts, works_address
from izmek.acts.prepared import prepared
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import head
from izmek.public.page import paginate, reading
from izmek.public.schema_org import item_list
from izmek.public.slugs import moved
from izmek.text.languages import in_language

WORKS_ON_A_PAGE = 24
RELATED = 4


@reading
@cached(Area.SHOWN, asks=("q", "teknik", "merkez", "yil", "satilik", "tumu", "sayfa"))
def works(request):
    """The works of all public exhibitions, by technique, centre and year; the newest first.

    One answer alone (`?teknik=cini`) is a page of its own for search engines; more are for people.
    """
    public = Work.objects.all_public().order_by("-number")
    filters = WorkFilters(request, public, by=(centre, year), name="all")
    if filters.unknown and (technique := moved(Technique.objects.all(), request.GET.get("teknik"))):
        asked = request.GET.copy()
        asked["teknik"] = technique.slug
        return redirect(f"{request.path}?{asked.urlencode()}")
    page = paginate(request, filters.found, WORKS_ON_A_PAGE, count=filters.count)
    rows = work_cards(page)
    give_covers(rows)
    alone = filters.alone
    title = f"{_('Works')}: {alone.label}" if alone else _("Works")
    crumbs = [(_("Works"), reverse("works"))] if alone else []
    if page.number > 1:
        title = _("%(title)s, page %(number)d") % {"title": title, "number": page.number}
    return render(
        request,
        "exhibitions/works.html",
        {
            "filters": filters,
            "alone": alone,
            "page": page,
            "works": rows,
            "crumbs": crumbs,
            "head": head(
                request,
                title=title,
                description=_description_of_list(alone),
                crumbs=crumbs,
                photo=next((row.cover for row in rows if row.cover), None),
                page=page,
                query=filters.query,
                indexed=bool(rows) and (alone is not None or not filters.active),
                nodes=[lambda base: item_list(base, rows)],
            ),
        },
    )


def _description_of_list(alone):
    if alone:
        return _(
            "%(name)s: works from the free courses of İZMEK in İzmit, with photos, makers and the "
            "exhibitions they were shown in."
        ) % {"name": alone.label}
    return _(
        "Works from the exhibitions of İZMEK: needle lace, tiles, kilims, patchwork and more, by "
        "technique, course centre and year."
    )


@reading
@cached(Area.SHOWN)
def work(request, number, slug):
    """All photos of a work, its facts, its exhibitions, its neighbours there, others like it."""
    row = next(iter(_work(number=number)), None)
    if row is None:
        return gone(request, number)
    if slug != row.slug:
        return redirect(row)
    makers = _makers(work=row.pk)
    names = [name for maker in makers if (name := maker.public_name)]
    teacher = str(row.teacher) if row.teacher_is_named else ""
    showings = _showings(work=row.pk)
    # The one that can be visited comes first, though another begins later.
    showings.sort(key=lambda showing: not showing.exhibition.is_open())
    here = showings[0]
    neighbours = work_cards(pk for pk in (here.previous_id, here.next_id) if pk)
    neighbours = {work.pk: work for work in neighbours}
    related = _related(work=row.pk, technique=row.technique_id, centre=row.centre_id)
    photos = give_covers([*related, *neighbours.values()], work=row)
    photos = [photo for photo in photos if photo.work_id == row.pk]
    title = row.public_title
    crumbs = [
        (_("Exhibitions"), reverse("exhibitions")),
        (here.exhibition.public_title, here.exhibition.get_absolute_url()),
    ]
    return render(
        request,
        "exhibitions/work.html",
        {
            "work": row,
            "photos": photos,
            "facts": work_facts(
                row,
                names=names,
                unnamed=len(makers) - len(names),
                teacher=teacher,
                exhibitions=[showing.exhibition for showing in showings],
            ),
            "exhibition": here.exhibition,
            "previous": neighbours.get(here.previous_id),
            "next": neighbours.get(here.next_id),
            "related": related,
            "alike": works_address(teknik=row.technique.slug),
            "can_ask": row.sale_status in SaleStatus.to_be_had() and row.centre.phone,
            "short_address": request.build_absolute_uri(reverse("work_short", args=[row.number])),
            "crumbs": crumbs,
            "head": head(
                request,
                title=f"{title} | {here.exhibition.public_title}",
                description=_description(row),
                crumbs=crumbs,
                photo=photos[0] if photos else None,
                english=bool(row.title_en and (row.text_en or not row.text)),
                kind="article",
                nodes=[
                    lambda base: work_node(
                        base,
                        row,
                        names=names,
                        teacher=teacher,
                        photos=photos,
                        exhibition=here.exhibition,
                    )
                ],
            ),
        },
    )


@prepared
def _work(number):
    rows = Work.objects.public().filter(number=number).with_named_teacher()
    return rows.select_related("technique", "year", "centre__neighbourhood", "course__programme")


@prepared
def _makers(work):
    return Maker.objects.filter(work=work).with_public_names(Surface.WEB)


@prepared
def _showings(work):
    """Where it is shown publicly, the latest first."""
    return (
        Showing.objects.approved()
        .filter(work=work, exhibition__in=Exhibition.objects.public().values("pk"))
        .with_neighbours()
        .select_related("exhibition")
        .order_by("-exhibition__begin", "-pk")
    )


@prepared
def _related(work, technique, centre):
    """Public works of the same technique; where they are few, of the same centre after them."""
    same = When(technique=technique, then=Value(0))
    return (
        Work.objects.public()
        .filter(Q(technique=technique) | Q(centre=centre))
        .exclude(pk=work)
        .for_cards()
        .order_by(Case(same, default=Value(1)), "-number")[:RELATED]
    )


def _description(row):
    parts = [row.technique.public_name, row.public_materials, row.size, row.centre.name]
    return f"{row.public_title}. {' · '.join(part for part in parts if part)}. {in_language(row, 'text')}"


def gone(request, number):
    """A page with the exhibition's address for a work that was shown; else Http404.

    410 for a withdrawn work, without any data of it, because its maker wants that. 404 for a work that
    was returned for correction: it will be back, and its label may hang on the wall.
    """
    row = Work.objects.gone().filter(number=number).first()
    if row is None:
        raise Http404
    at = Exhibition.objects.public().filter(showings__work=row)
    open_first = Case(When(open_on(timezone.localdate()), then=0), default=1)
    exhibition = at.order_by(open_first, "-begin", "-pk").first()
    withdrawn = row.state == WorkState.WITHDRAWN
    context = {"exhibition": exhibition, "withdrawn": withdrawn}
    return render(request, "exhibitions/gone.html", context, status=410 if withdrawn else 404)


@reading
@cached(Area.SHOWN)
def short_address(request, number):
    """`/e/2023-0142/`, short enough for a label's QR code, leads to the work."""
    row = Work.objects.public().filter(number=number).first()
    return redirect(row) if row else gone(request, number)
