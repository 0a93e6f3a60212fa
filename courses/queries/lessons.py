"""QuerySets of lessons."""

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from courses.enums import NOON, CourseState, DayPart, SessionState
from courses.queries.calendar import takes_lessons
from courses.queries.courses import CourseChildQuerySet
from courses.queries.teachers import teacher_of
from izmek.acts.rules import holds

# The rule, for sessions `with_holiday`: not cancelled, and taken by no holiday.
TAKES_PLACE = ~Q(state=SessionState.CANCELLED) & Q(holiday=None)
BEGINS_IN_THE_MORNING = Q(begin__lt=NOON)


def half_of(session):
    """The half of the day (a DayPart) in which a session or a weekly time begins."""
    return DayPart.MORNING if holds(BEGINS_IN_THE_MORNING, session) else DayPart.AFTERNOON


HALF = Case(
    When(BEGINS_IN_THE_MORNING, then=Value(DayPart.MORNING.value)),
    default=Value(DayPart.AFTERNOON.value),
)


def _taking():
    """The holidays on the session queried, whose half is known; they may have been entered after it.

    None takes a session whose roll was called: that one was held (DOMAIN.md §3).
    """
    from courses.models import Holiday

    return Holiday.objects.for_centre(OuterRef("course__centre")).filter(
        takes_lessons(OuterRef("date"), OuterRef("half"))
    )


class SessionQuerySet(CourseChildQuerySet):
    def taught_by(self, user):
        """Sessions whose roll the teacher behind the user may call (DESIGN.md §3).

        All sessions of the courses that they teach today, and those of other courses in which they
        are the substitute.
        """
        from courses.models import Course

        return self.of_teacher(teacher_of(user), Course.objects.taught_by(user).values("pk"))

    def of_teacher(self, teachers, courses):
        """The rule of `taught_by`, for whoever has read these keys already.

        A page that asks more of the lessons than one key reads them first: the planner of the
        database finds few rows by keys, and many by a subquery in an OR.
        """
        return self.filter(Q(course__in=courses) | Q(teacher__in=teachers))

    def not_cancelled(self):
        """Sessions that take place or took place: not cancelled."""
        return self.exclude(state=SessionState.CANCELLED)

    def taking_place(self):
        """Sessions that are not cancelled and that no holiday takes."""
        if "holiday" in self.query.annotations:
            return self.filter(TAKES_PLACE)
        # The same rule. In these words the database looks for no holiday where a roll was called, and for
        # the roll call of each lesson: joined, it would read all roll calls there ever were.
        calls = self.model._meta.get_field("roll_call").related_model._base_manager
        called = Subquery(calls.filter(session=OuterRef("pk")).values("pk")[:1])
        held = Q(called__isnull=False) | ~Exists(_taking())
        return self.alias(half=HALF, called=called).not_cancelled().filter(held)

    def held_by(self, day):
        """Lessons of courses that were held, up to and on the day; a roll need not have been called."""
        from courses.models import Course

        return self.taking_place().filter(date__lte=day, course__in=Course.objects.held_by(day))

    def uncalled(self):
        """Sessions whose roll was not called."""
        return self.filter(roll_call__isnull=True)

    def missing_roll(self, today=None):
        """Lessons before today of running courses that were held and whose roll nobody called."""
        return (
            self.taking_place()
            .uncalled()
            .filter(date__lt=today or timezone.localdate(), course__state=CourseState.RUNNING)
        )

    def replaceable(self, today=None):
        """Sessions that a new timetable may replace: future ones without a roll or an absence.

        A session with a roll or an absence is never deleted or regenerated (DESIGN.md §3).
        """
        return self.uncalled().filter(absences__isnull=True, date__gt=today or timezone.localdate())

    def with_holiday(self):
        """Annotate `holiday`: the name of the holiday that takes the session, or null."""
        taking = Subquery(_taking().values("name")[:1])
        return self.alias(half=HALF).annotate(holiday=Case(When(roll_call=None, then=taking)))

    def clashing(self, course, others, today=None):
        """Coming sessions (from today) of the other courses at the time of one of the course's."""
        from courses.models import Session

        same_time = (
            Session.objects.not_cancelled()
            .filter(course=course, date=OuterRef("date"))
            .filter(begin__lt=OuterRef("end"), end__gt=OuterRef("begin"))
        )
        return (
            self.not_cancelled()
            .filter(Exists(same_time), course__in=others, date__gte=today or timezone.localdate())
            .select_related("course__programme", "course__centre")
            .order_by("date", "begin")
        )

    def overlapping(self, date, begin, end):
        """Sessions of a date whose time from `begin` to `end` shares a minute with the given one."""
        return self.filter(date=date, begin__lt=end, end__gt=begin)
