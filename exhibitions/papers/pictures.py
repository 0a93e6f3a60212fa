"""Photos on papers."""

from django.core.files.storage import default_storage

from exhibitions.enums import PeopleOn
from exhibitions.models import Photo
from exhibitions.papers.wording import plain
from izmek.media.photos import JPEG_WIDTH
from izmek.papers.typst import small_jpeg
from izmek.text.languages import language_of

# --- Photos -----------------------------------------------------------------------------------


def first_photos(works, photos):
    """{key of the work: its first one of these Photos}."""
    first = {}
    rows = photos.filter(work__in=[work.pk for work in works])
    for photo in rows.order_by("order", "created_at", "pk"):
        first.setdefault(photo.work_id, photo)
    return first


def picture(photo, fallback):
    """What a template says of a photo; `fallback` describes one that nobody described yet."""
    alt = {"text": photo.alt_text, "lang": language_of(photo, "alt")}
    if not alt["text"] and not photo.decorative:
        alt = fallback
    return {"file": f"photos/{photo.id.hex}.svg", "ratio": photo.width / photo.height, "alt": alt}


def read_photo(photo, side, name=None):
    """A photo's bytes for a PDF, no side above `side`; None when its file is not there."""
    name = name or f"{min(photo.width, JPEG_WIDTH)}.jpg"
    try:
        with default_storage.open(f"{photo.folder}/{name}") as file:
            return small_jpeg(file.read(), side)
    except FileNotFoundError:
        return None


def own_photos():
    """Photos that staff print for themselves: nobody on them can be recognised."""
    return Photo.objects.filter(people=PeopleOn.NOBODY)


def take(photo, files, side, name=None, fallback=None):
    """Put a photo's bytes among the files; what its template says of it, None without one."""
    data = photo and read_photo(photo, side, name)
    if not data:
        return None
    said = picture(photo, fallback or plain(""))
    files[said["file"]] = data
    return said
