"""What lies in the photo storage beside what should: found by `doctor`, removed by `sweep_media`.

A photo's first files are written before its row (`services.add_photo`), so a crash may leave a folder
without a row, never a row without them. Its sizes are made afterwards: `sweep_media` makes those that
nobody made. Works on any storage that can list its folders.
"""

import uuid
from datetime import timedelta

from django.core.files.storage import default_storage

from exhibitions.models import Photo
from izmek.media import uploads
from izmek.media.room import age_of, older_files

PHOTOS = "photos"


def stray_folders(older_than=timedelta(0)):
    """Folders under `photos/` that belong to no row, none of whose files is younger than that."""
    folders, _files = _list(PHOTOS)
    # Listed first and asked for afterwards: an upload that ends in between has its row by then.
    folders = sorted(folders)
    for start in range(0, len(folders), 500):
        some = folders[start : start + 500]
        rows = set(
            Photo.objects.filter(pk__in=filter(None, map(_id, some))).values_list("pk", flat=True)
        )
        for folder in some:
            path = f"{PHOTOS}/{folder}"
            if _id(folder) not in rows and _age(path) >= older_than:
                yield path


def abandoned_uploads(older_than=timedelta(hours=uploads.HOURS)):
    """Files of unfinished forms that are older than that."""
    yield from older_files(uploads.FOLDER, older_than)


def incomplete_photos():
    """Photos of which a file is missing: pairs of the Photo and the names that are not there."""
    for photo in Photo.objects.order_by("created_at").iterator(chunk_size=500):
        _folders, files = _list(photo.folder)
        missing = [name for name in photo.files if name not in set(files)]
        if missing:
            yield photo, missing


def _list(path):
    try:
        return default_storage.listdir(path)
    except FileNotFoundError:
        return [], []


def _id(folder):
    """The id of the photo whose folder has this name, or None when none can have."""
    try:
        return uuid.UUID(hex=folder)
    except ValueError:
        return None


def _age(folder):
    """How long ago the youngest file of a folder was written; of an empty one, the folder.

    In a bucket there are no folders, and so no empty ones.
    """
    _folders, files = _list(folder)
    return min(age_of(path) for path in [f"{folder}/{file}" for file in files] or [folder])
