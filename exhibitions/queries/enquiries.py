"""QuerySets of enquiries."""

from django.db import models
from django.utils import timezone

from courses.queries.scope import seen_by_centre
from exhibitions.enums import EnquiryKind, EnquiryState
from izmek.accounts.roles import Role


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
