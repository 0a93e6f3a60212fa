"""QuerySets of photos: which are public."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from exhibitions.enums import PeopleOn
from exhibitions.queries.scope import SEE_ALL
from izmek.acts.prepared import prepared
from izmek.acts.queries import in_any
from trainees.enums import Purpose


class PhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        from courses.models import CourseCentre
        from exhibitions.models import Exhibition, Work

        if user.has_role(*SEE_ALL):
            return self
        photos = self.model._base_manager
        return in_any(
            self,
            *(
                photos.filter(**{f"{of}__in": rows.visible_to(user).values("pk")}).values("pk")
                for of, rows in (
                    ("work", Work.objects),
                    ("exhibition", Exhibition.objects),
                    ("centre", CourseCentre.objects),
                )
            ),
        )

    def public(self):
        """Public photos: described, of a public object, with the consent of everyone on them.

        Both the page and the view that sends the file use this (DESIGN.md §3, photos).
        """
        from courses.models import CourseCentre
        from exhibitions.models import Exhibition, Work

        return self.of_public_rows().filter(
            Exists(Work.objects.public().filter(pk=OuterRef("work")))
            | Exists(Exhibition.objects.public().filter(pk=OuterRef("exhibition")))
            | Exists(CourseCentre.objects.public().filter(pk=OuterRef("centre")))
        )

    def of_public_rows(self):
        """Public photos of objects that the caller has just read as public, and need not ask again."""
        return self.agreed().described()

    def agreed(self):
        """Photos on which everyone recognisable has a valid consent now."""
        from exhibitions.models import PhotoPerson
        from trainees.models import Consent

        unwilling = (
            PhotoPerson.objects.filter(photo=OuterRef("pk"))
            .annotate(agrees=Consent.objects.holds(Purpose.PHOTO, trainee="trainee"))
            .filter(agrees=False)
        )
        return self.filter(~Exists(unwilling)).exclude(
            # Marked as showing trainees, but nobody is named: so nobody can have consented.
            Q(people=PeopleOn.TRAINEES) & ~Exists(PhotoPerson.objects.filter(photo=OuterRef("pk")))
        )

    def without_sizes(self, age):
        """Photos that are older than this and lack the sizes for each screen: nobody made them."""
        return self.filter(has_sizes=False, created_at__lt=timezone.now() - age)

    def undescribed(self):
        """Photos that still need a description (not decorative)."""
        return self.filter(alt="", decorative=False)

    def described(self):
        """Photos with a description, or marked as decorative."""
        return self.exclude(alt="", decorative=False)


def give_covers(works=(), exhibitions=(), **of):
    """Set `cover` of rows that the caller has just read as public.

    A work's first photo, an exhibition's from `for_cards()`, or None.

    One query for all of them. `of`: a `work`, an `exhibition` or a `centre` whose photos are all
    fetched with it. Returns all fetched photos as a list, in order.
    """
    covers = [row.cover_id for row in exhibitions if row.cover_id]
    of = {name: row.pk for name, row in of.items()}
    photos = _photos(works=[work.pk for work in works], covers=covers, **of)
    by_id = {photo.pk: photo for photo in photos}
    first = {photo.work_id: photo for photo in reversed(photos)}
    for work in works:
        work.cover = first.get(work.pk)
    for row in exhibitions:
        row.cover = by_id.get(row.cover_id)
    return photos


def public_photo(key):
    """The public photo with this key, or None."""
    return next(iter(_public_photos(key=key)), None)


@prepared
def _public_photos(key):
    from exhibitions.models import Photo

    return Photo.objects.public().filter(pk=key)


@prepared
def _photos(works, covers, **of):
    from exhibitions.models import Photo

    wanted = Q(work__in=works) | Q(pk__in=covers) | Q(**of)
    return Photo.objects.of_public_rows().filter(wanted)
