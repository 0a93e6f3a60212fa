"""QuerySets of seats."""

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, ExtractDay, ExtractMonth, ExtractYear, Greatest
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from courses.enums import CourseState, Education
from izmek.acts.queries import in_any
from izmek.text.order import tr_order
from trainees.arithmetic import NEAR_LIMIT
from trainees.enums import AgeGroup, EnrolmentState
from trainees.queries.outcome import hours_attended, hours_missed, used_of_limit
from trainees.queries.people import ADULT, adulthood, birthday_limit
from trainees.queries.scope import CourseScopedQuerySet


def attends_on(day):
    """The rule: in the course on a day (a date, or an expression): joined_on ≤ day < left_on."""
    return Q(joined_on__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))


def attends_between(first, last):
    """The rule: in the course on some day from the first to the last."""
    return Q(joined_on__lte=last) & (Q(left_on=None) | Q(left_on__gt=first))


def _as_number(day):
    """An expression: a date as yyyymmdd, to which years can be added on both databases."""
    return ExtractYear(day) * 10000 + ExtractMonth(day) * 100 + ExtractDay(day)


class EnrolmentQuerySet(CourseScopedQuerySet):
    def holding_seat(self):
        """Enrolments with a seat: not withdrawn, removed or transferred."""
        return self.filter(state__in=EnrolmentState.holding())

    def current(self):
        """Enrolments of people who attend now: the course is open or running."""
        return self.filter(state=EnrolmentState.ENROLLED, course__state__in=CourseState.enrolling())

    def without_permission(self, today=None):
        """Current seats of people under 18 whose guardian has not permitted it (DOMAIN.md §3, Who)."""
        from trainees.models import Guardian, Trainee

        permitted = Guardian.objects.filter(trainee=OuterRef("pk"), permission_on__isnull=False)
        # First those of whom it can be true at all: to look at the record of everybody is dear.
        unpermitted = Trainee.objects.filter(~Exists(permitted))
        minors = unpermitted.filter(birth_date__gt=adulthood(today))
        undated = unpermitted.filter(birth_date=None)
        seats = self.model._default_manager
        return in_any(
            self.current(),
            seats.filter(trainee__in=minors.values("pk")).values("pk"),
            seats.filter(trainee__in=undated.values("pk")).values("pk"),
        )

    def against_conditions(self, today=None):
        """Current seats whose programme's conditions of age or education do not hold (DOMAIN.md §3, Who).

        Younger than its minimum age when the course begins (today, if it has begun), or of less education
        than it asks. Happens when a birth date or an education is corrected afterwards; who gave neither
        is no case, nor whom an officer let in with less education.
        """
        from izmek.models import Override
        from trainees.models import Enrolment

        today = today or timezone.localdate()
        day = Greatest("course__begin", Value(today, output_field=models.DateField()))
        old_enough_on = _as_number(F("trainee__birth_date")) + (
            F("course__programme__minimum_age") * 10000
        )
        learnt_less = Q(trainee__education__lt=F("course__programme__minimum_education"))
        let_in = Override.objects.filter(
            act="education",
            content_type__app_label="trainees",
            content_type__model="enrolment",
            object_id=Cast(OuterRef("pk"), models.CharField()),
        )
        # First those of whom it can be true at all: to look at the record of everybody is dear.
        young = Enrolment.objects.filter(trainee__birth_date__gt=adulthood(today))
        strict = Enrolment.objects.filter(
            Q(course__programme__minimum_age__gt=ADULT)
            | Q(course__programme__minimum_education__gt=Education.NONE),
            course__state__in=CourseState.enrolling(),
        )
        return self.current().filter(
            Q(pk__in=young.values("pk").union(strict.values("pk"))),
            Q(GreaterThan(old_enough_on, _as_number(day)))
            | learnt_less & ~Q(trainee__education="") & ~Exists(let_in),
        )

    def held_on(self, day):
        """Seats held on a day: joined by then and not left by then."""
        return self.filter(attends_on(day))

    def held_between(self, first, last):
        """Seats held on some day from the first to the last."""
        return self.filter(attends_between(first, last))

    def results(self, day):
        """One row for each course: `seats`, `ended` (courses over by the day), `completed`."""
        over = Q(course__end__lte=day)
        return (
            self.order_by()
            .values("course")
            .annotate(
                seats=Count("pk"),
                ended=Count("pk", filter=over & Q(state__in=EnrolmentState.outcomes())),
                completed=Count("pk", filter=over & Q(state=EnrolmentState.COMPLETED)),
            )
        )

    def people(self, day):
        """Counts of `people` by `neighbourhood` (its key), `age_group` and `gender`.

        The age is that on the day; null: unknown. Each person counts once, even with several
        enrolments.
        """
        groups = [
            When(
                trainee__birth_date__lte=birthday_limit(group.youngest, day),
                then=Value(group.value),
            )
            for group in reversed(AgeGroup)
            if group.youngest
        ]
        age_group = Case(
            *groups,
            When(trainee__birth_date__isnull=False, then=Value(AgeGroup.UNDER_18.value)),
            output_field=models.CharField(),
        )
        return (
            self.order_by()
            .annotate(
                neighbourhood=F("trainee__neighbourhood"),
                age_group=age_group,
                gender=F("trainee__gender"),
            )
            .values("neighbourhood", "age_group", "gender")
            .annotate(people=Count("trainee", distinct=True))
        )

    def certified_in(self, programme):
        """Enrolments in which the trainee completed a programme, in any of its courses."""
        return self.filter(state=EnrolmentState.COMPLETED, course__programme=programme)

    def of_cancelled(self, programme):
        """Seats in cancelled courses of a programme that were not moved to another course yet."""
        return self.filter(state=EnrolmentState.CANCELLED, course__programme=programme)

    def in_name_order(self):
        """By first and last name in Turkish order, as in HEM's lists."""
        return self.order_by(tr_order("trainee__first_name"), tr_order("trainee__last_name"), "pk")

    def on_roll(self, course, day):
        """Enrolments on the roll of a lesson: those who attend its course on its day."""
        return self.filter(attends_on(day), course=course)

    def with_absence_at(self, session):
        """Annotate the absence at a lesson.

        Adds `missed_hours` (null: no absence), `excused`, `note`, `marked_by` (user id) and
        `marked_at`. After the roll call, someone without an absence was present.
        """
        return self.annotate(
            here=FilteredRelation("absences", condition=Q(absences__session=session)),
            missed_hours=F("here__hours"),
            excused=F("here__excused"),
            note=F("here__note"),
            marked_by=F("here__by"),
            marked_at=F("here__at"),
        )

    def unseen(self):
        """Those who lose the seat by the first-lesson rule after an officer's check (DOMAIN.md §3).

        Enrolled, absent without an excuse for the whole first lesson, its roll was called, and
        present at no later roll call.
        """
        from courses.models import Session
        from trainees.models import Absence

        def absence(enrolment, session):
            return Exists(
                Absence.objects.filter(
                    enrolment=enrolment, session=session, hours__gte=F("session__lesson_hours")
                )
            )

        called = (
            Session.objects.filter(course=OuterRef("course"))
            .taking_place()
            .order_by("date", "begin")
        )
        first = called.values("pk")[:1]
        seen = called.filter(
            ~absence(OuterRef(OuterRef("pk")), OuterRef("pk")),
            roll_call__isnull=False,
            date__gte=OuterRef("joined_on"),
        )
        at_first = Absence.objects.filter(
            enrolment=OuterRef("pk"),
            session=OuterRef("first_session"),
            session__roll_call__isnull=False,
            hours__gte=F("session__lesson_hours"),
            excused=False,
        )
        return (
            self.filter(state=EnrolmentState.ENROLLED)
            .annotate(first_session=Subquery(first))
            .filter(Exists(at_first), ~Exists(seen))
        )

    def with_attendance(self):
        """Annotate `absent` (lesson hours missed) and `too_absent` (above the limit).

        Absence counts in lesson hours, excused or not. More than the limit fails
        (`against_limit`). Lessons held before the trainee
        joined count if the education year says so. After a transfer within the programme, the hours
        missed in the old course count instead, over at most `MOST_TRANSFERS` transfers. Lessons that
        do not take place do not count.
        """
        return self.annotate(absent=hours_missed()).annotate(
            too_absent=Case(
                When(used_of_limit(100, strictly=True), then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )

    def with_hours_attended(self):
        """Annotate `attended`: the lesson hours of called lessons at which the trainee was present."""
        return self.annotate(attended=hours_attended())

    def near_limit(self, percent=NEAR_LIMIT):
        """With attendance; those who missed at least this percentage of the limit."""
        return self.with_attendance().filter(used_of_limit(percent), absent__gt=0)


class SeatManager(models.Manager.from_queryset(EnrolmentQuerySet)):
    """Without the second seat of one person in one course (`Enrolment.every` has it too)."""

    def get_queryset(self):
        return super().get_queryset().exclude(state=EnrolmentState.MERGED)
