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
    """{key of the work: its first photo among these}."""
    first = {}
    rows = photos.filter(work__in=[work.pk for work in works])
    for photo in rows.order_by("order", "created_at", "pk"):
        first.setdefault(photo.work_id, photo)
    return first


def picture(photo, fallback):
    """The template data of a photo; `fallback` is the description when the photo has none."""
    alt = {"text": photo.alt_text, "lang": language_of(photo, "alt")}
    if not alt["text"] and not photo.decorative:
        alt = fallback
    return {"file": f"photos/{photo.id.hex}.svg", "ratio": photo.width / photo.height, "alt": alt}


def read_photo(photo, side, name=None):
    """A photo's bytes for a PDF, at most `side` pixels on a side; None when the file is missing."""
    name = name or f"{min(photo.width, JPEG_WIDTH)}.jpg"
    try:
        with default_storage.open(f"{photo.folder}/{name}") as file:
            return small_jpeg(file.read(), side)
    except FileNotFoundError:
        return None


def own_photos():
    """Photos for papers that only staff print: nobody on them can be recognised."""
    return Photo.objects.filter(people=PeopleOn.NOBODY)


def take(photo, files, side, name=None, fallback=None):
    """Add a photo's bytes to the files; returns its template data, None without a photo."""
    data = photo and read_photo(photo, side, name)
    if not data:
        return None
    said = picture(photo, fallback or plain(""))
    files[said["file"]] = data
    return said
