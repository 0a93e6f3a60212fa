"""Photos, and who can be recognised on them."""

import uuid
from functools import cache

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import CourseCentre
from exhibitions.enums import FocalPoint, PeopleOn
from exhibitions.models.exhibitions import Exhibition
from exhibitions.models.works import Work
from exhibitions.queries.photos import PhotoQuerySet
from izmek.media.photos import JPEG_WIDTH, first_names, rendition_names, widths
from izmek.public.addresses import address
from izmek.text.languages import in_language
from izmek.text.lines import LineField
from izmek.text.trigrams import TrigramIndex
from trainees.models import Trainee


class Photo(models.Model):
    """A photo of a work, an exhibition or a centre, kept in private storage under a random id.

    Its files lie under `photos/<id>/`: a master and what `izmek.media.photos` derives from it. The first of
    them are written before the row, the sizes for each screen by a task soon after it (`has_sizes`); until
    then pages show the one that is there. The upload itself is not kept, nor anything the camera noted.
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
    has_sizes = models.BooleanField(
        _("has all sizes"), default=True, db_default=True, editable=False
    )
    created_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    objects = PhotoQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["has_sizes"])

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["order", "created_at", "pk"]
        indexes = [
            TrigramIndex(fields=["alt"], name="photo_alt_trgm", folds=True),
            TrigramIndex(fields=["caption"], name="photo_caption_trgm", folds=True),
        ]
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

    @property
    def files(self):
        """The names of the files that it has by now."""
        return rendition_names(self.width) if self.has_sizes else first_names(self.width)

    def url(self, name):
        """The address of one of its `files`."""
        return self.prefix + name

    @cached_property
    def prefix(self):
        """What its files' addresses begin with; a list of works names a dozen of each photo."""
        return address("photo", "0" * 32, "-").replace("0" * 32, self.id.hex).removesuffix("-")

    def _srcset(self, extension):
        if not self.has_sizes:
            return ""
        return _srcset(self.width, extension).replace("*", self.prefix)

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
        return self.url(f"{self.large_width}.webp") if self.has_sizes else self.jpeg_url

    @property
    def large_width(self):
        return max(widths(self.width)) if self.has_sizes else min(JPEG_WIDTH, self.width)

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


@cache
def _srcset(width, extension):
    """The `srcset` of all photos of this width; a star stands for what a photo's addresses begin with."""
    return ", ".join(f"*{step}.{extension} {step}w" for step in widths(width))


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
