"""Lesson hours missed, and the limit (DOMAIN.md §3, Absence)."""

from datetime import date
from functools import cache

from django.db import models
from django.db.models import Case, F, OuterRef, Subquery, Sum, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from trainees.arithmetic import against_limit

MOST_TRANSFERS = 2  # in a row within one programme; missed hours are carried over so many times


@cache  # an expression is never changed, and this one takes a millisecond to build
def hours_missed(path="", transfers=MOST_TRANSFERS):
    """An expression: the lesson hours missed in the enrolment at a lookup path from the queried row."""
    from courses.models import Session
    from trainees.models import Absence

    absences = Absence.objects.counted().filter(enrolment=OuterRef(f"{path}pk"))
    before_joining = Session.objects.not_cancelled().filter(
        course=OuterRef(f"{path}course"),
        date__lt=OuterRef(f"{path}joined_on"),
        roll_call__isnull=False,
    )
    before = [
        When(
            **{f"{path}course__term__year__count_before_joining": True},
            then=_total(before_joining, "course", "lesson_hours"),
        )
    ]
    if transfers:
        same_programme = {f"{path}continues__course__programme": F(f"{path}course__programme")}
        before.insert(
            0, When(**same_programme, then=hours_missed(f"{path}continues__", transfers - 1))
        )
    return _total(absences, "enrolment", "hours") + Case(
        *before, default=0, output_field=models.IntegerField()
    )


@cache
def hours_attended(path="", transfers=MOST_TRANSFERS):
    """An expression: the lesson hours attended in the enrolment at a lookup path from the queried row.

    Counts lessons whose roll was called while the trainee was in the course, without what they
    missed of these; after transfers within the programme those of the courses before as well.
    """
    from courses.models import Session
    from trainees.models import Absence

    joined, left = OuterRef(f"{path}joined_on"), OuterRef(f"{path}left_on")
    called = Session.objects.not_cancelled().filter(
        course=OuterRef(f"{path}course"),
        roll_call__isnull=False,
        date__gte=joined,
        date__lt=Coalesce(left, date.max, output_field=models.DateField()),
    )
    missed = Absence.objects.filter(
        enrolment=OuterRef(f"{path}pk"), session__roll_call__isnull=False
    )
    hours = _total(called, "course", "lesson_hours") - _total(missed, "enrolment", "hours")
    if not transfers:
        return hours
    same_programme = {f"{path}continues__course__programme": F(f"{path}course__programme")}
    before = When(**same_programme, then=hours_attended(f"{path}continues__", transfers - 1))
    return hours + Case(before, default=0, output_field=models.IntegerField())


def _total(rows, group, hours):
    rows = rows.order_by().values(group).annotate(n=Sum(hours)).values("n")
    return Coalesce(Subquery(rows), 0, output_field=models.IntegerField())


def used_of_limit(percent, strictly=False):
    """A condition: `absent` is at least (strictly: more than) this percentage of the limit."""
    # the columns are small integers, but their products can be larger
    whole = models.IntegerField()
    columns = ("total_hours", "absence_limit_numerator", "absence_limit_denominator")
    factors = [Cast(f"course__{column}", whole) for column in columns]
    used, limit = against_limit(F("absent"), *factors, percent)
    return GreaterThan(used, limit) if strictly else GreaterThanOrEqual(used, limit)
