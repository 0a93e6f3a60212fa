"""QuerySets of neighbourhoods, centres and rooms."""

from django.db import models
from django.db.models import Q

from courses.queries.scope import seen_by_centre
from izmek.accounts.roles import Role
from izmek.text.search import with_words


class NeighbourhoodQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone who works here sees all places."""
        return self if user.roles else self.none()


class CourseCentreQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see their own centres; teachers those they teach at."""
        return seen_by_centre(
            self,
            user,
            centre="pk",
            everything=(Role.CURATOR,),
            teacher=lambda: Q(teachers__user=user),
        ).distinct()

    def public(self):
        """Centres on the public pages: the active ones."""
        return self.filter(in_use=True)

    def search(self, text):
        """Centres by name or neighbourhood, with every word of the text.

        Turkish letters are optional.
        """
        return with_words(self, text, "folded", "neighbourhood__folded")


class RoomQuerySet(models.QuerySet):
    def visible_to(self, user):
        return seen_by_centre(
            self, user, centre="centre", teacher=lambda: Q(centre__teachers__user=user)
        )
