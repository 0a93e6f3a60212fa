"""One work: the page that its label leads to."""

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from exhibitions import queries
from exhibitions.enums import SaleStatus, Surface
from exhibitions.facts import work_facts
from exhibitions.jsonld import work_node
from exhibitions.models import Exhibition, Photo, Work
from izmek.bilingual import in_language
from izmek.pages import head, reading

RELATED = 4


@reading
def work(request, number, slug):
    """All photos of a work, its facts, its exhibitions, its neighbours there, others like it."""
    row = get_object_or_404(
        Work.objects.public().select_related(
            "technique", "year", "centre__neighbourhood", "course__programme"
        ),
        number=number,
    )
    if slug != row.slug:
        return redirect(row)
    names = [
        name for maker in row.makers.with_public_names(Surface.WEB) if (name := maker.public_name)
    ]
    teacher = str(queries.named_teachers().filter(courses__works=row).first() or "")
    showings = list(
        row.showings.approved()
        .filter(exhibition__in=Exhibition.objects.public().values("pk"))
        .with_neighbours()
        .select_related("exhibition")
        .order_by("-exhibition__begin", "-pk")
    )
    here = showings[0]
    neighbours = Work.objects.in_bulk([pk for pk in (here.previous_id, here.next_id) if pk])
    related = list(
        Work.objects.public()
        .filter(technique=row.technique)
        .exclude(pk=row.pk)
        .select_related("technique", "centre__neighbourhood")
        .order_by("-number")[:RELATED]
    )
    photos = Photo.objects.public().give_covers(related, also=Q(work=row))
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
                teacher=teacher,
                exhibitions=[showing.exhibition for showing in showings],
            ),
            "exhibition": here.exhibition,
            "previous": neighbours.get(here.previous_id),
            "next": neighbours.get(here.next_id),
            "related": related,
            "can_ask": row.sale_status in SaleStatus.to_be_had() and row.centre.phone,
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


def _description(row):
    parts = [row.technique.public_name, row.public_materials, row.size, row.centre.name]
    return f"{row.public_title}. {' · '.join(part for part in parts if part)}. {in_language(row, 'text')}"


@reading
def short_address(request, number):
    """`/e/2023-0142/`, short enough for a label's QR code, leads to the work."""
    return redirect(get_object_or_404(Work.objects.public(), number=number))
