"""QuerySets of pairs that may be one person."""

from django.db import models
from django.db.models import F, Q

from izmek.accounts.roles import Role


class LookAlikeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Pairs of which the user sees both."""
        from trainees.models import Trainee

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        seen = Trainee.objects.visible_to(user).values("pk")
        return self.filter(one__in=seen, other__in=seen)

    def open(self):
        """Pairs about which nobody has said that they are two people, as the records are now."""
        return self.exclude(answered=F("facts"))

    def answered(self):
        """Pairs of which somebody has said that they are two people."""
        return self.filter(answered=F("facts"))

    def of(self, *people):
        """Pairs with one of these trainees."""
        keys = [one.pk for one in people]
        return self.filter(Q(one__in=keys) | Q(other__in=keys))
