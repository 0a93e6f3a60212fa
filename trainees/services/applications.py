"""Applications (ön kayıt): asking for a seat, and how an application ends (DOMAIN.md §3, Who)."""

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Course
from courses.services import lock_course
from izmek.acts.refusal import Conflict, Refusal, given_reason
from izmek.acts.saving import save
from izmek.text.codes import new_code
from izmek.text.fold import fold
from trainees import rights
from trainees.enums import ApplicationState, NoticeKind
from trainees.models import Application, NoticeText
from trainees.queries.same_person import may_be_one_name
from trainees.services.admission_rules import closed_to_all
from trainees.services.confirmation import (
    ask_to_confirm,
    confirm_application,
    send_link,
    tell_place,
    with_place,
)
from trainees.services.consents import put_answer
from trainees.services.transitions import move
from trainees.services.waiting_list import (
    expire_overdue,
    lock_application,
    offer_free_seats,
    turn_down,
)

MOST_FROM_ONE = 4  # open applications for one course with one phone or e-mail: a family

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
    in_turn=True,
    language="tr",
    trainee=None,
    reference="",
    same_person=None,
    guardian=None,
    answers=None,
    by=None,
):
    """Ask for a seat in a course (ön kayıt); returns the Application.

    It has its place in the order from now on. Once it is confirmed (`confirm_application`) it gets
    an offer at once while seats are free, valid until the registration deadline; otherwise it waits.

    `by` None is the public, who may apply only in the course's application period. What staff write
    down counts as confirmed; they may apply at other times and may name a known `trainee`.
    `reference`: the code in the submitted form (by default a new one). When the same person submits
    the same form again, the first application is returned, with what was corrected while nobody has
    confirmed it (else `stands`).

    `guardian`: {name, relation, phone} of who speaks for somebody under 18. `answers`: what an applicant
    who is not on record answered to the consents (Answers); of a form that staff send again, what differs
    is added.

    `same_person`: the answer to the question whether an open application with this phone and a
    similar name is for the same person. If it is said to be for somebody else, no link is sent: the
    centre asks on the telephone, so that a second spelling gets no second seat.

    An application that nobody has confirmed keeps nobody out who is on the telephone or at the
    counter: where staff write down the same person, it becomes theirs, with what they typed.

    Raises ValidationError for a field, and Refusal when the course accepts no applications
    (`closed`), the applicant is too young (`age`), an open application has the same name and phone
    (`known`) or perhaps is of the same person (`similar`), the person has a seat (`seated`), the
    form was sent for somebody else (`used`), or too many applied with one phone or e-mail (`many`).
    """
    rights.require(by, "apply", course)
    course = lock_course(course)
    public = by is None and trainee is None
    closed = closed_to_all(course=course)
    if public:
        closed = not Course.objects.open_for_application().filter(pk=course.pk).exists()
    if closed:
        raise Refusal(_("This course takes no applications now."), code="closed")
    typed = {
        "first_name": " ".join(first_name.split()),
        "last_name": " ".join(last_name.split()),
        "phone": phone,
        "email": email,
        "birth_year": birth_year,
        "already_certified": already_certified,
    }
    if guardian:
        typed |= {f"guardian_{name}": value for name, value in guardian.items()}
    if sent := course.applications.filter(reference=reference).first():
        return _sent_again(sent, typed, answers, by)
    facts = typed | {"in_turn": in_turn, "trainee": trainee}
    if by is not None and (found := _unconfirmed_of(course, facts, same_person)):
        return _take_over(found, facts, answers, by)
    application = Application(
        course=course,
        **typed,
        in_turn=in_turn,
        language=language,
        trainee=trainee,
        notice=NoticeText.objects.current(NoticeKind.APPLICATION, language),
        received_at=_now_or_as_the_last(course),
        reference=reference or new_code(),
    )
    _check(application)
    if public:
        _refuse_too_many(application)
    similar = _ask_whether_the_same(application, same_person)
    if public:
        ask_to_confirm(application, by_mail=not similar)
    else:
        application.confirmed_at = application.received_at
    save(application, by=by)
    _record_answers(application, answers, by)
    if public:
        send_link(application)
    else:
        offer_free_seats(course, newcomer=application)
        tell_place(application)
    return with_place(application)


def _now_or_as_the_last(course):
    """The course is locked, so the times follow the order of receipt: whatever the clocks of hosts say."""
    last = course.applications.aggregate(last=Max("received_at"))["last"]
    return max(timezone.now(), last) if last else timezone.now()


def _unconfirmed_of(course, facts, same_person):
    """The unconfirmed application of the person whom staff write down, or None.

    Of the same name and phone; of a similar name only where they said that it is the same person.
    """
    expire_overdue(course)
    rows = course.applications.unconfirmed().filter(Q(trainee=None) | Q(trainee=facts["trainee"]))
    person = {name: facts[name] for name in ("phone", "first_name", "last_name")}
    found = rows.of_person(**person).first()
    if found or not same_person:
        return found
    similar = rows.similar(name="{first_name} {last_name}".format(**person), phone=facts["phone"])
    return similar[0] if similar else None


def _record_answers(application, answers, by):
    """Record what the applicant answered; of the same form again, only what differs.

    Raises Conflict for an answer that was recorded before and has changed since: an old page does not
    bring back what was withdrawn.
    """
    for purpose, yes in answers.given.items() if answers else ():
        rows = application.consents.filter(purpose=purpose).order_by("pk")
        before = [(one.answer, one.channel, one.signed_on) for one in rows]
        said = (yes, answers.channel, answers.signed_on)
        if said in before[-1:]:
            continue
        if said in before:
            raise Conflict(
                _("Meanwhile an answer was recorded. Look at the answers so far."), code="conflict"
            )
        put_answer(
            yes,
            application=application,
            purpose=purpose,
            channel=answers.channel,
            signed_on=answers.signed_on,
            by=by,
        )


def _take_over(application, facts, answers, by):
    """Write down again what somebody sent, as staff heard it from the applicant, and confirm it."""
    for name, value in facts.items():
        setattr(application, name, value)
    application.clean_fields(exclude=["course", "trainee", "notice"])
    _refuse_too_young(application)
    save(application, by=by)
    _record_answers(application, answers, by)
    return confirm_application(application=application, by=by)


def _check(application):
    """Raise ValidationError or Refusal for what cannot be, or is on the list already."""
    application.clean_fields(exclude=["course", "trainee", "notice"])
    _refuse_too_young(application)
    person = {name: getattr(application, name) for name in ("phone", "first_name", "last_name")}
    known = application.course.applications.open().of_person(**person)
    if known.exclude(pk=application.pk).exists():
        raise Refusal(
            _("There is an open application with this name and phone for this course already."),
            code="known",
        )
    seats = application.course.enrolments.holding_seat()
    mine = {"trainee__phone": application.phone, "trainee__folded": fold(str(application))}
    if application.trainee_id:
        mine = {"trainee": application.trainee_id}
    if seats.filter(**mine).exists():
        raise Refusal(
            _("Somebody with this name and phone has a seat in this course already."), code="seated"
        )


def _ask_whether_the_same(application, same_person):
    """Ask whether an application or seat of a similar name with this phone is the same person's.

    Returns whether there is one. Only a refusal asks, so that every door has to.
    """
    similar = _similar(application)
    if not similar or same_person is False:
        return bool(similar)
    if same_person:
        raise Refusal(
            _("Then the application that is on record stands; nothing more is to be done."),
            code="known",
        )
    raise Refusal(_("Say whether it is the same person."), field="same_person", code="similar")


def _similar(application):
    rows = application.course.applications.open().exclude(pk=application.pk)
    seats = application.course.enrolments.holding_seat().filter(trainee__phone=application.phone)
    if application.trainee_id:  # another known trainee is another person
        rows, seats = rows.filter(trainee=None), seats.none()
    name = str(application)
    return rows.similar(name=name, phone=application.phone) + [
        seat for seat in seats.select_related("trainee") if may_be_one_name(name, str(seat.trainee))
    ]


def _sent_again(application, typed, answers, by):
    """The same form came again: once more, with something corrected, or for somebody else.

    While nobody has confirmed it, corrections are taken over, and always what staff heard about the
    consents. One form serves one person.
    """
    before = {name: getattr(application, name) for name in typed}
    for name, value in typed.items():
        setattr(application, name, value)
    if fold(str(application)) != fold("{first_name} {last_name}".format(**before)):
        raise Refusal(
            _(
                "This form was sent for somebody already. Look it over and send it again: it is an "
                "application of its own now."
            ),
            code="used",
        )
    application.clean_fields(exclude=["course", "trainee", "notice"])
    typed = {name: getattr(application, name) for name in typed}
    if typed == before:
        if by is not None:
            _record_answers(application, answers, by)
        return with_place(application)
    if not Application.objects.unconfirmed().filter(pk=application.pk).exists():
        raise Refusal(
            _(
                "Your application is on record as you sent it first. To change something, call the "
                "course centre."
            ),
            code="stands",
        )
    _check(application)
    corrected = typed["email"] != before["email"]
    if corrected:
        ask_to_confirm(application, by_mail=not _similar(application))
    save(application, by=by)
    if by is not None:
        _record_answers(application, answers, by)
    if corrected:
        send_link(application)
    return with_place(application)


def _refuse_too_many(application):
    """What one phone and one e-mail address may hold of a course: a family, not a course.

    More people on one phone apply at the course centre.
    """
    rows = application.course.applications.open()
    for name in ("phone", "email"):
        value = getattr(application, name)
        if value and rows.filter(**{name: value}).count() >= MOST_FROM_ONE:
            raise Refusal(
                _(
                    "%(count)d people have applied for this course with it already. For more "
                    "people call the course centre."
                ),
                params={"count": MOST_FROM_ONE},
                field=name,
                code="many",
            )


def put_on_waiting_list(*, trainee, course, by, not_theirs=False, already_certified=False):
    """Apply for a known trainee who came when no seat was left; returns the Application.

    A trainee whose course of the same programme was cancelled goes before the others.
    `not_theirs`: they said that open applications which may be theirs are somebody else's.
    `already_certified`: they said so; else our own record of the programme tells.

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
        already_certified=already_certified or certified,
        in_turn=not trainee.enrolments.of_cancelled(course.programme).exists(),
        trainee=trainee,
        same_person=False if not_theirs else None,
        by=by,
    )


def _refuse_too_young(application):
    """Check by the year of birth: too young even at the end of the year of the first day.

    That is the first day of the course or, when it has begun, today, as for the seat
    (`admission_rules.old_enough`).
    """
    refusal = too_young_by_year(course=application.course, birth_year=application.birth_year)
    if refusal:
        raise refusal


def too_young_by_year(*, course, birth_year):
    """The age rule of an application: a Refusal or None."""
    minimum = course.programme.minimum_age
    first = max(course.begin, timezone.localdate())
    if first.year - birth_year >= minimum:
        return None
    return Refusal(
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
    others = application.course.applications.next_in_line().filter(already_certified=False)
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
