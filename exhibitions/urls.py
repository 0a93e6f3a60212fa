"""The public pages of exhibitions and works, in both languages; `stable` has one address for both."""

import uuid

from django.urls import path, register_converter
from django.utils.translation import gettext_lazy as _

from exhibitions.views.exhibitions import exhibition, exhibitions
from exhibitions.views.photos import photo
from exhibitions.views.works import short_address, work


class WorkNumber:
    """The inventory number of a work: 2023-0142."""

    regex = r"\d{4}-\d{4,7}"

    def to_python(self, value):
        return value

    to_url = to_python


class PhotoId:
    """The random id of a photo, as 32 hexadecimal digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value):
        return uuid.UUID(value)

    def to_url(self, value):
        return value.hex if isinstance(value, uuid.UUID) else value


register_converter(WorkNumber, "work_number")
register_converter(PhotoId, "photo_id")

urlpatterns = [
    path(_("exhibitions/"), exhibitions, name="exhibitions"),
    path(_("exhibitions/<slug:slug>/"), exhibition, name="exhibition"),
    path(_("works/<work_number:number>/<slug:slug>/"), work, name="work"),
]

stable = [
    path("gorsel/<photo_id:pk>/<str:name>", photo, name="photo"),
    path("e/<work_number:number>/", short_address, name="work_short"),
]
