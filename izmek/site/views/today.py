"""A teacher's day: today's lessons, rolls that were not called, and other tasks."""

from datetime import timedelta

from django.db.models import Count, Q, Window
from django.utils import timezone

from courses.enums import CourseState
from courses.models import Course, CourseModule, Session
from courses.queries.teachers import teacher_of
from exhibitions.enums import WorkState
from exhibitions.models import Work
from izmek.acts.prepared import prepared
from trainees.enums import EnrolmentState
from trainees.models import Call, Enrolment, Mark
from trainees.queries.roll import count_of, with_roll
from trainees.views.teacher_page import note_substitute, page, teacher_page

MOST_UNCALLED = 10  # the latest; a course's page has all of them
MARKS_DUE = timedelta(days=7)  # missing marks are shown from this long before a course ends
STILL_SHOWN = timedelta(days=60)  # a finished course stays in the list for this long


@teacher_page
def today(request):
    """`/ogretmen/`: from here one tap opens the roll of a lesson.

    The courses are read first: with their keys every other query finds its few rows by an index.
    """
    day = timezone.localdate()
    states = dict(_states(user=request.user))
    of = {"courses": list(states)}
    courses = _courses(**of, finished_after=day - STILL_SHOWN)
    for course in courses:
        due = course.state == CourseState.RUNNING and course.end <= day + MARKS_DUE
        course.marks_due = due and course.trainees * course.modules_count - course.marks_count
    teaching = {
        "teachers": _teachers(user=request.user),
        "courses": [key for key, state in states.items() if state in CourseState.booking()],
    }
    lessons = _lessons(**teaching, day=day)
    for session in lessons:
        note_substitute(session, request.user)
    uncalled = _uncalled(**teaching, day=day)
    running = [key for key, state in states.items() if state == CourseState.RUNNING]
    context = {
        "day": day,
        "lessons": lessons,
        "uncalled": uncalled,
        "uncalled_more": uncalled[0].uncalled_at_all - len(uncalled) if uncalled else 0,
        "courses": courses,
        "marks_due": [course for course in courses if course.marks_due],
        "returned": _returned(**of),
        "near": _near(courses=running),
        "to_call": _to_call(**of),
    }
    return page(request, "teacher/today.html", context)


@prepared(by=("user",))
def _states(user):
    """(key, state) of the courses that the teacher teaches today."""
    return Course.objects.taught_by(user).values_list("pk", "state")


@prepared(by=("user",))
def _teachers(user):
    return teacher_of(user).values_list("pk", flat=True)


def _sessions(teachers, courses):
    """Lessons of open and running courses whose roll the teacher may call."""
    rows = Session.objects.of_teacher(teachers, courses)
    return rows.filter(course__state__in=CourseState.booking())


@prepared
def _lessons(teachers, courses, day):
    """The teacher's lessons today."""
    sessions = with_roll(_sessions(teachers, courses).filter(date=day).with_holiday())
    return sessions.select_related(
        "course__programme", "course__centre", "course__room", "teacher", "roll_call"
    ).order_by("begin", "pk")


@prepared
def _uncalled(teachers, courses, day):
    """The teacher's latest lessons before today without a roll call; each knows how many there are."""
    missing = _sessions(teachers, courses).filter(date__lt=day).uncalled().taking_place()
    return (
        missing.select_related("course__programme")
        .annotate(uncalled_at_all=Window(Count("pk")))
        .order_by("-date", "-begin", "-pk")[:MOST_UNCALLED]
    )


@prepared
def _courses(courses, finished_after):
    """The teacher's courses with figures that show whether marks are missing."""
    enrolled = Enrolment.objects.filter(state=EnrolmentState.ENROLLED)
    return (
        Course.objects.filter(
            Q(state__in=CourseState.enrolling())
            | Q(state=CourseState.FINISHED, end__gte=finished_after),
            pk__in=courses,
        )
        .select_related("programme", "centre")
        .annotate(
            trainees=count_of(enrolled, "course"),
            modules_count=count_of(CourseModule.objects, "course"),
            marks_count=count_of(
                Mark.objects.filter(enrolment__state=EnrolmentState.ENROLLED), "enrolment__course"
            ),
        )
        .order_by("begin", "pk")
    )


@prepared
def _returned(courses):
    """Works that the curator returned for correction."""
    return Work.objects.filter(course__in=courses, state=WorkState.RETURNED).order_by("pk")


@prepared
def _to_call(courses):
    """Courses with people whom no letter reaches, also cancelled ones: `people` is how many."""
    return (
        Course.objects.filter(pk__in=courses)
        .annotate(people=count_of(Call.objects.open(), "course"))
        .filter(people__gt=0)
        .select_related("programme")
        .order_by("begin", "pk")
    )


@prepared
def _near(courses):
    """Trainees near or above the absence limit, in running courses."""
    return (
        Enrolment.objects.filter(course__in=courses, state=EnrolmentState.ENROLLED)
        .near_limit()
        .select_related("trainee", "course__programme")
        .in_name_order()
    )
