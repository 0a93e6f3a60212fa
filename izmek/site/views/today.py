"""A teacher's day: today's lessons, rolls that were not called, and other tasks."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from courses.enums import CourseState
from courses.models import Course, CourseModule, Session
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
    """`/ogretmen/`: from here one tap opens the roll of a lesson."""
    day = timezone.localdate()
    lessons, uncalled = _lessons(request.user, day)
    courses = list(_courses(request.user, day))
    for course in courses:
        due = course.state == CourseState.RUNNING and course.end <= day + MARKS_DUE
        course.marks_due = due and course.trainees * course.modules_count - course.marks_count
    context = {
        "day": day,
        "lessons": lessons,
        "uncalled": uncalled[:MOST_UNCALLED],
        "uncalled_more": len(uncalled[MOST_UNCALLED:]),
        "courses": courses,
        "marks_due": [course for course in courses if course.marks_due],
        "returned": list(_returned(request.user)),
        "near": list(_near(request.user)),
        "to_call": list(_to_call(request.user)),
    }
    return page(request, "teacher/today.html", context)


def _lessons(user, day):
    """The teacher's lessons today, and earlier ones without a roll call, latest first."""
    sessions = with_roll(Session.objects.taught_by(user).with_holiday()).filter(
        Q(date=day) | Q(pk__in=Session.objects.taking_place().uncalled(), date__lt=day),
        course__state__in=CourseState.booking(),
    )
    sessions = sessions.select_related(
        "course__programme", "course__centre", "course__room", "teacher", "roll_call"
    )
    lessons, uncalled = [], []
    for session in sessions.order_by("date", "begin"):
        note_substitute(session, user)
        (lessons if session.date == day else uncalled).append(session)
    return lessons, uncalled[::-1]


def _courses(user, day):
    """The teacher's courses with figures that show whether marks are missing."""
    enrolled = Enrolment.objects.filter(state=EnrolmentState.ENROLLED)
    return (
        Course.objects.taught_by(user)
        .filter(
            Q(state__in=CourseState.enrolling())
            | Q(state=CourseState.FINISHED, end__gte=day - STILL_SHOWN)
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


def _returned(user):
    """Works that the curator returned for correction."""
    courses = Course.objects.taught_by(user).values("pk")
    return Work.objects.filter(course__in=courses, state=WorkState.RETURNED).order_by("pk")


def _to_call(user):
    """Courses with people whom no letter reaches, also cancelled ones: `people` is how many."""
    return (
        Course.objects.taught_by(user)
        .filter(pk__in=Call.objects.open().values("course"))
        .select_related("programme")
        .annotate(people=count_of(Call.objects.open(), "course"))
        .order_by("begin", "pk")
    )


def _near(user):
    """Trainees near or above the absence limit, in running courses."""
    courses = Course.objects.taught_by(user).filter(state=CourseState.RUNNING).values("pk")
    return (
        Enrolment.objects.filter(course__in=courses, state=EnrolmentState.ENROLLED)
        .near_limit()
        .select_related("trainee", "course__programme")
        .in_name_order()
    )
