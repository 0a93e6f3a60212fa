"""Who was erased and is back from a backup is erased again: `manage.py erase_again`.

Each erasing is told outside the database as well, beside the seals of the access log (`erased.txt` in
`settings.ACCESS_LOG_HEADS`) and, since that lies on one host of several, in the storage that all share:
when, which row and why; nobody is named. A backup that is older brings the person back in the same row.
What retention destroys is over then as well, and goes by its timer.
"""

from datetime import datetime

from django.apps import apps
from django.db.models import Min

from izmek.acts.refusal import Refusal, sentence_of
from izmek.acts.seals import erased_outside
from izmek.media.room import StorageAway
from izmek.privacy.terms import ANONYMOUS
from trainees.enums import ErasureReason
from trainees.services.contacts import name_of
from trainees.services.erasure import anonymise
from trainees.services.known_by_contact import erase_contact, has_no_record


def came_back():
    """[(row, ErasureReason, whether with the account)] of people who are on record as they were before.

    Without a file nobody is known to be erased. Raises OSError or StorageAway when one cannot be read.
    """
    found = {}
    for at, table, key, reason, *account in map(str.split, erased_outside()):
        row = apps.get_model(table)._base_manager.filter(pk=key).first()
        if row and name_of(row) not in ("", ANONYMOUS) and _is_older(row, at):
            found[row] = row, ErasureReason(reason), bool(account)
    return list(found.values())


def _is_older(row, at):
    """Whether a row was there at a moment: after a restore, keys are given anew, to somebody else."""
    first = row.history.aggregate(at=Min("history_date"))["at"]
    return first is None or first < datetime.fromisoformat(at)


def erase_again(*, say):
    """Erase them all; returns how many stay since something has to be done first, which `say` is told."""
    left = 0
    for row, reason, account in came_back():
        told = f"{row._meta.label_lower} {row.pk}"
        try:
            if has_no_record(row):
                erase_contact(person=row, reason=reason, by=None)
            else:
                anonymise(person=row, reason=reason, account=account, by=None)
        except Refusal as refusal:
            left += 1
            say(f"{told} stays: {sentence_of(refusal)}")
        else:
            say(f"{told} is erased again")
    return left


def what_is_wrong():
    """Sentences for `doctor`; nobody is named."""
    try:
        back = len(came_back())
    except StorageAway:
        return ["who was erased cannot be read outside the database: the store of files is away"]
    except OSError as error:
        return [f"who was erased cannot be read outside the database: {error}"]
    return [f"{back} are back from a backup; `manage.py erase_again`"] if back else []
