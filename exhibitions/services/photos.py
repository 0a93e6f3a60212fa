"""Photos: adding, describing, cropping, deleting."""

from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task
from PIL import Image

from exhibitions import rights
from exhibitions.enums import FocalPoint
from exhibitions.models import Photo
from exhibitions.services.named_texts import check_public_texts
from izmek.acts.after_commit import after_commit
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.acts.sent_late import check_shown
from izmek.media.photos import clean_photo, derive, derive_first, derive_sizes, share_card
from izmek.media.room import write_over
from izmek.public.areas import note_change
from izmek.public.enums import Area

MOST_PHOTOS = 6  # of one work; all of them are on one page


def store_photo(*, clean, focal_point=FocalPoint.CENTRE, has_sizes=True, pk=None):
    """Write the files of a clean photo; returns the unsaved Photo for `add_photo`.

    `has_sizes`: all of them, not only the first. `pk`: its random id, if one was chosen. It makes no
    database query, so it can run in another process. After an error no file is left.
    """
    photo = Photo(
        pk=pk or uuid4(),
        width=clean.width,
        height=clean.height,
        focal_point=focal_point,
        has_sizes=has_sizes,
    )
    make = derive if has_sizes else derive_first
    try:
        for file in make(clean.image, focal=FocalPoint(focal_point).position):
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
    pk=None,
    **fields,
):
    """Add a photo to a work, an exhibition or a centre; returns the Photo.

    The upload is decoded, rotated upright and encoded again. Its first files are written before the row: a
    crash may leave files without a row (`doctor` finds them, `sweep_media` deletes them), but never a row
    without files. The sizes for each screen are left to a task (`make_sizes`).

    `clean`: the result of `clean_photo`, if a form has checked the upload already. `stored`: the
    result of `store_photo`. `fields`: the other columns of the photo (alt …). Raises PhotoError, or
    Refusal when the work already has MOST_PHOTOS photos or a public text names a person without
    consent.
    """
    _require_adding(by, work=work, exhibition=exhibition, centre=centre)
    _check_room(work)
    check_public_texts(Photo(work=work, exhibition=exhibition, centre=centre, **fields))
    photo = stored or store_photo(
        clean=clean or clean_photo(upload), focal_point=focal_point, has_sizes=False, pk=pk
    )
    photo.work, photo.exhibition, photo.centre = work, exhibition, centre
    for name, value in fields.items():
        setattr(photo, name, value)
    try:
        with transaction.atomic():
            if work is not None:
                _check_room(lock(work))  # others may have added one while the files were written
            if not photo.has_sizes:
                after_commit(make_sizes.enqueue, str(photo.pk))
            return save(photo, by=by)
    except (IntegrityError, Refusal, ObjectDoesNotExist):
        # After another error, for example in the commit, it is unknown whether the row exists.
        delete_folder(photo.folder)
        raise


@task()
def make_sizes(pk):
    """The task that makes the sizes of a photo for each screen, from its master.

    Until it is done, and where nobody does it, pages show the first size.
    """
    photo = Photo.objects.filter(pk=pk, has_sizes=False).first()
    if photo is None:
        return
    for file in derive_sizes(_master(photo)):
        write_over(f"{photo.folder}/{file.name}", file.data)
    with transaction.atomic():
        if Photo.objects.filter(pk=pk).update(has_sizes=True):
            if Photo.objects.public().filter(pk=pk).exists():
                note_change(Area.SHOWN)
            return
    delete_folder(photo.folder)  # it was deleted meanwhile


def _master(photo):
    with default_storage.open(f"{photo.folder}/master.jpg") as file:
        image = Image.open(file)
        image.load()
    return image


def _check_room(work):
    if work is not None and work.photos.count() >= MOST_PHOTOS:
        raise Refusal(_("A work has at most %(most)d photos."), params={"most": MOST_PHOTOS})


def _require_adding(by, **of):
    """Check the right to add a photo to its work, exhibition or centre."""
    for kind, row in of.items():
        if row is not None:
            rights.require(by, f"add_photo_of_{kind}", row)


def add_photos(*, uploads, by, **of):
    """Add several photos to one object, one by one; returns (photos, problems).

    A problem is (file name, ValidationError); the other files are kept. There is no transaction
    around all of them, so that no lock is held while images are decoded.
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
    """Raise Refusal when a photo has no description and is not decorative."""
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
def describe_photo(*, photo, alt, decorative, by, shown=None):
    """Set the description of a photo, or mark it as decorative (then it has no description).

    `shown`: (description, whether decorative) on the page that was sent. What the user left alone
    there stays as it is now; Conflict when they and somebody else have changed it.
    """
    rights.require(by, "describe_photo", photo)
    photo = lock(photo)
    alt = "" if decorative else " ".join(alt.split())
    now = (photo.alt, photo.decorative)
    if (alt, decorative) in (now, shown):
        return photo
    check_shown(
        shown=shown and _said_of(*shown),
        now=_said_of(*now),
        typed=_said_of(alt, decorative),
        history=photo.history,
        by=by,
    )
    photo.alt, photo.decorative = alt, decorative
    if decorative:
        photo.alt_en = ""
    photo.clean_fields(exclude=["work", "exhibition", "centre"])
    check_public_texts(photo)
    return save(photo, by=by)


def _said_of(alt, decorative):
    return str(_("decorative")) if decorative else alt


@transaction.atomic
def set_focal_point(*, photo, focal_point, by):
    """Choose the part of a photo that crops keep; the image for sharing is made again.

    It is written before the commit: where the store does not take it, nothing is saved.
    """
    rights.require(by, "set_focal_point", photo)
    photo = lock(photo)
    photo.focal_point = focal_point
    save(photo, by=by)
    card = share_card(_master(photo), FocalPoint(focal_point).position)
    write_over(f"{photo.folder}/{card.name}", card.data)
    return photo


@transaction.atomic
def delete_photo(*, photo, by):
    """Delete a photo; its files are deleted after the commit (`exhibitions.signals`)."""
    rights.require(by, "delete_photo", photo)
    photo._history_user = by
    photo.delete()


def delete_folder(folder):
    """Delete all files of a photo from the storage; missing files are no error."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        default_storage.delete(f"{folder}/{file}")
    default_storage.delete(folder)
