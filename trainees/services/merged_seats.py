"""Two seats of one person in one course become one, when the two records of the person are merged.

The seat of the record that stays is the one that goes on. The clerk chooses which of the two tells the
dates, the state and the outcome; which absences count, as somebody who stood on the list twice was present
under one name and absent under the other; and which marks count where both have one. The other seat stays,
empty, in a state of its own (EnrolmentState.MERGED), so that it can come back for a week.
"""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import CourseState
from izmek.acts.merging import ABOUT, Question
from izmek.acts.refusal import Refusal
from trainees.enums import ApplicationState, CertificateState, EnrolmentState
from trainees.models import Absence, Call, Certificate, Enrolment, Mark

BOTH = ("first", "second")


def shared_seats(first, second):
    """[(course, the first's seat, the second's seat)] of the courses in which both have one."""
    seats = [
        {
            seat.course_id: seat
            for seat in Enrolment.objects.filter(trainee=one).select_related(
                "course__programme", "course__centre"
            )
        }
        for one in (first, second)
    ]
    return [
        (seats[0][key].course, seats[0][key], seats[1][key])
        for key in sorted(seats[0].keys() & seats[1].keys())
    ]


def questions(course, one, two):
    """What is asked about two seats in a course: a list of Question."""
    certified = [_has_certificate(seat) for seat in (one, two)]
    options = [(key, _told(seat)) for key, seat in zip(BOTH, (one, two), strict=True)]
    if any(certified):
        options = [options[certified.index(True)]]
    found = [
        Question(
            f"seat_{course.pk}",
            _("%(course)s: both have a seat. Which one tells dates, state and outcome?")
            % {"course": course},
            options,
            default="" if any(certified) else BOTH[_rank(two) > _rank(one)],
            help=_("It has a certificate, so its outcome stands.") if any(certified) else "",
        )
    ]
    if course.state in CourseState.enrolling() and (one.absences.exists() or two.absences.exists()):
        found.append(
            Question(
                f"absences_{course.pk}",
                _("%(course)s: which absences count?") % {"course": course},
                [
                    ("least", _("Absent is who was absent under both names")),
                    ("first", _hours(_("Those of the first record"), one)),
                    ("second", _hours(_("Those of the second record"), two)),
                    ("most", _("Absent is who was absent under one of the names")),
                ],
            )
        )
    if differing := _differing_marks(one, two):
        found.append(
            Question(
                f"marks_{course.pk}",
                _("%(course)s: which marks count where both have one?") % {"course": course},
                [
                    (key, f"{label}: {_marks(seat, differing)}")
                    for key, label, seat in zip(
                        BOTH,
                        (_("Those of the first record"), _("Those of the second record")),
                        (one, two),
                        strict=True,
                    )
                ],
            )
        )
    return found


def refusals(course, one, two):
    """Why two seats in a course cannot be one: sentences."""
    if _has_certificate(one) and _has_certificate(two):
        yield _(
            "%(course)s: both seats have a valid certificate. Revoke the one that was issued by "
            "mistake first: a number that was given never changes."
        ) % {"course": course}


def _rank(seat):
    """The seat that is proposed: one that is held, before one that was left; then the older one."""
    return seat.state in EnrolmentState.holding(), -seat.joined_on.toordinal()


def _has_certificate(seat):
    return any(one.state == CertificateState.VALID for one in seat.certificates.all())


def _told(seat):
    told = [
        seat.get_state_display(),
        _("since %(day)s") % {"day": date_format(seat.joined_on, "SHORT_DATE_FORMAT")},
    ]
    if seat.left_on:
        told.append(_("until %(day)s") % {"day": date_format(seat.left_on, "SHORT_DATE_FORMAT")})
    return ", ".join(map(str, told))


def _hours(label, seat):
    hours = sum(seat.absences.values_list("hours", flat=True))
    return f"{label}: " + ngettext(
        "%(count)d lesson hour missed", "%(count)d lesson hours missed", hours
    ) % {"count": hours}


def _marks_of(seat):
    return {mark.module_id: mark for mark in seat.marks.select_related("module")}


def _differing_marks(one, two):
    """The modules in which both have a mark, and not the same."""
    ones, twos = _marks_of(one), _marks_of(two)
    return [
        key
        for key in ones.keys() & twos.keys()
        if (ones[key].value, ones[key].exempt) != (twos[key].value, twos[key].exempt)
    ]


def _marks(seat, keys):
    marks = _marks_of(seat)
    return "; ".join(str(marks[key]) for key in sorted(keys))


# --- Putting them together ------------------------------------------------------------------------


def put_together(merger, course, kept, other, *, told_by, absences, marks):
    """Make one seat of two in a (locked) course.

    `told_by`, `marks`: the seat whose facts, or marks, count. `absences`: a seat, "least" or "most".
    """
    freed = kept.state in EnrolmentState.holding() and other.state in EnrolmentState.holding()
    wanted, joined_on = _wanted_absences(course, kept, other, told_by, absences)
    facts = {"joined_on": joined_on}
    if told_by is other:
        for name in ("left_on", "state", "state_reason", "absent_hours", "success_mark"):
            facts[name] = getattr(other, name)
    _join_absences(merger, kept, other, wanted)
    _join_marks(merger, kept, other, marks)
    for model, name in ((Certificate, "enrolment"), (Call, "enrolment")):
        merger.move(model, name, model.objects.filter(enrolment=other), to=kept)
    for model in ABOUT:
        merger.move_about(model, other, kept)
    for name in ("application", "continues"):  # each at one seat alone
        value = getattr(other, name)
        if value is not None and getattr(kept, name) is None and value != kept:
            merger.change(other, **{name: None})
            facts[name] = value
    following = Enrolment.every.filter(continues=other).exclude(pk=kept.pk).first()
    if following and not Enrolment.every.filter(continues=kept).exists():
        merger.change(following, continues=kept)
    merger.change(
        other,
        strict=True,
        state=EnrolmentState.MERGED,
        state_reason="",
        left_on=other.joined_on,
    )
    merger.change(kept, strict=True, **facts)
    return freed


def _wanted_absences(course, kept, other, told_by, absences):
    """({lesson: (hours, excused, note)}, the first day) of the seat that goes on."""
    missed = {seat: {row.session_id: row for row in seat.absences.all()} for seat in (kept, other)}
    if absences not in ("least", "most"):
        rows = missed[absences].items()
        joined_on = absences.joined_on
        if told_by.left_on and told_by.left_on < joined_on:
            joined_on = told_by.joined_on
        return {key: (row.hours, row.excused, row.note) for key, row in rows}, joined_on
    joined_on = min(kept.joined_on, other.joined_on)
    left_on = told_by.left_on or date.max
    wanted = {}
    for session in course.sessions.taking_place().filter(date__gte=joined_on, date__lt=left_on):
        rows = [missed[seat].get(session.pk) for seat in (kept, other) if _covers(seat, session)]
        if not rows:  # in the course under neither name, as somebody who left and came back
            if session.date < timezone.localdate():
                wanted[session.pk] = (session.lesson_hours, False, "")
            continue
        if None in rows and absences == "least":
            continue
        pick = min if absences == "least" else max
        if found := [row for row in rows if row is not None]:
            row = pick(found, key=lambda row: row.hours)
            wanted[session.pk] = (row.hours, row.excused, row.note)
    return wanted, joined_on


def _covers(seat, session):
    return seat.joined_on <= session.date < (seat.left_on or date.max)


def _join_absences(merger, kept, other, wanted):
    """Give the seat that goes on these absences; a row that was written stays the same row."""
    own = {row.session_id: row for row in kept.absences.all()}
    theirs = {row.session_id: row for row in other.absences.all()}
    moved = []
    for key in sorted(own.keys() | theirs.keys() | wanted.keys()):
        row = own.get(key) or theirs.get(key)
        facts = wanted.get(key)
        if facts is None or key in own:
            for one in (theirs.get(key), own.get(key) if facts is None else None):
                if one is not None:
                    merger.remove(one)
        if facts is None:
            continue
        if row is None:
            values = dict(zip(("hours", "excused", "note"), facts, strict=True))
            merger.add(Absence(enrolment=kept, session_id=key, by=merger.by, **values))
            continue
        if key not in own:
            moved.append(row)
        if (row.hours, row.excused, row.note) != facts:
            values = dict(zip(("hours", "excused", "note"), facts, strict=True))
            merger.change(row, strict=True, **values)
    merger.move(Absence, "enrolment", moved, to=kept)


def _join_marks(merger, kept, other, counts):
    own, theirs = _marks_of(kept), _marks_of(other)
    moved = []
    for key, mark in theirs.items():
        if key not in own:
            moved.append(mark)
            continue
        if counts is other and (own[key].value, own[key].exempt) != (mark.value, mark.exempt):
            merger.change(own[key], strict=True, value=mark.value, exempt=mark.exempt)
        merger.remove(mark)
    merger.move(Mark, "enrolment", moved, to=kept)


# --- Applications ---------------------------------------------------------------------------------


def spare_applications(kept):
    """Open applications of somebody who has a seat in the course, or a better application for it."""
    rows = kept.applications.open().select_related("course").order_by("received_at", "pk")
    held = set(
        Enrolment.objects.holding_seat().filter(trainee=kept).values_list("course", flat=True)
    )
    best, spare = {}, []
    for row in sorted(rows, key=lambda row: row.state != ApplicationState.OFFERED):
        if row.course_id in held or row.course_id in best:
            spare.append(row)
        else:
            best[row.course_id] = row
    return spare


def withdraw_spare(merger):
    """Withdraw what is one too many; the courses whose seats may be free by it."""
    found = spare_applications(merger.kept)
    for row in found:
        merger.change(row, state=ApplicationState.WITHDRAWN, state_reason=_("applied twice"))
    return {row.course_id for row in found}


def refuse_full(course):
    """After an undo: two seats are two again, which the course may not have any more."""
    if course.seats_taken > course.capacity:
        raise Refusal(
            _("%(course)s is full: the seat that fell free was given to somebody else."),
            params={"course": course},
            code="full",
        )
