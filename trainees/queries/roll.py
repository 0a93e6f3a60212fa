"""QuerySets of roll calls and absences."""

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from trainees.queries.scope import CourseScopedQuerySet
from trainees.queries.seats import attends_on


class RollCallQuerySet(CourseScopedQuerySet):
    parent = "session__course"


class AbsenceQuerySet(CourseScopedQuerySet):
    parent = "session__course"  # that of its enrolment: from here the days lead to the absences

    def counted(self):
        """Absences at lessons that take place (DOMAIN.md §3).

        Nobody misses a cancelled lesson, or one that a holiday takes which was entered later.
        """
        from courses.models import Session

        return self.filter(Exists(Session.objects.taking_place().filter(pk=OuterRef("session"))))


def count_of(rows, path):
    """An expression: the number of rows that point by `path` to the queried row; 0 for none."""
    rows = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def with_roll(sessions):
    """Annotate lessons with `trainees` (number on the roll) and `absent` (number marked absent)."""
    from trainees.models import Absence, Enrolment

    on_roll = (
        Enrolment.objects.filter(attends_on(OuterRef("date")), course=OuterRef("course"))
        .order_by()
        .values("course")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return sessions.annotate(
        trainees=Coalesce(Subquery(on_roll), 0), absent=count_of(Absence.objects, "session")
    )
