"""Pairs on record that may be one person: found by night, answered by staff.

Nobody is compared with everybody. The records are read three times, each time in the order of what two of
one person have in common – phone, birth date, name – and only neighbours in that order are compared. So
the town is read in a stream, and memory holds one block of it.

A block that is larger than MOST is left out and counted: twenty people on one telephone are a school or a
muhtar. Of those with one birth date only the ones with a word of the name in common are compared (in a town
where many were registered on the first of January), and of namesakes only those with one e-mail address, or
born on days of which one may be a slip of the other.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, groupby
from operator import itemgetter

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from izmek.acts.refusal import Conflict
from izmek.secrets.identity import IdentityKind
from trainees import rights
from trainees.models import Identity, LookAlike, Trainee
from trainees.queries.same_person import PersonFacts, likeness, score

MOST = 60  # people of a block that are compared with each other
BATCH = 2_000
PK, FOLDED, BIRTH_DATE, PHONE, EMAIL = range(5)  # of `as_facts`


@dataclass
class NightsWork:
    """What a night has found."""

    pairs: int = 0
    gone: int = 0
    too_large: int = 0


def find_look_alikes():
    """Find the pairs anew and store them; returns NightsWork.

    A pair that was answered stays answered as long as both records say what they said.
    """
    found, began, batch = NightsWork(), timezone.now(), {}
    for one, other in _candidates(found):
        pair = (one, other) if one[PK] < other[PK] else (other, one)
        reasons = likeness(*(PersonFacts.known(*row[1:]) for row in pair))
        if reasons:
            batch[pair[0][PK], pair[1][PK]] = (*pair, reasons)
        if len(batch) >= BATCH:
            _store(batch)
            batch = {}
    _store(batch)
    found.gone = LookAlike.objects.filter(found_at__lt=began).delete()[0]
    found.pairs = LookAlike.objects.count()
    return found


def _candidates(found):
    """Pairs of rows that share a block."""
    people = Trainee.objects.filter(anonymised_at=None, restricted_at=None).order_by()
    with_phone = people.exclude(phone="").order_by("phone")
    for rows in _blocks(with_phone, PHONE):
        yield from _pairs(rows, found)
    born = people.exclude(birth_date=None).order_by("birth_date")
    for rows in _blocks(born, BIRTH_DATE):
        yield from _with_a_word_in_common(rows, found)
    for rows in _blocks(people.exclude(folded="").order_by("folded"), FOLDED):
        yield from _namesakes(rows, found)


def _blocks(people, column):
    """The rows in groups with the same value of a column, without those that are alone."""
    rows = people.as_facts().iterator(chunk_size=BATCH)
    for _key, group in groupby(rows, itemgetter(column)):
        block = list(group)
        if len(block) > 1:
            yield block


def _pairs(rows, found):
    if len(rows) > MOST:
        found.too_large += 1
        return
    yield from combinations(rows, 2)


def _with_a_word_in_common(rows, found):
    yield from _in_common(rows, lambda row: set(row[FOLDED].replace("-", " ").split()), found)


def _namesakes(rows, found):
    yield from _in_common(rows, _near, found)


def _near(row):
    """What a namesake has in common with this row: the e-mail, or the birth date but for a digit."""
    if row[EMAIL]:
        yield row[EMAIL]
    if day := row[BIRTH_DATE]:
        digits = f"{day:%d%m%Y}"
        yield from (digits[:n] + "·" + digits[n + 1 :] for n in range(len(digits)))
        if day.day <= 12:
            yield f"{day.year} {min(day.day, day.month)} {max(day.day, day.month)}"


def _in_common(rows, keys, found):
    """The pairs of rows that have one of their keys in common, each once."""
    blocks, given = defaultdict(list), set()
    for row in rows:
        for key in keys(row):
            blocks[key].append(row)
    for block in blocks.values():
        for one, other in _pairs(block, found):
            pair = one[PK], other[PK]
            if pair not in given:
                given.add(pair)
                yield one, other


def _store(batch):
    """Write found pairs, but for those who have two different numbers of one kind: they are two people."""
    keys = {key for pair in batch for key in pair}
    numbers = dict(Identity.objects.filter(trainee__in=keys).values_list("trainee", "kind"))
    now = timezone.now()
    rows = [
        LookAlike(
            one_id=one[PK],
            other_id=other[PK],
            reasons=list(reasons),
            score=score(reasons),
            facts=_fingerprint(one, other),
            found_at=now,
        )
        for one, other, reasons in batch.values()
        if not _two_numbers(numbers.get(one[PK]), numbers.get(other[PK]))
    ]
    LookAlike.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["one", "other"],
        update_fields=["reasons", "score", "facts", "found_at"],
        batch_size=BATCH,
    )


def _two_numbers(one, other):
    """A foreigner who became a citizen has a number of each kind; passports are renewed."""
    return one is not None and one == other and one != IdentityKind.PASSPORT


def _fingerprint(one, other):
    told = "|".join(str(value) for row in (one, other) for value in row)
    return salted_hmac("trainees.look_alike", told).hexdigest()[:32]


@transaction.atomic
def not_the_same(*, pair, by):
    """Note that a pair are two people; it holds until one of the two records changes.

    Raises Conflict when the pair is there no more.
    """
    for person in (pair.one, pair.other):
        rights.require(by, "not_the_same", person)
    row = LookAlike.objects.select_for_update().filter(pk=pair.pk).first()
    if row is None:
        raise Conflict(_("This pair is gone: the records look alike no more."), code="gone")
    row.answered, row.answered_by, row.answered_at = row.facts, by, timezone.now()
    row.save(update_fields=["answered", "answered_by", "answered_at"])
    return row
