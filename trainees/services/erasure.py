"""Somebody is erased: what the law lets go goes, figures stay (law 6698, article 7; DOMAIN.md §5).

What goes in which table says the record of processing (izmek/privacy/record.py); `izmek.privacy.erasing`
does it, with the history. Here is what is more than columns: who may not be erased yet, second records,
lists of e-Yaygın, applications that nobody has linked to the person, the account of a teacher, and what may
still name them elsewhere. Apps above add theirs by `before_erasing(Trainee)`, `hinders_erasing` and
`warns_of_erasing`.

Staff erase one person, retention hundreds at a time: it is the same act, which asks each table once for all
of them. Nobody has an open request then, since that hinders it: there is none in which to note it.

The row of a trainee stays as “Anonim”, so that seats, absences and marks are still counted.
"""

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.models import Course, Session, Teacher
from izmek.acts.after_commit import after_commit
from izmek.acts.audit import forget_details, log_access_to_many
from izmek.acts.bulk import bulk_update
from izmek.acts.enums import Access
from izmek.acts.leftovers import forget_leftovers, waits_for_lists
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal
from izmek.acts.seals import ERASED, tell_from_host, write_outside
from izmek.models import AccessLog, Letter, Merge, User
from izmek.privacy import erasing, record
from izmek.privacy.destruction import LEFT
from izmek.public.cache import forget_shared
from izmek.secrets.encryption import Unreadable
from izmek.text.fold import fold
from trainees import rights
from trainees.enums import EnrolmentState, ErasureReason
from trainees.models import Application, Enrolment, Guardian, Identity, OutsideRow, Trainee
from trainees.services.contacts import name_of, of_same_name, ways_to, what_they_are_called
from trainees.services.people import lock_trainee

_hindrances, _warnings, _also_about = [], [], []  # functions of apps above


def hinders_erasing(find):
    """Register what has to be done first in an app above: `find(people)` gives {key: [why not]}.

    The people are all Trainees or all Teachers.
    """
    _hindrances.append(find)
    return find


def warns_of_erasing(find):
    """Register what to look at first: `find(person)` gives [(sentence, row on whose page it is mended)]."""
    _warnings.append(find)
    return find


def also_about(find):
    """Register rows of an app above that tell of people by their name: `find(people)` gives a QuerySet."""
    _also_about.append(find)
    return find


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


def keys_of(*people):
    """The keys of the rows of people of one model: of trainees also those of the second records."""
    keys = [person.pk for person in people]
    return with_second_records(keys) if isinstance(people[0], Trainee) else keys


def with_second_records(keys):
    """The keys of Trainees, and those of the records that were merged into theirs."""
    return [*keys, *Trainee.everyone.filter(merged_into__in=keys).values_list("pk", flat=True)]


def preview_erasure(person):
    """The ErasurePreview of a Trainee or a Teacher; of who has no record it is `preview_contact`."""
    found = ErasurePreview()
    found.refusals = waits_for_lists() + why_not([person])[person.pk]
    for warn in _warnings:
        found.warnings += warn(person)
    for one in erasing.look(type(person), keys_of(person)):
        found.add(one)
    return found


def _columns(declaration, names):
    """The columns in words, as a form names them."""
    fields = [declaration.model._meta.get_field(name) for name in names]
    shown = [
        one for one in fields if one.editable or one.verbose_name != one.name.replace("_", " ")
    ]
    return list(dict.fromkeys(capfirst(str(one.verbose_name)) for one in shown))


def why_not(people):
    """{key: [what has to be done before somebody is erased, as sentences]}; also what apps above say."""
    found = defaultdict(list)
    for find in (_open_here, *_hindrances):
        for key, whys in find(people).items():
            found[key] += whys
    return found


def _open_here(people):
    """The same of this app and those below."""
    model, keys = type(people[0]), [person.pk for person in people]
    found = defaultdict(list)
    for person in people:
        if getattr(person, "anonymised_at", None):
            found[person.pk].append(_("This person is erased already."))
    if model is Teacher:
        now = Course.objects.filter(state__in=[*CourseState.enrolling(), CourseState.PLANNED])
        taught = now.with_teacher_on(timezone.localdate()).filter(teacher_now_id__in=keys)
        standing_in = Session.objects.filter(teacher__in=keys, date__gte=timezone.localdate())
        for key in {
            *taught.values_list("teacher_now_id", flat=True),
            *standing_in.values_list("teacher", flat=True),
        }:
            found[key].append(_("Courses are still taught: give them to another teacher first."))
    if model is Trainee:
        for key, why in _open_seats_and_applications(people):
            found[key].append(why)
    return found


def _open_seats_and_applications(people):
    """[(key of a person, why not)]; what stands on a second record is the person's."""
    keys = keys_of(*people)
    first = dict(
        Trainee.everyone.filter(pk__in=keys, merged_into__isnull=False).values_list(
            "pk", "merged_into"
        )
    )
    seats = Enrolment.objects.filter(
        trainee__in=keys,
        state=EnrolmentState.ENROLLED,
        course__state__in=CourseState.enrolling(),
    )
    for seat in seats.select_related("course__programme", "course__centre"):
        why = _(
            "A seat is held in %(course)s: note the withdrawal first, or wait for the end of the course."
        )
        yield first.get(seat.trainee_id, seat.trainee_id), why % {"course": seat.course}
    applied = Application.objects.open().filter(trainee__in=keys)
    for one in applied.select_related("course__programme", "course__centre"):
        why = _("There is an open application for %(course)s: withdraw it first.")
        yield first.get(one.trainee_id, one.trainee_id), why % {"course": one.course}


@transaction.atomic
def anonymise(*, person, by, reason=ErasureReason.OVER, account=False):
    """Erase a Trainee or a Teacher; who has no record is erased by `erase_contact`.

    `account`: of a teacher also the account by which they sign in. Raises Refusal when something has to be
    done first (`preview_erasure` tells what). It cannot be taken back.
    """
    rights.require(by, "anonymise", person)
    if reason not in ErasureReason:
        raise Refusal(_("Choose the reason."), field="reason", code="reason")
    person = lock_trainee(person) if isinstance(person, Trainee) else lock(person)
    if refusals := waits_for_lists() + why_not([person])[person.pk]:
        raise Refusal(refusals[0], code="first")
    _forget([person], by=by, reason=reason, accounts=account)
    note_outside(person, reason, account=account)
    person.refresh_from_db()
    return person


@transaction.atomic
def anonymise_expired(model, keys):
    """Erase people whose time is over, as `anonymise` does one of them: Trainees or Teachers by their keys.

    Whoever has something open stays until that is done: they are counted as LEFT. Of teachers the account
    goes as well. Files that nobody has opened end within days by themselves. Returns a Counter {table:
    rows}.
    """
    rows = model._base_manager.filter(pk__in=keys).order_by("pk")
    people = list(rows.select_for_update(of=("self",), no_key=True))
    opened = why_not(people) if people else {}
    over = [person for person in people if not opened[person.pk]]
    for person in over:
        rights.require(None, "anonymise", person)
    counts = Counter({LEFT: len(people) - len(over)})
    if over:
        reason, accounts = ErasureReason.OVER, model is Teacher
        counts += _forget(over, by=None, reason=reason, accounts=accounts, fresh=False)
    return +counts


def _forget(people, *, by, reason, accounts, fresh=True):
    """Erase people of one model who are locked and of whom nothing is open; returns {table: rows}.

    `accounts`: of teachers those by which they sign in, too. `fresh` as `forget_leftovers` has it.
    """
    model, keys = type(people[0]), keys_of(*people)
    texts, users = _told_of(people, keys), []
    forget_details(AccessLog.objects.about_people(model, keys))
    if model is Trainee:
        _outside_the_record(people, keys)
    elif accounts:
        users = [person.user_id for person in people if person.user_id]
    counts = erasing.erase(model, keys)
    _note_erased(model, keys, by)
    close_accounts(users)
    mine = [person.pk for person in people]
    log_access_to_many(Access.ERASED, model, mine, by=by, reason=ErasureReason(reason).label)
    forget_leftovers(texts, keys=keys if model is Trainee else (), fresh=fresh)
    after_commit(forget_shared)
    return counts


def note_outside(person, reason, *, account=False):
    """Tell outside the database which row was erased, for the day on which a backup brings it back."""
    told = [timezone.now().isoformat(), person._meta.label_lower, person.pk]
    told += [ErasureReason(reason).value, *(["account"] if account else [])]
    line = " ".join(map(str, told))
    after_commit(write_outside, line, ERASED)
    after_commit(tell_from_host, line)


# --- What they are called, and where else that stands ---------------------------------------------


def _told_of(people, keys):
    """What people are called, and were, and their numbers, as far as nobody else on record has the same."""
    model = type(people[0])
    found, numbers = [model._base_manager.filter(pk__in=keys)], set()
    if model is Trainee:
        unlinked = [row.pk for row in _unlinked(people)]
        applied = Application.objects.filter(Q(trainee__in=keys) | Q(pk__in=unlinked))
        found += [Guardian.objects.filter(trainee__in=keys), applied]
        for one in _identities(keys):
            with suppress(Unreadable):  # where nobody can read it, it stands nowhere else in words
                numbers.add(one.number)
    for find in _also_about:
        found.append(find(people))
    return [*what_they_are_called(found), *sorted(numbers)]


def _unlinked(people):
    """Applications that nobody has linked to these Trainees: of the same name and contact."""
    ways = set().union(*(ways_to(name_of(one), [one]) for one in people))
    return of_same_name(Application.objects.filter(trainee=None), ways)


def _identities(keys):
    """With their numbers, which are otherwise asked for one by one."""
    return Identity.objects.defer(None).filter(trainee__in=keys)


def _hashes(keys):
    """Under each key of the hashes: the lists of others may not have the newest yet."""
    found = set()
    for row in _identities(keys):
        found.add(row.hash)
        with suppress(Unreadable):
            found.update(row.hashes())
    return found - {""}


def _outside_the_record(people, keys):
    """Rows that point to nobody: lists of e-Yaygın, applications that nobody has linked to the person."""
    attended = defaultdict(set)
    seats = Enrolment.every.filter(trainee__in=keys).order_by()
    for course, folded in seats.values_list("course", "trainee__folded"):
        attended[course].add(folded)
    named = OutsideRow.objects.filter(list__course__in=attended)
    same = [
        key
        for key, course, name in named.values_list("pk", "list__course", "name").iterator()
        if fold(name) in attended[course]
    ]
    OutsideRow.objects.filter(Q(hash__in=_hashes(keys)) | Q(pk__in=same)).delete()
    applied = [row.pk for row in _unlinked(people)]
    if applied:
        kind = ContentType.objects.get_for_model(Application)
        Letter.objects.filter(content_type=kind, object_id__in=map(str, applied)).delete()
        erasing.erase_rows(record.of(Application), Application.objects.filter(pk__in=applied))


# --- What stays of them ---------------------------------------------------------------------------


def _note_erased(model, keys, by):
    """The rows that stay say when; what was merged cannot be separated any more."""
    kind = ContentType.objects.get_for_model(model)
    Merge.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]).update(
        steps=[], reason=""
    )
    rows, written = list(model._base_manager.filter(pk__in=keys)), ["first_name"]
    if model is Trainee:
        written = ["anonymised_at", "restricted_at"]
        for row in rows:
            row.anonymised_at, row.restricted_at = timezone.now(), None
    bulk_update(rows, written, by=by)


def close_accounts(keys):
    """Erase Users with all that belongs to their accounts, which are shut; returns {table: rows}."""
    if not keys:
        return Counter()
    counts = erasing.erase(User, keys)
    for user in User.objects.filter(pk__in=keys):
        user.groups.clear()
    User.objects.filter(pk__in=keys).update(is_active=False)
    return counts
