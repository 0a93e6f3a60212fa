"""Somebody is erased: what the law lets go goes, figures stay (law 6698, article 7; DOMAIN.md §5).

What goes in which table says the record of processing (izmek/privacy/record.py); `izmek.privacy.erasing`
does it, with the history. Here is what is more than columns: who may not be erased yet, second records,
lists of e-Yaygın, applications that nobody has linked to the person, the account of a teacher, and what may
still name them elsewhere. Apps above add theirs by `before_erasing(Trainee)` and `extend_erasure`.

The row of a trainee stays as “Anonim”, so that seats, absences and marks are still counted.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.models import Course, Session, Teacher
from izmek.acts.audit import forget_details, log_access
from izmek.acts.enums import Access
from izmek.acts.leftovers import forget_leftovers, waits_for_lists
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.models import AccessLog, Letter, Merge, User
from izmek.privacy import erasing, record
from izmek.privacy.destruction import LEFT
from izmek.public.cache import forget_shared
from izmek.secrets.encryption import Unreadable
from izmek.text.fold import fold
from trainees import rights
from trainees.enums import ApplicationState, EnrolmentState, ErasureReason
from trainees.models import Application, Enrolment, Guardian, Identity, OutsideRow, Trainee
from trainees.services.people import acted_on_person, lock_trainee

TEXTS_AT_ONCE = 20  # of people whose time is over, in one query

_checks = []  # functions of apps above: person → (refusals, warnings)


def extend_erasure(check):
    """Register what an app above looks at first: `check(person)` gives ([why not], [what to look at]).

    What to look at: (sentence, the row on whose page it is mended, or None).
    """
    _checks.append(check)
    return check


@dataclass
class ErasurePreview:
    """What erasing somebody would do, before anything is written.

    `goes`: [(table, rows, whether whole rows go, [column])]. `kept`: [(table, [column], why)].
    `refusals`: why it cannot be done now. `warnings`: [(sentence, row or None)].
    """

    goes: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    refusals: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    def add(self, one):
        """Tell of FoundRows what goes and what is kept."""
        table = capfirst(str(one.declaration.model._meta.verbose_name_plural))
        if one.goes:
            self.goes.append((table, one.rows, one.whole, _columns(one.declaration, one.goes)))
        reasons = {}
        for name, personal in one.kept.items():
            reasons.setdefault(str(personal.erase.reason), []).append(name)
        self.kept += [
            (table, _columns(one.declaration, names), why) for why, names in reasons.items()
        ]


def keys_of(person):
    """The keys of somebody's rows: of a trainee also those of the second records."""
    if isinstance(person, Trainee):
        return [
            person.pk,
            *Trainee.everyone.filter(merged_into=person).values_list("pk", flat=True),
        ]
    return [person.pk]


def preview_erasure(person):
    """The ErasurePreview of a Trainee, a Teacher, or an Application of somebody who is not on record."""
    found = ErasurePreview()
    found.refusals += waits_for_lists() + _open_here(person)
    for check in _checks:
        refusals, warnings = check(person)
        found.refusals += refusals
        found.warnings += warnings
    for one in _looked_at(person):
        found.add(one)
    return found


def _looked_at(person):
    if isinstance(person, Application):
        declaration = record.of(Application)
        return [erasing.FoundRows(declaration, 1, True, declaration.goes, {})]
    return erasing.look(type(person), keys_of(person))


def _columns(declaration, names):
    """The columns in words, as a form names them."""
    fields = [declaration.model._meta.get_field(name) for name in names]
    shown = [
        one for one in fields if one.editable or one.verbose_name != one.name.replace("_", " ")
    ]
    return list(dict.fromkeys(capfirst(str(one.verbose_name)) for one in shown))


def why_not(person):
    """What has to be done before somebody is erased, as sentences; also what apps above say."""
    return _open_here(person) + [why for check in _checks for why in check(person)[0]]


def _open_here(person):
    """What has to be done first in this app and below, as sentences."""
    if getattr(person, "anonymised_at", None):
        return [_("This person is erased already.")]
    if isinstance(person, Teacher):
        now = Course.objects.filter(state__in=[*CourseState.enrolling(), CourseState.PLANNED])
        taught = now.with_teacher_on(timezone.localdate()).filter(teacher_now_id=person.pk)
        standing_in = Session.objects.filter(teacher=person, date__gte=timezone.localdate())
        if taught.exists() or standing_in.exists():
            return [_("Courses are still taught: give them to another teacher first.")]
        return []
    if isinstance(person, Application):
        if person.trainee_id:
            return [_("The applicant is on record: erase the person.")]
        if person.state in ApplicationState.open():
            return [_("The application is open: withdraw or refuse it first.")]
        return []
    seats = Enrolment.objects.filter(
        trainee__in=keys_of(person),
        state=EnrolmentState.ENROLLED,
        course__state__in=CourseState.enrolling(),
    ).select_related("course__programme", "course__centre")
    found = [
        _(
            "A seat is held in %(course)s: note the withdrawal first, or wait for the end of the course."
        )
        % {"course": seat.course}
        for seat in seats
    ]
    applied = Application.objects.open().filter(trainee__in=keys_of(person))
    found += [
        _("There is an open application for %(course)s: withdraw it first.")
        % {"course": one.course}
        for one in applied.select_related("course__programme", "course__centre")
    ]
    return found


@transaction.atomic
def anonymise(*, person, by, reason=ErasureReason.OVER, account=False):
    """Erase a Trainee, a Teacher, or an Application of somebody who is not on record.

    `account`: of a teacher also the account by which they sign in. Raises Refusal when something has to be
    done first (`preview_erasure` tells what). It cannot be taken back.
    """
    rights.require(by, "anonymise", person)
    if reason not in ErasureReason:
        raise Refusal(_("Choose the reason."), field="reason", code="reason")
    person = lock_trainee(person) if isinstance(person, Trainee) else lock(person)
    refusals = waits_for_lists() + why_not(person)
    if refusals:
        raise Refusal(refusals[0], code="first")
    keys = keys_of(person) if isinstance(person, Trainee) else ()
    texts, _counts = _forget(person, by, reason, account)
    forget_leftovers(texts, keys=keys)
    transaction.on_commit(forget_shared, robust=True)
    return person


@transaction.atomic
def anonymise_expired(people):
    """Erase people (Trainees or Teachers) whose time is over, as `anonymise` does one of them.

    Whoever has something open stays until that is done: they are counted as LEFT. What may name them
    elsewhere is looked for once for all; files that nobody has opened end within days by themselves.
    Returns a Counter {table: rows}.
    """
    counts, texts, keys = Counter(), [], []
    for found in people:
        person = lock_trainee(found) if isinstance(found, Trainee) else lock(found)
        rights.require(None, "anonymise", person)
        if person.pk != found.pk or why_not(person):
            counts[LEFT] += 1
            continue
        keys += keys_of(person) if isinstance(person, Trainee) else ()
        account = isinstance(person, Teacher)
        told, gone = _forget(person, None, ErasureReason.OVER, account)
        texts += told
        counts.update(gone)
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        forget_leftovers(texts[start : start + TEXTS_AT_ONCE], fresh=False)
    forget_leftovers((), keys=keys, fresh=False)
    transaction.on_commit(forget_shared, robust=True)
    return counts


def _forget(person, by, reason, account):
    """Erase somebody who is locked and of whom nothing is open.

    Returns (texts that may name them elsewhere, Counter {table: rows}).
    """
    keys, what = keys_of(person), ErasureReason(reason).label
    texts, hashes = _told_of(person, keys), _hashes(keys) if isinstance(person, Trainee) else []
    user = getattr(person, "user_id", None) if account else None
    forget_details(entries_about(type(person), keys))
    if isinstance(person, Application):
        log_access(Access.ERASED, person, by=by, reason=what)
        rows = Application.objects.filter(pk=person.pk)
        counts = erasing.erase_rows(record.of(Application), rows)
    else:
        if isinstance(person, Trainee):
            _outside_the_record(person, hashes)
        _forget_reasons(type(person), keys)
        counts = erasing.erase(type(person), keys)
        _empty(person, keys, by)
        if user:
            _close_account(user)
        log_access(Access.ERASED, person, by=by, reason=what)
    acted_on_person.send(
        sender=type(person), person=person, what=_("The person was erased."), by=by
    )
    return texts, counts


def _told_of(person, keys):
    """What somebody is called, and was: names, phones and addresses that nobody else on record has."""
    model = type(person)
    people = list(model._base_manager.filter(pk__in=keys))
    people += model.history.filter(id__in=keys)
    found = []
    for name in dict.fromkeys(f"{row.first_name} {row.last_name}".strip() for row in people):
        if not any(rows.exists() for rows in _others(person, keys, Q(folded=fold(name)))):
            found.append(name)
    for phone in dict.fromkeys(row.phone for row in people if row.phone):
        if not _is_shared(person, keys, "phone", phone):
            found += [phone.as_e164, phone.as_national, str(phone)]
    for email in dict.fromkeys(row.email for row in people if row.email):
        if not _is_shared(person, keys, "email", email):
            found.append(email)
    if isinstance(person, Trainee):
        for one in Guardian.objects.filter(trainee__in=keys).exclude(phone=""):
            if not _is_shared(person, keys, "phone", one.phone):
                found += [one.phone.as_e164, one.phone.as_national]
        for one in Identity.objects.filter(trainee__in=keys):
            with suppress(Unreadable):  # where nobody can read it, it stands nowhere else in words
                found.append(one.number)
    return list(dict.fromkeys(text for text in found if len(text) > 3))


def _others(person, keys, rule):
    """Rows of other people to which a rule applies: an application of theirs is nobody else's."""
    for model in (Trainee, Teacher, Application):
        rows = model._base_manager.filter(rule)
        if model is type(person):
            rows = rows.exclude(pk__in=keys)
        elif model is Application and isinstance(person, Trainee):
            unlinked = Q(trainee=None, folded=person.folded, phone=person.phone or "-")
            rows = rows.exclude(Q(trainee__in=keys) | unlinked)
        yield rows


def _is_shared(person, keys, name, value):
    """Whether somebody else is reached there too, such as a sister or a child."""
    if any(rows.exists() for rows in _others(person, keys, Q(**{name: value}))):
        return True
    if name == "email":
        return False
    wards = Guardian.objects.filter(phone=value)
    others = wards.exclude(trainee__in=keys) if isinstance(person, Trainee) else wards
    return others.exists()


def _hashes(keys):
    """Under each key of the hashes: the lists of others may not have the newest yet."""
    found = set()
    for row in Identity.objects.filter(trainee__in=keys):
        found.add(row.hash)
        with suppress(Unreadable):
            found.update(row.hashes())
    return found - {""}


def entries_about(model, keys):
    """The entries of the access log about somebody, and about rows of theirs."""
    kind = ContentType.objects.get_for_model(model)
    return AccessLog.objects.filter(
        Q(whose_type=kind, whose_id__in=keys)
        | Q(content_type=kind, object_id__in=[str(key) for key in keys])
    )


def _outside_the_record(person, hashes):
    """Rows that point to nobody: lists of e-Yaygın, applications that nobody has linked to the person."""
    attended = Enrolment.every.filter(trainee=person).values("course")
    named = OutsideRow.objects.filter(list__course__in=attended)
    same = [row.pk for row in named.iterator() if fold(row.name) == person.folded]
    OutsideRow.objects.filter(Q(hash__in=hashes) | Q(pk__in=same)).delete()
    ways = [
        Q(**{name: getattr(person, name)}) for name in ("phone", "email") if getattr(person, name)
    ]
    if not ways:
        return
    applied = Application.objects.filter(reduce(or_, ways), trainee=None, folded=person.folded)
    for one in applied:
        Letter.objects.filter(
            content_type=ContentType.objects.get_for_model(one), object_id=str(one.pk)
        ).delete()
    erasing.erase_rows(record.of(Application), applied)


def _forget_reasons(model, keys):
    """Reasons in the history are free text, and no column of any table."""
    for declaration in record.about(model):
        versions = declaration.versions_of(model, keys)
        if versions is not None:
            versions.update(history_change_reason=None)


def _empty(person, keys, by):
    """The rows that stay say when; what was merged cannot be separated any more."""
    model = type(person)
    kind = ContentType.objects.get_for_model(model)
    Merge.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]).update(
        steps=[], reason=""
    )
    for row in model._base_manager.filter(pk__in=keys):
        if isinstance(row, Trainee):
            row.anonymised_at, row.restricted_at = timezone.now(), None
        save(row, by=by)
    person.refresh_from_db()


def _close_account(key):
    erasing.erase(User, [key])
    user = User.objects.get(pk=key)
    user.groups.clear()
    User.objects.filter(pk=key).update(is_active=False)
