"""An exhibition that is not public yet, for people with a signed link (`exhibitions.previews`).

Neither session nor cookie; kept in no cache and told to no other site. Photos come from addresses
that carry the link's token, because the address of a public photo refuses drafts.
"""

from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exhibitions import previews
from exhibitions.enums import Surface
from exhibitions.models import Maker, Photo, Work
from exhibitions.views.photos import file_of
from exhibitions.wording import visit_facts
from izmek.accounts.access import public
from izmek.public.head import head

NEVER_SENT = "master.jpg"


@public
@require_safe
def preview(request, token):
    """What would be public if the exhibition were published now: texts, works, photos."""
    try:
        exhibition = previews.exhibition_of(token)
    except previews.Expired:
        return _answer(request, "preview_over", _("This link has ended"), status=410)
    if exhibition is None:
        raise Http404
    photos = list(_photos(exhibition))
    for photo in photos:
        address = reverse("preview_photo", args=[token, photo.pk, "-"])
        photo.prefix = address.removesuffix("-")
    works = list(_works(exhibition))
    for work in works:
        work.shown = [photo for photo in photos if photo.work_id == work.pk]
        work.names = [name for maker in work.named if (name := maker.public_name)]
    return _answer(
        request,
        "preview",
        exhibition.public_title,
        exhibition=exhibition,
        facts=visit_facts(exhibition),
        photos=[photo for photo in photos if photo.exhibition_id],
        works=works,
        waiting=exhibition.showings.waiting().count(),
        days=previews.LASTS.days,
    )


@public
@require_safe
def photo(request, token, pk, name):
    """A file of a photo of the link's exhibition."""
    try:
        exhibition = previews.exhibition_of(token)
    except previews.Expired:
        raise Http404 from None
    if exhibition is None:
        raise Http404
    found = get_object_or_404(_photos(exhibition), pk=pk)
    if name not in found.files or name == NEVER_SENT:
        raise Http404
    return _unkept(file_of(found, name))


def _works(exhibition):
    """Its approved works in their order, with `named`: the makers as the web may name them."""
    makers = Maker.objects.with_public_names(Surface.WEB).order_by("order", "pk")
    return (
        Work.objects.filter(showings__in=exhibition.showings.approved())
        .select_related("technique", "centre")
        .prefetch_related(Prefetch("makers", makers, to_attr="named"))
        .order_by("showings__order", "showings__pk")
    )


def _photos(exhibition):
    works = exhibition.showings.approved().values("work")
    return Photo.objects.agreed().filter(Q(exhibition=exhibition) | Q(work__in=works))


def _answer(request, template, title, status=200, **context):
    page = head(request, title=title, description=_("A preview."), indexed=False)
    response = render(
        request, f"exhibitions/{template}.html", {"head": page, **context}, status=status
    )
    return _unkept(response)


def _unkept(response):
    """Kept nowhere, found by no robot, and its address goes with nobody who leaves the page."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
