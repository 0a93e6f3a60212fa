"""Uploads that outlive a form with errors: kept for a day, so that nobody chooses a file twice.

A browser forgets the files of a form that comes back. So a file that was found good is kept in
private storage under a random name – the cleaned picture, without what the camera noted – and
the form carries its signed token. `sweep_media` removes what nobody came back for.
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

FOLDER = "uploads"
HOURS = 24  # that an upload is kept
_SALT = "izmek.media.uploads"


class KeptUpload(File):
    """A kept file, as a form takes it; `token` finds it again."""

    def __init__(self, token, path, name):
        super().__init__(default_storage.open(path), name=name)
        self.token, self.path = token, path


def keep(image, name):
    """Keep a clean picture under the name that its file had; returns the token."""
    data = io.BytesIO()
    image.save(data, format="JPEG", quality=95, subsampling=0)
    path = default_storage.save(
        f"{FOLDER}/{secrets.token_hex(16)}.jpg", ContentFile(data.getvalue())
    )
    return signing.dumps([path, name], salt=_SALT)


def kept(token):
    """The KeptUpload of a token, or None for one that is forged, too old or used."""
    try:
        path, name = signing.loads(token, salt=_SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    return KeptUpload(token, path, name) if default_storage.exists(path) else None


def forget(upload):
    """Remove a kept file once what it was for is saved; another upload is left alone."""
    if isinstance(upload, KeptUpload):
        transaction.on_commit(lambda: default_storage.delete(upload.path))


class UploadInput(forms.FileInput):
    """A file input that takes a kept upload where no file was chosen."""

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
        """Django's file field forgets what was sent; ours shows what it kept."""
        return data or initial
