"""QuerySets of techniques and works: which are public, and how they are found."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Length, StrIndex
from django.db.models.lookups import LessThanOrEqual

from courses.queries.scope import seen_by_centre
from exhibitions.enums import ExhibitionState, Surface, WorkState
from exhibitions.queries.makers import PURPOSE_OF, works_named
from izmek.accounts.roles import Role
from izmek.acts.prepared import in_order, prepared
from izmek.acts.queries import in_any
from izmek.text.fold import fold


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
            teacher=lambda: Q(course__in=Course.objects.taught_by(user).values("pk")),
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

    def waiting_for_approval(self, at=None):
        """Works about which the curator decides next, the first submitted first.

        Submitted works, and approved ones that are not approved for an exhibition that is not over.
        `at`: only those that wait for this exhibition.
        """
        from exhibitions.models import Exhibition, Showing, Work

        undecided = Showing.objects.to_decide()
        if at is not None:
            rows = self.filter(pk__in=undecided.filter(exhibition=at).values("work"))
        else:
            ahead = Exhibition.objects.not_over().exclude(state=ExhibitionState.CANCELLED)
            elsewhere = undecided.filter(
                exhibition__in=ahead.order_by().values("pk"), work__state=WorkState.APPROVED
            )
            submitted = Work.objects.filter(state=WorkState.SUBMITTED)
            rows = in_any(self, submitted.values("pk"), elsewhere.values("work"))
        return rows.order_by(F("submitted_at").asc(nulls_first=True), "pk")

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
        """With the data that a card prints; not the centre's phone, since reading one takes long."""
        return self.select_related("technique", "centre__neighbourhood").defer("centre__phone")

    def search(self, text):
        """Works by title, technique, publicly named maker, materials, centre or number.

        Each word has to stand somewhere. The best come first, equals stay in their order: `rank` adds up
        0 for a word in the title, 1 for one in the technique, 2 for one in a maker's name, 3 elsewhere.

        Makers' names are looked up and their consents checked at this moment; names are never stored
        with the work (DESIGN.md §3, names in public).
        """
        words = fold(text).split()
        # Small tables and names are looked up first, and their keys go on: so the large table has an index
        # for each way in which a work may match.
        techniques, centres, made = _techniques(), _centres(), works_named(words)
        rows, rank = self, Value(0)
        for word in words:
            written = Q(folded__contains=word)
            of_technique = Q(technique__in=[pk for pk, name in techniques if word in name])
            of_centre = Q(centre__in=[pk for pk, name in centres if word in name])
            numbered = Q(number=word)
            rows = rows.filter(written | of_technique | of_centre | numbered | Q(pk__in=made[word]))
            rank += Case(
                When(written & _in_title(word), then=0),
                When(of_technique, then=1),
                When(written | of_centre | numbered, then=3),
                default=2,  # what nothing else tells, a maker's name does
            )
        return rows.annotate(rank=rank).order_by("rank", *self.query.order_by)


@prepared
def _techniques():
    from exhibitions.models import Technique

    return Technique.objects.values_list("pk", "folded")


@prepared
def _centres():
    from courses.models import CourseCentre

    return CourseCentre.objects.values_list("pk", "folded")


def work_cards(keys):
    """The works with these keys as their cards show them, in the order of the keys."""
    return in_order(_cards, keys)


@prepared
def _cards(keys):
    from exhibitions.models import Work

    return Work.objects.for_cards().filter(pk__in=keys)


def _in_title(word):
    """Whether a folded word that a work's key holds stands in its title: the key begins with that."""
    titles = Length("title") + Length("title_en") + 1
    return Q(LessThanOrEqual(StrIndex("folded", Value(word)), titles))
