"""Who may do what in the trainees app (izmek/acts/rights.py).

A teacher's scope is what they teach today; beside it a substitute calls the roll of that lesson.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.queries.scope import centres_of
from courses.rights import of_own_centres, stood_in_for, taught_today
from izmek.accounts.roles import Role
from izmek.acts.rights import Right, Rights, everything
from trainees.models import Application, Enrolment

# --- Scopes of trainees ---------------------------------------------------------------------------


def trainees_of_own_centres(user):
    """The trainees who attend or applied at the officer's centres, and those who did so nowhere yet.

    By the office alone: another role that lets the user see more lets them change nothing more.
    """
    at_own = {"course__centre__in": centres_of(user)}
    attends, applied = Enrolment.objects.all(), Application.objects.filter(trainee__isnull=False)
    own = {"trainee": OuterRef("pk")}
    nowhere = Q(~Exists(attends.filter(**own))) & Q(~Exists(applied.filter(**own)))
    known = [rows.filter(**at_own).values("trainee") for rows in (attends, applied)]
    return Q(pk__in=known[0]) | Q(pk__in=known[1]) | nowhere


def trainees_of_own_centres_alone(user):
    """Those of them who attend or applied nowhere else: to merge them changes nothing of another centre."""
    elsewhere = ~Q(course__centre__in=centres_of(user))
    own = {"trainee": OuterRef("pk")}
    return Q(~Exists(Enrolment.objects.filter(elsewhere, **own))) & Q(
        ~Exists(Application.objects.filter(elsewhere, **own))
    )


def own_trainees(user):
    """The trainees of the courses that the teacher teaches today, those who have left included."""
    courses = Course.objects.taught_by(user).values("pk")
    return Q(pk__in=Enrolment.objects.filter(course__in=courses).values("trainee"))


def own_trainees_and_applicants(user):
    """Those, and who applied for a seat in one of these courses."""
    courses = Course.objects.taught_by(user).values("pk")
    applied = Application.objects.filter(course__in=courses, trainee__isnull=False)
    return own_trainees(user) | Q(pk__in=applied.values("trainee"))


# --- The table, by feature ------------------------------------------------------------------------

# Rows that belong to a course, and the course itself.
OFFICERS = {Role.OFFICER: of_own_centres("course__centre")}
STAFF = {**OFFICERS, Role.TEACHER: taught_today("course")}
OFFICERS_OF_COURSE = {Role.OFFICER: of_own_centres("centre")}
OFFICERS_OF_CERTIFICATE = {Role.OFFICER: of_own_centres("enrolment__course__centre")}
STAFF_OF_COURSE = {**OFFICERS_OF_COURSE, Role.TEACHER: taught_today("pk")}


def roll_staff(user):
    return taught_today("course")(user) | stood_in_for("pk")(user)


ROLL = {**OFFICERS, Role.TEACHER: roll_staff}
OFFICERS_OF_TRAINEE = {Role.OFFICER: trainees_of_own_centres}
STAFF_OF_TRAINEE = {**OFFICERS_OF_TRAINEE, Role.TEACHER: own_trainees}
ANY_STAFF = {Role.OFFICER: everything, Role.TEACHER: everything}

RIGHTS = Rights(
    # People: on the trainee; who is registered only now, or looked for, is no row yet.
    register_trainee=Right(ANY_STAFF),
    find_by_identity=Right({**ANY_STAFF, Role.AUDITOR: everything}),
    record_identity=Right(STAFF_OF_TRAINEE),
    correct_identity=Right(OFFICERS_OF_TRAINEE),
    see_identity=Right(OFFICERS_OF_TRAINEE),
    correct_name=Right(STAFF_OF_TRAINEE),
    record_guardian=Right(STAFF_OF_TRAINEE),
    record_support=Right(STAFF_OF_TRAINEE),
    see_support=Right(STAFF_OF_TRAINEE),
    # One person twice: on both records.
    merge_trainees=Right({Role.OFFICER: trainees_of_own_centres_alone}),
    merge_two_numbers=Right(
        {}, sentence=_("They have two identity numbers: only a manager may merge them.")
    ),
    not_the_same=Right({Role.OFFICER: trainees_of_own_centres_alone}),
    # What people ask of their own data (law 6698, articles 7 and 11): on the trainee, teacher, application.
    hand_over=Right({}, system=False),
    restrict=Right({}),
    lift_restriction=Right({}),
    anonymise=Right({}),
    erase_contact=Right({}),
    # Registration in person: the right is for the course, not for the trainee.
    enrol_in_person=Right(STAFF_OF_COURSE),
    apply_in_person=Right(STAFF_OF_COURSE),
    # Consents: on the trainee; those of a teacher on the teacher.
    record_answers=Right({**OFFICERS_OF_TRAINEE, Role.TEACHER: own_trainees_and_applicants}),
    give_consent=Right({**OFFICERS_OF_TRAINEE, Role.TEACHER: own_trainees_and_applicants}),
    withdraw_consent=Right({**OFFICERS_OF_TRAINEE, Role.TEACHER: own_trainees_and_applicants}),
    answer_of_teacher=Right({Role.OFFICER: of_own_centres("centres")}),
    answer_of_applicant=Right(STAFF),  # on the application of who is not on record
    # Applications: on the course, then on the application. The public is `by=None`.
    apply=Right(STAFF_OF_COURSE),
    put_on_waiting_list=Right(STAFF_OF_COURSE),
    confirm_application=Right(STAFF),
    decline_offer=Right(OFFICERS),
    withdraw_application=Right(OFFICERS),
    refuse_application=Right(OFFICERS),
    set_already_certified=Right(OFFICERS),
    told_by_phone=Right(OFFICERS),
    resend_letter=Right(OFFICERS),  # on the application or the seat that it is about
    # Seats: on the course where one is given, on the application or enrolment that there is.
    enrol=Right(STAFF_OF_COURSE),
    accept_offer=Right(STAFF),
    override=Right(  # set a rule of admission aside; the system has no reasons
        OFFICERS_OF_COURSE,
        system=False,
        sentence=_("Only a centre officer may set a rule aside."),
    ),
    correct_joined_on=Right(OFFICERS),
    withdraw=Right(STAFF),
    transfer=Right(STAFF),
    remove=Right(OFFICERS),
    free_unseen_seats=Right(
        OFFICERS_OF_COURSE, sentence=_("A centre officer has to confirm this.")
    ),
    # People to call: on the call, or on the seat of who has to be called.
    tick_call=Right(STAFF),
    reopen_call=Right(STAFF),
    answer_calls=Right(STAFF),
    ask_for_call=Right(OFFICERS),
    # News of a course, to who agreed to it: on the course.
    send_news=Right(OFFICERS_OF_COURSE),
    # The roll: on the lesson.
    check_roll=Right(ROLL),
    call_roll=Right(ROLL),
    mark_absent=Right(ROLL),
    mark_present=Right(ROLL),
    correct_old_roll=Right(OFFICERS),  # one called more than roll.CORRECTION_DAYS ago
    # Marks: on the enrolment.
    set_mark=Right(STAFF),
    # Outcome: on the course.
    finish_course=Right(OFFICERS_OF_COURSE),
    reopen_course=Right(
        OFFICERS_OF_COURSE, sentence=_("Only a centre officer may reopen a course.")
    ),
    # Certificates: on the course, then on the certificate.
    issue_certificates=Right(OFFICERS_OF_COURSE),
    print_certificates=Right(OFFICERS_OF_CERTIFICATE),
    revoke_certificate=Right(OFFICERS_OF_CERTIFICATE),
    replace_certificate=Right(OFFICERS_OF_CERTIFICATE),
    hand_over_certificate=Right(OFFICERS_OF_CERTIFICATE),
    take_back_hand_over=Right(OFFICERS_OF_CERTIFICATE),
    mail_certificate=Right(OFFICERS_OF_CERTIFICATE),
    reminded_of_certificate=Right(OFFICERS_OF_CERTIFICATE),
    will_not_collect_certificate=Right(OFFICERS_OF_CERTIFICATE),
    # e-Yaygın beside us: on the course.
    reconcile=Right(OFFICERS_OF_COURSE),
)
require, may, rows = RIGHTS.require, RIGHTS.may, RIGHTS.rows
