"""A teacher's day: today's lessons, rolls that were not called, and other tasks."""

from datetime import timedelta

from django.db.models import Count, Q, Window
from django.utils import timezone

from courses.enums import CourseState
from courses.models import Course, CourseModule, Session
from courses.queries.teachers import teacher_of
from exhibitions.enums import WorkState
from exhibitions.models import Work
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

    Her courses are read first: with their keys every other query finds its few rows by an index.
    """
    day = timezone.localdate()
    states = dict(Course.objects.taught_by(request.user).values_list("pk", "state"))
    courses = list(_courses(states, day))
    for course in courses:
        due = course.state == CourseState.RUNNING and course.end <= day + MARKS_DUE
        course.marks_due = due and course.trainees * course.modules_count - course.marks_count
    sessions = _sessions(request.user, states)
    uncalled = _uncalled(sessions, day)
    context = {
        "day": day,
        "lessons": _lessons(sessions, request.user, day),
        "uncalled": uncalled,
        "uncalled_more": uncalled[0].uncalled_at_all - len(uncalled) if uncalled else 0,
        "courses": courses,
        "marks_due": [course for course in courses if course.marks_due],
        "returned": list(_returned(states)),
        "near": list(_near(states)),
        "to_call": list(_to_call(states)),
    }
    return page(request, "teacher/today.html", context)


def _lessons(sessions, user, day):
    """The teacher's lessons today."""
    sessions = with_roll(sessions.filter(date=day).with_holiday())
    lessons = list(
        sessions.select_related(
            "course__programme", "course__centre", "course__room", "teacher", "roll_call"
        ).order_by("begin", "pk")
    )
    for session in lessons:
        note_substitute(session, user)
    return lessons


def _uncalled(sessions, day):
    """The teacher's latest lessons before today without a roll call; each knows how many there are."""
    missing = sessions.filter(date__lt=day).uncalled().taking_place()
    return list(
        missing.select_related("course__programme")
        .annotate(uncalled_at_all=Window(Count("pk")))
        .order_by("-date", "-begin", "-pk")[:MOST_UNCALLED]
    )


def _sessions(user, states):
    """Lessons of open and running courses whose roll the teacher may call."""
    own = list(teacher_of(user).values_list("pk", flat=True))
    mine = [course for course, state in states.items() if state in CourseState.booking()]
    return Session.objects.of_teacher(own, mine).filter(course__state__in=CourseState.booking())


def _courses(states, day):
    """The teacher's courses with figures that show whether marks are missing."""
    enrolled = Enrolment.objects.filter(state=EnrolmentState.ENROLLED)
    return (
        Course.objects.filter(
            Q(state__in=CourseState.enrolling())
            | Q(state=CourseState.FINISHED, end__gte=day - STILL_SHOWN),
            pk__in=states,
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


def _returned(states):
    """Works that the curator returned for correction."""
    return Work.objects.filter(course__in=states, state=WorkState.RETURNED).order_by("pk")


def _to_call(states):
    """Courses with people whom no letter reaches, also cancelled ones: `people` is how many."""
    return (
        Course.objects.filter(pk__in=states)
        .annotate(people=count_of(Call.objects.open(), "course"))
        .filter(people__gt=0)
        .select_related("programme")
        .order_by("begin", "pk")
    )


def _near(states):
    """Trainees near or above the absence limit, in running courses."""
    running = [course for course, state in states.items() if state == CourseState.RUNNING]
    return (
        Enrolment.objects.filter(course__in=running, state=EnrolmentState.ENROLLED)
        .near_limit()
        .select_related("trainee", "course__programme")
        .in_name_order()
    )
