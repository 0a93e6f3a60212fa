"""Data that may be stored and nothing else, because somebody disputes them or objects (law 6698, articles 7
and 11; DOMAIN.md §5).

What it means, and where it is seen to:

- no consent of theirs holds: no name on a page or a label, no photo (`Consent.objects.holds`);
- nobody writes to them or calls them (`trainees/services/letters.py`, `trainees/queries/calls.py`);
- they stand in no list that is taken out (`izmek/admin/exports.py`), and are compared with nobody
  (`trainees/services/look_alikes.py`);
- everybody who opens their page reads it at its head.

Attending goes on: a seat is no use of the data that a person could object to. It can be lifted at any time.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal, given_reason
from izmek.acts.saving import save
from trainees import rights
from trainees.services.people import acted_on_person, lock_person


@transaction.atomic
def restrict(*, trainee, reason, by):
    """Let somebody's data be stored only; returns the Trainee. Raises Refusal if they are already."""
    rights.require(by, "restrict", trainee)
    reason = given_reason(reason)
    trainee = lock_person(trainee)
    if trainee.restricted_at:
        raise Refusal(_("These data are stored only already."), code="state")
    trainee.restricted_at = timezone.now()
    save(trainee, by=by)
    log_access(Access.RESTRICTED, trainee, by=by, reason=reason)
    acted_on_person.send(
        sender=type(trainee), person=trainee, what=_("The data are stored only."), by=by
    )
    return trainee


@transaction.atomic
def lift_restriction(*, trainee, reason, by):
    """Let the data be used again; consents that were given hold again."""
    rights.require(by, "lift_restriction", trainee)
    reason = given_reason(reason)
    trainee = lock_person(trainee)
    if not trainee.restricted_at:
        raise Refusal(_("These data are not restricted."), code="state")
    trainee.restricted_at = None
    save(trainee, by=by)
    log_access(Access.RESTRICTION_LIFTED, trainee, by=by, reason=reason)
    acted_on_person.send(
        sender=type(trainee), person=trainee, what=_("The data may be used again."), by=by
    )
    return trainee
