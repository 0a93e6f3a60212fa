"""QuerySets of applications: offers and the waiting list."""

from datetime import timedelta

from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Now

from izmek.acts.prepared import prepared
from izmek.text.fold import fold
from izmek.text.phones import as_stored
from trainees.enums import ApplicationState
from trainees.queries.same_person import PersonFacts, likeness
from trainees.queries.scope import CourseScopedQuerySet

UNANSWERED = timedelta(days=1)  # after which the centre calls who did not use the link
QUEUE = ("in_turn", "already_certified", "received_at", "pk")  # the order of a waiting list


def offer_stands(now):
    """The rule: an offer holds a seat: not expired yet, or the applicant was not told yet."""
    return Q(state=ApplicationState.OFFERED) & (Q(offer_until=None) | Q(offer_until__gt=now))


def offer_ended(now):
    """The rule: an offer has expired, recorded or not."""
    return Q(state=ApplicationState.EXPIRED) | Q(
        state=ApplicationState.OFFERED, offer_until__lte=now
    )


# The rule: nobody has confirmed an application yet; it keeps its place and gets no offer.
UNCONFIRMED = Q(state=ApplicationState.RECEIVED, confirmed_at=None)


def lapsed(now):
    """The rule: an application was not confirmed in time, recorded or not."""
    return Q(state=ApplicationState.LAPSED) | (UNCONFIRMED & Q(confirm_until__lte=now))


def unanswered(now):
    """The rule: the centre calls to confirm: no link was sent, or it was not used within a day."""
    return UNCONFIRMED & (Q(asked_at=None) | Q(asked_at__lte=now - UNANSWERED))


# The rule: an applicant with an offer has no e-mail and was not called yet.
UNTOLD = Q(state=ApplicationState.OFFERED, offer_until=None, told_at=None)


def unanswered_since(moment):
    """The rule: applied or offered a seat before the moment, and nobody has told or asked them since."""
    return (UNCONFIRMED & Q(received_at__lte=moment)) | (UNTOLD & Q(offered_at__lte=moment))


def ahead_in_queue():
    """A condition for a subquery: its application comes before the queried one, by QUEUE."""
    ahead, level = Q(), Q()
    for column in QUEUE:
        ahead |= level & Q(**{f"{column}__lt": OuterRef(column)})
        level &= Q(**{column: OuterRef(column)})
    return ahead


def count_ahead(rows):
    """An expression: how many of the rows come before the queried one in its course."""
    rows = rows.filter(ahead_in_queue(), course=OuterRef("course")).order_by().values("course")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


class ApplicationQuerySet(CourseScopedQuerySet):
    def open(self):
        """Applications that are not closed yet."""
        return self.filter(state__in=ApplicationState.open())

    def of_person(self, *, phone, first_name, last_name):
        """Applications of one person, by phone and folded name (DESIGN.md §3)."""
        return self.filter(phone=phone, folded=fold(f"{first_name} {last_name}"))

    def similar(self, *, name, phone, birth_year=None):
        """Those that may be of the same person: such a name, and the phone or year of birth.

        As for trainees (`queries/same_person.py`); a list.
        """
        same = Q(phone=phone) if phone else Q(pk__in=[])
        if birth_year:
            same |= Q(birth_year=birth_year)
        asked = PersonFacts.named(name, year=birth_year, phone=as_stored(phone))
        return [one for one in self.filter(same).order_by("pk") if likeness(asked, one.person)]

    def live_offers(self):
        """Offers that hold a seat now."""
        return self.filter(offer_stands(Now()))

    def next_end_of_offer(self, now):
        """The next moment at which an offer ends and its seat falls free, or None."""
        return next(iter(_ends_of_offers(now=now)), None)

    def overdue(self):
        """Offers that have expired but are not recorded as expired yet."""
        return self.open().filter(offer_ended(Now()))

    def unconfirmed(self):
        """Applications that nobody has confirmed yet; they keep their place and get no offer."""
        return self.filter(UNCONFIRMED)

    def lapsed(self):
        """Unconfirmed applications whose time is over, but not recorded as lapsed yet."""
        return self.open().filter(lapsed(Now()))

    def to_confirm(self):
        """Whom the centre calls to confirm, in order."""
        return self.filter(unanswered(Now())).order_by("received_at", "pk")

    def to_call(self):
        """The centre's call list: applicants with an offer, without e-mail, not called yet."""
        return self.filter(UNTOLD).order_by("offered_at", "pk")

    def waiting(self):
        """The waiting list, in order: received, without an offer (DOMAIN.md §3).

        Those whose own course of the programme was cancelled come first, those already certified in
        it last; within each group the time of the application decides. Computed, never stored.
        """
        return self.filter(state=ApplicationState.RECEIVED).order_by(*QUEUE)

    def next_in_line(self):
        """Those on the waiting list who are offered the free seats, in order: the confirmed ones."""
        return self.waiting().filter(confirmed_at__isnull=False)

    def with_position(self):
        """Annotate `position`: the place in the course's waiting list (1 is next), else null."""
        from trainees.models import Application

        ahead = count_ahead(Application.objects.waiting())
        return self.annotate(position=Case(When(state=ApplicationState.RECEIVED, then=ahead + 1)))

    def with_ahead(self):
        """Annotate `ahead`: how many confirmed applications come before it in the waiting list.

        Those that nobody has confirmed do not count: a stranger's word keeps no seat from anybody.
        """
        from trainees.models import Application

        return self.annotate(ahead=count_ahead(Application.objects.next_in_line()))


@prepared
def _ends_of_offers(now):
    from trainees.models import Application

    rows = Application.objects.filter(state=ApplicationState.OFFERED, offer_until__gt=now)
    return rows.order_by("offer_until").values_list("offer_until", flat=True)[:1]
