"""Teachers and their accounts."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import rights
from courses.enums import CourseState
from courses.models import Teacher, TeacherChange
from courses.queries.teachers import teacher_on
from courses.services.bookings import book
from courses.services.locks import lock_course
from izmek.accounts.given_roles import note_change
from izmek.accounts.invitations import invite
from izmek.accounts.roles import Role
from izmek.acts.refusal import Refusal, given_text
from izmek.acts.saving import save


@transaction.atomic
def invite_teacher(*, teacher, by):
    """Give a teacher an account with the teacher role, linked to the record, and invite them.

    An existing account with the e-mail address gets the role. A user who was invited but has no
    password yet gets a new letter. Returns the User. Raises Refusal when the record has no address,
    when the account is closed or belongs to another teacher, or when the teacher has a password
    already.
    """
    rights.require(by, "invite_teacher", teacher)
    teacher = Teacher.objects.select_for_update(of=("self",)).get(pk=teacher.pk)
    if teacher.user and teacher.user.has_usable_password():
        raise Refusal(_("This teacher signs in already."), code="accepted")
    if teacher.user and teacher.user.email != teacher.email:
        # A wrong address was corrected: send the invitation to the new one.
        teacher.user.email = teacher.email
        teacher.user.full_clean(exclude=["password"])
        teacher.user.save()
    user = invite(
        email=teacher.email,
        first_name=teacher.first_name,
        last_name=teacher.last_name,
        roles=[Role.TEACHER],
        by=by,
    )
    if Teacher.objects.filter(user=user).exclude(pk=teacher.pk).exists():
        raise Refusal(
            _("The account with this address belongs to another teacher."),
            field="email",
            code="taken",
        )
    if teacher.user_id != user.pk:
        before, teacher.user = teacher.user, user
        save(teacher, by=by, reason=_("Invited to sign in"))
        note_account(teacher=teacher, before=before, by=by)
    return user


def note_account(*, teacher, before, by):
    """Note in the access log that another User than `before`, or None, signs in as a teacher now.

    Whoever does sees the teacher's courses, with their trainees.
    """
    if before != teacher.user:
        said = [_("signs in as the teacher %(teacher)s") % {"teacher": teacher}]
        if before:
            note_change(before, before=said, after=(), by=by)
        if teacher.user:
            note_change(teacher.user, before=(), after=said, by=by)


@transaction.atomic
def change_teacher(*, course, teacher, begins_on, reason="", by):
    """Change the teacher from a day on; the former teacher loses access on that day.

    Raises Conflict when the new teacher is busy at the time of a future session, Refusal when the
    course is over by that day or the new teacher would have too many hours.
    """
    rights.require(by, "change_teacher", course)
    course = lock_course(course)
    if course.state in CourseState.over():
        raise Refusal(_("The course is over."), code="state")
    last = _last_day(course)
    if begins_on > last:
        raise Refusal(
            _("The course ends on %(day)s."),
            params={"day": date_format(last, "j F Y")},
            field="begins_on",
            code="date",
        )
    if teacher_on(course, begins_on) == teacher.pk:
        raise Refusal(
            _("%(who)s teaches the course on that day already.") % {"who": teacher},
            field="teacher",
            code="same",
        )
    change = TeacherChange.objects.filter(course=course, begins_on=begins_on).first()
    change = change or TeacherChange(course=course, begins_on=begins_on)
    change.teacher, change.reason = teacher, given_text(reason, field="reason")
    save(change, by=by)
    book(course=course)
    return change


def _last_day(course):
    """The day on which a course ends; a make-up lesson may be later than the planned end."""
    lesson = course.sessions.not_cancelled().order_by("date").values_list("date", flat=True).last()
    return max(course.end, lesson or course.end)
