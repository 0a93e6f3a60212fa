"""Photos, and who can be recognised on them."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import CourseCentre
from exhibitions.enums import FocalPoint, PeopleOn
from exhibitions.models.exhibitions import Exhibition
from exhibitions.models.works import Work
from exhibitions.queries.photos import PhotoQuerySet
from izmek.media.photos import JPEG_WIDTH, widths
from izmek.text.languages import in_language
from izmek.text.lines import LineField
from trainees.models import Trainee


class Photo(models.Model):
    """A photo of a work, an exhibition or a centre, kept in private storage under a random id.

    Its files lie under `photos/<id>/`: a master and the sizes that `izmek.media.photos` derives from it,
    all written before the row. The upload itself is not kept, nor anything the camera noted in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    work = models.ForeignKey(
        Work,
        models.CASCADE,
        related_name="photos",
        verbose_name=_("work"),
        null=True,
        blank=True,
    )
    exhibition = models.ForeignKey(
        Exhibition,
        models.CASCADE,
        related_name="photos",
        verbose_name=_("exhibition"),
        null=True,
        blank=True,
    )
    centre = models.ForeignKey(
        CourseCentre,
        models.CASCADE,
        related_name="photos",
        verbose_name=_("course centre"),
        null=True,
        blank=True,
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    alt = LineField(
        _("description"),
        max_length=250,
        blank=True,
        help_text=_(
            "For people who do not see it: what it is, technique, colours, arrangement, one detail."
        ),
    )
    alt_en = LineField(_("description in English"), max_length=250, blank=True)
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("Needs no description; another photo of the work is described."),
    )
    caption = LineField(_("caption"), max_length=200, blank=True)
    caption_en = LineField(_("caption in English"), max_length=200, blank=True)
    credit = LineField(_("credit"), max_length=120, blank=True)
    focal_point = models.CharField(
        _("focal point"),
        max_length=2,
        choices=FocalPoint,
        default=FocalPoint.CENTRE,
        help_text=_("The part that a crop keeps."),
    )
    people = models.CharField(
        _("who can be recognised"), max_length=10, choices=PeopleOn, default=PeopleOn.NOBODY
    )
    trainees = models.ManyToManyField(
        Trainee, through="PhotoPerson", related_name="photos", blank=True
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    created_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    objects = PhotoQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["order", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(work__isnull=False, exhibition=None, centre=None)
                | Q(work=None, exhibition__isnull=False, centre=None)
                | Q(work=None, exhibition=None, centre__isnull=False),
                name="photo_of_one",
            ),
            models.CheckConstraint(
                condition=Q(decorative=False) | Q(alt="", alt_en=""),
                name="photo_decorative_or_described",
                violation_error_message=_("A decorative photo has no description."),
            ),
        ]

    def __str__(self):
        return self.alt or str(_("photo without a description"))

    @property
    def folder(self):
        """Where its files lie in the storage."""
        return f"photos/{self.id.hex}"

    def url(self, name):
        """The address of one of its files (`izmek.media.photos.rendition_names`)."""
        return self._address + name

    @cached_property
    def _address(self):
        """What its files' addresses begin with; a list of works names a dozen of each photo."""
        return reverse("photo", args=[self.id.hex, "-"]).removesuffix("-")

    def _srcset(self, extension):
        return ", ".join(
            f"{self.url(f'{width}.{extension}')} {width}w" for width in widths(self.width)
        )

    @property
    def srcset_avif(self):
        return self._srcset("avif")

    @property
    def srcset_webp(self):
        return self._srcset("webp")

    @property
    def jpeg_url(self):
        return self.url(f"{min(JPEG_WIDTH, self.width)}.jpg")

    @property
    def large_url(self):
        """The largest size that the public gets."""
        return self.url(f"{max(widths(self.width))}.webp")

    @property
    def share_url(self):
        """The card that messengers and social networks show."""
        return self.url("share.jpg")

    @property
    def focal_class(self):
        return f"focal-{self.focal_point}"

    @property
    def alt_text(self):
        return "" if self.decorative else in_language(self, "alt")


class PhotoPerson(models.Model):
    """A trainee who can be recognised on a photo."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="persons")
    trainee = models.ForeignKey(
        Trainee, models.CASCADE, related_name="photographed", verbose_name=_("trainee")
    )

    class Meta:
        verbose_name = _("trainee on the photo")
        verbose_name_plural = _("trainees on the photo")
        constraints = [
            models.UniqueConstraint(fields=["photo", "trainee"], name="photo_person_once")
        ]

    def __str__(self):
        return str(self.trainee)
