"""The catalogue of an exhibition, as a PDF."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from exhibitions.models import Exhibition
from exhibitions.papers.catalogue import Catalogue
from izmek.public.head import head
from izmek.public.page import reading
from izmek.public.slugs import by_slug

RETRY_AFTER = 10  # seconds


@reading
def catalogue(request, slug):
    """The file of this very moment; while it is being made the address says so, and gives no older one."""
    now = _catalogue(slug)
    if now.ready is None:
        now.order()
        # A consent may have ended while it was made: only the file of the present key is given.
        now = _catalogue(slug)
    if now.ready is None:
        return _being_made(request, now)
    etag = quote_etag(now.key)
    try:
        response = get_conditional_response(request, etag=etag) or _file(now)
    except FileNotFoundError:  # another host has put a newer one into its place
        return _being_made(request, now)
    response.headers["ETag"] = etag
    # Copies in search engines would outlive a consent; they find the page, which says the same.
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _catalogue(slug):
    """The exhibition's catalogue as it is now; 404 when it is not public or has no work."""
    row = by_slug(Exhibition.objects.public().select_related("neighbourhood"), slug)
    now = Catalogue(row)
    if not now.key:
        raise Http404
    return now


def _file(now):
    word = _("catalogue")
    name = f"{now.exhibition.slug}-{word}.pdf"
    if settings.PHOTO_ACCEL_PREFIX:
        headers = {
            "Content-Disposition": f'inline; filename="{name}"',
            "X-Accel-Redirect": f"{settings.PHOTO_ACCEL_PREFIX.rstrip('/')}/{now.ready.path}",
        }
        return HttpResponse(content_type="application/pdf", headers=headers)
    file = default_storage.open(now.ready.path)
    return FileResponse(file, filename=name, content_type="application/pdf")


def _being_made(request, now):
    row = now.exhibition
    crumbs = [
        (_("Exhibitions"), reverse("exhibitions")),
        (row.public_title, row.get_absolute_url()),
    ]
    about = head(
        request,
        title=_("The catalogue is being prepared"),
        description=_("The catalogue of the exhibition will be there in a moment."),
        crumbs=crumbs,
        indexed=False,
    )
    context = {"exhibition": row, "percent": now.percent, "crumbs": crumbs, "head": about}
    response = render(request, "exhibitions/catalogue_wait.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
