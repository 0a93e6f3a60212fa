"""What is personal in the tables of this app (izmek/privacy/record.py)."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from courses.models import EducationYear
from izmek.privacy.record import (
    BLANK,
    NAMES_NOBODY,
    Basis,
    Instead,
    Keep,
    Personal,
    declare,
    each,
    nothing_personal,
)
from izmek.privacy.terms import (
    ANONYMOUS,
    APPLICATIONS,
    APPLYING,
    CONTACT,
    COURSE_STAFF,
    COURSES,
    DONE_BY,
    LETTERS,
    LISTS,
    MINORS,
    OFFICE,
    OUTSIDE,
    REACHING,
    RESULTS,
    RESULTS_TOLD,
    SUPPORT,
    WISHES,
)
from izmek.text import masks
from izmek.text.fold import fold
from trainees.models import (
    Absence,
    Application,
    Call,
    CallAttempt,
    Certificate,
    Consent,
    CountedYear,
    Enrolment,
    Guardian,
    Identity,
    LookAlike,
    Mark,
    NoticeText,
    OutsideList,
    OutsideRow,
    PrintOffset,
    RollCall,
    Signatory,
    SupportNeed,
    Trainee,
)


def only_the_years(people):
    """For each the first day on which somebody may be born who was as old at the beginning of each
    education year.

    So published figures, which count ages at these beginnings, do not change (DOMAIN.md §5).
    """
    begins = list(EducationYear.objects.values_list("begin", flat=True))
    return [row.birth_date and _only_the_year(row.birth_date, begins) for row in people]


def _only_the_year(born, begins):
    days = [date(born.year, begin.month, min(begin.day, 28)) + timedelta(1) for begin in begins]
    return max(day for day in (date(born.year, 1, 1), *days) if day <= born)


def without_names(certificates):
    """What certificates say, without the name."""
    return [{**row.content, "name": ""} for row in certificates]


# --- People ---------------------------------------------------------------------------------------

WHO = Personal(COURSES, Basis.LAW, RESULTS, seen_by=COURSE_STAFF)
CONTACTS = Personal(REACHING, Basis.LAW, CONTACT, seen_by=COURSE_STAFF)
SEARCHED = WHO.but(seen_by=(), handed_over=False, erase=Instead(_("“Anonim”"), fold(ANONYMOUS)))
STATISTICS = WHO.but(erase=NAMES_NOBODY)

declare(
    Trainee,
    "",
    whom=_("Trainees"),
    first_name=WHO.but(erase=Instead(_("“Anonim”"), ANONYMOUS)),
    last_name=WHO,
    folded=SEARCHED,
    first_folded=SEARCHED,
    birth_date=WHO.but(
        mask=masks.day, erase=Instead(_("about the year of birth alone"), of=only_the_years)
    ),
    gender=STATISTICS,
    neighbourhood=STATISTICS,
    education=STATISTICS,
    phone=CONTACTS.but(mask=masks.phone),
    wrong_phone=CONTACTS.but(mask=masks.phone),
    email=CONTACTS.but(mask=masks.email),
    created_at=STATISTICS,
    anonymised_at=STATISTICS,
    restricted_at=STATISTICS,
    merged_into=STATISTICS.but(handed_over=False),
    not_personal="newcomer",
)
declare(
    Identity,
    "trainee",
    whom=_("Trainees"),
    erase_rows=True,
    **each("kind number country", WHO),  # masked to everybody; each look at the number is noted
    hash=WHO.but(seen_by=(), handed_over=False),
)
declare(
    SupportNeed,
    "trainee",
    whom=_("Trainees"),
    erase_rows=True,
    text=Personal(
        SUPPORT, Basis.SPECIAL_CONSENT, CONTACT, seen_by=COURSE_STAFF, special=True
    ),  # no diagnosis (DOMAIN.md §5); each look is noted
)
GUARDIAN = Personal(MINORS, Basis.LAW, CONTACT, seen_by=COURSE_STAFF)
declare(
    Guardian,
    "trainee",
    whom=_("Guardians of trainees under 18"),
    erase_rows=True,
    name=GUARDIAN,
    phone=GUARDIAN.but(mask=masks.phone),
    wrong_phone=GUARDIAN.but(mask=masks.phone),
    relation=GUARDIAN,
    permission_on=GUARDIAN,
)
WISH = Personal(WISHES, Basis.OBLIGATION, RESULTS, seen_by=COURSE_STAFF)
declare(
    Consent,
    ("trainee", "application__trainee", "teacher"),
    whom=_("Trainees, teachers and applicants"),
    erase_rows=True,
    **each("purpose answer notice channel guardian signed_on at", WISH),
    application=WISH.but(handed_over=False),
    by=DONE_BY,
)

# --- Applications and calls -----------------------------------------------------------------------

APPLIED = Personal(APPLYING, Basis.LAW, APPLICATIONS, seen_by=COURSE_STAFF)
declare(
    Application,
    "trainee",
    whom=_("Applicants and their guardians"),
    erase_rows=True,
    **each(
        "course first_name last_name birth_year guardian_name guardian_relation already_certified "
        "notice language state received_at asked_at confirm_until confirmed_at offered_at "
        "offer_until told_at",
        APPLIED,
    ),
    phone=APPLIED.but(mask=masks.phone),
    wrong_phone=APPLIED.but(mask=masks.phone),
    guardian_phone=APPLIED.but(mask=masks.phone),
    guardian_wrong_phone=APPLIED.but(mask=masks.phone),
    email=APPLIED.but(mask=masks.email),
    reference=APPLIED.but(mask=masks.code),
    state_reason=APPLIED.but(mask=masks.words),
    folded=APPLIED.but(seen_by=(), handed_over=False),
    not_personal="in_turn",
)
CALLED = Personal(REACHING, Basis.LAW, LETTERS, seen_by=COURSE_STAFF)
declare(
    Call,
    ("enrolment__trainee", "application__trainee"),
    whom=_("Trainees and applicants without an e-mail address"),
    erase_rows=True,
    **each("course application kind created_at until done_at", CALLED),
    what=CALLED.but(mask=masks.words),
    text=CALLED.but(mask=masks.all_of_it),
    done_by=DONE_BY,
)
declare(
    CallAttempt,
    ("trainee", "application__trainee"),
    whom=_("Trainees and applicants without an e-mail address"),
    erase_rows=True,
    **each("application answer at", CALLED),
    reason=CALLED.but(mask=masks.words),
    phone=CALLED.but(mask=masks.phone),
    by=DONE_BY,
)

# --- Seats and results ----------------------------------------------------------------------------

SEAT = Personal(COURSES, Basis.LAW, RESULTS, seen_by=COURSE_STAFF, erase=NAMES_NOBODY)
RESULT = SEAT.but(purpose=RESULTS_TOLD)
WORDS = SEAT.but(erase=BLANK, mask=masks.words)
declare(
    Enrolment,
    "trainee",
    whom=_("Trainees"),
    **each("course continues joined_on left_on created_at", SEAT),
    **each("state absent_hours success_mark", RESULT),
    application=SEAT.but(handed_over=False),
    state_reason=WORDS,
)
declare(
    Absence,
    "enrolment__trainee",
    whom=_("Trainees"),
    **each("session hours excused at", SEAT),
    note=WORDS,
    by=DONE_BY,
)
declare(
    Mark,
    "enrolment__trainee",
    whom=_("Trainees"),
    **each("module value exempt", RESULT),
)
PAPER = RESULT.but(basis=Basis.OBLIGATION)
declare(
    Certificate,
    "enrolment__trainee",
    whom=_("Trainees"),
    **each("number state replaces issued_at handed_over_on call_from", PAPER),
    code=PAPER.but(mask=masks.code),
    content=PAPER.but(erase=Instead(_("the same without the name"), of=without_names)),
    signed=WORDS.but(mask=None, handed_over=False),
    state_reason=WORDS,
    **each("issued_by handed_over_by", DONE_BY),
    signatories=DONE_BY.but(
        erase=Keep(_("who signed a certificate belongs to the certificate")), handed_over=False
    ),
)

# --- Beside the record ----------------------------------------------------------------------------

declare(
    LookAlike,
    ("one", "other"),
    whom=_("Trainees"),
    erase_rows=True,
    **each(
        "reasons score facts found_at answered answered_at",
        Personal(COURSES, Basis.OBLIGATION, CONTACT, seen_by=OFFICE, handed_over=False),
    ),
    answered_by=DONE_BY,
)
LISTED = Personal(LISTS, Basis.OBLIGATION, OUTSIDE, seen_by=OFFICE)
declare(
    OutsideRow,  # points to nobody: who erases a person deletes those with the hash of their number
    whom=_("People in lists of e-Yaygın"),
    erase_rows=True,
    **each("name number facts", LISTED),
    hash=LISTED.but(seen_by=(), handed_over=False),
    not_personal="list row",
)
declare(OutsideList, not_personal="course source run received_at", by=DONE_BY)
declare(
    Signatory,
    whom=_("Who signs certificates"),
    name=Personal(
        RESULTS_TOLD,
        Basis.OBLIGATION,
        RESULTS,
        seen_by=(*OFFICE,),
        erase=Keep(_("who signed a certificate belongs to the certificate")),
    ),
    not_personal="year order office",
)
declare(PrintOffset, "by", erase_rows=True, not_personal="right down")
declare(RollCall, not_personal="session at", by=DONE_BY)
nothing_personal(NoticeText, CountedYear)
