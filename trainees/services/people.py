"""Trainee records: identity number, support need, guardian; and access to them (DOMAIN.md §4, §5)."""

from collections import defaultdict
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from izmek.accounts.limits import limit
from izmek.acts.audit import log_access, log_access_to_many
from izmek.acts.bulk import bulk_create, bulk_update
from izmek.acts.enums import Access
from izmek.acts.locks import lock_words
from izmek.acts.refusal import Conflict, Refusal, given_reason, given_text
from izmek.acts.saving import save
from izmek.secrets.encryption import UNREADABLE, Unreadable
from izmek.secrets.identity import identity_hash, identity_hashes, is_rotating, normalise
from izmek.text.fold import fold
from izmek.text.names import clean_name
from trainees import rights
from trainees.models import Guardian, Identity, SupportNeed, Trainee

LOOKS, LOOKS_IN = 120, 3600  # look-ups of one user by identity number, in so many seconds
# Something was done with somebody's data that they may ask for (law 6698, article 11). sender: the model;
# person: a Trainee, a Teacher or an Application; what: a sentence; by.
acted_on_person = Signal()
LOOK_REASON = 500  # letters; the column of the access log


def lock_trainee(trainee):
    """Read the trainee again and lock the row until the transaction ends; always before a course.

    Of a record that was merged meanwhile it is the one that stays: what was begun for it goes there.
    """
    rows = Trainee.everyone.select_for_update(of=("self",), no_key=True)
    found = rows.get(pk=trainee.pk)
    while found.merged_into_id:
        found = rows.get(pk=found.merged_into_id)
    return found


def lock_person(trainee):
    """`lock_trainee` for acts that write about the person; Refusal if they were erased meanwhile."""
    trainee = lock_trainee(trainee)
    if trainee.anonymised_at:
        raise Refusal(_("This person is erased already."), code="erased")
    return trainee


def find_by_identity(*, kind, number, country="", by):
    """The trainee with this identity number, found by its keyed hash, or None.

    Who is found is written to the access log. Raises ValidationError when the number is impossible
    (DOMAIN.md §4), and Refusal at `identity_number` for more look-ups in an hour than anybody
    registers by hand.
    """
    rights.require(by, "find_by_identity")
    hashes = identity_hashes(kind, number, country)
    if by and not limit(None, "identity", LOOKS, LOOKS_IN, who=f"user {by.pk}"):
        raise Refusal(
            _("You have looked up very many identity numbers. Go on in an hour."),
            field="identity_number",
            code="often",
        )
    found = _with_hash(hashes)
    if found and by:
        log_access(Access.FOUND_BY_NUMBER, found, by=by, fields="identity_number")
    return found


def _with_hash(hashes):
    """The trainee with this number; it may have come with a second record that was merged."""
    found = Trainee.everyone.filter(identity__hash__in=hashes).select_related("merged_into").first()
    return found and (found.merged_into or found)


@transaction.atomic
def record_identity(*, trainee, kind, number, country="", by):
    """Record the identity number of a trainee who has none; the same number again changes nothing.

    Writes to the access log. Raises ValidationError when the number is impossible. Raises Refusal
    at `identity_number` when the trainee has another number (`correct_identity` replaces it), and
    Conflict when another trainee has this number.
    """
    rights.require(by, "record_identity", trainee)
    return put_identity(trainee=trainee, kind=kind, number=number, country=country, by=by)


def put_identity(*, trainee, kind, number, by, country=""):
    """`record_identity` without a rights check, for acts that check their own right."""
    hashes = identity_hashes(kind, number, country)
    trainee = lock_person(trainee)
    recorded = Identity.objects.filter(trainee=trainee).first()
    if recorded is None:
        recorded = Identity(trainee=trainee, kind=kind, country=country, hash=hashes[0])
        _save_identity(recorded, number, Access.IDENTITY_RECORDED, by=by)
    elif recorded.hash not in hashes:
        raise Refusal(
            _(
                "Another identity number is on record for this trainee. Look at the card again; if "
                "the number on record is wrong, the officer of the course centre corrects it, with "
                "a reason."
            ),
            field="identity_number",
            code="recorded",
        )
    return trainee


@transaction.atomic
def correct_identity(*, trainee, kind, number, country="", reason, by):
    """Replace a wrong identity number; the access log keeps the reason.

    Raises ValidationError when the number is impossible, Refusal when none is recorded or the
    reason is missing, and Conflict at `identity_number` when another trainee has the number.
    """
    rights.require(by, "correct_identity", trainee)
    reason = given_reason(reason)
    hashes = identity_hashes(kind, number, country)
    recorded = _identity_of(lock_person(trainee))
    if recorded.hash not in hashes:
        recorded.kind, recorded.country, recorded.hash = kind, country, hashes[0]
        _save_identity(recorded, number, Access.IDENTITY_CORRECTED, by=by, reason=reason)
    return recorded.trainee


def _save_identity(identity, number, action, *, by, reason=""):
    identity.number = normalise(identity.kind, number)
    try:
        with transaction.atomic():
            check_once([identity])
            identity.save()
    except IntegrityError:
        raise Conflict(
            _("Another trainee has this identity number."), field="identity_number", code="known"
        ) from None
    log_access(action, identity.trainee, by=by, fields="identity_number", reason=reason)


def check_once(identities):
    """Raise IntegrityError if somebody else has one of the numbers under the other hash key.

    The column alone does not keep numbers unique while the hash key is rotated: a number that is typed now
    gets another hash than its row of before. The numbers are locked, so that it holds between two
    processes of which one has begun with the new key before the other.
    """
    if not is_rotating():
        return
    hashes = [identity_hashes(one.kind, one.number, one.country) for one in identities]
    lock_words(*map(min, hashes))
    own = [one.pk for one in identities if one.pk]
    if Identity.objects.filter(hash__in=sum(hashes, ())).exclude(pk__in=own).exists():
        raise IntegrityError("an identity number is on record already")


def _identity_of(trainee):
    if not hasattr(trainee, "identity"):
        raise Refusal(_("No identity number is on record."), code="none")
    return trainee.identity


@transaction.atomic
def register_trainee(*, trainee, kind, number, country="", by):
    """Save a new trainee with the identity number, or return the existing trainee with that number.

    If two people register the same person at the same time, both get the same trainee (DESIGN.md
    §3). To see which, check whether the result `is` the object you passed. Raises ValidationError
    when the number is impossible.
    """
    rights.require(by, "register_trainee")
    hashes = identity_hashes(kind, number, country)
    if known := _with_hash(hashes):
        return known
    try:
        with transaction.atomic():
            save(trainee, by=by)
            put_identity(trainee=trainee, kind=kind, number=number, country=country, by=by)
    except Conflict:
        return _with_hash(hashes)
    return trainee


@transaction.atomic
def register_many(*, people, by):
    """Save many new trainees at once, as a list brings them.

    `people`: (Trainee, kind of number or "", number or "") of each. Raises IntegrityError when somebody
    has registered one of the numbers meanwhile; ValidationError when a number is impossible.
    """
    rights.require(by, "register_trainee")
    bulk_create([trainee for trainee, _kind, _number in people], by=by)
    put_many_identities(people=[one for one in people if one[2]], by=by)


def put_many_identities(*, people, by):
    """Record the numbers of trainees who have none, for acts that check their own right."""
    identities = [
        Identity(
            trainee=trainee,
            kind=kind,
            number=normalise(kind, number),
            hash=identity_hash(kind, number),
        )
        for trainee, kind, number in people
    ]
    check_once(identities)
    Identity.objects.bulk_create(identities)
    trainees = [trainee for trainee, _kind, _number in people]
    log_access_to_many(
        Access.IDENTITY_RECORDED,
        Trainee,
        [trainee.pk for trainee in trainees],
        by=by,
        fields="identity_number",
    )


@transaction.atomic
def change_many(*, changes, by):
    """Change the records of many trainees at once: `changes` are (Trainee, {field: value}) of each.

    For acts that check their own right, and have read the trainees under a lock. Of each record the
    changed fields alone are written; of two changes of one field the first counts.
    """
    people, merged = {}, {}
    for trainee, new in changes:
        people.setdefault(trainee.pk, trainee)
        merged[trainee.pk] = {**new, **merged.get(trainee.pk, {})}
    alike = defaultdict(list)  # names of fields → trainees
    for key, new in merged.items():
        for name, value in new.items():
            setattr(people[key], name, value)
        alike[tuple(sorted(new))].append(people[key])
    for fields, trainees in sorted(alike.items()):
        bulk_update(trainees, fields, by=by)


@transaction.atomic
def correct_name(*, trainee, first_name, last_name, by, guardian_name=""):
    """Mend a name that was typed wrongly; the history keeps the former one.

    `guardian_name`: the name of the guardian recorded last, "" for no change.
    """
    rights.require(by, "correct_name", trainee)
    trainee, guardian = lock_person(trainee), trainee.guardians.last()
    trainee.first_name, trainee.last_name = clean_name(first_name), clean_name(last_name)
    if guardian and guardian_name and guardian.name != guardian_name:
        guardian.name = clean_name(guardian_name)
        save(guardian, by=by)
    return save(trainee, by=by)


@transaction.atomic
def record_guardian(*, trainee, name, relation, by, phone="", permission_on=None):
    """Record who may sign for a trainee under 18, and the date of their permission to attend.

    The same name (with or without Turkish letters) is the same guardian; that entry is updated.
    Raises ValidationError for a field.
    """
    rights.require(by, "record_guardian", trainee)
    return put_guardian(
        trainee=trainee,
        name=name,
        relation=relation,
        by=by,
        phone=phone,
        permission_on=permission_on,
    )


def put_guardian(*, trainee, name, relation, by, phone="", permission_on=None):
    """`record_guardian` without a rights check, for acts that check their own right."""
    trainee = lock_person(trainee)
    guardian = guardian_named(trainee, name) or Guardian(trainee=trainee)
    guardian.name, guardian.relation = " ".join(name.split()), relation.strip()
    guardian.phone = phone or guardian.phone
    guardian.permission_on = permission_on or guardian.permission_on
    guardian.clean_fields(exclude=["trainee"])
    return save(guardian, by=by)


def guardian_named(trainee, name):
    """The guardian of this name, with or without Turkish letters; or None."""
    return next((one for one in trainee.guardians.all() if fold(one.name) == fold(name)), None)


def fill_guardian(*, trainee, name, by, relation="", phone="", permission_on=None, replaces=False):
    """Add a guardian, or what is not on record yet of the one of this name: a list often says less.

    `replaces`: what is given replaces what is on record. For acts that check their own right.
    """
    trainee = lock_person(trainee)
    guardian = guardian_named(trainee, name)
    given = {"relation": relation, "phone": phone, "permission_on": permission_on}
    if guardian:
        given |= {
            field: recorded
            for field in given
            if (recorded := getattr(guardian, field)) and not (replaces and given[field])
        }
        if all(getattr(guardian, field) == value for field, value in given.items()):
            return guardian
    given["relation"] = given["relation"] or _("guardian")
    return put_guardian(trainee=trainee, name=guardian.name if guardian else name, by=by, **given)


@transaction.atomic
def record_support(*, trainee, support, by):
    """Record what helps a trainee to take part, no diagnosis (DOMAIN.md §5); "" deletes it.

    A change is written to the access log.
    """
    rights.require(by, "record_support", trainee)
    put_support(trainee=trainee, support=support, by=by)


def put_support(*, trainee, support, by):
    """`record_support` without a rights check, for acts that check their own right."""
    trainee, text = lock_person(trainee), support.strip()
    need = getattr(trainee, "support_need", None) or SupportNeed(trainee=trainee)
    with _readable():
        if need.text == text:
            return
    if text:
        need.text = text
        need.save()
    else:
        need.delete()
    log_access(Access.SUPPORT_CHANGED, trainee, by=by, fields="support")


def see_identity(*, trainee, by, reason=""):
    """The full identity number, for a user who gives a reason.

    Each look is written to the access log.

    Raises Refusal when none is recorded.
    """
    rights.require(by, "see_identity", trainee)
    reason = given_text(reason, field="reason", length=LOOK_REASON)
    with _readable():
        number = _identity_of(trainee).number
    log_access(Access.IDENTITY_SEEN, trainee, by=by, fields="identity_number", reason=reason)
    return number


def see_support(*, trainee, by, reason=""):
    """What helps a trainee to take part, or ""; each look is written to the access log."""
    rights.require(by, "see_support", trainee)
    reason = given_text(reason, field="reason", length=LOOK_REASON)
    with _readable():
        text = trainee.support_need.text if hasattr(trainee, "support_need") else ""
    log_access(Access.SUPPORT_SEEN, trainee, by=by, fields="support", reason=reason)
    return text


@contextmanager
def _readable():
    """Refuses where a secret is read that no key opens any more."""
    try:
        yield
    except Unreadable:
        raise Refusal(UNREADABLE, code="unreadable") from None
