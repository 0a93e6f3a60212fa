"""The business acts of the trainees app: identity, seats, consents (DESIGN.md §2).

Each act is keyword-only, takes `by` (a User, or None for the system), is atomic, locks what gets
scarcer and raises `Refusal` with a sentence for people. Every way to a seat is `enrol`.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.services import lock_course
from izmek.enums import Access
from izmek.history import save
from izmek.identity import identity_hash, normalise
from izmek.models import AccessLog
from izmek.refusal import Conflict, Refusal
from trainees.enums import EnrolmentState, NoticeKind, Purpose
from trainees.models import Consent, Enrolment, NoticeText, Trainee

# --- Who she is -------------------------------------------------------------------------------


def find_by_identity(*, kind, number, country=""):
    """The trainee with this identity number, found by its keyed hash, or None.

    Raises ValidationError when the number is impossible (DOMAIN.md §4).
    """
    return Trainee.objects.filter(
        identity_hash=identity_hash(kind, normalise(kind, number), country)
    ).first()


@transaction.atomic
def record_identity(*, trainee, kind, number, country="", by):
    """Give a trainee her identity number, or another one; an entry in the access log.

    Raises ValidationError at `identity_number` when it is impossible, Conflict when somebody else
    has it.
    """
    number = normalise(kind, number)
    key = identity_hash(kind, number, country)
    if Trainee.objects.filter(identity_hash=key).exclude(pk=trainee.pk).exists():
        raise Conflict(
            _("Another trainee has this identity number."), field="identity_number", code="known"
        )
    trainee.identity_kind, trainee.identity_country = kind, country
    trainee.identity_number, trainee.identity_hash = number, key
    try:
        with transaction.atomic():
            save(trainee, by=by)
    except IntegrityError:
        raise Conflict(
            _("Another trainee has this identity number."), field="identity_number", code="known"
        ) from None
    log_access(Access.IDENTITY_CHANGED, trainee, by=by, fields="identity_number")
    return trainee


@transaction.atomic
def record_support(*, trainee, support, by):
    """Note what helps a trainee to take part; no diagnosis (DOMAIN.md §5). Logged."""
    trainee.support = support.strip()
    save(trainee, by=by)
    log_access(Access.SUPPORT_CHANGED, trainee, by=by, fields="support")
    return trainee


def see_identity(*, trainee, by, reason=""):
    """The full identity number, for someone with a reason; each look is logged."""
    log_access(Access.IDENTITY_SEEN, trainee, by=by, fields="identity_number", reason=reason)
    return trainee.identity_number


def log_access(action, row, *, by, fields="", reason=""):
    """Write who did what with whose protected data."""
    AccessLog.objects.create(
        action=action,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        by=by,
        fields=fields,
        reason=reason,
    )


# --- Seats ------------------------------------------------------------------------------------


@transaction.atomic
def enrol(*, trainee, course, by, application=None, joined_on=None):
    """Give a trainee a seat in a course (kesin kayıt); the one gate to every seat.

    Locks the trainee, then the course, reads both again and checks the rules of DOMAIN.md §3. A
    repeat returns the enrolment that exists. Raises Refusal: the course takes nobody (`state`), too
    young (`age`), at the year's number of courses (`too many`), hours clash (`clash`), people wait
    ahead (`queue`); Conflict when the last seat is gone (`full`).
    """
    trainee = Trainee.objects.select_for_update().get(pk=trainee.pk)
    course = lock_course(course)
    known = Enrolment.objects.filter(trainee=trainee, course=course).first()
    if known and known.state in EnrolmentState.holding():
        return known
    check_may_attend(trainee=trainee, course=course)
    if course.seats_free < 1:
        raise Conflict(_("The course is full."), code="full")
    enrolment = known or Enrolment(trainee=trainee, course=course)
    enrolment.state, enrolment.state_reason, enrolment.left_on = EnrolmentState.ENROLLED, "", None
    if not known:
        enrolment.joined_on = joined_on or max(timezone.localdate(), course.begin)
        enrolment.application = application
    return save(enrolment, by=by)


def check_may_attend(*, trainee, course):
    """Raise Refusal with the first rule of DOMAIN.md §3 that keeps the trainee out of the course."""
    if course.state not in CourseState.enrolling():
        raise Refusal(
            _("The course takes nobody now: it is %(state)s."),
            params={"state": course.get_state_display()},
            code="state",
        )
    minimum = course.programme.minimum_age
    age = trainee.age(max(course.begin, timezone.localdate()))
    if age is None:
        raise Refusal(_("Enter the date of birth."), field="birth_date", code="birth date")
    if age < minimum:
        raise Refusal(
            _("The programme takes people from %(minimum)d on; she is %(age)d."),
            params={"minimum": minimum, "age": age},
            code="age",
        )
    if trainee.is_minor() and not trainee.guardians.filter(permission_on__isnull=False).exists():
        raise Refusal(_("Under 18: the guardian's permission is needed."), code="guardian")
    others = list(
        Enrolment.objects.current()
        .filter(trainee=trainee)
        .exclude(course=course)
        .select_related("course__programme", "course__centre")
    )
    limit = course.term.year.max_courses
    if len(others) >= limit:
        raise Refusal(
            _("She attends %(count)d courses already; %(limit)d at a time are allowed."),
            params={"count": len(others), "limit": limit},
            code="too many",
        )
    for other in others:
        clash = clashing_session(course, other.course)
        if clash:
            raise Refusal(
                _("The hours clash with “%(course)s”: %(day)s, %(begin)s-%(end)s."),
                params={
                    "course": other.course,
                    "day": f"{clash.date:%d.%m.%Y}",
                    "begin": f"{clash.begin:%H.%M}",
                    "end": f"{clash.end:%H.%M}",
                },
                code="clash",
            )


def clashing_session(course, other):
    """The first coming session of `other` that overlaps one of `course`, or None."""
    today = timezone.localdate()
    coming = list(
        course.sessions.standing().filter(date__gte=today).values_list("date", "begin", "end")
    )
    for session in other.sessions.standing().filter(date__gte=today):
        if any(
            day == session.date and begin < session.end and end > session.begin
            for day, begin, end in coming
        ):
            return session
    return None


# --- Consents ---------------------------------------------------------------------------------


@transaction.atomic
def give_consent(
    *, purpose, channel, by, trainee=None, teacher=None, guardian=None, signed_on=None
):
    """Record the answer yes of a person to one purpose (DOMAIN.md §5); returns the Consent.

    Under 18 the guardian answers: without one, or with somebody else's, it is refused.
    """
    if trainee is not None:
        if trainee.is_minor() and guardian is None:
            raise Refusal(
                _("Under 18: the guardian has to consent."), field="guardian", code="guardian"
            )
        if guardian is not None and (guardian.trainee_id != trainee.pk or not trainee.is_minor()):
            raise Refusal(
                _("This guardian cannot answer for her."), field="guardian", code="guardian"
            )
    return _answer(
        True,
        purpose=purpose,
        channel=channel,
        by=by,
        trainee=trainee,
        teacher=teacher,
        guardian=guardian,
        signed_on=signed_on,
    )


@transaction.atomic
def withdraw_consent(*, purpose, channel, by, trainee=None, teacher=None, signed_on=None):
    """Record the answer no; it counts on every page from the next request on. Always possible."""
    return _answer(
        False,
        purpose=purpose,
        channel=channel,
        by=by,
        trainee=trainee,
        teacher=teacher,
        signed_on=signed_on,
    )


def _answer(answer, *, trainee, teacher, **rest):
    # Answers of one person come after each other, so that "the latest" is never a matter of luck.
    person = trainee or teacher
    type(person).objects.select_for_update().get(pk=person.pk)
    return Consent.objects.create(
        trainee=trainee,
        teacher=teacher,
        answer=answer,
        notice=NoticeText.objects.current(NoticeKind.CONSENT),
        **rest,
    )


def answers_of(person):
    """What a trainee or teacher answered to each purpose: {Purpose: Consent or None}."""
    latest = {}
    for consent in person.consents.order_by("pk").select_related("guardian", "notice"):
        latest[consent.purpose] = consent
    return {purpose: latest.get(purpose) for purpose in Purpose}
