"""QuerySets of the exhibitions app: what is public, what is seen by whom, and who is named."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from courses.queries import seen_by_centre
from exhibitions.enums import (
    DatePrecision,
    EnquiryKind,
    EnquiryState,
    ExhibitionState,
    NameForm,
    NoteState,
    PeopleOn,
    Surface,
    WorkState,
)
from izmek.roles import Role
from izmek.turkish import fold
from trainees.enums import Purpose
from trainees.queries import consenting_teachers

PURPOSE_OF = {Surface.LABEL: Purpose.NAME_LABEL, Surface.WEB: Purpose.NAME_WEB}


def _everyone_in_exhibitions(user):
    return user.has_role(Role.MANAGER, Role.AUDITOR, Role.CURATOR)


def with_change(rows):
    """Annotate `changed_at`: when the row itself was last changed, as its history knows."""
    versions = rows.model.history.filter(id=OuterRef("pk")).order_by("-history_date")
    latest = versions.values("history_date")
    return rows.annotate(changed_at=Subquery(latest[:1]))


class TechniqueQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.roles else self.none()


class ExhibitionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see exhibitions that their centres take part in or that are public."""
        return seen_by_centre(
            self,
            user,
            centre="centres",
            everything=(Role.CURATOR,),
            teacher=Q(centres__teachers__user=user),
        ).distinct()

    def public(self):
        """Exhibitions that everyone may see at this moment, by the clock of the database."""
        return self.filter(state__in=ExhibitionState.public()).filter(
            Q(publish_from=None) | Q(publish_from__lte=Now())
        )

    def next_publication(self):
        """The next moment at which one becomes public by itself, or None."""
        return self.filter(
            state__in=ExhibitionState.public(), publish_from__gt=timezone.now()
        ).aggregate(next=models.Min("publish_from"))["next"]

    def open_on(self, day=None):
        """Those that can be visited on the day (today); cancelled and postponed ones cannot.

        Where only the month is known nobody can say that it is open.
        """
        day = day or timezone.localdate()
        return self.filter(
            state=ExhibitionState.PUBLISHED,
            date_precision=DatePrecision.DAY,
            begin__lte=day,
            end__gte=day,
        )

    def not_over(self, day=None):
        """Those that last to the day (today) or longer, whatever their state; the nearest first."""
        return self.filter(end__gte=day or timezone.localdate()).order_by("begin", "pk")

    def held_in(self, year, day):
        """Those of an education year that had opened by the day; one without a year counts by its dates."""
        of_year = Q(year=year) | Q(year=None, begin__gte=year.begin, begin__lte=year.end)
        return self.filter(of_year, state=ExhibitionState.PUBLISHED, begin__lte=day)

    def coming(self, day=None):
        """Those that begin after the day (today), the nearest first."""
        return self.filter(begin__gt=day or timezone.localdate()).order_by("begin", "pk")

    def past(self, day=None):
        """Those that ended before the day (today), the latest first."""
        return self.filter(end__lt=day or timezone.localdate()).order_by("-begin", "-pk")

    def with_cover(self):
        """Annotate `cover_id`: its own first public photo, else one of its first work that has any."""
        from exhibitions.models import Photo, Showing

        photos = Photo.objects.public().order_by("order", "created_at", "pk").values("pk")
        alone = {"people": PeopleOn.NOBODY}  # asked of each work, so no more than a look at a key
        first_work = (
            Showing.objects.approved()
            .filter(
                Exists(Photo.objects.described().filter(work=OuterRef("work"), **alone)),
                exhibition=OuterRef(OuterRef("pk")),
            )
            .order_by("-highlight", "order", "pk")
            .values("work")
        )
        return self.annotate(
            cover_id=Coalesce(
                Subquery(photos.filter(exhibition=OuterRef("pk"))[:1]),
                Subquery(photos.filter(work=Subquery(first_work[:1]), **alone)[:1]),
            )
        )

    def search(self, text):
        """Exhibitions found by title, venue, neighbourhood or centre, Turkish letters or not."""
        found = self
        for word in fold(text).split():
            found = found.filter(
                Q(folded__contains=word)
                | Q(neighbourhood__folded__contains=word)
                | Q(centres__folded__contains=word)
            )
        return found.distinct()


def named_teachers(surface=Surface.WEB):
    """Teachers who consent to their name on a surface at this moment."""
    return consenting_teachers(PURPOSE_OF[surface])


class ExhibitionChildQuerySet(models.QuerySet):
    def visible_to(self, user):
        from exhibitions.models import Exhibition

        if _everyone_in_exhibitions(user):
            return self
        return self.filter(exhibition__in=Exhibition.objects.visible_to(user).values("pk"))


class WorkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see the works of their centres, teachers those of the courses they teach."""
        from courses.models import Course

        return seen_by_centre(
            self,
            user,
            centre="centre",
            everything=(Role.CURATOR,),
            teacher=Q(course__in=Course.objects.taught_by(user).values("pk")),
        )

    def public(self):
        """Works on the public pages: approved, and approved for an exhibition that is public."""
        return self._shown_in_public().filter(state=WorkState.APPROVED)

    def all_public(self):
        """The rows of public(), for who goes through all of them.

        The public exhibitions are listed once and not asked for at each row: with 20,000 works a
        third of the time on SQLite, the same on PostgreSQL.
        """
        from exhibitions.models import Exhibition, Showing

        at = Exhibition.objects.public().values("pk")
        shown = Showing.objects.filter(exhibition__in=at, approved_at__isnull=False)
        return self.filter(pk__in=shown.values("work"), state=WorkState.APPROVED)

    def gone(self):
        """Works that were approved for an exhibition that is public, and withdrawn or returned since."""
        return self._shown_in_public().exclude(state=WorkState.APPROVED)

    def _shown_in_public(self):
        from exhibitions.models import Exhibition, Showing

        # Exists and not IN, here and below: each row asks about itself, by keys. An IN would list
        # every public work of ten years for each page.
        at = Exhibition.objects.public().filter(pk=OuterRef("exhibition"))
        shown = Showing.objects.filter(Exists(at), work=OuterRef("pk"), approved_at__isnull=False)
        return self.filter(Exists(shown))

    def shown_at(self, exhibition, **of_the_showing):
        """Approved works of an exhibition, in the curator's order.

        `of_the_showing`: what else must hold of the work's showing there, as `highlight=True`.
        """
        conditions = {f"showings__{name}": value for name, value in of_the_showing.items()}
        # One filter(): all of it is about the same showing, which the order then reuses.
        return self.filter(
            state=WorkState.APPROVED,
            showings__exhibition=exhibition,
            showings__approved_at__isnull=False,
            **conditions,
        ).order_by("showings__order", "showings__pk")

    def with_named_teacher(self):
        """Annotate `teacher_is_named`: whether its teacher is named on the web now."""
        from trainees.models import Consent

        consents = Consent.objects.holds(PURPOSE_OF[Surface.WEB], teacher="teacher")
        return self.select_related("teacher").annotate(teacher_is_named=consents)

    def for_cards(self):
        """With what a card prints of them."""
        return self.select_related("technique", "centre__neighbourhood")

    def search(self, text):
        """Works found by title, technique, materials, centre or publicly named maker.

        Makers' names are joined and asked for their consent, never stored beside the work
        (DESIGN.md §3, names in public).
        """
        from exhibitions.models import Maker

        named = Maker.objects.with_public_names(Surface.WEB)
        found = self
        for word in fold(text).split():
            found = found.filter(
                Q(folded__contains=word)
                | Q(technique__folded__contains=word)
                | Q(centre__folded__contains=word)
                | Q(number=word)
                | Q(pk__in=named.named_like(word).values("work"))
            )
        return found


class WorkChildQuerySet(models.QuerySet):
    def visible_to(self, user):
        from exhibitions.models import Work

        if _everyone_in_exhibitions(user):
            return self
        return self.filter(work__in=Work.objects.visible_to(user).values("pk"))


class MakerQuerySet(WorkChildQuerySet):
    def with_public_names(self, surface=Surface.WEB):
        """Annotate `shows`: the NameForm in which a maker is named on a surface at this moment.

        The only reader of names in public. The lesser of the maker's wish and her consent for the
        surface's purpose; a trainee under 18 at most with first name and initial and only with her
        guardian's consent, which lapses at 18 (DESIGN.md §3). A group is named as it is written.
        `Maker.public_name` turns it into text.
        """
        from trainees.models import Consent
        from trainees.queries import adulthood

        purpose = PURPOSE_OF[surface]
        return (
            self.select_related("trainee", "teacher")
            .annotate(
                consents=Case(
                    When(
                        trainee__isnull=False,
                        then=Consent.objects.holds(purpose, trainee="trainee"),
                    ),
                    When(
                        teacher__isnull=False,
                        then=Consent.objects.holds(purpose, teacher="teacher"),
                    ),
                    default=Value(True),
                    output_field=models.BooleanField(),
                )
            )
            .annotate(
                shows=Case(
                    When(consents=False, then=Value(NameForm.NONE)),
                    When(
                        Q(form=NameForm.FULL)
                        & (Q(trainee=None) | Q(trainee__birth_date__lte=adulthood())),
                        then=Value(NameForm.FULL),
                    ),
                    When(form=NameForm.NONE, then=Value(NameForm.NONE)),
                    default=Value(NameForm.SHORT),
                )
            )
        )

    def named_like(self, word):
        """Of makers with `shows`: those whose public name holds the folded word."""
        # The names first: they are quickly compared, a consent is asked of those that fit alone.
        fits = (
            Q(trainee__folded__contains=word)
            | Q(teacher__folded__contains=word)
            | Q(group_folded__contains=word)
        )
        return self.filter(fits).filter(
            Q(shows=NameForm.FULL, trainee__folded__contains=word)
            | Q(shows=NameForm.FULL, teacher__folded__contains=word)
            | Q(shows=NameForm.FULL, group_folded__contains=word)
            | Q(shows=NameForm.SHORT, trainee__first_folded__contains=word)
            | Q(shows=NameForm.SHORT, teacher__first_folded__contains=word)
        )


class ShowingQuerySet(ExhibitionChildQuerySet):
    def approved(self):
        """Works that the curator approved for this exhibition."""
        return self.filter(approved_at__isnull=False, work__state=WorkState.APPROVED)

    def waiting(self):
        """Works that the curator has not approved for this exhibition yet."""
        approved = Q(approved_at__isnull=False, work__state=WorkState.APPROVED)
        return self.exclude(approved | Q(work__state=WorkState.WITHDRAWN))

    def with_neighbours(self):
        """Annotate `previous_id` and `next_id`: the works before and after it in its exhibition."""
        from exhibitions.models import Showing

        others = Showing.objects.approved().filter(exhibition=OuterRef("exhibition"))
        before = Q(order__lt=OuterRef("order")) | Q(order=OuterRef("order"), pk__lt=OuterRef("pk"))
        after = Q(order__gt=OuterRef("order")) | Q(order=OuterRef("order"), pk__gt=OuterRef("pk"))
        return self.annotate(
            previous_id=Subquery(
                others.filter(before).order_by("-order", "-pk").values("work")[:1]
            ),
            next_id=Subquery(others.filter(after).order_by("order", "pk").values("work")[:1]),
        )


class PhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        from courses.models import CourseCentre
        from exhibitions.models import Exhibition, Work

        if _everyone_in_exhibitions(user):
            return self
        return self.filter(
            Q(work__in=Work.objects.visible_to(user).values("pk"))
            | Q(exhibition__in=Exhibition.objects.visible_to(user).values("pk"))
            | Q(centre__in=CourseCentre.objects.visible_to(user).values("pk"))
        )

    def public(self):
        """Photos that everyone may see: described, their object public, everyone on them agreed.

        The page and the view that serves the bytes both ask this (DESIGN.md §3, photos).
        """
        from courses.models import CourseCentre
        from exhibitions.models import Exhibition, Work

        return (
            self.agreed()
            .described()
            .filter(
                Exists(Work.objects.public().filter(pk=OuterRef("work")))
                | Exists(Exhibition.objects.public().filter(pk=OuterRef("exhibition")))
                | Exists(CourseCentre.objects.public().filter(pk=OuterRef("centre")))
            )
        )

    def agreed(self):
        """Photos on which everyone who can be recognised agrees to be shown at this moment."""
        from exhibitions.models import PhotoPerson
        from trainees.models import Consent

        unwilling = (
            PhotoPerson.objects.filter(photo=OuterRef("pk"))
            .annotate(agrees=Consent.objects.holds(Purpose.PHOTO, trainee="trainee"))
            .filter(agrees=False)
        )
        return self.filter(~Exists(unwilling)).exclude(
            # Said to show trainees, but nobody can say which: nobody can have agreed.
            Q(people=PeopleOn.TRAINEES) & ~Exists(PhotoPerson.objects.filter(photo=OuterRef("pk")))
        )

    def give_covers(self, works=(), exhibitions=(), also=None):
        """Set `cover` of the rows: a work's first photo, an exhibition's of `with_cover()`, or None.

        One query for all of them. `also` is a Q for other photos to fetch with it; all that were
        fetched are returned as a list, in their order.
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
        """Photos whose description is still missing and that are not decorative."""
        return self.filter(alt="", decorative=False)

    def described(self):
        """Photos that someone has looked at: described, or said to need no words."""
        return self.exclude(alt="", decorative=False)


class EnquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see what their centres have to answer."""
        return seen_by_centre(self, user, centre="centre", everything=(Role.CURATOR,))

    def open(self):
        """Those that nobody has answered or closed."""
        return self.filter(state=EnquiryState.NEW)

    def overdue(self, day=None):
        """Open requests about personal data whose answer the law wanted before the day (today)."""
        day = day or timezone.localdate()
        return self.open().filter(kind=EnquiryKind.PRIVACY, answer_by__lt=day)


class VisitorNoteQuerySet(ExhibitionChildQuerySet):
    def shown(self):
        return self.filter(state=NoteState.SHOWN)

    def waiting(self):
        """Notes that nobody has read yet."""
        return self.filter(state=NoteState.WAITING)
