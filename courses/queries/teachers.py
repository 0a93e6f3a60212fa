"""QuerySets of teachers, and who teaches a course on a day."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.queries.scope import seen_by_centre
from izmek.accounts.roles import Role
from izmek.acts.rules import holds


class TeacherQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see the teachers of their centres; teachers themselves."""
        return seen_by_centre(
            self, user, centre="centres", everything=(Role.CURATOR,), teacher=lambda: Q(user=user)
        ).distinct()


def teacher_of(user):
    from courses.models import Teacher

    return Teacher.objects.filter(user=user).values("pk")


def teacher_on(course, day, changes=None):
    """The id of the teacher who teaches the course on a day: the last change begun, else the first."""
    latest = _last_change(course, day, changes)
    return latest.teacher_id if latest else course.teacher_id


def who_teaches(course, day=None):
    """The Teacher who teaches the course on a day (today).

    Of many courses prefetch `teacher_changes__teacher`.
    """
    latest = _last_change(course, day or timezone.localdate())
    return latest.teacher if latest else course.teacher


def begun_by(day):
    """The rule: a change of teacher had begun by the day; the last one begun counts."""
    return Q(begins_on__lte=day)


def _last_change(course, day, changes=None):
    changes = course.teacher_changes.all() if changes is None else changes
    begun = [change for change in changes if holds(begun_by(day), change)]
    return max(begun, key=lambda change: change.begins_on, default=None)
