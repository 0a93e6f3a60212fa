"""QuerySets of enquiries."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.queries.scope import seen_by_centre
from exhibitions.enums import EnquiryKind, EnquiryState
from izmek.accounts.roles import Role

NEAR = timedelta(days=10)  # before the day on which the law wants an answer
# Only requests about personal data have a day until which the law wants an answer.
HAS_DEADLINE = Q(kind=EnquiryKind.PRIVACY, state=EnquiryState.NEW)


def overdue_on(day):
    """The rule: the day by which the law wants an answer is before the given one."""
    return HAS_DEADLINE & Q(answer_by__lt=day)


class EnquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see the enquiries that their centres must answer."""
        return seen_by_centre(self, user, centre="centre", everything=(Role.CURATOR,))

    def requests(self):
        """Requests about personal data: the register of law 6698, article 11."""
        return self.filter(kind=EnquiryKind.PRIVACY)

    def open(self):
        """Enquiries that are neither answered nor closed."""
        return self.filter(state=EnquiryState.NEW)

    def overdue(self, day=None):
        """Open requests about personal data whose legal deadline is before the day (today)."""
        return self.filter(overdue_on(day or timezone.localdate()))

    def due_soon(self, day=None):
        """Open requests about personal data whose legal deadline is near or over."""
        return self.filter(HAS_DEADLINE, answer_by__lte=(day or timezone.localdate()) + NEAR)
