"""What this app does on events of the courses app, which may not import this app."""

from django.dispatch import receiver

from courses.services.signals import (
    course_cancelled,
    dates_changed,
    lessons_changed,
    seats_changed,
    session_added,
    session_cancelled,
)
from courses.wording import weekly_times
from izmek.acts.saving import save
from trainees.services.letters import write_to_applicant, write_to_class, write_to_trainee
from trainees.services.waiting_list import close_applications, offer_free_seats


@receiver(seats_changed, dispatch_uid="trainees.seats_changed")
def offer_new_seats(sender, *, course, **kwargs):
    offer_free_seats(course)


@receiver(course_cancelled, dispatch_uid="trainees.course_cancelled")
def tell_and_close(sender, *, course, by, **kwargs):
    """Tell everyone who attends, and reject the waiting applications with the same reason."""
    enrolments = course.enrolments.holding_seat().select_related("trainee", "application")
    for enrolment in enrolments:
        write_to_trainee(enrolment, "course_cancelled", reason=course.state_reason)
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
    for application in course.applications.open() if weekly else ():
        write_to_applicant(application, "lessons_changed", **facts)


@receiver(dates_changed, dispatch_uid="trainees.dates_changed")
def join_on_the_new_first_day(sender, *, course, begin, by, **kwargs):
    """Who joined on the first day still does, and nobody joins before it."""
    for enrolment in course.enrolments.current():
        if enrolment.joined_on == begin or enrolment.joined_on < course.begin:
            enrolment.joined_on = course.begin
            save(enrolment, by=by)
