"""Seats (kesin kayıt): how a trainee gets one and gives it up (DESIGN.md §3, Enrolment)."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.services import lock_course, lock_courses
from izmek.acts.bulk import bulk_create
from izmek.acts.refusal import Refusal, given_reason, given_text
from izmek.acts.saving import save
from trainees import rights
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Absence, Application, Enrolment, Mark
from trainees.queries.outcome import MOST_TRANSFERS
from trainees.services.admission_rules import Case, admit, broken_rules, not_over, write_overrides
from trainees.services.consents import take_over_answers
from trainees.services.letters import write_to_trainee
from trainees.services.people import lock_person, lock_trainee
from trainees.services.transitions import move
from trainees.services.waiting_list import expire_overdue, offer_free_seats

# --- Getting a seat ---------------------------------------------------------------------------


@transaction.atomic
def enrol(
    *, trainee, course, by, application=None, not_theirs=False, joined_on=None, override=None
):
    """Give a trainee a seat in a course (kesin kayıt). Every new seat passes the admission rules.

    Locks the trainee, then the course, reads both again and checks the rules in order. Returns the
    Enrolment. A repeated call returns the existing one. A trainee who left and comes back gets the
    same row again; the lessons missed meanwhile are recorded as absences. A seat in a cancelled
    course of the same programme moves here, as in `transfer`.

    `application`: the application whose offer is accepted. Without it, the trainee's own open
    application for the course is used. `not_theirs`: they said that open applications which may be
    theirs (`applications_to_ask`) are somebody else's; without it a Refusal `whose` asks.
    `joined_on`: the first day; by default today or the course's first day. `override`: an officer's
    reason to set aside the rules in OVERRIDABLE; each rule set aside is recorded.

    Raises the Refusal of the first broken rule (`reason` is its code), Conflict `full` when no seat
    is left (then use `put_on_waiting_list`), Refusal `expired` when the offer has ended. Raises
    Refusal at `joined_on` for a day outside the course, and for any other day than the first when
    someone comes back.
    """
    rights.require(by, "enrol", course)
    return put_in_seat(
        trainee=trainee,
        course=course,
        by=by,
        application=application,
        not_theirs=not_theirs,
        joined_on=joined_on,
        override=override,
    )


def put_in_seat(
    *,
    trainee,
    course,
    by,
    application=None,
    not_theirs=False,
    joined_on=None,
    override=None,
    tell=True,
):
    """`enrol` without a rights check and a transaction, for acts that have their own.

    `tell`: whether the trainee gets a letter.
    """
    trainee, course = lock_person(trainee), lock_course(course)
    expire_overdue(course)
    known = Enrolment.objects.filter(trainee=trainee, course=course).first()
    if known and known.state in EnrolmentState.holding():
        return _already(known, application, joined_on, by)
    case = _case(trainee, course, _application(application, trainee, course))
    if case.application is None and not not_theirs:
        _ask_whose(_may_be_theirs(trainee, course))
    aside = admit(case, override=override, by=by)
    if case.leaving:
        reason = case.leaving.state_reason
        enrolment = _move_seat(case, known, reason=reason, joined_on=joined_on, by=by)
    else:
        enrolment = _give_seat(case, known, joined_on=joined_on, by=by)
    write_overrides(aside, enrolment, override=override, by=by)
    offer_free_seats(course)
    if tell:
        write_to_trainee(enrolment, "enrolled")
    return enrolment


def accept_offer(*, application, trainee, by, override=None):
    """Turn an offer into a seat when the applicant comes with their identity card; see `enrol`."""
    rights.require(by, "accept_offer", application)
    return enrol(
        trainee=trainee,
        course=application.course,
        application=application,
        by=by,
        override=override,
    )


def applications_to_ask(*, trainee, course):
    """Open applications for the course of which to ask whether they are the trainee's: a list.

    Empty when the trainee's own one is known. A seat and an offer for one person are one too many.
    """
    return [] if _open_application(trainee, course) else _may_be_theirs(trainee, course)


def _may_be_theirs(trainee, course):
    return (
        course.applications.open()
        .filter(trainee=None)
        .similar(
            name=str(trainee),
            phone=trainee.phone,
            birth_year=trainee.birth_date and trainee.birth_date.year,
        )
    )


def _ask_whose(applications):
    if applications:
        raise Refusal(
            _("The open application of %(who)s may be theirs: say whether it is."),
            params={"who": ", ".join(map(str, applications))},
            field="theirs",
            code="whose",
        )


def hindrances(*, trainee, course, application=None):
    """Every rule that keeps a trainee out of a course now: a list of Refusals, in order.

    For a page that shows them before the enrolment. An officer may set aside those whose `reason`
    is in OVERRIDABLE. Takes no lock; `enrol` checks again.
    """
    application = application or _open_application(trainee, course)
    return broken_rules(_case(trainee, course, application))


def _case(trainee, course, application):
    """The Case of a new seat; it takes over one in a cancelled course of the same programme."""
    cancelled = trainee.enrolments.of_cancelled(course.programme)
    leaving = cancelled.select_related("course").order_by("left_on", "pk").last()
    return Case(trainee, course, application=application, leaving=leaving)


# --- Giving the seat --------------------------------------------------------------------------


def _application(application, trainee, course):
    """The application behind the seat, read again; by default the trainee's own open one."""
    if application is None:
        return _open_application(trainee, course)
    application = Application.objects.get(pk=application.pk)
    if application.course_id != course.pk:
        raise Refusal(_("The application is for another course."), code="course")
    if application.trainee_id not in (None, trainee.pk):
        raise Refusal(_("The application is somebody else's."), code="person")
    if application.has_expired:
        raise Refusal(
            _("The offer ended on %(when)s."),
            params={
                "when": date_format(timezone.localtime(application.offer_until), "DATETIME_FORMAT")
            },
            code="expired",
        )
    if application.state not in ApplicationState.open():
        raise Refusal(
            _("The application is closed: %(state)s."),
            params={"state": application.get_state_display()},
            code="application",
        )
    return application


def _open_application(trainee, course):
    """The trainee's open application for the course.

    Linked to them, or with the same name and phone.
    """
    rows = course.applications.open()
    theirs = rows.filter(trainee=trainee) if trainee.pk else rows.none()
    if trainee.phone:
        theirs |= rows.filter(trainee=None).of_person(
            phone=trainee.phone,
            first_name=trainee.first_name,
            last_name=trainee.last_name,
        )
    return theirs.order_by(F("trainee").asc(nulls_last=True), "pk").first()


def _already(enrolment, application, joined_on, by):
    """Return the existing seat. Close an open application of the same trainee and free its offer."""
    trainee, course = enrolment.trainee, enrolment.course
    if joined_on not in (None, enrolment.joined_on):
        raise Refusal(
            _(
                "The trainee has a seat since %(day)s; “Correct the first day” is an act of its own."
            ),
            params={"day": date_format(enrolment.joined_on, "j F Y")},
            field="joined_on",
            code="seated",
        )
    if application is not None:
        own = course.applications.open().filter(Q(trainee=None) | Q(trainee=trainee))
        application = own.filter(pk=application.pk).first()
    application = application or _open_application(trainee, course)
    if application is not None:
        _close_with_seat(application, trainee, by)
        offer_free_seats(course)
    return enrolment


def _close_with_seat(application, trainee, by):
    move(application, ApplicationState.ENROLLED, by=by, trainee=trainee)
    take_over_answers(application=application, trainee=trainee)


def _give_seat(case, known, *, by, joined_on=None, continues=None):
    """Create or reopen the enrolment of a case that passed the rules."""
    if case.application is not None:
        _close_with_seat(case.application, case.trainee, by)
    if known:
        if joined_on not in (None, known.joined_on):
            raise Refusal(
                _(
                    "The trainee was in the course before: the first day stays %(day)s, and the "
                    "lessons missed meanwhile are counted. Leave the day empty."
                ),
                params={"day": date_format(known.joined_on, "j F Y")},
                field="joined_on",
                code="returns",
            )
        elsewhere = continues is not None and _same_programme(continues, known)
        return _take_back(known, case.application, by=by, absent_meanwhile=not elsewhere)
    if joined_on is None and (refusal := not_over(case.course)):
        raise refusal
    enrolment = Enrolment(
        trainee=case.trainee,
        course=case.course,
        application=case.application,
        joined_on=day_inside(
            case.course, joined_on or max(timezone.localdate(), case.course.begin)
        ),
        continues=continues,
    )
    return save(enrolment, by=by)


def day_inside(course, day):
    """The day, when it is one of the course's. Raises Refusal at `joined_on`."""
    if not course.begin <= day <= course.end:
        raise Refusal(
            _("The course runs from %(begin)s to %(end)s."),
            params={
                "begin": date_format(course.begin, "j F Y"),
                "end": date_format(course.end, "j F Y"),
            },
            field="joined_on",
            code="day",
        )
    return day


def _take_back(enrolment, application, *, by, absent_meanwhile):
    """Reopen an enrolment and record the lessons missed meanwhile as absences (DESIGN.md §3)."""
    left_on, today = enrolment.left_on, timezone.localdate()
    if application is not None:
        enrolment.application = application
    move(enrolment, EnrolmentState.ENROLLED, by=by, left_on=None)
    if absent_meanwhile:
        missed = (
            enrolment.course.sessions.taking_place()
            .filter(date__gte=left_on, date__lt=today)
            .exclude(absences__enrolment=enrolment)
        )
        bulk_create(
            (
                Absence(enrolment=enrolment, session=session, hours=session.lesson_hours, by=by)
                for session in missed
            ),
            by=by,
        )
    return enrolment


def _same_programme(one, other):
    return one.course.programme_id == other.course.programme_id


@transaction.atomic
def correct_joined_on(*, enrolment, joined_on, reason, by):
    """Correct the first day of a seat in an open or running course; returns the Enrolment.

    Absences before the new day are deleted (the history keeps them): nobody misses a lesson before
    joining. Lessons from the new day on whose roll was called count as attended until the roll is
    corrected. Raises Refusal at `joined_on` for a day outside the course or after leaving it.
    """
    rights.require(by, "correct_joined_on", enrolment)
    reason = given_reason(reason)
    course = lock_course(enrolment.course)
    enrolment = course.enrolments.get(pk=enrolment.pk)
    if course.state not in CourseState.enrolling():
        raise Refusal(
            _("The seats of this course are closed: it is %(state)s."),
            params={"state": course.get_state_display()},
            code="state",
        )
    enrolment.joined_on = day_inside(course, joined_on)
    if enrolment.left_on and joined_on > enrolment.left_on:
        raise Refusal(_("The trainee had left by then."), field="joined_on", code="day")
    for absence in enrolment.absences.filter(session__date__lt=joined_on):
        absence._history_user = by
        absence._change_reason = reason
        absence.delete()
    return save(enrolment, by=by, reason=reason)


# --- The ways out -----------------------------------------------------------------------------


@transaction.atomic
def withdraw(*, enrolment, by, reason="", left_on=None):
    """The trainee gives up the seat, and it is offered to the next in the queue.

    `left_on`: the first day without the trainee; by default today.
    """
    rights.require(by, "withdraw", enrolment)
    reason = given_text(reason, field="reason")
    return _leave(enrolment, EnrolmentState.WITHDRAWN, by=by, reason=reason, left_on=left_on)


@transaction.atomic
def remove(*, enrolment, reason, by, left_on=None):
    """Take the seat away; the trainee is told the reason, and the queue moves up."""
    rights.require(by, "remove", enrolment)
    reason = given_reason(reason)
    return _leave(enrolment, EnrolmentState.REMOVED, by=by, reason=reason, left_on=left_on)


def _leave(enrolment, state, *, by, reason, left_on):
    course = lock_course(enrolment.course)
    enrolment = course.enrolments.select_related("trainee").get(pk=enrolment.pk)
    if enrolment.state == state:
        return enrolment
    day = left_on or max(timezone.localdate(), enrolment.joined_on)
    if not enrolment.joined_on <= day <= max(timezone.localdate(), enrolment.joined_on):
        raise Refusal(
            _("The day lies before the enrolment or in the future."), field="left_on", code="day"
        )
    move(enrolment, state, by=by, reason=reason, left_on=day)
    if state == EnrolmentState.REMOVED:
        write_to_trainee(enrolment, "removed", reason=reason)
    offer_free_seats(course)
    return enrolment


@transaction.atomic
def free_unseen_seats(*, course, by, enrolments=None):
    """Remove those who did not come to the first lesson and offer their seats; returns them.

    `enrolments`: those whom the officer confirmed, from `Enrolment.objects.unseen()`; None means
    all. Someone who is no longer unseen keeps the seat. The rule is in DOMAIN.md §3.
    """
    rights.require(by, "free_unseen_seats", course)
    course = lock_course(course)
    unseen = course.enrolments.unseen().select_related("trainee")
    if enrolments is not None:
        unseen = unseen.filter(pk__in=[enrolment.pk for enrolment in enrolments])
    reason = _("Did not come to the first lesson.")
    return [remove(enrolment=enrolment, reason=reason, by=by) for enrolment in list(unseen)]


@transaction.atomic
def transfer(*, enrolment, course, reason, by, override=None):
    """Move a trainee to another course; returns the new enrolment, which `continues` the old one.

    The new seat passes the same admission rules; the trainees of a cancelled course go before the
    waiting list of a course of the same programme. Within the programme, missed hours and marks are
    carried over, at most MOST_TRANSFERS times in a row. A repeated call returns the existing seat.
    """
    rights.require(by, "transfer", enrolment)
    reason = given_reason(reason)
    if course.pk == enrolment.course_id:
        raise Refusal(_("The trainee is in this course already."), field="course", code="same")
    trainee = lock_trainee(enrolment.trainee)
    old_course, course = lock_courses(enrolment.course, course)
    expire_overdue(course)
    old = old_course.enrolments.get(pk=enrolment.pk)
    known = Enrolment.objects.filter(trainee=trainee, course=course).first()
    if known and known.state in EnrolmentState.holding():
        if known.continues_id == old.pk:
            return known
        raise Refusal(_("The trainee is in this course already."), field="course", code="same")
    _refuse_too_many_transfers(old, course)
    case = Case(trainee, course, application=_open_application(trainee, course), leaving=old)
    aside = admit(case, override=override, by=by)
    new = _move_seat(case, known, reason=reason, by=by)
    write_overrides(aside, new, override=override, by=by)
    offer_free_seats(old_course)
    offer_free_seats(course)
    write_to_trainee(new, "enrolled")
    return new


def _move_seat(case, known, *, reason, by, joined_on=None):
    """The new seat of a case that passed the rules; it continues the one that the trainee leaves."""
    old = case.leaving
    day = old.left_on or max(timezone.localdate(), old.joined_on)
    move(old, EnrolmentState.TRANSFERRED, by=by, reason=reason, left_on=day)
    if known:
        _untie(known, old, by)
    new = _give_seat(case, known, by=by, joined_on=joined_on, continues=old)
    if new.continues_id != old.pk:
        new.continues = old
        save(new, by=by)
    if _same_programme(old, new):
        _take_marks_along(old, new, by)
    return new


def _refuse_too_many_transfers(enrolment, course):
    count, link = 0, enrolment
    while link and link.course.programme_id == course.programme_id and count <= MOST_TRANSFERS:
        count, link = count + 1, link.continues
    if count > MOST_TRANSFERS:
        raise Refusal(
            _("The trainee was transferred %(count)d times within this programme already."),
            params={"count": MOST_TRANSFERS},
            code="transfers",
        )


def _untie(known, old, by):
    """For a transfer back to an earlier course: keep the chain of `continues` free of cycles."""
    if old.continues_id == known.pk:
        before, known.continues = known.continues, None
        save(known, by=by)
        old.continues = before
        save(old, by=by)


def _take_marks_along(old, new, by):
    """Copy the marks to the modules with the same names in the new course."""
    modules = {module.name: module for module in new.course.modules.all()}
    for mark in old.marks.select_related("module"):
        module = modules.get(mark.module.name)
        if module:
            copy = Mark.objects.filter(enrolment=new, module=module).first()
            copy = copy or Mark(enrolment=new, module=module)
            copy.value, copy.exempt = mark.value, mark.exempt
            save(copy, by=by)
