"""The admission rules: who may get a seat in a course (DOMAIN.md §3, Who; DESIGN.md §3, Enrolment)."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import CourseState, Education
from courses.models import Course, Session, Term
from izmek.acts.refusal import Conflict, Refusal, given_reason
from izmek.models import Override
from trainees import rights
from trainees.enums import EnrolmentState
from trainees.models import Application, Enrolment, Trainee

# The rules that an officer may set aside for one case, with a reason. Not in the list: what the law
# demands (age, guardian), missing data, and the number of seats (raise the capacity instead).
OVERRIDABLE = frozenset({"education", "too many", "clash", "certified", "queue", "turn", "dropped"})


@dataclass
class Case:
    """A trainee who asks for a seat in a course, with the facts that the rules need.

    A fact is asked of the database when a rule needs it; who judges many people at once
    (`services/many_seats.py`) sets it beforehand.
    """

    trainee: Trainee
    course: Course
    application: Application | None = None
    leaving: Enrolment | None = None  # the seat that the trainee gives up in a transfer

    @cached_property
    def today(self):
        return timezone.localdate()

    @cached_property
    def offer_stands(self):
        """Whether a seat is reserved for this application now; an expired offer does not count."""
        if self.application is None:
            return False
        return self.course.applications.live_offers().filter(pk=self.application.pk).exists()

    @property
    def goes_first(self):
        """Whether the trainee leaves a cancelled course of the same programme for this one."""
        left = self.leaving
        return (
            left is not None
            and left.state == EnrolmentState.CANCELLED
            and left.course.programme_id == self.course.programme_id
        )

    @cached_property
    def others(self):
        """The other courses that the trainee attends now, without the one they leave."""
        rows = Enrolment.objects.current().filter(trainee=self.trainee).exclude(course=self.course)
        if self.leaving:
            rows = rows.exclude(pk=self.leaving.pk)
        return [row.course for row in rows.select_related("course__programme", "course__centre")]

    @cached_property
    def clash(self):
        """The first coming lesson of the others at the time of one of the course's; None."""
        return Session.objects.clashing(self.course, self.others).first() if self.others else None

    @cached_property
    def queued(self):
        """The application with its `position` and how many are `ahead`; None when it does not wait."""
        if self.application is None:
            return None
        rows = self.course.applications.waiting().with_position().with_ahead()
        return rows.filter(pk=self.application.pk).first()

    @property
    def place(self):
        """The trainee's place in the waiting list (1 is next), or None when not on it."""
        return self.queued and self.queued.position

    @cached_property
    def waiting_ahead(self):
        """How many confirmed people wait before the trainee. Without an application, everyone does."""
        return self.queued.ahead if self.queued else self.course.applications.next_in_line().count()

    @cached_property
    def seats_free(self):
        return self.course.seats_free

    @cached_property
    def has_permission(self):
        """Whether a guardian has permitted the trainee to attend."""
        return self.trainee.guardians.filter(permission_on__isnull=False).exists()

    @cached_property
    def dropped(self):
        """The trainee's seat of the term before that ended by absence, or None."""
        before = term_before(self.course.term)
        dropped = Enrolment.objects.filter(
            trainee=self.trainee, state=EnrolmentState.ABSENT, course__term=before
        )
        return before and dropped.select_related("course__programme", "course__centre").first()


def term_before(term):
    return Term.objects.filter(begin__lt=term.begin).order_by("-begin").first()


# --- Its rules, in order; each gives a Refusal or None ----------------------------------------


def takes_people(case):
    if case.course.state in CourseState.enrolling():
        return None
    return Refusal(
        _("The course takes nobody now: it is %(state)s."),
        params={"state": case.course.get_state_display()},
        code="state",
    )


def not_over(course):
    """Nobody joins today after the last day; who attended before is entered with the first day."""
    if timezone.localdate() <= course.end:
        return None
    return Refusal(
        _(
            "The last day of the course was %(day)s. The officer of the course centre enters whoever "
            "attended, with the day of joining."
        ),
        params={"day": date_format(course.end, "j F Y")},
        field="joined_on",
        code="over",
    )


def closed_to_all(*, course):
    """The Refusal for everybody who would join the course now, else None."""
    return takes_people(Case(trainee=None, course=course)) or not_over(course)


def old_enough(case):
    """The trainee has the programme's minimum age when the course begins, or today if it has begun."""
    minimum = case.course.programme.minimum_age
    age = case.trainee.age(max(case.course.begin, case.today))
    if age is None:
        return Refusal(_("Enter the date of birth."), field="birth_date", code="birth date")
    if age >= minimum:
        return None
    return Refusal(
        _("The programme takes people from %(minimum)d on; the trainee is %(age)d."),
        params={"minimum": minimum, "age": age},
        code="age",
    )


def too_young(*, course, birth_date):
    """The age rule for someone who has no record yet: a Refusal or None."""
    return old_enough(Case(trainee=Trainee(birth_date=birth_date), course=course))


def educated_enough(case):
    minimum = case.course.programme.minimum_education
    if minimum == Education.NONE:
        return None
    if not case.trainee.education:
        return Refusal(
            _("The programme asks for an education: enter the trainee’s."),
            field="education",
            code="education unknown",
        )
    if case.trainee.education >= minimum:
        return None
    return Refusal(
        _("The programme asks for at least: %(minimum)s. The trainee’s: %(education)s."),
        params={
            "minimum": Education(minimum).label,
            "education": case.trainee.get_education_display(),
        },
        code="education",
    )


def permitted(case):
    """A trainee under 18 needs a guardian's permission."""
    if not case.trainee.is_minor(case.today) or case.has_permission:
        return None
    return Refusal(_("Under 18: the guardian's permission is needed."), code="guardian")


def not_too_many(case):
    """On no future day more courses than the education year's maximum."""
    limit = case.course.term.year.max_courses
    first = max(case.course.begin, case.today)
    days = [first, *(other.begin for other in case.others)]
    most = max(
        sum(other.begin <= day <= other.end for other in case.others)
        for day in days
        if day == first or first < day <= case.course.end
    )
    if most < limit:
        return None
    return Refusal(
        _("The trainee attends %(count)d courses at that time; %(limit)d at a time are allowed."),
        params={"count": most, "limit": limit},
        code="too many",
    )


def no_clashing_hours(case):
    clash = case.clash
    if clash is None:
        return None
    return Refusal(
        _("The hours clash with “%(course)s”: %(day)s, %(begin)s-%(end)s."),
        params={
            "course": clash.course,
            "day": date_format(clash.date, "LONG_DATE_FORMAT"),
            "begin": time_format(clash.begin),
            "end": time_format(clash.end),
        },
        code="clash",
    )


def not_certified_before_others(case):
    """Already certified trainees come after the waiting people who are not certified.

    This checks our own records: the trainee was offered a seat because of a wrong answer. After a
    correct answer their place in the waiting list is right already.
    """
    if not case.offer_stands or case.application.already_certified:
        return None
    course = case.course
    others = course.applications.next_in_line().filter(already_certified=False)
    before = case.trainee.enrolments.certified_in(course.programme).exclude(course=course)
    if not (others.exists() and before.exists()):
        return None
    return Refusal(
        _("The trainee is certified in this programme already, and others wait who are not."),
        code="certified",
    )


def nobody_ahead(case):
    """A trainee without an offer gets a free seat only when nobody waits before them."""
    if case.offer_stands or case.goes_first or not case.waiting_ahead:
        return None
    if case.leaving:  # the teacher of the old course cannot add the trainee to this waiting list
        return Refusal(
            ngettext(
                "%(count)d person waits ahead.",
                "%(count)d people wait ahead.",
                case.waiting_ahead,
            ),
            params={"count": case.waiting_ahead},
            code="queue",
        )
    if case.place:
        if not case.seats_free:  # a reason does not help here; `seat_left` explains it
            return None
        return Refusal(
            _(
                "The trainee is on the waiting list already, at place %(place)d, and stays there "
                "until their turn. A centre officer may give the free seat before, with a reason."
            ),
            params={"place": case.place},
            code="turn",
        )
    return Refusal(
        ngettext(
            "%(count)d person waits ahead. The trainee can be put on the waiting list.",
            "%(count)d people wait ahead. The trainee can be put on the waiting list.",
            case.waiting_ahead,
        ),
        params={"count": case.waiting_ahead},
        code="queue",
    )


def not_dropped(case):
    """Someone dropped for absence gets no seat in the next term, if the education year says so."""
    if not case.course.term.year.drop_bars_next_term or not case.dropped:
        return None
    return Refusal(
        _("The trainee was dropped for absence last term from “%(course)s”."),
        params={"course": case.dropped.course},
        code="dropped",
    )


def seat_left(case):
    if case.seats_free + case.offer_stands >= 1:
        return None
    if case.leaving and not case.goes_first:
        return Conflict(_("The course is full."), code="full")
    if case.place:
        return Conflict(
            _(
                "The course is full. The trainee is on the waiting list already, at place "
                "%(place)d, and stays there. A reason makes no seat: those that become free, or "
                "that a larger capacity adds, are offered in the order of the list."
            ),
            params={"place": case.place},
            code="waits",
        )
    return Conflict(
        _("The course is full. The trainee can be put on the waiting list."), code="full"
    )


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


def broken_rules(case):
    """The Refusals of all broken rules, in order."""
    return [refusal for rule in RULES if (refusal := rule(case))]


def admit(case, *, override, by):
    """Raise the Refusal of the first broken rule.

    Return the codes of the rules that were set aside.

    `override`: the officer's reason, or None. Raises NotAllowed when `by` may not set rules aside.
    """
    if override is not None:
        override = given_reason(override)
        rights.require(by, "override", case.course)
    return rules_aside(case, reason_given=override is not None)


def rules_aside(case, *, reason_given):
    """`admit` without its question who may set rules aside."""
    aside = []
    for rule in RULES:
        refusal = rule(case)
        if refusal and not (reason_given and refusal.reason in OVERRIDABLE):
            raise refusal
        if refusal:
            aside.append(refusal.reason)
    return aside


def write_overrides(aside, enrolment, *, override, by):
    """Record which rules were set aside for a seat, why and by whom."""
    for code in aside:
        Override.objects.create(act=code, reason=override.strip(), by=by, object=enrolment)
