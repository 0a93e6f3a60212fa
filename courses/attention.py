"""What needs attention among courses and lessons (izmek/admin/attention.py)."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.enums import CourseState
from courses.models import Course, Session, Teacher
from izmek.admin.attention import attention

SOON = timedelta(days=7)  # before its first day a group that is too small can still be filled
LATE = timedelta(days=3)  # after a lesson, its roll should have been called
LOOKS_BACK = timedelta(days=60)  # further back nobody knows any more who was there


@attention("no-teacher", Course, _("courses whose teacher cannot sign in"), place=110)
def without_teacher(courses, today):
    """Nobody calls the roll: who teaches now has no account, or a closed one."""
    absent = Teacher.objects.filter(Q(user=None) | Q(user__is_active=False))
    taught = courses.booking().with_teacher_on(today)
    return taught.filter(end__gte=today, teacher_now_id__in=absent.values("pk"))


@attention("no-room", Course, _("courses without a room"), place=120)
def without_room(courses, today):
    return courses.not_over().filter(room=None, end__gte=today)


@attention("no-roll", Session, _("lessons whose roll was not called for three days"), place=130)
def roll_not_called(lessons, today):
    return lessons.missing_roll(today - LATE + timedelta(days=1)).filter(
        date__gte=today - LOOKS_BACK
    )


@attention(
    "too-few", Course, _("courses that begin within a week with too few trainees"), place=140
)
def too_few(courses, today):
    return courses.below_minimum().filter(state=CourseState.OPEN, begin__lte=today + SOON)


@attention("too-many", Course, _("courses with more trainees than seats"), place=150)
def too_many(courses, today):
    return courses.booking().with_seats().filter(seats_held__gt=F("capacity"))


@attention("to-finish", Course, _("courses that are over and have no outcome yet"), place=160)
def to_finish(courses, today):
    return courses.filter(state=CourseState.RUNNING, end__lt=today)
