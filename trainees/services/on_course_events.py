"""What this app does on events of the courses app, which may not import this app."""

from django.dispatch import receiver
from django.utils import timezone

from courses.models import Course
from courses.services.signals import (
    course_cancelled,
    dates_changed,
    lessons_changed,
    room_changed,
    seats_changed,
    session_added,
    session_cancelled,
    year_made,
)
from courses.wording import weekly_times
from izmek.acts.bulk import bulk_create
from izmek.acts.saving import save
from trainees.enums import EnrolmentState
from trainees.models import Signatory
from trainees.services.letters import write_to_applicant, write_to_class, write_to_trainee
from trainees.services.transitions import move
from trainees.services.waiting_list import close_applications, offer_free_seats


@receiver(seats_changed, dispatch_uid="trainees.seats_changed")
def offer_new_seats(sender, *, course, **kwargs):
    offer_free_seats(course)


@receiver(course_cancelled, dispatch_uid="trainees.course_cancelled")
def tell_and_close(sender, *, course, by, **kwargs):
    """End every seat and tell who had it; reject the waiting applications with the same reason."""
    enrolments = course.enrolments.holding_seat().select_related("trainee", "application")
    enrolments = enrolments.prefetch_related("trainee__guardians")
    parallel = list(Course.objects.parallel_to(course).select_related("programme", "centre"))
    for enrolment in enrolments:
        move(
            enrolment,
            EnrolmentState.CANCELLED,
            by=by,
            reason=course.state_reason,
            left_on=max(timezone.localdate(), enrolment.joined_on),
        )
        facts = {"reason": course.state_reason, "parallel": parallel}
        write_to_trainee(enrolment, "course_cancelled", **facts)
    close_applications(course, reason=course.state_reason, by=by)


@receiver(session_cancelled, dispatch_uid="trainees.session_cancelled")
def tell_of_cancelled(sender, *, session, **kwargs):
    write_to_class(session.course, "session_cancelled", session=session)


@receiver(session_added, dispatch_uid="trainees.session_added")
def tell_of_added(sender, *, session, **kwargs):
    write_to_class(session.course, "session_added", session=session)


@receiver(lessons_changed, dispatch_uid="trainees.lessons_changed")
def tell_of_changed(sender, *, course, gone, new, reason, weekly, **kwargs):
    """Tell those who attend; of new weekly times or dates also those who applied for them."""
    facts = {"gone": gone, "new": new, "reason": reason, "weekly": weekly}
    facts["times"] = weekly_times(course.slots.all())
    write_to_class(course, "lessons_changed", **facts)
    confirmed = course.applications.open().filter(confirmed_at__isnull=False)
    for application in confirmed if weekly else ():
        write_to_applicant(application, "lessons_changed", **facts)


@receiver(room_changed, dispatch_uid="trainees.room_changed")
def tell_of_room(sender, *, course, **kwargs):
    write_to_class(course, "room_changed")


@receiver(dates_changed, dispatch_uid="trainees.dates_changed")
def join_on_the_new_first_day(sender, *, course, begin, by, **kwargs):
    """Who joined on the first day still does, and nobody joins before it."""
    for enrolment in course.enrolments.current():
        if enrolment.joined_on == begin or enrolment.joined_on < course.begin:
            enrolment.joined_on = course.begin
            save(enrolment, by=by)


@receiver(year_made, dispatch_uid="trainees.year_made")
def take_over_who_signs(sender, *, year, last, by, **kwargs):
    """Who signed the certificates of the last year signs those of the new one until somebody changes it."""
    rows = last.signatories.all() if last else ()
    bulk_create(
        [Signatory(year=year, order=r.order, name=r.name, office=r.office) for r in rows], by=by
    )
