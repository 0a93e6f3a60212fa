"""Applications (ön kayıt): asking for a seat, and how an application ends (DOMAIN.md §3, Who)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python

from courses.enums import CourseState
from courses.models import Course
from courses.services import lock_course
from izmek.acts.refusal import Refusal, given_reason
from izmek.acts.saving import save
from izmek.text.codes import new_code
from trainees import rights
from trainees.enums import ApplicationState, NoticeKind
from trainees.models import Application, NoticeText
from trainees.services.letters import write_to_applicant
from trainees.services.transitions import move
from trainees.services.waiting_list import lock_application, offer_free_seats, turn_down

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

    While seats are free, the application gets an offer at once, valid until the registration
    deadline. Otherwise it waits.

    `by` None is the public, who may apply only in the course's application period. Staff may apply
    at other times and may name a known `trainee`. `reference`: the code in the submitted form (by
    default a new one). When the same person submits the same form twice, the first application is
    returned.

    Raises ValidationError for a field, and Refusal when the course accepts no applications
    (`closed`), the applicant is too young (`age`), or an open application has the same name and
    phone (`known`).
    """
    rights.require(by, "apply", course)
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
        reference = ""  # the applicant went back in the browser and applies for someone else
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
        notice=NoticeText.objects.current(NoticeKind.APPLICATION, language),
        # the course is locked, so the times follow the order of receipt
        received_at=timezone.now(),
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
    """Apply for a known trainee who came when no seat was left; returns the Application.

    Raises Refusal for `phone` or `birth_date` when the record lacks them, and everything that
    `apply` raises.
    """
    rights.require(by, "put_on_waiting_list", course)
    if not trainee.phone:
        raise Refusal(
            _("Enter a phone: it is how we reach the trainee."), field="phone", code="phone"
        )
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


def _refuse_too_young(application):
    """Check by the year of birth: too young even at the end of the year in which the course begins."""
    course = application.course
    minimum = course.programme.minimum_age
    if course.begin.year - application.birth_year < minimum:
        raise Refusal(
            _("This programme takes people from %(minimum)d years on."),
            params={"minimum": minimum},
            field="birth_year",
            code="age",
        )


# --- The end of an application ----------------------------------------------------------------


@transaction.atomic
def decline_offer(*, application, by=None, phone_digits=""):
    """The applicant does not want the offered seat; the queue moves up.

    `by` None is the applicant, who proves it with the last four digits of the phone number. Raises
    Refusal for `phone_digits` when they differ.
    """
    rights.require(by, "decline_offer", application)
    return _close(application, ApplicationState.DECLINED, by=by, phone_digits=phone_digits)


@transaction.atomic
def withdraw_application(*, application, by=None, phone_digits=""):
    """Take back an application; the queue moves up. `by` and `phone_digits` as in `decline_offer`."""
    rights.require(by, "withdraw_application", application)
    return _close(application, ApplicationState.WITHDRAWN, by=by, phone_digits=phone_digits)


@transaction.atomic
def refuse_application(*, application, reason, by):
    """Reject an application; the applicant is told the reason, and the queue moves up."""
    rights.require(by, "refuse_application", application)
    application = lock_application(application)
    if application.state == ApplicationState.REFUSED:
        return application
    turn_down(application, given_reason(reason), by)
    offer_free_seats(application.course)
    return application


@transaction.atomic
def set_already_certified(*, application, already_certified, by):
    """Correct the answer to "already certified in this programme?" (DOMAIN.md §3).

    If the wrong answer led to an offer, the applicant goes back behind the waiting people who are
    not certified.
    """
    rights.require(by, "set_already_certified", application)
    application = lock_application(application)
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


def _close(application, state, *, by, phone_digits):
    application = lock_application(application)
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
