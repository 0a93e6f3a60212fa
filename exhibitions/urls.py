"""The public pages of exhibitions and works, in both languages; `stable` has one address for both."""

import uuid

from django.urls import path, register_converter
from django.utils.translation import gettext_lazy as _

from exhibitions.views import enquiries, feeds, visitor_book
from exhibitions.views import previews as preview
from exhibitions.views.catalogue import catalogue
from exhibitions.views.exhibitions import calendar, exhibition, exhibitions
from exhibitions.views.photos import photo
from exhibitions.views.works import short_address, work, works


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
    path(_("exhibitions/calendar.ics"), feeds.calendar, name="exhibitions_calendar"),
    path(_("exhibitions/feed.atom"), feeds.feed, name="exhibitions_feed"),
    path(_("exhibitions/"), exhibitions, name="exhibitions"),
    path(_("exhibitions/<slug:slug>/"), exhibition, name="exhibition"),
    path(_("exhibitions/<slug:slug>/calendar.ics"), calendar, name="exhibition_calendar"),
    path(_("exhibitions/<slug:slug>/catalogue.pdf"), catalogue, name="exhibition_catalogue"),
    path(_("exhibitions/<slug:slug>/ask/"), enquiries.ask_about_exhibition, name="ask_exhibition"),
    path(
        _("exhibitions/<slug:slug>/request/"),
        enquiries.request_about_exhibition,
        name="request_exhibition",
    ),
    path(
        _("exhibitions/<slug:slug>/visitor-book/"), visitor_book.visitor_book, name="visitor_book"
    ),
    path(
        _("exhibitions/<slug:slug>/visitor-book/write/"),
        visitor_book.write,
        name="visitor_book_write",
    ),
    path(
        _("exhibitions/<slug:slug>/visitor-book/thanks/"),
        visitor_book.thanks,
        name="visitor_book_thanks",
    ),
    path(_("contact/write/"), enquiries.feedback, name="feedback"),
    path(_("enquiry/<str:reference>/"), enquiries.enquiry, name="enquiry"),
    path(_("preview/<str:token>/"), preview.preview, name="preview"),
    path(_("works/"), works, name="works"),
    path(_("works/<work_number:number>/ask/"), enquiries.ask_about_work, name="ask_work"),
    path(
        _("works/<work_number:number>/request/"), enquiries.request_about_work, name="request_work"
    ),
    path(_("works/<work_number:number>/"), short_address, name="work_without_title"),
    path(_("works/<work_number:number>/<slug:slug>/"), work, name="work"),
]

stable = [
    path(
        "onizleme/<str:token>/gorsel/<photo_id:pk>/<str:name>",
        preview.photo,
        name="preview_photo",
    ),
    path("gorsel/<photo_id:pk>/<str:name>", photo, name="photo"),
    path("e/<work_number:number>/", short_address, name="work_short"),
]
