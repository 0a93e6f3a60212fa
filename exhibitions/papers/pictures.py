"""Photos on papers."""

from functools import partial

from django.core.files.storage import default_storage

from exhibitions.enums import PeopleOn
from exhibitions.models import Photo
from exhibitions.papers.wording import plain
from exhibitions.services import delete_folder
from izmek.media.photos import JPEG_WIDTH
from izmek.media.room import write_over
from izmek.papers.typst import framed, small_jpeg
from izmek.text.languages import language_of

COMPLETE = b"\xff\xd9"  # the end of a JPEG: another process may still be writing it


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


def take(photo, pictures, side, name=None, fallback=None):
    """Add a photo to the pictures of a paper; returns its template data, None without a photo.

    `side`: the most pixels on a side. `name`: the file to take it from, if not the smaller JPEG.
    """
    if photo is None:
        return None
    said = picture(photo, fallback or plain(""))
    pictures[said["file"]] = partial(_read, photo, side, name)
    return said


def _read(photo, side, name):
    """A photo for a paper; None when its file is missing."""
    if name:
        data = _file(f"{photo.folder}/{name}")
        return data and framed(small_jpeg(data, side))
    if max(photo.width, photo.height) <= side:
        data = _file(f"{photo.folder}/{_jpeg(photo)}")
    else:
        data = _at_print_size(photo, side)
    return data and framed(data)


def _at_print_size(photo, side):
    """The photo as small as a paper prints it: kept beside its other files, and gone with them."""
    path = f"{photo.folder}/print-{side}.jpg"
    kept = _file(path)
    if kept and kept.endswith(COMPLETE):
        return kept
    data = _file(f"{photo.folder}/{_jpeg(photo)}")
    if data is None:
        return None
    small = small_jpeg(data, side)
    if small is not data and kept is None:
        write_over(path, small)
        # Deleted meanwhile: its folder was emptied before this file came. From here on it is emptied after.
        if not Photo.objects.filter(pk=photo.pk).exists():
            delete_folder(photo.folder)
    return small


def _jpeg(photo):
    return f"{min(photo.width, JPEG_WIDTH)}.jpg"


def _file(path):
    try:
        with default_storage.open(path) as file:
            return file.read()
    except FileNotFoundError:
        return None


def own_photos():
    """Photos for papers that only staff print: nobody on them can be recognised."""
    return Photo.objects.filter(people=PeopleOn.NOBODY)
