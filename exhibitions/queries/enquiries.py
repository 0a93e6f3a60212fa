"""QuerySets of enquiries."""

from django.db import models
from django.utils import timezone

from courses.queries.scope import seen_by_centre
from exhibitions.enums import EnquiryKind, EnquiryState
from izmek.accounts.roles import Role


class EnquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see the enquiries that their centres must answer."""
        return seen_by_centre(self, user, centre="centre", everything=(Role.CURATOR,))

    def open(self):
        """Enquiries that are neither answered nor closed."""
        return self.filter(state=EnquiryState.NEW)

    def overdue(self, day=None):
        """Open requests about personal data whose legal deadline is before the day (today)."""
        day = day or timezone.localdate()
        return self.open().filter(kind=EnquiryKind.PRIVACY, answer_by__lt=day)
