"""QuerySets of courses."""

from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from courses.enums import CourseState
from courses.queries.scope import ChildQuerySet, seen_by_centre
from courses.queries.teachers import begun_by, teacher_of
from izmek.accounts.roles import Role
from izmek.acts.prepared import prepared
from izmek.text.search import with_words

# The rule: it was opened once, so its page stays, also when it is cancelled or finished.
PUBLIC = ~Q(total_hours=None) & ~Q(state=CourseState.PLANNED)


class CourseQuerySet(models.QuerySet):
    def with_teacher_on(self, day=None):
        """Annotate `teacher_now_id`: who teaches the course on the day (today).

        It is the course's first teacher, or the one of the last TeacherChange begun by then
        (DESIGN.md §3).
        """
        from courses.models import TeacherChange

        begun = TeacherChange.objects.filter(
            begun_by(day or timezone.localdate()), course=OuterRef("pk")
        ).order_by("-begins_on")
        return self.annotate(
            teacher_now_id=Coalesce(
                Subquery(begun.values("teacher")[:1]),
                F("teacher_id"),
                output_field=models.BigIntegerField(),
            )
        )

    def taught_by(self, user, day=None):
        """Courses that the teacher behind the user teaches on the day (today).

        Begins with the few courses that name this teacher at all: who teaches a course on a day is
        in no index.
        """
        from courses.models import Course, TeacherChange

        own = teacher_of(user)
        first = Course.objects.filter(teacher__in=own).order_by().values("pk")
        later = TeacherChange.objects.filter(teacher__in=own).order_by().values("course")
        return (
            self.filter(pk__in=first.union(later))
            .with_teacher_on(day)
            .filter(teacher_now_id__in=own)
        )

    def visible_to(self, user):
        """Officers see the courses of their centres, teachers those they teach today, curators all."""
        return self if user.has_role(Role.CURATOR) else self.with_people_seen_by(user)

    def with_people_seen_by(self, user):
        """Courses whose trainees and applicants the user sees: of their centres, or taught today.

        A curator sees every course and, as a curator, nobody who attends one (DOMAIN.md §5).
        """
        from courses.models import Course

        def taught():
            return Q(pk__in=Course.objects.taught_by(user).values("pk"))

        return seen_by_centre(self, user, centre="centre", teacher=taught)

    def booking(self):
        """Open and running courses; their sessions hold the teacher and room."""
        return self.filter(state__in=CourseState.booking())

    def not_over(self):
        """Planned, open and running courses."""
        return self.exclude(state__in=CourseState.over())

    def parallel_to(self, course):
        """Open and running courses of the same programme that are not over yet, soonest first."""
        others = self.booking().filter(programme=course.programme_id, end__gte=timezone.localdate())
        return others.exclude(pk=course.pk).order_by("begin", "pk")

    def not_cancelled(self):
        return self.exclude(state=CourseState.CANCELLED)

    def public(self):
        """Courses with a public page: all that were ever opened, also cancelled and finished ones.

        So a printed or shared URL stays valid and shows what happened to the course.
        """
        return self.filter(PUBLIC)

    def held_by(self, day):
        """Courses that began by the day and took place: neither planned nor cancelled."""
        return self.filter(begin__lte=day).exclude(
            state__in=(CourseState.PLANNED, CourseState.CANCELLED)
        )

    def open_for_application(self, now=None, today=None):
        """Courses that the public can apply for now, full ones included.

        Open or running, and in the application period, at most until the last day of the course.
        Without an end date, the period ends at the registration deadline, or else on its first day.
        `today`: the local date of `now`.
        """
        now = now or timezone.now()
        today = today or timezone.localdate(now)
        return self.filter(
            Q(applications_from=None) | Q(applications_from__lte=now),
            Q(applications_until__gte=now)
            | Q(applications_until=None, registration_deadline__gte=now)
            | Q(
                applications_until=None,
                registration_deadline=None,
                begin__gte=today,
            ),
            state__in=CourseState.enrolling(),
            end__gte=today,
        )

    def next_change_of_applications(self, now):
        """The next moment at which a course begins or ceases to take applications, or None.

        But for the days on which courses begin and end.
        """
        found = next(iter(_changes_of_applications(now=now)), ())
        return min(filter(None, found), default=None)

    def with_application_period(self, now=None, today=None):
        """Annotate `takes_applications`: whether the course is in `open_for_application`."""
        from courses.models import Course

        taking = Course.objects.open_for_application(now, today).filter(pk=OuterRef("pk"))
        return self.annotate(takes_applications=Exists(taking))

    def with_seats(self):
        """Annotate `seats_held` and `seats_offered`, counted as in `Course.seats_taken`."""
        from courses.models import Course

        enrolments = Course._meta.get_field("enrolments").related_model.objects
        applications = Course._meta.get_field("applications").related_model.objects
        return self.annotate(
            seats_held=count_per_course(enrolments.holding_seat()),
            seats_offered=count_per_course(applications.live_offers()),
        )

    def with_free_seats(self):
        """Annotate `free`, the seats for a new applicant, and `waiting_count`.

        Waiting people come first, so a course with a waiting list has 0 even when a seat becomes
        free. Only confirmed applications count.
        """
        from courses.models import Course

        applications = Course._meta.get_field("applications").related_model.objects
        left = F("capacity") - F("seats_held") - F("seats_offered") - F("waiting_count")
        return (
            self.with_seats()
            .annotate(waiting_count=count_per_course(applications.next_in_line()))
            .annotate(free=Greatest(left, 0, output_field=models.IntegerField()))
        )

    def with_open_applications(self):
        """Annotate `open_applications`: how many wait for something, confirmed or not."""
        from courses.models import Course

        applications = Course._meta.get_field("applications").related_model.objects
        return self.annotate(open_applications=count_per_course(applications.open()))

    def below_minimum(self):
        """Open and running courses with fewer trainees than the minimum group size (DOMAIN.md §3)."""
        smallest = Coalesce("minimum_group", "term__year__minimum_group")
        return self.booking().with_seats().filter(seats_held__lt=smallest)

    def with_lesson_hours(self):
        """Annotate `hours_planned` (lesson hours that `taking_place` gives) and `hours_held` (called)."""
        from courses.models import Session

        lessons = Session.objects.filter(course=OuterRef("pk")).taking_place().order_by()
        total = lessons.values("course").annotate(n=models.Sum("lesson_hours")).values("n")
        held = (
            lessons.filter(roll_call__isnull=False)
            .values("course")
            .annotate(n=models.Sum("lesson_hours"))
            .values("n")
        )
        return self.annotate(
            hours_planned=Coalesce(Subquery(total), 0), hours_held=Coalesce(Subquery(held), 0)
        )

    def search_as_public(self, text):
        """Courses by programme, field, place or course number.

        Not by teacher: a teacher may not want their name on the web.
        """
        paths = ("programme", "programme__field", "centre", "centre__neighbourhood")
        columns = [f"{path}__folded" for path in paths]
        return with_words(self, text, *columns, also=lambda word: Q(number__icontains=word))


def count_per_course(rows):
    """An expression: the number of rows that belong to the queried course."""
    rows = rows.filter(course=OuterRef("pk")).order_by().values("course")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


class CourseChildQuerySet(ChildQuerySet):
    parent = "course"


@prepared
def _changes_of_applications(now):
    """One row: the next moment in each column that bounds the period of applications."""
    from courses.models import Course

    columns = ("applications_from", "applications_until", "registration_deadline")
    moments = {f"next_{name}": Min(name, filter=Q(**{f"{name}__gt": now})) for name in columns}
    rows = Course.objects.filter(state__in=CourseState.enrolling()).order_by()
    return rows.values(all_of_them=Value(1)).annotate(**moments).values_list(*moments)
