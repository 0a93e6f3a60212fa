"""QuerySets of techniques and works: which are public, and how they are found."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from courses.queries.scope import seen_by_centre
from exhibitions.enums import Surface, WorkState
from exhibitions.queries.makers import PURPOSE_OF
from izmek.accounts.roles import Role
from izmek.text.search import with_words


class TechniqueQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.roles else self.none()


class WorkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see the works of their centres, teachers those of the courses they teach."""
        from courses.models import Course

        return seen_by_centre(
            self,
            user,
            centre="centre",
            everything=(Role.CURATOR,),
            teacher=Q(course__in=Course.objects.taught_by(user).values("pk")),
        )

    def public(self):
        """Works on the public pages: approved, and approved for an exhibition that is public."""
        from exhibitions.models import Exhibition, Showing

        # EXISTS and not IN: it checks each row by its keys. An IN would list every public work of
        # ten years for each page.
        at = Exhibition.objects.public().filter(pk=OuterRef("exhibition"))
        shown = Showing.objects.filter(Exists(at), work=OuterRef("pk"), approved_at__isnull=False)
        return self.filter(Exists(shown), state=WorkState.APPROVED)

    def all_public(self):
        """The rows of public(), faster when all of them are read.

        The public exhibitions are listed once instead of being checked for each row: with 20,000
        works it takes a third of the time on SQLite, the same on PostgreSQL.
        """
        from exhibitions.models import Exhibition, Showing

        at = Exhibition.objects.public().values("pk")
        shown = Showing.objects.filter(exhibition__in=at, approved_at__isnull=False)
        return self.filter(pk__in=shown.values("work"), state=WorkState.APPROVED)

    def gone(self):
        """Works that were approved for a public exhibition and were withdrawn or returned later.

        Their approvals have ended, so the history tells it.
        """
        from exhibitions.models import Exhibition, Showing

        at = Exhibition.objects.public().filter(pk=OuterRef("exhibition"))
        was_shown = Showing.history.filter(
            Exists(at), work=OuterRef("pk"), approved_at__isnull=False
        )
        return self.filter(Exists(was_shown)).exclude(state=WorkState.APPROVED)

    def shown_at(self, exhibition, **of_the_showing):
        """Approved works of an exhibition, in the curator's order.

        `of_the_showing`: more conditions on the work's showing there, such as `highlight=True`.
        """
        conditions = {f"showings__{name}": value for name, value in of_the_showing.items()}
        # One filter() call, so that all conditions are about the same showing; the order uses it
        # too.
        return self.filter(
            state=WorkState.APPROVED,
            showings__exhibition=exhibition,
            showings__approved_at__isnull=False,
            **conditions,
        ).order_by("showings__order", "showings__pk")

    def with_named_teacher(self):
        """Annotate `teacher_is_named`: whether the teacher may be named on the web now."""
        from trainees.models import Consent

        consents = Consent.objects.holds(PURPOSE_OF[Surface.WEB], teacher="teacher")
        return self.select_related("teacher").annotate(teacher_is_named=consents)

    def for_cards(self):
        """With the data that a card prints."""
        return self.select_related("technique", "centre__neighbourhood")

    def search(self, text):
        """Works by title, technique, materials, centre or publicly named maker.

        Makers' names are joined and their consents are checked; names are never stored with the
        work (DESIGN.md §3, names in public).
        """
        from exhibitions.models import Maker

        named = Maker.objects.with_public_names(Surface.WEB)

        def numbered_or_made_by(word):
            return Q(number=word) | Q(pk__in=named.named_like(word).values("work"))

        columns = ("folded", "technique__folded", "centre__folded")
        return with_words(self, text, *columns, also=numbered_or_made_by)
