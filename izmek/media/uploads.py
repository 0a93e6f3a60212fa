"""Uploads of a form that had errors: kept for a day, so that the user need not choose the file again.

A browser does not send back the files of a form that is shown again. So the cleaned picture (without
the camera's metadata) is kept in private storage under a random name, and the form carries a signed
token. `sweep_media` removes the uploads that nobody used.
"""

import io
import secrets

from django import forms
from django.core import signing
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.html import format_html
from django.utils.translation import gettext as _

from izmek.media.room import delete_or_leave

FOLDER = "uploads"
HOURS = 24  # how long an upload is kept
_SALT = "izmek.media.uploads"


class KeptUpload(File):
    """A kept file, in the form that a form field accepts; `token` finds it again."""

    def __init__(self, token, path, name):
        super().__init__(default_storage.open(path), name=name)
        self.token, self.path = token, path


def keep(image, name):
    """Keep a clean picture and the original file name; returns the token."""
    data = io.BytesIO()
    image.save(data, format="JPEG", quality=95, subsampling=0)
    path = default_storage.save(
        f"{FOLDER}/{secrets.token_hex(16)}.jpg", ContentFile(data.getvalue())
    )
    return signing.dumps([path, name], salt=_SALT)


def kept(token):
    """The KeptUpload of a token, or None if the token is forged, too old or used."""
    try:
        path, name = signing.loads(token, salt=_SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    return KeptUpload(token, path, name) if default_storage.exists(path) else None


def forget(upload):
    """Remove a kept file when the transaction commits; does nothing for an ordinary upload."""
    if isinstance(upload, KeptUpload):
        transaction.on_commit(lambda: delete_or_leave(upload.path), robust=True)


class UploadInput(forms.FileInput):
    """A file input that uses the kept upload if no new file was chosen."""

    def value_from_datadict(self, data, files, name):
        return super().value_from_datadict(data, files, name) or kept(data.get(f"{name}-kept", ""))

    def value_omitted_from_data(self, data, files, name):
        return super().value_omitted_from_data(data, files, name) and f"{name}-kept" not in data

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, attrs, renderer)
        token = getattr(value, "token", None)
        if not token:
            return field
        return format_html(
            '{}<input type="hidden" name="{}-kept" value="{}"><p class="kept">{}</p>',
            field,
            name,
            token,
            _("Kept: %(file)s. Choose a file only to take another one.") % {"file": value.name},
        )


class UploadField(forms.FileField):
    widget = UploadInput

    def bound_data(self, data, initial):
        """Django's file field would drop the upload here; ours shows the kept one."""
        return data or initial
