"""Seats (kesin kayıt): the one gate to them, and the ways out (DOMAIN.md §3, Who; DESIGN.md §3)."""

from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import CourseState, Education
from courses.models import Course, Session, Term
from courses.services import lock_course, lock_courses
from izmek.bulk import bulk_create_with_fold
from izmek.history import save
from izmek.models import Override
from izmek.refusal import Conflict, Refusal, given_reason
from trainees import rules
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Absence, Application, Enrolment, Mark, Trainee
from trainees.queries import MOST_TRANSFERS
from trainees.services.mail import write_to_trainee
from trainees.services.people import lock_trainee
from trainees.services.queue import expire_overdue, offer_free_seats
from trainees.services.steps import move

# The rules that an officer may set aside for one case, with her reason. Not: what the law asks
# (age, guardian), what is missing in the record, and the number of seats – that one is raised.
OVERRIDABLE = frozenset({"education", "too many", "clash", "certified", "queue", "dropped"})


# --- The gate ---------------------------------------------------------------------------------


@transaction.atomic
def enrol(*, trainee, course, by, application=None, joined_on=None, override=None):
    """Give a trainee a seat in a course (kesin kayıt); the one gate to every seat.

    Locks the trainee, then the course, reads both again and checks RULES in order. Returns the
    Enrolment; a repeat returns the one that exists. Who comes back after having left gets the same
    row again, and what she missed meanwhile as absences.

    `application`: the one whose offer she accepts; her own open application for the course is found
    if none is named. `joined_on`: her first day, else today or the course's first day.
    `override`: an officer's reason to set aside what OVERRIDABLE names; each rule is written down.

    Raises the first rule's Refusal, whose `reason` is its code; Conflict `full` when the seats are
    gone (then: `put_on_waiting_list`), Refusal `expired` when the offer's time is over.
    """
    trainee, course = lock_trainee(trainee), lock_course(course)
    expire_overdue(course)
    known = Enrolment.objects.filter(trainee=trainee, course=course).first()
    if known and known.state in EnrolmentState.holding():
        return _already(known, _open_application(trainee, course), by)
    case = Case(trainee, course, application=_application(application, trainee, course))
    aside = _refuse_or_set_aside(case, override, by)
    enrolment = _give_seat(case, known, joined_on=joined_on, by=by)
    _write_down(aside, enrolment, override, by)
    offer_free_seats(course)
    write_to_trainee(enrolment, "enrolled")
    return enrolment


def accept_offer(*, application, trainee, by, override=None):
    """Turn an offer into a seat when she comes with her identity card: `enrol` with its application."""
    return enrol(
        trainee=trainee,
        course=application.course,
        application=application,
        by=by,
        override=override,
    )


def hindrances(*, trainee, course, application=None):
    """Every rule that keeps a trainee out of a course now: a list of Refusals, in order.

    For a page that shows them before she is enrolled; those whose `reason` is in OVERRIDABLE an
    officer may set aside. Asks without a lock: the gate looks again.
    """
    application = application or _open_application(trainee, course)
    case = Case(trainee, course, application=application)
    return [refusal for rule in RULES if (refusal := rule(case))]


@dataclass
class Case:
    """Someone at the gate, and what the rules ask about her."""

    trainee: Trainee
    course: Course
    application: Application | None = None
    leaving: Enrolment | None = None  # the seat she gives up by a transfer

    @cached_property
    def offer_stands(self):
        """Whether a seat is kept for her at this moment, by the clock."""
        offers = self.course.applications.live_offers()
        return self.application is not None and offers.filter(pk=self.application.pk).exists()

    @cached_property
    def others(self):
        """The other courses that she attends now, the one she leaves not counted."""
        rows = Enrolment.objects.current().filter(trainee=self.trainee).exclude(course=self.course)
        if self.leaving:
            rows = rows.exclude(pk=self.leaving.pk)
        return [row.course for row in rows.select_related("course__programme", "course__centre")]

    @cached_property
    def waiting_ahead(self):
        """How many people wait ahead of her; who has no application is behind all of them."""
        waiting = list(self.course.applications.waiting().values_list("pk", flat=True))
        if self.application is not None and self.application.pk in waiting:
            return waiting.index(self.application.pk)
        return len(waiting)


# --- Its rules, in order; each gives a Refusal or None ----------------------------------------


def takes_people(case):
    if case.course.state in CourseState.enrolling():
        return None
    return Refusal(
        _("The course takes nobody now: it is %(state)s."),
        params={"state": case.course.get_state_display()},
        code="state",
    )


def old_enough(case):
    """The programme's minimum age, on the day the course begins or on which she joins it."""
    minimum = case.course.programme.minimum_age
    age = case.trainee.age(max(case.course.begin, timezone.localdate()))
    if age is None:
        return Refusal(_("Enter the date of birth."), field="birth_date", code="birth date")
    if age >= minimum:
        return None
    return Refusal(
        _("The programme takes people from %(minimum)d on; she is %(age)d."),
        params={"minimum": minimum, "age": age},
        code="age",
    )


def educated_enough(case):
    minimum = case.course.programme.minimum_education
    if minimum == Education.NONE:
        return None
    if not case.trainee.education:
        return Refusal(
            _("The programme asks for an education: enter hers."),
            field="education",
            code="education unknown",
        )
    if case.trainee.education >= minimum:
        return None
    return Refusal(
        _("The programme asks for at least: %(minimum)s. Hers: %(education)s."),
        params={
            "minimum": Education(minimum).label,
            "education": case.trainee.get_education_display(),
        },
        code="education",
    )


def permitted(case):
    """Under 18 with the guardian's permission."""
    guardians = case.trainee.guardians.filter(permission_on__isnull=False)
    if not case.trainee.is_minor() or guardians.exists():
        return None
    return Refusal(_("Under 18: the guardian's permission is needed."), code="guardian")


def not_too_many(case):
    """At most the year's number of courses at a time: on no day more than that."""
    limit = case.course.term.year.max_courses
    days = [case.course.begin, *(other.begin for other in case.others)]
    most = max(
        sum(other.begin <= day <= other.end for other in case.others)
        for day in days
        if case.course.begin <= day <= case.course.end
    )
    if most < limit:
        return None
    return Refusal(
        _("She attends %(count)d courses at that time; %(limit)d at a time are allowed."),
        params={"count": most, "limit": limit},
        code="too many",
    )


def no_clashing_hours(case):
    clash = Session.objects.clashing(case.course, case.others).first()
    if clash is None:
        return None
    return Refusal(
        _("The hours clash with “%(course)s”: %(day)s, %(begin)s-%(end)s."),
        params={
            "course": clash.course,
            "day": date_format(clash.date, "j F Y l"),
            "begin": time_format(clash.begin, "H.i"),
            "end": time_format(clash.end, "H.i"),
        },
        code="clash",
    )


def not_certified_before_others(case):
    """Who is certified in the programme already goes behind those who wait and are not.

    By our own records: someone was offered a seat because she answered otherwise. (Who answered
    truly has her place in the queue by it.)
    """
    if not case.offer_stands or case.application.already_certified:
        return None
    course = case.course
    others = course.applications.waiting().filter(already_certified=False)
    before = case.trainee.enrolments.certified_in(course.programme).exclude(course=course)
    if not (others.exists() and before.exists()):
        return None
    return Refusal(
        _("She is certified in this programme already, and others wait who are not."),
        code="certified",
    )


def nobody_ahead(case):
    """A walk-in takes a free seat only when nobody waits ahead."""
    if case.offer_stands or not case.waiting_ahead:
        return None
    return Refusal(
        ngettext(
            "%(count)d person waits ahead of her. Put her on the waiting list?",
            "%(count)d people wait ahead of her. Put her on the waiting list?",
            case.waiting_ahead,
        ),
        params={"count": case.waiting_ahead},
        code="queue",
    )


def not_dropped(case):
    """Who was dropped for absence gets no seat in the following term, where the year says so."""
    term = case.course.term
    if not term.year.drop_bars_next_term:
        return None
    before = Term.objects.filter(begin__lt=term.begin).order_by("-begin").first()
    dropped = (
        before
        and Enrolment.objects.filter(
            trainee=case.trainee, state=EnrolmentState.ABSENT, course__term=before
        )
        .select_related("course__programme", "course__centre")
        .first()
    )
    if not dropped:
        return None
    return Refusal(
        _("She was dropped for absence last term from “%(course)s”."),
        params={"course": dropped.course},
        code="dropped",
    )


def seat_left(case):
    if case.course.seats_free + case.offer_stands >= 1:
        return None
    return Conflict(_("The last seat was just taken. Put her on the waiting list?"), code="full")


RULES = (
    takes_people,
    old_enough,
    educated_enough,
    permitted,
    not_too_many,
    no_clashing_hours,
    not_certified_before_others,
    nobody_ahead,
    not_dropped,
    seat_left,
)


def _refuse_or_set_aside(case, override, by):
    """Raise the first rule that stands; returns the codes of those that an officer sets aside."""
    if override is not None:
        override = given_reason(override)
        if not rules.may_override(by, case.course):
            raise Refusal(_("Only a centre officer may set a rule aside."), code="override")
    aside = []
    for rule in RULES:
        refusal = rule(case)
        if refusal is None:
            continue
        if override is None or refusal.reason not in OVERRIDABLE:
            raise refusal
        aside.append(refusal.reason)
    return aside


def _write_down(aside, enrolment, override, by):
    for code in aside:
        Override.objects.create(act=code, reason=override.strip(), by=by, object=enrolment)


# --- Giving the seat --------------------------------------------------------------------------


def _application(application, trainee, course):
    """The application that leads to the seat, read again; her own open one if none is named."""
    if application is None:
        return _open_application(trainee, course)
    application = Application.objects.get(pk=application.pk)
    if application.course_id != course.pk:
        raise Refusal(_("The application is for another course."), code="course")
    if application.trainee_id not in (None, trainee.pk):
        raise Refusal(_("The application is somebody else's."), code="person")
    if application.state == ApplicationState.EXPIRED:
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
    """Her open application for the course: linked to her, or by the same name and phone."""
    rows = course.applications.open()
    found = rows.filter(trainee=trainee).first()
    if found is None and trainee.phone:
        found = (
            rows.filter(trainee=None)
            .of_person(
                phone=trainee.phone,
                first_name=trainee.first_name,
                last_name=trainee.last_name,
            )
            .first()
        )
    return found


def _already(enrolment, application, by):
    """The seat she has; an application that she had beside it is used up and its offer freed."""
    if application is not None:
        move(application, ApplicationState.ENROLLED, by=by, trainee=enrolment.trainee)
        offer_free_seats(enrolment.course)
    return enrolment


def _give_seat(case, known, *, by, joined_on=None, continues=None):
    """The new or reopened enrolment of a case that passed the rules."""
    if case.application is not None:
        move(case.application, ApplicationState.ENROLLED, by=by, trainee=case.trainee)
    if known:
        elsewhere = continues is not None and _same_programme(continues, known)
        return _take_back(known, case.application, by=by, absent_meanwhile=not elsewhere)
    enrolment = Enrolment(
        trainee=case.trainee,
        course=case.course,
        application=case.application,
        joined_on=joined_on or max(timezone.localdate(), case.course.begin),
        continues=continues,
    )
    return save(enrolment, by=by)


def _take_back(enrolment, application, *, by, absent_meanwhile):
    """Reopen an enrolment; the lessons missed meanwhile are written as absences (DESIGN.md §3)."""
    left_on, today = enrolment.left_on, timezone.localdate()
    if application is not None:
        enrolment.application = application
    move(enrolment, EnrolmentState.ENROLLED, by=by, left_on=None)
    if absent_meanwhile:
        missed = (
            enrolment.course.sessions.standing()
            .filter(date__gte=left_on, date__lt=today)
            .exclude(absences__enrolment=enrolment)
        )
        bulk_create_with_fold(
            (
                Absence(enrolment=enrolment, session=session, hours=session.lesson_hours, by=by)
                for session in missed
            ),
            by=by,
        )
    return enrolment


def _same_programme(one, other):
    return one.course.programme_id == other.course.programme_id


# --- The ways out -----------------------------------------------------------------------------


@transaction.atomic
def withdraw(*, enrolment, by, reason="", left_on=None):
    """She gives up her seat; the queue moves up. `left_on`: the first day without her (today)."""
    return _leave(enrolment, EnrolmentState.WITHDRAWN, by=by, reason=reason, left_on=left_on)


@transaction.atomic
def remove(*, enrolment, reason, by, left_on=None):
    """Take the seat from her, for a reason that she is told; the queue moves up."""
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
            _("The day lies before she joined or in the future."), field="left_on", code="day"
        )
    move(enrolment, state, by=by, reason=given_reason(reason) if reason else "", left_on=day)
    if state == EnrolmentState.REMOVED:
        write_to_trainee(enrolment, "removed", reason=reason)
    offer_free_seats(course)
    return enrolment


@transaction.atomic
def free_unseen_seats(*, course, by, enrolments=None):
    """Offer on the seats of those who did not come to the first lesson; returns them, removed.

    `enrolments`: whom the officer confirmed, out of `Enrolment.objects.unseen()`; None: all of them.
    Someone who is not unseen (any more) keeps her seat. Not coming to the first lesson loses the
    seat (DOMAIN.md §3). Raises Refusal when `by` is no officer.
    """
    if not rules.is_officer_of(by, course):
        raise Refusal(_("A centre officer has to confirm this."), code="officer")
    course = lock_course(course)
    unseen = course.enrolments.unseen().select_related("trainee")
    if enrolments is not None:
        unseen = unseen.filter(pk__in=[enrolment.pk for enrolment in enrolments])
    reason = _("Did not come to the first lesson.")
    return [remove(enrolment=enrolment, reason=reason, by=by) for enrolment in list(unseen)]


@transaction.atomic
def transfer(*, enrolment, course, reason, by, override=None):
    """Move someone to another course; returns the new enrolment, which `continues` the old one.

    The new seat passes the same gate. Within the same programme missed hours count on and marks are
    taken along, at most MOST_TRANSFERS times in a row. Repeating it returns the seat that she has.
    """
    reason = given_reason(reason)
    if course.pk == enrolment.course_id:
        raise Refusal(_("She is in this course already."), field="course", code="same")
    trainee = lock_trainee(enrolment.trainee)
    old_course, course = lock_courses(enrolment.course, course)
    expire_overdue(course)
    old = old_course.enrolments.get(pk=enrolment.pk)
    known = Enrolment.objects.filter(trainee=trainee, course=course).first()
    if known and known.state in EnrolmentState.holding():
        if known.continues_id == old.pk:
            return known
        raise Refusal(_("She is in this course already."), field="course", code="same")
    _refuse_too_many_transfers(old, course)
    case = Case(trainee, course, application=_open_application(trainee, course), leaving=old)
    aside = _refuse_or_set_aside(case, override, by)
    today = timezone.localdate()
    move(
        old,
        EnrolmentState.TRANSFERRED,
        by=by,
        reason=reason,
        left_on=max(today, old.joined_on),
    )
    if known:
        _untie(known, old, by)
    new = _give_seat(case, known, by=by, continues=old)
    if new.continues_id != old.pk:
        new.continues = old
        save(new, by=by)
    if _same_programme(old, new):
        _take_marks_along(old, new, by)
    _write_down(aside, new, override, by)
    offer_free_seats(old_course)
    offer_free_seats(course)
    write_to_trainee(new, "enrolled")
    return new


def _refuse_too_many_transfers(enrolment, course):
    count, link = 0, enrolment
    while link and link.course.programme_id == course.programme_id and count <= MOST_TRANSFERS:
        count, link = count + 1, link.continues
    if count > MOST_TRANSFERS:
        raise Refusal(
            _("She was transferred %(count)d times within this programme already."),
            params={"count": MOST_TRANSFERS},
            code="transfers",
        )


def _untie(known, old, by):
    """Before she goes back to where she came from: the chain of `continues` may not be a ring."""
    if old.continues_id == known.pk:
        before, known.continues = known.continues, None
        save(known, by=by)
        old.continues = before
        save(old, by=by)


def _take_marks_along(old, new, by):
    """Give the marks of one enrolment to the modules of the same name in another's course."""
    modules = {module.name: module for module in new.course.modules.all()}
    for mark in old.marks.select_related("module"):
        module = modules.get(mark.module.name)
        if module:
            copy = Mark.objects.filter(enrolment=new, module=module).first()
            copy = copy or Mark(enrolment=new, module=module)
            copy.value, copy.exempt = mark.value, mark.exempt
            save(copy, by=by)
