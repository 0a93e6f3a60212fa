"""A full disk, a store that is away: whoever sends a file reads it at the field, the operator before.

`DiskStorage` and `UploadHandler` stand in the settings; what they raise is a ValidationError, which every
form and service that takes a file in shows already.
"""

import errno
import logging
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import time
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PASSING = "passing"  # the folder of files that last for a moment; `sweep_media` removes what was left there
log = logging.getLogger(__name__)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DiskFull(ValidationError):
    def __init__(self):
        super().__init__(
            _(
                "There is no room for files on the server at the moment, so it was not saved. Tell us."
            ),
            code="full",
        )


class StorageAway(ValidationError):
    """The store of photos and files did not answer, or denied; raised by izmek/media/bucket.py."""

    def __init__(self):
        super().__init__(
            _(
                "The store of photos and files does not answer at the moment, so nothing was saved. "
                "Try again in some minutes; if it goes on, tell us."
            ),
            code="away",
        )


@contextmanager
def room():
    """Around what writes a file: DiskFull instead of the system's error."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise


class DiskStorage(FileSystemStorage):
    """A folder; of a file for which there was no room nothing is left."""

    def _save(self, name, content):
        try:
            with room():
                return super()._save(name, content)
        except DiskFull:
            self.delete(name)
            raise

    def put(self, name, content):
        """Write a file over the one of its name: who reads it gets the old or the new one, and whole."""
        made, place = self.path(self.save(f"{PASSING}/{uuid4().hex}", content)), self.path(name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.replace(made, place)


def write_over(name, data):
    """Write bytes into the storage under this very name, whatever lies there."""
    content = ContentFile(data)
    if hasattr(default_storage, "put"):
        default_storage.put(name, content)
    else:  # a storage that is not ours
        default_storage.delete(name)
        default_storage.save(name, content)


def delete_or_leave(path):
    """Delete a file of the storage. One that is away keeps it; nobody gets it, `sweep_media` deletes it."""
    try:
        default_storage.delete(path)
    except StorageAway:
        log.warning("A file is left to sweep_media: the store is away")


class NotTaken(UploadedFile):
    """An upload for which there was no room; whoever reads it is told so."""

    def _raise(self, *_args, **_kwargs):
        raise DiskFull

    read = seek = open = chunks = multiple_chunks = __iter__ = _raise


class UploadHandler(TemporaryFileUploadHandler):
    """Django's for large files, but that a full disk is told at the field and not by an error page."""

    taken = True

    def new_file(self, *args, **kwargs):
        self.taken = True
        try:
            with room():
                super().new_file(*args, **kwargs)
        except DiskFull:
            self.taken = False

    def receive_data_chunk(self, raw_data, start):
        try:
            if self.taken:
                with room():
                    super().receive_data_chunk(raw_data, start)
        except DiskFull:
            self._give_up()

    def file_complete(self, file_size):
        try:
            if self.taken:
                with room():
                    return super().file_complete(file_size)
        except DiskFull:
            self._give_up()
        return NotTaken(None, self.file_name, self.content_type, file_size, self.charset)

    def _give_up(self):
        """Delete what there was room for: else it is kept from others until the request is forgotten."""
        self.taken = False
        with suppress(OSError):  # closing writes what is left
            self.file.close()


def rooms():
    """[(folder, MB that are free)] where files are written to."""
    folders = [_temporary()]
    if isinstance(default_storage, FileSystemStorage):
        folders.append(Path(default_storage.location))
    found = []
    for folder in folders:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        found.append((str(folder), shutil.disk_usage(there).free // 1024**2))
    return found


def nearly_full():
    """Those of them where there is too little room."""
    return [(folder, free) for folder, free in rooms() if free < settings.DISK_FREE_MB]


def left_uploads(age):
    """Files of uploads under way that a process left which was killed: `sweep_media` deletes them."""
    for path in sorted(_temporary().glob("tmp*.upload*")):
        with suppress(FileNotFoundError):  # just finished
            about = path.lstat()
            if about.st_uid == os.getuid() and time() - about.st_mtime > age.total_seconds():
                yield path


def is_given_back():
    """Whether the storage gives back what it is given: a small file is written, read and deleted."""
    name = default_storage.save(f"{PASSING}/{uuid4().hex}", ContentFile(b"ready"))
    try:
        with default_storage.open(name) as file:
            return file.read() == b"ready"
    finally:
        default_storage.delete(name)


def age_of(path):
    """How long ago a file of the storage was written; less than nothing if it was taken away meanwhile."""
    try:
        return timezone.now() - default_storage.get_modified_time(path)
    except FileNotFoundError:
        return timedelta(-1)


def older_files(folder, age):
    """The paths of the files in a folder of the storage that were written longer ago."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for path in (f"{folder}/{file}" for file in sorted(files)):
        if age_of(path) >= age:
            yield path


def _temporary():
    return Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
