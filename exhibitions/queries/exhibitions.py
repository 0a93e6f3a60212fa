"""QuerySets of exhibitions: which are public, open, coming, past."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from courses.queries.scope import seen_by_centre
from exhibitions.enums import DatePrecision, ExhibitionState, PeopleOn
from izmek.accounts.roles import Role
from izmek.text.search import with_words

SOON = timedelta(days=30)  # a draft that begins within it waits for its publication


def public_at(now):
    """The rule: everyone may see the exhibition at this moment (a time, or `Now()`)."""
    return Q(state__in=ExhibitionState.public()) & (Q(publish_from=None) | Q(publish_from__lte=now))


def open_on(day):
    """The rule: it lasts on the day; cancelled and postponed exhibitions are not open.

    A day on which its doors stay shut counts: its tag says so (`Exhibition.status`).
    Where only the month is known nobody can say that it is open.
    """
    return Q(
        state=ExhibitionState.PUBLISHED,
        date_precision=DatePrecision.DAY,
        begin__lte=day,
        end__gte=day,
    )


def draft_soon(day):
    """The rule: a draft that on the day has to be published soon, or should be public already."""
    return Q(state=ExhibitionState.DRAFT, begin__lte=day + SOON, end__gte=day)


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
        """Exhibitions that are public now, by the clock of the database."""
        return self.filter(public_at(Now()))

    def next_publication(self, now):
        """The next moment at which an exhibition becomes public, or None."""
        return self.filter(state__in=ExhibitionState.public(), publish_from__gt=now).aggregate(
            next=models.Min("publish_from")
        )["next"]

    def open_on(self, day=None):
        """Exhibitions open to visitors on the day (today)."""
        return self.filter(open_on(day or timezone.localdate()))

    def not_over(self, day=None):
        """Exhibitions that end on the day (today) or later, in any state; nearest first."""
        return self.filter(end__gte=day or timezone.localdate()).order_by("begin", "pk")

    def held_in(self, year, day):
        """Exhibitions of an education year that opened by the day; without a year, by their dates."""
        of_year = Q(year=year) | Q(year=None, begin__gte=year.begin, begin__lte=year.end)
        return self.filter(of_year, state=ExhibitionState.PUBLISHED, begin__lte=day)

    def coming(self, day=None):
        """Exhibitions that begin after the day (today), nearest first."""
        return self.filter(begin__gt=day or timezone.localdate()).order_by("begin", "pk")

    def past(self, day=None):
        """Exhibitions that ended before the day (today), latest first."""
        return self.filter(end__lt=day or timezone.localdate()).order_by("-begin", "-pk")

    def for_cards(self):
        """With what a card shows: the days that differ, and `cover_id`.

        The cover is the exhibition's first public photo, else the first one of its works.
        """
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
        return self.prefetch_related("days").annotate(
            cover_id=Coalesce(
                Subquery(photos.filter(exhibition=OuterRef("pk"))[:1]),
                Subquery(photos.filter(work=Subquery(first_work[:1]), **alone)[:1]),
            )
        )

    def search(self, text):
        """Exhibitions by title, venue, neighbourhood or centre; Turkish letters are optional."""
        columns = ("folded", "neighbourhood__folded", "centres__folded")
        return with_words(self, text, *columns).distinct()
