"""Photos: taken in, described, cut, removed."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image

from exhibitions import rights
from exhibitions.enums import FocalPoint
from exhibitions.models import Photo
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.media.photos import clean_photo, derive, share_card

MOST_PHOTOS = 6  # of one work (reference: the page stacks them all)


def store_photo(*, clean, focal_point=FocalPoint.CENTRE):
    """Write every file of a clean photo; returns the Photo, unsaved, for `add_photo`.

    Asks no database, so that other processes can do it. A failure leaves no file.
    """
    photo = Photo(width=clean.width, height=clean.height, focal_point=focal_point)
    try:
        for file in derive(clean.image, focal=FocalPoint(focal_point).position):
            default_storage.save(f"{photo.folder}/{file.name}", ContentFile(file.data))
    except BaseException:
        delete_folder(photo.folder)
        raise
    return photo


def add_photo(
    *,
    upload=None,
    by,
    work=None,
    exhibition=None,
    centre=None,
    clean=None,
    stored=None,
    focal_point=FocalPoint.CENTRE,
    **fields,
):
    """Take in a photo of a work, an exhibition or a centre; returns the Photo.

    The upload is decoded, turned upright and re-encoded; the files are written first and the row
    last, so that a crash leaves files without a row (found by `doctor`, removed by `sweep_media`)
    but never a row without its files. Raises PhotoError, or Refusal when the work has the most
    photos already. `clean` may bring what `clean_photo` made of the upload, when a form has looked
    at it, `stored` what `store_photo` wrote. `fields` are the photo's other columns (alt …).
    """
    _require_adding(by, work=work, exhibition=exhibition, centre=centre)
    if work is not None and work.photos.count() >= MOST_PHOTOS:
        raise Refusal(_("A work has at most %(most)d photos."), params={"most": MOST_PHOTOS})
    photo = stored or store_photo(clean=clean or clean_photo(upload), focal_point=focal_point)
    photo.work, photo.exhibition, photo.centre = work, exhibition, centre
    for name, value in fields.items():
        setattr(photo, name, value)
    try:
        with transaction.atomic():
            return save(photo, by=by)
    except IntegrityError:
        # After another error, such as one of the commit, nobody knows whether the row is there.
        delete_folder(photo.folder)
        raise


def _require_adding(by, **of):
    """Ask for the right to add a photo to its work, exhibition or centre."""
    for kind, row in of.items():
        if row is not None:
            rights.require(by, f"add_photo_of_{kind}", row)


def add_photos(*, uploads, by, **of):
    """Take in several photos of one object, each for itself; returns (photos, problems).

    A problem is the name of a file and the ValidationError that it met; the other files stay. Not
    atomic: the lock of a transaction is not held while pictures are decoded.
    """
    _require_adding(by, **of)
    photos, problems = [], []
    last = Photo.objects.filter(**of).aggregate(n=Max("order"))["n"]
    for order, upload in enumerate(uploads, -1 if last is None else last):
        try:
            photos.append(add_photo(upload=upload, by=by, order=order + 1, **of))
        except ValidationError as problem:
            problems.append((upload.name, problem))
    return photos, problems


def check_described(photos):
    """Raise Refusal when one of the photos lacks its description and is not decorative."""
    count = photos.undescribed().count()
    if count:
        raise Refusal(
            ngettext(
                "%(count)d public photo is not described. Describe it or mark it decorative.",
                "%(count)d public photos are not described. Describe them or mark them decorative.",
                count,
            ),
            params={"count": count},
            code="alt",
        )


@transaction.atomic
def describe_photo(*, photo, alt, decorative, by):
    """Say what is on a photo, or that it needs no words. A decorative one has no description."""
    rights.require(by, "describe_photo", photo)
    photo = lock(photo)
    alt = "" if decorative else " ".join(alt.split())
    if (photo.alt, photo.decorative) == (alt, decorative):
        return photo
    photo.alt, photo.decorative = alt, decorative
    if decorative:
        photo.alt_en = ""
    photo.clean_fields(exclude=["work", "exhibition", "centre"])
    return save(photo, by=by)


@transaction.atomic
def set_focal_point(*, photo, focal_point, by):
    """Choose the part of a photo that crops keep; the card for sharing is cut anew."""
    rights.require(by, "set_focal_point", photo)
    photo = lock(photo)
    photo.focal_point = focal_point
    save(photo, by=by)
    with default_storage.open(f"{photo.folder}/master.jpg") as file:
        image = Image.open(file)
        image.load()
    card = share_card(image, FocalPoint(focal_point).position)
    transaction.on_commit(lambda: _replace(f"{photo.folder}/{card.name}", card.data))
    return photo


def _replace(name, data):
    default_storage.delete(name)
    default_storage.save(name, ContentFile(data))


@transaction.atomic
def delete_photo(*, photo, by):
    """Remove a photo; its files go after the commit (`exhibitions.signals`)."""
    rights.require(by, "delete_photo", photo)
    photo._history_user = by
    photo.delete()


def delete_folder(folder):
    """Delete every file of a photo from the storage; missing ones are no error."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        default_storage.delete(f"{folder}/{file}")
    default_storage.delete(folder)
