"""QuerySets of photos: which are public."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from exhibitions.enums import PeopleOn
from exhibitions.queries.scope import SEE_ALL
from trainees.enums import Purpose


class PhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        from courses.models import CourseCentre
        from exhibitions.models import Exhibition, Work

        if user.has_role(*SEE_ALL):
            return self
        return self.filter(
            Q(work__in=Work.objects.visible_to(user).values("pk"))
            | Q(exhibition__in=Exhibition.objects.visible_to(user).values("pk"))
            | Q(centre__in=CourseCentre.objects.visible_to(user).values("pk"))
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

    def give_covers(self, works=(), exhibitions=(), also=None):
        """Set `cover` of the rows.

        A work's first photo, an exhibition's from `for_cards()`, or None.

        One query for all of them. `also`: a Q for other photos to fetch in the same query. Returns
        all fetched photos as a list, in order.
        """
        wanted = Q(work__in=[work.pk for work in works]) | Q(
            pk__in=[row.cover_id for row in exhibitions if row.cover_id]
        )
        photos = list(self.filter(wanted | also if also is not None else wanted))
        by_id = {photo.pk: photo for photo in photos}
        first = {photo.work_id: photo for photo in reversed(photos)}
        for work in works:
            work.cover = first.get(work.pk)
        for row in exhibitions:
            row.cover = by_id.get(row.cover_id)
        return photos

    def undescribed(self):
        """Photos that still need a description (not decorative)."""
        return self.filter(alt="", decorative=False)

    def described(self):
        """Photos with a description, or marked as decorative."""
        return self.exclude(alt="", decorative=False)
