"""Applications and the queue (DESIGN.md §3, Application; DOMAIN.md §3, Who).

The waiting list is computed, never stored: `Application.objects.waiting()`. Seats are offered in its
order by one function, `offer_free_seats`, which every act that frees a seat calls while it holds the
course's lock.
"""

from datetime import datetime, time, timedelta
from functools import cached_property

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from phonenumber_field.phonenumber import to_python

from courses.enums import CourseState
from courses.models import Course
from courses.services import lock_course
from izmek.codes import new_code
from izmek.history import save
from izmek.refusal import Refusal, given_reason
from trainees.enums import ApplicationState, NoticeKind
from trainees.models import Application, NoticeText
from trainees.services.mail import write_to_applicant
from trainees.services.steps import move

# --- Applying ---------------------------------------------------------------------------------


@transaction.atomic
def apply(
    *,
    course,
    first_name,
    last_name,
    phone,
    birth_year,
    email="",
    already_certified=False,
    language="tr",
    trainee=None,
    reference="",
    by=None,
):
    """Ask for a seat in a course (ön kayıt); returns the Application.

    While seats are free it becomes an offer at once, which stands until the registration deadline;
    else it waits. `by` None is the public, who may apply only in the course's application period;
    staff may at other times, and name the known `trainee`. `reference`: the code that the sent form
    carries (else a new one); the same person's form sent twice is answered with the one application.
    Raises ValidationError at the field; Refusal when the course takes no applications (`closed`),
    she will be too young (`age`), or the same name and phone has an open application (`known`).
    """
    course = lock_course(course)
    takes = Course.objects.filter(state__in=CourseState.enrolling())
    if by is None and trainee is None:
        takes = Course.objects.open_for_application()
    if not takes.filter(pk=course.pk).exists():
        raise Refusal(_("This course takes no applications now."), code="closed")
    if course.applications.filter(reference=reference).exists():
        sent = course.applications.of_person(
            phone=to_python(phone), first_name=first_name, last_name=last_name
        )
        before = sent.with_position().filter(reference=reference).first()
        if before:
            return before
        reference = ""  # she went back and applies for somebody else
    application = Application(
        course=course,
        first_name=" ".join(first_name.split()),
        last_name=" ".join(last_name.split()),
        phone=phone,
        email=email,
        birth_year=birth_year,
        already_certified=already_certified,
        language=language,
        trainee=trainee,
        notice=_notice(language),
        received_at=timezone.now(),  # the lock is held: the time is the order of receipt
        reference=reference or new_code(),
    )
    application.clean_fields(exclude=["course", "trainee", "notice"])
    _refuse_too_young(application)
    person = {name: getattr(application, name) for name in ("phone", "first_name", "last_name")}
    if course.applications.open().of_person(**person).exists():
        raise Refusal(
            _("There is an open application with this name and phone for this course already."),
            code="known",
        )
    save(application, by=by)
    offer_free_seats(course, newcomer=application)
    application = Application.objects.with_position().get(pk=application.pk)
    application.course = course
    write_to_applicant(application, "application", position=application.position)
    return application


def put_on_waiting_list(*, trainee, course, by):
    """Apply for a known trainee, who came when the seats were gone; returns the Application.

    Raises Refusal at `phone` or `birth_date` when her record lacks them, and as `apply` does.
    """
    if not trainee.phone:
        raise Refusal(_("Enter a phone: it is how we reach her."), field="phone", code="phone")
    if trainee.birth_date is None:
        raise Refusal(_("Enter the date of birth."), field="birth_date", code="birth date")
    certified = trainee.enrolments.certified_in(course.programme).exists()
    return apply(
        course=course,
        first_name=trainee.first_name,
        last_name=trainee.last_name,
        phone=trainee.phone,
        email=trainee.email,
        birth_year=trainee.birth_date.year,
        already_certified=certified,
        trainee=trainee,
        by=by,
    )


def _notice(language):
    current = NoticeText.objects.current
    return current(NoticeKind.APPLICATION, language) or current(NoticeKind.APPLICATION)


def _refuse_too_young(application):
    """By the year of birth alone: whoever cannot have the age in the year the course begins."""
    course = application.course
    minimum = course.programme.minimum_age
    if course.begin.year - application.birth_year < minimum:
        raise Refusal(
            _("This programme takes people from %(minimum)d years on."),
            params={"minimum": minimum},
            field="birth_year",
            code="age",
        )


# --- Offers -----------------------------------------------------------------------------------


@transaction.atomic
def advance_queue(*, course):
    """Write down offers that expired, and offer the free seats in order; returns those offered one.

    Runs inside every act that frees a seat; `manage.py advance_queues` calls it for what the clock
    alone frees. Repeating it changes nothing.
    """
    return offer_free_seats(lock_course(course))


def expire_overdue(course):
    """Write down the offers of a (locked) course whose time is over."""
    for application in course.applications.overdue():
        move(application, ApplicationState.EXPIRED, by=None)
        write_to_applicant(application, "offer_expired")


def offer_free_seats(course, newcomer=None):
    """Offer the free seats of a (locked) course to whoever waits, in order.

    `newcomer`: the application that comes in just now. Its offer stands until the registration
    deadline, anyone else's for the year's hours (DESIGN.md §3).
    """
    expire_overdue(course)
    if course.state not in CourseState.enrolling():
        return []
    waiting = course.applications.waiting()
    if not waiting.exists():
        return []
    offered = list(waiting[: course.seats_free])
    for application in offered:
        _offer(application, at_once=application == newcomer)
    return offered


def _offer(application, at_once):
    now = timezone.now()
    if at_once:
        until = registration_end(application.course, now)
    elif application.email:
        until = now + offer_time(application.course)
    else:
        until = None  # the clock starts when somebody tells her
    move(application, ApplicationState.OFFERED, by=None, offered_at=now, offer_until=until)
    if not at_once:
        write_to_applicant(application, "offer")


def offer_time(course):
    """How long an offer stands for someone who moves up later: the year's `offer_hours`."""
    return timedelta(hours=course.term.year.offer_hours)


def registration_end(course, now):
    """Until when an offer that is made at once stands.

    The registration deadline, or where none is set the beginning of the course's first day; but at
    least as long as any other offer when that is over already.
    """
    deadline = course.registration_deadline or timezone.make_aware(
        datetime.combine(course.begin, time.min)
    )
    return deadline if deadline > now else now + offer_time(course)


@transaction.atomic
def told_by_phone(*, application, by):
    """Note that someone without e-mail was told of her offer; its clock starts now.

    Repeating it does not start the clock anew. Raises Refusal when no seat is offered to her.
    """
    application = _lock(application)
    if application.state != ApplicationState.OFFERED:
        raise Refusal(
            _("No seat is offered: the application is “%(state)s”."),
            params={"state": application.get_state_display()},
            code="state",
        )
    if application.told_at is None:
        application.told_at = timezone.now()
        if application.offer_until is None:
            application.offer_until = application.told_at + offer_time(application.course)
        save(application, by=by)
    return application


# --- The end of an application ----------------------------------------------------------------


@transaction.atomic
def decline_offer(*, application, by=None, phone_digits=""):
    """She does not want the seat that was offered; the queue moves up.

    `by` None is the applicant herself, who proves it by the last four digits of her phone: Refusal
    at `phone_digits` if they differ.
    """
    return _close(application, ApplicationState.DECLINED, by=by, phone_digits=phone_digits)


@transaction.atomic
def withdraw_application(*, application, by=None, phone_digits=""):
    """Take back an application; the queue moves up. `by` and `phone_digits` as in `decline_offer`."""
    return _close(application, ApplicationState.WITHDRAWN, by=by, phone_digits=phone_digits)


@transaction.atomic
def refuse_application(*, application, reason, by):
    """Turn an application down; she is told the reason, and the queue moves up."""
    application = _lock(application)
    if application.state == ApplicationState.REFUSED:
        return application
    _refuse(application, given_reason(reason), by)
    offer_free_seats(application.course)
    return application


@transaction.atomic
def set_already_certified(*, application, already_certified, by):
    """Correct what she answered on "already certified in this programme?" (DOMAIN.md §3).

    Who was offered a seat by a wrong answer goes back behind those who wait and are not certified.
    """
    application = _lock(application)
    if application.already_certified == already_certified:
        return application
    application.already_certified = already_certified
    others = application.course.applications.waiting().filter(already_certified=False)
    if already_certified and application.state == ApplicationState.OFFERED and others.exists():
        facts = {"offered_at": None, "offer_until": None, "told_at": None}
        move(application, ApplicationState.RECEIVED, by=by, **facts)
    else:
        save(application, by=by)
    offer_free_seats(application.course)
    application.refresh_from_db()
    return application


def close_applications(course, *, reason, by):
    """Turn down every open application of a (locked) course that ends or is cancelled."""
    for application in course.applications.open():
        _refuse(application, reason, by)


def _lock(application):
    """The application, read again, its course locked."""
    return lock_course(application.course).applications.get(pk=application.pk)


def _refuse(application, reason, by):
    move(application, ApplicationState.REFUSED, by=by, reason=reason)
    write_to_applicant(application, "application_closed", reason=reason)


def _close(application, state, *, by, phone_digits):
    application = _lock(application)
    if by is None:
        _check_digits(application, phone_digits)
    if application.state == state:
        return application
    move(application, state, by=by)
    offer_free_seats(application.course)
    return application


def _check_digits(application, digits):
    if digits.strip() != str(application.phone.national_number)[-4:]:
        raise Refusal(
            _("These are not the last four digits of the phone you applied with."),
            field="phone_digits",
            code="digits",
        )


# --- Why --------------------------------------------------------------------------------------


class Queue:
    """What decides over a course's waiting list at this moment, asked once for all who wait."""

    def __init__(self, course):
        self.course = course

    @cached_property
    def held(self):
        return self.course.enrolments.holding_seat().count()

    @cached_property
    def offers(self):
        """The offers that stand, the one that ends first first."""
        return list(
            self.course.applications.live_offers().order_by(F("offer_until").asc(nulls_last=True))
        )

    @cached_property
    def waiting(self):
        """The keys of those who wait, in order."""
        return list(self.course.applications.waiting().values_list("pk", flat=True))


def why_not_offered(application, queue=None):
    """Why an applicant was or was not offered a seat, in sentences for the staff page.

    `queue`: the Queue of her course, where many of them are asked about.
    """
    queue = queue or Queue(application.course)
    course = queue.course
    if application.state == ApplicationState.OFFERED:
        return [_why_offered(application)]
    if application.state != ApplicationState.RECEIVED:
        closed = _("The application is closed: %(state)s.") % {
            "state": application.get_state_display()
        }
        return [closed, application.state_reason] if application.state_reason else [closed]
    if course.state not in CourseState.enrolling():
        return [
            _("The course gives no seats now: it is %(state)s.")
            % {"state": course.get_state_display()}
        ]
    why = [
        _("Of %(capacity)d seats %(held)d are given and %(offered)d offered.")
        % {"capacity": course.capacity, "held": queue.held, "offered": len(queue.offers)}
    ]
    ahead = queue.waiting.index(application.pk)
    if ahead:
        why.append(
            ngettext(
                "%(count)d person is ahead of her.", "%(count)d people are ahead of her.", ahead
            )
            % {"count": ahead}
        )
    if application.already_certified:
        why.append(_("She is certified in this programme already: others go first."))
    next_end = next((offer.offer_until for offer in queue.offers if offer.offer_until), None)
    if next_end:
        why.append(_("The next offer ends on %(when)s.") % {"when": _moment(next_end)})
    return why


def _why_offered(application):
    if application.offer_until is None:
        return _("A seat was offered on %(when)s; nobody has told her yet.") % {
            "when": _moment(application.offered_at)
        }
    if application.offer_until <= timezone.now():
        return _("The offer ended on %(until)s; the seat goes on to whoever is next.") % {
            "until": _moment(application.offer_until)
        }
    return _("A seat was offered on %(when)s; the offer stands until %(until)s.") % {
        "when": _moment(application.offered_at),
        "until": _moment(application.offer_until),
    }


def _moment(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
