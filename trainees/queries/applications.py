"""QuerySets of applications: offers and the waiting list."""

from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Now

from izmek.text.fold import fold
from trainees.enums import ApplicationState
from trainees.queries.scope import CourseScopedQuerySet

QUEUE = ("already_certified", "received_at", "pk")  # the order of a waiting list


def offer_stands(now):
    """The rule: an offer holds a seat: not expired yet, or the applicant was not told yet."""
    return Q(state=ApplicationState.OFFERED) & (Q(offer_until=None) | Q(offer_until__gt=now))


def offer_ended(now):
    """The rule: an offer has expired, recorded or not."""
    return Q(state=ApplicationState.EXPIRED) | Q(
        state=ApplicationState.OFFERED, offer_until__lte=now
    )


def ahead_in_queue():
    """A condition for a subquery: its application comes before the queried one, by QUEUE."""
    ahead, level = Q(), Q()
    for column in QUEUE:
        ahead |= level & Q(**{f"{column}__lt": OuterRef(column)})
        level &= Q(**{column: OuterRef(column)})
    return ahead


class ApplicationQuerySet(CourseScopedQuerySet):
    def open(self):
        """Applications that are not closed yet."""
        return self.filter(state__in=ApplicationState.open())

    def of_person(self, *, phone, first_name, last_name):
        """Applications of one person, by phone and folded name (DESIGN.md §3)."""
        return self.filter(phone=phone, folded=fold(f"{first_name} {last_name}"))

    def live_offers(self):
        """Offers that hold a seat now."""
        return self.filter(offer_stands(Now()))

    def overdue(self):
        """Offers that have expired but are not recorded as expired yet."""
        return self.open().filter(offer_ended(Now()))

    def to_call(self):
        """The centre's call list: applicants with an offer, without e-mail, not called yet."""
        return self.filter(
            state=ApplicationState.OFFERED, offer_until__isnull=True, told_at__isnull=True
        ).order_by("offered_at", "pk")

    def waiting(self):
        """The waiting list, in order: received, without an offer (DOMAIN.md §3).

        People already certified in the same programme come last; within each group the time of the
        application decides. Computed, never stored.
        """
        return self.filter(state=ApplicationState.RECEIVED).order_by(*QUEUE)

    def with_position(self):
        """Annotate `position`: the place in the course's waiting list (1 is next), else null."""
        from trainees.models import Application

        ahead = (
            Application.objects.waiting()
            .filter(ahead_in_queue(), course=OuterRef("course"))
            .order_by()
            .values("course")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(
            position=Case(
                When(state=ApplicationState.RECEIVED, then=Coalesce(Subquery(ahead), 0) + 1)
            )
        )
