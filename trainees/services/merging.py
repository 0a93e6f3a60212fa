"""Two records of one person become one (izmek/acts/merging.py), for a week to be taken back.

What one of them has moves to the other: seats, applications, consents, guardians, calls; works and photos
are declared by the app above. What clashes is shown by `preview_trainees` and chosen by a clerk. The second
record stays as a row that is in no list (`Trainee.merged_into`): it holds a second identity number, a
second seat in the same course and a guardian who was not taken over. When the week is over it is emptied.
"""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.models import Course
from courses.services import lock_courses
from izmek.acts import merging
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.merging import Handled, Merger, Move, Preview, Question, compare, declare, lacking
from izmek.acts.refusal import Conflict, Refusal
from izmek.secrets.identity import identity_hash
from izmek.text.fold import fold
from trainees import rights
from trainees.enums import Purpose
from trainees.models import (
    Application,
    CallAttempt,
    Certificate,
    Consent,
    Enrolment,
    Guardian,
    Identity,
    LookAlike,
    SupportNeed,
    Trainee,
)
from trainees.services.merged_seats import (
    put_together,
    questions,
    refusals,
    refuse_full,
    shared_seats,
    withdraw_spare,
)
from trainees.services.people import check_once
from trainees.services.waiting_list import offer_free_seats

VALUES = (
    "first_name",
    "last_name",
    "birth_date",
    "gender",
    "phone",
    "email",
    "neighbourhood",
    "education",
)
BOTH = ("first", "second")
HERE = "trainees/services/merging.py"


# --- Looking first --------------------------------------------------------------------------------


def preview_trainees(*, first, second):
    """What merging two trainees would do, and what has to be chosen: a Preview."""
    people = (first, second)
    found = Preview(
        values=compare(first, second, VALUES),
        figures=[*merging.figures(first, second), *_papers(first, second)],
        default_kept=BOTH[_rank(second) > _rank(first)],
    )
    numbered = [hasattr(one, "identity") for one in people]
    if all(numbered):
        found.warnings.append(
            _(
                "They have two different identity numbers. Look at the identity card: the number of "
                "the record that stays counts."
            )
        )
        found.questions.append(
            Question(
                "number",
                _("The number of the other record"),
                [
                    ("theirs", _("was theirs too: who looks for it finds this person")),
                    ("wrong", _("was typed wrongly: it is free for whom it belongs to")),
                ],
            )
        )
    for course, one, two in shared_seats(first, second):
        found.questions += questions(course, one, two)
        found.refusals += refusals(course, one, two)
    if all(one.guardians.exists() for one in people):
        named = [(key, _names(one.guardians.all())) for key, one in zip(BOTH, people, strict=True)]
        everybody = ("both", _names([*first.guardians.all(), *second.guardians.all()]))
        found.questions.append(Question("guardians", _("Guardians"), [everybody, *named]))
    if all(SupportNeed.objects.filter(trainee=one).exists() for one in people):
        options = [("first", _("that of the first record")), ("second", _("that of the second"))]
        found.questions.append(Question("support", _("Support needed: which text?"), options))
    found.warnings += _disagreements(first, second)
    found.warnings += _applied_twice(first, second)
    return found


def _rank(trainee):
    """The record that is proposed to stay: one with an identity number, then the older one."""
    return hasattr(trainee, "identity"), -trainee.pk


def _names(guardians):
    return ", ".join(f"{one.name} ({one.relation})" for one in guardians)


def _papers(first, second):
    """What hangs on seats and applications and goes along with them."""
    seats = [list(Enrolment.every.filter(trainee=one)) for one in (first, second)]
    rows = [Certificate.objects.filter(enrolment__in=of).count() for of in seats]
    return [(capfirst(str(Certificate._meta.verbose_name_plural)), *rows)] if any(rows) else []


def _newest(answers):
    """The answer that counts by its day, that of signing, else of recording; of one day the no."""

    def when(one):
        return one.signed_on or timezone.localdate(one.at), not one.answer, one.pk

    return max(answers, key=when)


def _disagreements(first, second):
    """For each purpose on which the two records disagree, the sentence that says what will count."""
    for purpose in Purpose:
        last = [
            one.consents.filter(purpose=purpose).order_by("pk").last() for one in (first, second)
        ]
        if None not in last and last[0].answer != last[1].answer:
            newest = _newest(last)
            day = newest.signed_on or timezone.localdate(newest.at)
            yield _(
                "Consents disagree – %(purpose)s: the newest counts, “%(answer)s” of %(day)s."
            ) % {
                "purpose": purpose.label,
                "answer": newest.get_answer_display(),
                "day": date_format(day, "SHORT_DATE_FORMAT"),
            }


def _applied_twice(first, second):
    """Which applications are one too many."""
    rows = [
        {
            row.course_id: row
            for row in one.applications.open().select_related("course__programme", "course__centre")
        }
        for one in (first, second)
    ]
    held = [
        set(Enrolment.objects.holding_seat().filter(trainee=one).values_list("course", flat=True))
        for one in (first, second)
    ]
    for key in sorted(rows[0].keys() | rows[1].keys()):
        twice = key in rows[0] and key in rows[1]
        if twice or (key in rows[0] and key in held[1]) or (key in rows[1] and key in held[0]):
            row = rows[0].get(key) or rows[1][key]
            yield _(
                "%(course)s: applied twice. The better application stays, the other is withdrawn."
            ) % {"course": row.course}


# --- Merging --------------------------------------------------------------------------------------


@merging.one_act
def merge_trainees(*, first, second, by, keep="first", answers=None, reason="", seen=None):
    """Make one of two records of a person; returns the Merge.

    `keep`: which record stays, "first" or "second". `answers`: {name of a Question: its answer} for all
    that the preview asks. `seen`: the `seen` of the preview that was looked at. Raises Conflict when the
    two have changed since, or are merged already, and Refusal at a question without an answer.
    """
    for one in (first, second):
        rights.require(by, "merge_trainees", one)
    kept, other = (first, second) if keep == "first" else (second, first)
    merger = Merger(kept, other, by=by, reason=reason)
    kept, other = merger.kept, merger.other
    first, second = (kept, other) if keep == "first" else (other, kept)
    courses = _lock_courses(kept, other)
    preview = preview_trainees(first=first, second=second)
    if seen is not None and seen != preview.seen:
        raise Conflict(
            _("Something has changed since you looked: look again, then merge."), code="changed"
        )
    if preview.refusals:
        raise Refusal(preview.refusals[0], code="refused")
    if hasattr(first, "identity") and hasattr(second, "identity"):
        rights.require(by, "merge_two_numbers", kept)
    answers = _checked(preview, answers or {})
    merger.note("seats", courses=[course.pk for course in courses])  # the last that is undone
    freed = set()
    for course, one, two in shared_seats(first, second):
        seats = {"first": one, "second": two}
        told_by = seats[answers[f"seat_{course.pk}"]]
        absences = answers.get(f"absences_{course.pk}", answers[f"seat_{course.pk}"])
        marks = answers.get(f"marks_{course.pk}", "first")
        mine, theirs = (one, two) if keep == "first" else (two, one)
        if put_together(
            merger,
            course,
            mine,
            theirs,
            told_by=told_by,
            absences=seats.get(absences, absences),
            marks=seats[marks],
        ):
            freed.add(course.pk)
    merger.move(Enrolment, "trainee", Enrolment.objects.filter(trainee=other))
    _take_values(merger, first, answers)
    _guardians(merger, first, answers.get("guardians", "both"))
    _support(merger, first, answers.get("support"))
    _number(merger, answers.get("number"))
    merger.relations()
    LookAlike.objects.of(other).delete()
    freed |= withdraw_spare(merger)
    merger.change(other, merged_into=kept)
    Trainee.everyone.filter(pk=other.pk).update(newcomer=False)
    if kept.enrolments.exists() or kept.applications.exists():
        kept.no_newcomer()
    merger.note(
        "seats again", courses=[course.pk for course in courses]
    )  # the first that is undone
    for course in courses:
        if course.pk in freed:
            offer_free_seats(course)
    return merger.done()


def _lock_courses(*people):
    """Lock the courses of the people, by their ids: seats and applications are put together there."""
    keys = {
        key
        for rows in (Enrolment.objects, Application.objects.open())
        for key in rows.filter(trainee__in=people).values_list("course", flat=True)
    }
    return lock_courses(*Course.objects.filter(pk__in=keys).order_by("pk"))


def _checked(preview, answers):
    """The answers to all that was asked. Raises Refusal at the first question without one."""
    for name, question in preview.asked.items():
        if answers.get(name) not in dict(question.options):
            raise Refusal(_("Choose one of the two."), field=name, code="choose")
    return {name: answers[name] for name in preview.asked}


def _take_values(merger, first, answers):
    """The record that stays takes what was chosen of the other one, and what it lacks itself."""
    kept, other = merger.kept, merger.other
    theirs = "second" if kept is first else "first"
    names = [name for name in VALUES if answers.get(name) == theirs]
    names += lacking(kept, other, VALUES)
    if "phone" in names:
        names.append("wrong_phone")
    merger.take_values(names)


def _guardians(merger, first, choice):
    """Guardians of the same name are one, who keeps what either entry says."""
    kept, other = merger.kept, merger.other
    own = {fold(one.name): one for one in kept.guardians.all()}
    for one in list(other.guardians.all()):
        same = own.get(fold(one.name))
        if same is None:
            continue
        if facts := {
            name: getattr(one, name)
            for name in ("phone", "permission_on")
            if not getattr(same, name) and getattr(one, name)
        }:
            merger.change(same, **facts)
        merger.move(Consent, "guardian", Consent.objects.filter(guardian=one), to=same)
    goes = [one for one in other.guardians.all() if fold(one.name) not in own]
    kept_name = "first" if kept is first else "second"
    if choice == kept_name:
        return
    if choice != "both":
        theirs = {fold(one.name) for one in other.guardians.all()}
        left = [one for name, one in own.items() if name not in theirs]
        merger.move(Guardian, "trainee", left, to=other)
    merger.move(Guardian, "trainee", goes)


def _support(merger, first, choice):
    needs = [SupportNeed.objects.filter(trainee=one).first() for one in (merger.kept, merger.other)]
    if needs[1] is None:
        return
    if needs[0] is None:
        merger.move(SupportNeed, "trainee", needs[1:])
    elif choice == ("second" if merger.kept is first else "first"):
        _swap_support(merger.kept, merger.other)
        merger.note("support")
    log_access(Access.SUPPORT_CHANGED, merger.kept, by=merger.by, fields="support")


def _swap_support(one, other):
    one, other = (SupportNeed.objects.get(trainee=person) for person in (one, other))
    one.text, other.text = other.text, one.text
    for need in (one, other):
        need.save()


@merging.undoes("support")
def _swap_support_back(step, undoing):
    _swap_support(undoing.kept, undoing.other)


def _number(merger, choice):
    """The number of the other record: moved, kept beside as theirs too, or free for whom it belongs to."""
    theirs = Identity.objects.filter(trainee=merger.other).first()
    if theirs is None:
        return
    if not Identity.objects.filter(trainee=merger.kept).exists():
        merger.move(Identity, "trainee", [theirs])
        log_access(Access.IDENTITY_RECORDED, merger.kept, by=merger.by, fields="identity_number")
    elif choice == "wrong":
        Identity.objects.filter(pk=theirs.pk).update(hash=_released(theirs))
        merger.note("number", key=theirs.pk)
        log_access(Access.IDENTITY_CORRECTED, merger.other, by=merger.by, fields="identity_number")


def _released(identity):
    """In the place of a hash: a number that nobody finds."""
    return f"released {identity.pk}"


@merging.undoes("number")
def _number_back(step, undoing):
    """Refused by the database if somebody else has the number by now."""
    identity = Identity.objects.get(pk=step["key"])
    identity.hash = identity_hash(identity.kind, identity.number, identity.country)
    check_once([identity])
    identity.save()


def settle_consents(merger):
    """Where the two disagreed, the newest answer by its day is given once more.

    So it is the latest row, which counts, and everything follows that follows an answer.
    """
    kept, person = merger.kept, "trainee" if isinstance(merger.kept, Trainee) else "teacher"
    moved = _moved(merger, Consent, person)
    given = list(Consent.objects.filter(**{person: kept}).order_by("pk"))
    merger.note("said no since", key=given[-1].pk if given else 0)
    for purpose in Purpose:
        rows = [row for row in given if row.purpose == purpose]
        parts = [[row for row in rows if (row.pk in moved) == there] for there in (False, True)]
        last = [part[-1] for part in parts if part]
        if len(last) < 2 or last[0].answer == last[1].answer:
            continue
        newest = _newest(last)
        again = Consent(
            **{person: kept},
            purpose=purpose,
            answer=newest.answer,
            notice=newest.notice,
            channel=newest.channel,
            guardian=newest.guardian,
            signed_on=newest.signed_on,
            by=merger.by,
        )
        again.save()
        merger.note("consent", key=again.pk)


def _moved(merger, model, name):
    steps = [step for step in merger.steps if step["do"] == "move"]
    return {
        key
        for step in steps
        if (step["model"], step["name"]) == (model._meta.label, name)
        for key in step["keys"]
    }


@merging.undoes("consent")
def _no_consent(step, undoing):
    """What the merge itself has written; no answer of anybody is deleted."""
    Consent._base_manager.filter(pk=step["key"]).delete()


@merging.undoes("said no since")
def _no_for_both(step, undoing):
    """Who withdrew something while the two were one withdrew it for both."""
    person = "trainee" if undoing.model is Trainee else "teacher"
    # By its key: two clocks, as those of database and program, may differ by what lies between two clicks.
    since = Consent.objects.filter(**{person: undoing.kept}, pk__gt=step.get("key", 0))
    said = since.filter(answer=False).order_by("pk")
    for one in said:
        Consent(
            **{person: undoing.other},
            purpose=one.purpose,
            answer=one.answer,
            notice=one.notice,
            channel=one.channel,
            signed_on=one.signed_on,
            by=one.by,
        ).save()


# --- Undoing --------------------------------------------------------------------------------------


@merging.undoes("seats again")
def _before_seats(step, undoing):
    """No undo where a certificate was issued since: it names the seat for ever."""
    lock_courses(*Course.objects.filter(pk__in=step["courses"]).order_by("pk"))
    seats = Enrolment.objects.filter(trainee=undoing.kept, course__in=step["courses"])
    if Certificate.objects.filter(enrolment__in=seats, issued_at__gt=undoing.at).exists():
        raise Refusal(
            _("A certificate was issued since: it cannot be undone any more."), code="certificate"
        )


@merging.undoes("seats")
def _after_seats(step, undoing):
    for course in Course.objects.filter(pk__in=step["courses"]).order_by("pk"):
        refuse_full(course)
    people = Trainee.everyone.filter(pk__in=(undoing.kept.pk, undoing.other_key))
    people.update(newcomer=True)  # perhaps: one of them may have nothing any more


def _close(merge):
    """The week is over: the second record keeps nothing of the person but what hangs on it."""
    other = Trainee.everyone.get(pk=merge.merged_id)
    for name in VALUES:
        column = Trainee._meta.get_field(name)
        setattr(other, name, None if column.null else "")
    other.wrong_phone, other.anonymised_at = "", timezone.now()
    other._change_reason = _("merged a week ago")
    other.save()
    Identity.objects.filter(trainee=other, hash__startswith="released ").delete()
    Guardian.objects.filter(trainee=other, consents=None).delete()
    SupportNeed.objects.filter(trainee=other).delete()


merging.register(Trainee, rights=rights, act="merge_trainees", closed=_close)
declare(Trainee, merged_into=Move(), neighbourhood=Move())
declare(Identity, trainee=Handled(HERE))
declare(SupportNeed, trainee=Handled(HERE))
declare(Guardian, trainee=Handled(HERE))
declare(Enrolment, trainee=Handled("trainees/services/merged_seats.py"))
declare(Application, trainee=Move())
declare(CallAttempt, trainee=Move())
declare(Consent, trainee=Move(after=settle_consents), teacher=Move(after=settle_consents))
declare(LookAlike, one=Handled(HERE, counted=False), other=Handled(HERE, counted=False))
