"""The one view that gives out the bytes of photos (DESIGN.md §3, Photos)."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from exhibitions.models import Photo
from exhibitions.queries.photos import public_photo
from izmek.accounts.access import public
from izmek.accounts.second_factor import lacks_one
from izmek.accounts.session_age import is_locked, is_over

NEVER_SENT = "master.jpg"  # what the sizes are made from
CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


@public
@require_safe
def photo(request, pk, name):
    """A file of a photo: public() is asked each time, and of who may see drafts only after that.

    The bytes at an address never change (but for the share card's, when its focal point moves), so
    they have a strong ETag; yet no cache may give them out unasked, because a photo that is
    unpublished, or whose consent is withdrawn, is gone with the next request (DESIGN.md §3, §5).
    A copy that still holds costs one query and no bytes.
    """
    found = public_photo(pk)
    caching = "no-cache"
    if found is None:
        found = _draft(request, pk)
        caching = "private, no-store"
    if name not in found.files or name == NEVER_SENT:
        raise Http404
    etag = quote_etag(f"{found.id.hex}-{name}-{found.focal_point}")
    response = get_conditional_response(request, etag=etag) or file_of(found, name)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = caching
    return response


def _draft(request, pk):
    """A photo that is not public, for who may see it; only now is the session read."""
    user = request.user
    if not user.is_authenticated or lacks_one(user) or is_over(request) or is_locked(request):
        raise Http404
    found = Photo.objects.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def file_of(found, name):
    """A file of a photo as a response; the caller has asked who may see it."""
    content_type = CONTENT_TYPES[name.rpartition(".")[2]]
    path = f"{found.folder}/{name}"
    if settings.PHOTO_ACCEL_PREFIX:
        accelerated = f"{settings.PHOTO_ACCEL_PREFIX.rstrip('/')}/{path}"
        return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": accelerated})
    try:
        return FileResponse(default_storage.open(path), content_type=content_type)
    except FileNotFoundError:
        raise Http404 from None
