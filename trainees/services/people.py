"""Who she is: identity number, support need, guardian; and who looked at it (DOMAIN.md §4, §5)."""

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from izmek.acts.enums import Access
from izmek.acts.refusal import Conflict, given_text
from izmek.acts.saving import save
from izmek.models import AccessLog
from izmek.secrets.identity import identity_hash, normalise
from izmek.text.fold import fold
from trainees.models import Guardian, Trainee


def lock_trainee(trainee):
    """The trainee, read again and locked until the transaction ends; always before a course."""
    return Trainee.objects.select_for_update(of=("self",), no_key=True).get(pk=trainee.pk)


def find_by_identity(*, kind, number, country=""):
    """The trainee with this identity number, found by its keyed hash, or None.

    Raises ValidationError when the number is impossible (DOMAIN.md §4).
    """
    return Trainee.objects.filter(
        identity_hash=identity_hash(kind, normalise(kind, number), country)
    ).first()


@transaction.atomic
def record_identity(*, trainee, kind, number, country="", by):
    """Give a trainee her identity number, or another one; an entry in the access log.

    Raises ValidationError at `identity_number` when it is impossible, Conflict when somebody else
    has it.
    """
    number = normalise(kind, number)
    key = identity_hash(kind, number, country)
    if Trainee.objects.filter(identity_hash=key).exclude(pk=trainee.pk).exists():
        raise Conflict(
            _("Another trainee has this identity number."), field="identity_number", code="known"
        )
    trainee.identity_kind, trainee.identity_country = kind, country
    trainee.identity_number, trainee.identity_hash = number, key
    try:
        with transaction.atomic():
            save(trainee, by=by)
    except IntegrityError:
        raise Conflict(
            _("Another trainee has this identity number."), field="identity_number", code="known"
        ) from None
    log_access(Access.IDENTITY_CHANGED, trainee, by=by, fields="identity_number")
    return trainee


@transaction.atomic
def register_trainee(*, trainee, kind, number, country="", by):
    """Save a new trainee with her identity number; returns the one on record who has it already.

    Two people who register the same person at the same moment both get the same trainee
    (DESIGN.md §3): look whether what comes back `is` what was given. Raises ValidationError at
    `identity_number` when the number is impossible.
    """
    known = find_by_identity(kind=kind, number=number, country=country)
    if known:
        return known
    try:
        with transaction.atomic():
            save(trainee, by=by)
            return record_identity(
                trainee=trainee, kind=kind, number=number, country=country, by=by
            )
    except Conflict:
        return find_by_identity(kind=kind, number=number, country=country)


@transaction.atomic
def record_guardian(*, trainee, name, relation, by, phone="", permission_on=None):
    """Note who may sign for a trainee under 18, and since when she has the permission to attend.

    The same name (Turkish letters or not) is the same guardian, whose entry is brought up to date.
    Raises ValidationError at the field.
    """
    trainee = lock_trainee(trainee)
    same = [one for one in trainee.guardians.all() if fold(one.name) == fold(name)]
    guardian = same[0] if same else Guardian(trainee=trainee)
    guardian.name, guardian.relation = " ".join(name.split()), relation.strip()
    guardian.phone = phone or guardian.phone
    guardian.permission_on = permission_on or guardian.permission_on
    guardian.clean_fields(exclude=["trainee"])
    return save(guardian, by=by)


@transaction.atomic
def record_support(*, trainee, support, by):
    """Note what helps a trainee to take part; no diagnosis (DOMAIN.md §5). Logged."""
    trainee.support = support.strip()
    save(trainee, by=by)
    log_access(Access.SUPPORT_CHANGED, trainee, by=by, fields="support")
    return trainee


def see_identity(*, trainee, by, reason=""):
    """The full identity number, for someone with a reason; each look is logged."""
    reason = given_text(reason, field="reason", length=500)
    log_access(Access.IDENTITY_SEEN, trainee, by=by, fields="identity_number", reason=reason)
    return trainee.identity_number


def see_support(*, trainee, by):
    """What helps a trainee to take part, for who teaches her; each look is logged."""
    log_access(Access.SUPPORT_SEEN, trainee, by=by, fields="support")
    return trainee.support


def log_access(action, row, *, by, fields="", reason=""):
    """Write who did what with whose protected data."""
    AccessLog.objects.create(
        action=action,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        by=by,
        fields=fields,
        reason=reason,
    )
