"""QuerySets of works in exhibitions."""

from django.db.models import OuterRef, Q, Subquery

from exhibitions.enums import WorkState
from exhibitions.queries.scope import ExhibitionChildQuerySet


class ShowingQuerySet(ExhibitionChildQuerySet):
    def approved(self):
        """Works that the curator approved for this exhibition."""
        return self.filter(approved_at__isnull=False, work__state=WorkState.APPROVED)

    def waiting(self):
        """Works that the curator has not approved for this exhibition yet."""
        approved = Q(approved_at__isnull=False, work__state=WorkState.APPROVED)
        return self.exclude(approved | Q(work__state=WorkState.WITHDRAWN))

    def to_decide(self):
        """Works about which the curator decides: handed in, and not approved for this exhibition."""
        states = (WorkState.SUBMITTED, WorkState.APPROVED)
        return self.filter(approved_at=None, work__state__in=states)

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
