"""QuerySets of exhibitions: which are public, open, coming, past."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from courses.queries.scope import seen_by_centre
from exhibitions.enums import DatePrecision, ExhibitionState, PeopleOn
from izmek.accounts.roles import Role
from izmek.acts.prepared import in_order, prepared
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
            teacher=lambda: Q(centres__teachers__user=user),
        ).distinct()

    def public(self):
        """Exhibitions that are public now, by the clock of the database."""
        return self.filter(public_at(Now()))

    def next_publication(self, now):
        """The next moment at which an exhibition becomes public, or None."""
        return next(iter(_publications(now=now)), None)

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

    def with_work_counts(self):
        """Annotate how many works it has: `work_count`, `approved_count`, and `waiting_count` to decide."""
        from exhibitions.models import Showing

        showings = Showing.objects.all()
        return self.annotate(
            work_count=_count_per_exhibition(showings),
            approved_count=_count_per_exhibition(showings.approved()),
            waiting_count=_count_per_exhibition(showings.to_decide()),
        )

    def for_cards(self):
        """With what a card of a public exhibition shows: the days that differ, and `cover_id`.

        The cover is the exhibition's first public photo, else the first one of its works.
        """
        from exhibitions.models import Photo, Showing

        photos = Photo.objects.of_public_rows().order_by("order", "created_at", "pk").values("pk")
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


def _count_per_exhibition(rows):
    """An expression: the number of rows that belong to the queried exhibition."""
    rows = rows.filter(exhibition=OuterRef("pk")).order_by().values("exhibition")
    return Coalesce(Subquery(rows.annotate(n=models.Count("pk")).values("n")), 0)


@prepared
def _publications(now):
    from exhibitions.models import Exhibition

    rows = Exhibition.objects.filter(state__in=ExhibitionState.public(), publish_from__gt=now)
    return rows.order_by("publish_from").values_list("publish_from", flat=True)[:1]


def exhibition_cards(keys):
    """The public exhibitions with these keys as their cards show them, in the order of the keys."""
    return in_order(_cards, keys)


@prepared
def _cards(keys):
    from exhibitions.models import Exhibition

    return Exhibition.objects.for_cards().filter(pk__in=keys)
