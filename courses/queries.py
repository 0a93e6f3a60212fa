"""QuerySets of the courses app: every rule that selects or counts."""

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from courses.enums import NOON, CourseState, DayPart, SessionState
from izmek.queries import OpenPeriodQuerySet
from izmek.roles import Role
from izmek.turkish import fold


def seen_by_centre(queryset, user, *, centre, teacher=None, everything=(), **also):
    """Rows of a table that hangs on centres, for one user; the one place where scope is spelled.

    Managers and auditors see all (and whoever `everything` names), an officer the rows of her
    centres (`centre` is the lookup that leads to the centre), a teacher those that the Q
    `teacher` picks; nobody else sees any (DESIGN.md §4).
    """
    if user.has_role(Role.MANAGER, Role.AUDITOR, *everything):
        return queryset
    mine = Q(pk__in=[])
    if user.has_role(Role.OFFICER):
        mine |= Q(**{f"{centre}__in": _centres_of(user)})
    if teacher is not None and user.has_role(Role.TEACHER):
        mine |= teacher
    return queryset.filter(mine)


def _centres_of(user):
    from courses.models import CentreOfficer

    return CentreOfficer.objects.filter(user=user).values("centre")


class NeighbourhoodQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A list of places hides nothing from people who work here."""
        return self if user.roles else self.none()


class ReferenceQuerySet(models.QuerySet):
    """Tables that all staff read and managers keep: fields, programmes, years, holidays."""

    def visible_to(self, user):
        return self if user.roles else self.none()


class CourseCentreQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see their own centres; teachers those they teach at."""
        return seen_by_centre(
            self, user, centre="pk", everything=(Role.CURATOR,), teacher=Q(teachers__user=user)
        ).distinct()

    def public(self):
        """Centres on the public pages: those in use."""
        return self.filter(in_use=True)

    def search(self, text):
        """Centres whose name or neighbourhood holds every word of the text, Turkish letters or not."""
        found = self
        for word in fold(text).split():
            found = found.filter(Q(folded__contains=word) | Q(neighbourhood__folded__contains=word))
        return found


class RoomQuerySet(models.QuerySet):
    def visible_to(self, user):
        return seen_by_centre(self, user, centre="centre", teacher=Q(centre__teachers__user=user))


class EducationYearQuerySet(OpenPeriodQuerySet, ReferenceQuerySet):
    def current(self, day=None):
        """The education year that holds the day (today), else the last one begun, else None."""
        day = day or timezone.localdate()
        return self.filter(begin__lte=day).order_by("-begin").first()

    def with_courses(self, day):
        """Years in which a course had taken place or begun by the day, the latest first."""
        from courses.models import Course

        held = Course.objects.held_by(day).filter(term__year=OuterRef("pk"))
        return self.filter(Exists(held)).order_by("-begin")


class TermQuerySet(OpenPeriodQuerySet, ReferenceQuerySet):
    pass


class HolidayQuerySet(OpenPeriodQuerySet, ReferenceQuerySet):
    def for_centre(self, centre):
        """Holidays that hold at a centre: everyone's and its own."""
        return self.filter(Q(centre=None) | Q(centre=centre))


class TeacherQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see the teachers of their centres; a teacher herself."""
        return seen_by_centre(
            self, user, centre="centres", everything=(Role.CURATOR,), teacher=Q(user=user)
        ).distinct()


class CourseQuerySet(models.QuerySet):
    def with_teacher_on(self, day=None):
        """Annotate `teacher_now_id`: who teaches the course on the day (today).

        The teacher it opened with, unless a TeacherChange began by then (DESIGN.md §3).
        """
        from courses.models import TeacherChange

        begun = TeacherChange.objects.filter(
            course=OuterRef("pk"), begins_on__lte=day or timezone.localdate()
        ).order_by("-begins_on", "-pk")
        return self.annotate(
            teacher_now_id=Coalesce(
                Subquery(begun.values("teacher")[:1]),
                F("teacher_id"),
                output_field=models.BigIntegerField(),
            )
        )

    def taught_by(self, user, day=None):
        """Courses that the teacher behind the user teaches on the day (today)."""
        return self.with_teacher_on(day).filter(teacher_now_id__in=_teacher_of(user))

    def visible_to(self, user):
        """Officers see the courses of their centres, teachers the ones they teach today."""
        from courses.models import Course

        return seen_by_centre(
            self,
            user,
            centre="centre",
            everything=(Role.CURATOR,),
            teacher=Q(pk__in=Course.objects.taught_by(user).values("pk")),
        )

    def booking(self):
        """Courses whose sessions hold their teacher and room: open and running ones."""
        return self.filter(state__in=CourseState.booking())

    def public(self):
        """Courses with a page: those that were opened once, cancelled ones and those long over too.

        An address that was printed or shared goes on telling what became of the course.
        """
        return self.filter(total_hours__isnull=False).exclude(state=CourseState.PLANNED)

    def held_by(self, day):
        """Courses that began by the day and were held: neither planned only nor cancelled."""
        return self.filter(begin__lte=day).exclude(
            state__in=(CourseState.PLANNED, CourseState.CANCELLED)
        )

    def open_for_application(self, now=None):
        """Courses that take applications of the public at this moment; a full one does so too.

        Open or running, and inside the period that staff set. Where its end is left empty, the
        registration deadline ends it, and without one the first day of the course.
        """
        now = now or timezone.now()
        return self.filter(
            Q(applications_from=None) | Q(applications_from__lte=now),
            Q(applications_until__gte=now)
            | Q(applications_until=None, registration_deadline__gte=now)
            | Q(
                applications_until=None,
                registration_deadline=None,
                begin__gte=timezone.localdate(now),
            ),
            state__in=CourseState.enrolling(),
        )

    def with_application_period(self, now=None):
        """Annotate `takes_applications`: whether `open_for_application` names the course."""
        from courses.models import Course

        taking = Course.objects.open_for_application(now).filter(pk=OuterRef("pk"))
        return self.annotate(takes_applications=Exists(taking))

    def with_seats(self):
        """Annotate `seats_held` and `seats_offered` as `Course.seats_taken` counts them."""
        from courses.models import Course

        enrolments = Course._meta.get_field("enrolments").related_model.objects
        applications = Course._meta.get_field("applications").related_model.objects
        return self.annotate(
            seats_held=_count_of(enrolments.holding_seat()),
            seats_offered=_count_of(applications.live_offers()),
        )

    def with_free_seats(self):
        """Annotate `free`, what someone who applies now can be offered at once, and `waiting_count`.

        Those who wait already are served first; so a full course has 0 whatever becomes free.
        """
        from courses.models import Course

        applications = Course._meta.get_field("applications").related_model.objects
        left = F("capacity") - F("seats_held") - F("seats_offered") - F("waiting_count")
        return (
            self.with_seats()
            .annotate(waiting_count=_count_of(applications.waiting()))
            .annotate(free=Greatest(left, 0, output_field=models.IntegerField()))
        )

    def below_minimum(self):
        """Open and running courses with fewer trainees than their smallest group (DOMAIN.md §3)."""
        smallest = Coalesce("minimum_group", "term__year__minimum_group")
        return self.booking().with_seats().filter(seats_held__lt=smallest)

    def with_lesson_hours(self):
        """Annotate `hours_planned` (lesson hours that `taking_place` gives) and `hours_held` (called)."""
        from courses.models import Session

        standing = Session.objects.filter(course=OuterRef("pk")).taking_place().order_by()
        total = standing.values("course").annotate(n=models.Sum("lesson_hours")).values("n")
        held = (
            standing.filter(roll_call__isnull=False)
            .values("course")
            .annotate(n=models.Sum("lesson_hours"))
            .values("n")
        )
        return self.annotate(
            hours_planned=Coalesce(Subquery(total), 0), hours_held=Coalesce(Subquery(held), 0)
        )

    def search(self, text):
        """Courses found by programme, centre, teacher or course number, Turkish letters or not."""
        return self._with_words(text, "programme", "centre", "teacher")

    def search_as_public(self, text):
        """Courses found by what is taught (programme, field), where, or course number.

        Never by a teacher: who wants no name on the web is not found by it either.
        """
        return self._with_words(
            text, "programme", "programme__field", "centre", "centre__neighbourhood"
        )

    def _with_words(self, text, *paths):
        """Those that hold every word, each in one of the names at the paths or in the number."""
        found = self
        for word in fold(text).split():
            named = Q(number__icontains=word)
            for path in paths:
                named |= Q(**{f"{path}__folded__contains": word})
            found = found.filter(named)
        return found


def _count_of(rows):
    """An expression: how many of the rows belong to the course queried."""
    rows = rows.filter(course=OuterRef("pk")).order_by().values("course")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def _teacher_of(user):
    from courses.models import Teacher

    return Teacher.objects.filter(user=user).values("pk")


class CourseChildQuerySet(models.QuerySet):
    """Rows that belong to a course and are seen by whoever sees it."""

    def visible_to(self, user):
        from courses.models import Course

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        return self.filter(course__in=Course.objects.visible_to(user))


def _half():
    """An expression: the half of the day in which a session begins."""
    return Case(
        When(begin__lt=NOON, then=Value(DayPart.MORNING.value)),
        default=Value(DayPart.AFTERNOON.value),
    )


def _holidays_taking():
    """The holidays that take the session queried, whose `half` is annotated."""
    from courses.models import Holiday

    return Holiday.objects.for_centre(OuterRef("course__centre")).filter(
        begin__lte=OuterRef("date"),
        end__gte=OuterRef("date"),
        part__in=[DayPart.WHOLE.value, OuterRef("half")],
    )


class SessionQuerySet(CourseChildQuerySet):
    def taught_by(self, user):
        """Sessions whose roll the teacher behind the user may call (DESIGN.md §3).

        All of the courses that she teaches today, and of others' those she stands in for.
        """
        from courses.models import Course

        mine = Course.objects.taught_by(user).values("pk")
        return self.filter(Q(course__in=mine) | Q(teacher__in=_teacher_of(user)))

    def standing(self):
        """Sessions that take place or took place: not cancelled."""
        return self.exclude(state=SessionState.CANCELLED)

    def taking_place(self):
        """Sessions that stand and that no holiday takes, be it one that was entered after them.

        Whose roll was called before that was held all the same.
        """
        held = Q(roll_call__isnull=False)
        return self.standing().alias(half=_half()).filter(held | ~Exists(_holidays_taking()))

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
        """Annotate `holiday`: the name of the holiday that takes the session, or null.

        A half holiday takes the sessions that begin in its half (`DayPart.half`).
        """
        name = _holidays_taking().values("name")[:1]
        return self.alias(half=_half()).annotate(holiday=Subquery(name))

    def clashing(self, course, others, today=None):
        """Coming sessions (from today) of the other courses at the time of one of the course's."""
        from courses.models import Session

        same_time = (
            Session.objects.standing()
            .filter(course=course, date=OuterRef("date"))
            .filter(begin__lt=OuterRef("end"), end__gt=OuterRef("begin"))
        )
        return (
            self.standing()
            .filter(Exists(same_time), course__in=others, date__gte=today or timezone.localdate())
            .select_related("course__programme", "course__centre")
            .order_by("date", "begin")
        )

    def overlapping(self, date, begin, end):
        """Sessions of a date whose time from `begin` to `end` shares a minute with the given one."""
        return self.filter(date=date, begin__lt=end, end__gt=begin)
