"""The arithmetic of absence, marks and outcome (DOMAIN.md §3), without a database."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trainees.enums import AbsenceLevel, EnrolmentState

EXEMPT = "M"  # a module someone need not take; passed, and left out of the mean


NEAR_LIMIT = 80  # per cent of the absence limit, from which staff and teachers are warned


def against_limit(absent, total, numerator, denominator, percent=100):
    """Hours missed and a share of the limit `numerator/denominator`, brought to one measure.

    `absent > limit` of the two breaks the limit, strictly: of 400 h at 1/5, 80 is in, 81 is out
    (DOMAIN.md §3). All are numbers, or all expressions of a query.
    """
    return absent * denominator * 100, total * numerator * percent


@dataclass(frozen=True)
class Attendance:
    """What someone missed of a course, in lesson hours, against the limit `numerator/denominator`.

    `attended`: the hours of the called lessons at which they were present, where a reason names them.
    """

    absent: int
    total: int
    numerator: int
    denominator: int
    attended: int | None = None

    @property
    def too_absent(self):
        """Whether the limit is broken."""
        absent, limit = against_limit(self.absent, self.total, self.numerator, self.denominator)
        return absent > limit

    @property
    def allowed(self):
        """The most lesson hours that may be missed."""
        return self.total * self.numerator // self.denominator

    @property
    def left(self):
        """How many more lesson hours may be missed; 0 at the limit and beyond it."""
        return max(0, self.allowed - self.absent)

    @property
    def share(self):
        """How many per cent of the limit are used up, as a whole number rounded down."""
        limit = self.total * self.numerator
        if not limit:
            return 100 if self.absent else 0
        return self.absent * self.denominator * 100 // limit

    @property
    def level(self):
        """The AbsenceLevel: warnings at 50 % and 80 % of the limit, and once it is broken."""
        if self.too_absent:
            return AbsenceLevel.OVER
        if self.share >= NEAR_LIMIT:
            return AbsenceLevel.NEAR
        return AbsenceLevel.HALF if self.share >= 50 else AbsenceLevel.FINE


@dataclass(frozen=True)
class Outcome:
    """How a course ended for someone: the state to come, its figures, and why, in a sentence."""

    state: EnrolmentState
    absent_hours: int
    success_mark: Decimal | None
    reason: str


def success_mark(marks):
    """The mean of the module marks to 1 decimal, rounded half up; None without any mark.

    `marks`: for each module 0 to 100, EXEMPT or None (no mark). Exempt modules are left out, and so
    are those without a mark.
    """
    values = [mark for mark in marks if isinstance(mark, int)]
    if not values:
        return None
    mean = Decimal(sum(values)) / len(values)
    return mean.quantize(Decimal("0.1"), ROUND_HALF_UP)


def outcome(attendance, marks, pass_mark):
    """The Outcome, tested in the order of DOMAIN.md §3: absent, failed or some modules, completed.

    `marks` as in `success_mark`, one for each module of the course. Every module needs the pass
    mark; an exempt one is passed, one without a mark is not. Who passed some gets a transcript, who
    passed none failed. A course without modules asks for attendance alone. Who was absent has no
    success mark.
    """
    if attendance.too_absent:
        return Outcome(EnrolmentState.ABSENT, attendance.absent, None, _absence(attendance))
    if not marks:
        return Outcome(EnrolmentState.COMPLETED, attendance.absent, None, _absence(attendance))
    passed = sum(mark == EXEMPT or (mark is not None and mark >= pass_mark) for mark in marks)
    if passed == len(marks):
        state = EnrolmentState.COMPLETED
    else:
        state = EnrolmentState.TRANSCRIPT if passed else EnrolmentState.FAILED
    reason = _("%(passed)d of %(modules)d modules passed.") % {
        "passed": passed,
        "modules": len(marks),
    }
    unmarked = sum(mark is None for mark in marks)
    if unmarked:
        reason += " " + ngettext(
            "%(count)d module has no mark.", "%(count)d modules have no mark.", unmarked
        ) % {"count": unmarked}
    return Outcome(state, attendance.absent, success_mark(marks), reason)


def _absence(attendance):
    sentence = _("%(absent)d of %(total)d lesson hours missed; %(allowed)d are allowed.") % {
        "absent": attendance.absent,
        "total": attendance.total,
        "allowed": attendance.allowed,
    }
    if attendance.attended is None:
        return sentence
    attended = ngettext(
        "%(count)d lesson hour was attended.",
        "%(count)d lesson hours were attended.",
        attendance.attended,
    )
    return f"{sentence} {attended % {'count': attendance.attended}}"
