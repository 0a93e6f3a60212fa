"""The seals of the access log: a removed or changed entry shows, and on which day.

A day's entries, in the order of their keys, go into one hash that begins with the hash of the day before.
It is kept in `AccessSeal` and, outside the database, as a line of a file that only grows (`heads.txt` in
`settings.ACCESS_LOG_HEADS`), and told to the log of the server: whoever changes the database alone cannot
change what stands there.

A day is sealed hours after its end, when nobody who began to write on it is still at it: an entry is
visible only with its transaction. Writers neither wait for a seal nor for each other.
"""

import json
import logging
import os
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from izmek.acts.append_only import missing_triggers, opened
from izmek.acts.enums import SealedDay, SealOutside
from izmek.acts.refusal import Refusal
from izmek.models import AccessLog, AccessSeal

log = logging.getLogger("izmek.access_log")

SEALED_AFTER = timedelta(hours=2)  # the end of a day: clocks of several hosts may differ
PATIENCE = 30  # seconds for transactions that still write
OVERDUE = timedelta(days=3)  # days that are not sealed for so long are told by `doctor`
FIRST = "0" * 64  # what the first day begins with
AT_ONCE = 5_000
DESTROYED = "destroyed-before"
COLUMNS = (
    *("id", "at", "by_id", "action", "content_type_id", "object_id", "whose_type_id", "whose_id"),
    *("fields", "reason", "salt", "digest"),
)


# --- What is hashed ---------------------------------------------------------------------------


def digest_of(fields, reason, salt):
    """What stands for the words of an entry; only who knows its salt can guess at them."""
    words = json.dumps([fields, reason], ensure_ascii=False)
    return sha256((salt.bytes if salt else b"") + words.encode()).hexdigest()


def _line(key, at, *facts):
    *plain, fields, reason, salt, digest = facts
    told = digest or digest_of(fields, reason, salt)
    return json.dumps([key, f"{at:%Y-%m-%dT%H:%M:%S.%f}", *plain, told]).encode()


def _begin(day):
    """The moment at which a day begins here."""
    return datetime.combine(day, datetime.min.time(), timezone.get_default_timezone())


def _entries(day):
    return AccessLog.objects.filter(at__gte=_begin(day), at__lt=_begin(day + timedelta(days=1)))


def hashed(day, before):
    """(how many entries a day has, their hash after that of the day before)."""
    return _hashed({day: before})[day]


def _hashed(before):
    """{day: (how many entries it has, their hash)} of days that are given with the hashes before them.

    One query, of all entries between the first of the days and the last.
    """
    running = {day: sha256(f"{head} {day}".encode()) for day, head in before.items()}
    counts = dict.fromkeys(before, 0)
    begin, end = _begin(min(before)), _begin(max(before) + timedelta(days=1))
    rows = AccessLog.objects.filter(at__gte=begin, at__lt=end)
    zone = timezone.get_default_timezone()
    for row in rows.order_by("id").values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
        day = row[1].astimezone(zone).date()
        if day in running:
            running[day].update(_line(*row))
            counts[day] += 1
    return {day: (counts[day], running[day].hexdigest()) for day in before}


# --- Outside the database ---------------------------------------------------------------------


@dataclass
class Heads:
    """What the file says: {day: (count, hash)}, and before which day all was destroyed."""

    days: dict
    destroyed_before: date = date.min
    wrong: tuple = ()  # lines that nobody understands

    @classmethod
    def read(cls):
        """Raises OSError when the file cannot be read."""
        found, wrong = cls({}), []
        for number, line in enumerate(file_outside().read_text("ascii", "replace").splitlines(), 1):
            try:
                what, *facts = line.split()
                if what == DESTROYED:
                    day = date.fromisoformat(facts[0])
                    found.destroyed_before = max(found.destroyed_before, day)
                    continue
                day, (count, head) = date.fromisoformat(what), facts
                if found.days.setdefault(day, (int(count), head)) != (int(count), head):
                    wrong.append(number)
            except (ValueError, IndexError):
                wrong.append(number)
        found.wrong = tuple(wrong)
        return found


ERASED = "erased.txt"  # who was erased: told by whichever host it happened on
FROM_HOSTS = "outside"  # the folder of the storage where all hosts tell it


def file_outside(name="heads.txt"):
    """The path of a file outside the database: it only grows."""
    return Path(settings.ACCESS_LOG_HEADS) / name


def write_outside(line, name="heads.txt"):
    """One more line of such a file, on the disk when this returns; and to the log. Raises OSError."""
    log.info("access log: %s", line)
    path = file_outside(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    place = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(place, f"{line}\n".encode())
        os.fsync(place)
    finally:
        os.close(place)


def tell_from_host(line):
    """A line about who was erased, for the file that lies on another host: into the shared storage."""
    name = f"{FROM_HOSTS}/{sha256(line.encode()).hexdigest()[:32]}.txt"
    default_storage.save(name, ContentFile(line.encode()))


def erased_outside():
    """The lines about who was erased, of this host and of the others, each once.

    Raises OSError when the file cannot be read, StorageAway when the storage cannot.
    """
    path = file_outside(ERASED)
    lines = path.read_text("ascii").splitlines() if path.exists() else []
    try:
        _folders, files = default_storage.listdir(FROM_HOSTS)
    except FileNotFoundError:
        files = []
    for name in sorted(files):
        with default_storage.open(f"{FROM_HOSTS}/{name}") as file:
            lines.append(" ".join(file.read().decode("ascii", "replace").split()))
    return list(dict.fromkeys(lines))


def gather_erased():
    """Write into the file of this host what others have told; returns how many lines. Errors as above."""
    path = file_outside(ERASED)
    known = path.read_text("ascii").splitlines() if path.exists() else []
    new = [line for line in erased_outside() if line not in known]
    for line in new:
        write_outside(line, ERASED)
    return len(new)


# --- Sealing ----------------------------------------------------------------------------------


def seal_days(*, say=lambda line: None):
    """Seal every day that is over; returns how many. `say` is told each line of the file.

    Raises Refusal when somebody still writes on these days: the next run seals them. Raises OSError when
    the file cannot be written: then the days are sealed in the database, and the next run writes them.
    """
    last = timezone.localdate(timezone.now() - SEALED_AFTER) - timedelta(days=1)
    day, head = _next_day()
    sealed = 0
    if day and day <= last:
        _wait_for_writers()
        while day <= last:
            count, head = hashed(day, head)
            try:
                with transaction.atomic():
                    AccessSeal.objects.create(day=day, count=count, head=head)
            except IntegrityError:
                raise Refusal("Another run is sealing the access log.", code="twice") from None
            sealed, day = sealed + 1, day + timedelta(days=1)
    _tell_outside(say)
    return sealed


def _next_day():
    """(the first day that is not sealed, the hash before it); no day while the log is empty."""
    if found := AccessSeal.objects.first():
        return found.day + timedelta(days=1), found.head
    first = AccessLog.objects.aggregate(at=models.Min("at"))["at"]
    return first and timezone.localtime(first, timezone.get_default_timezone()).date(), FIRST


def _wait_for_writers():
    """Wait until the transactions are over that have written entries which nobody sees yet.

    Whoever begins now writes on a later day. SQLite lets one write at a time, so there are none.
    """
    if connection.vendor != "postgresql":
        return
    at_it, since = _writers(), time.monotonic()
    while at_it := at_it & _writers():
        if time.monotonic() - since > PATIENCE:
            raise Refusal(
                "A transaction has been writing to the access log for long: seal it later.",
                code="writers",
            )
        time.sleep(0.2)


def _writers():
    """Who holds what an INSERT into the access log holds until its transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE relation = to_regclass(%s)"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND mode = 'RowExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid()",
            [AccessLog._meta.db_table],
        )
        return {one for (one,) in cursor.fetchall()}


def _tell_outside(say):
    """Write the days that the file lacks: the new ones, and those of a run that could not write it."""
    try:
        known = Heads.read()
    except FileNotFoundError:
        known = Heads({})
    seals = AccessSeal.objects.order_by("day")
    for seal in seals.filter(day__gte=known.destroyed_before).iterator():
        if seal.day not in known.days:
            line = f"{seal.day} {seal.count} {seal.head}"
            write_outside(line)
            say(line)


# --- The end of entries -----------------------------------------------------------------------


def destroy_days_before(day):
    """Destroy the entries of all sealed days before a day; returns how many. Their seals stay.

    First the file is told, so that a day which is missing in it is known to be destroyed rather than
    removed: raises OSError when it cannot be written, and then nothing goes.
    """
    over = AccessSeal.objects.filter(day__lt=day, destroyed_at=None).order_by("day")
    if not over.exists():
        return 0
    write_outside(f"{DESTROYED} {day}")
    gone = 0
    for seal in list(over):
        with opened("destroy"):
            gone += (
                models.QuerySet(AccessLog).filter(pk__in=_entries(seal.day))._raw_delete("default")
            )
            AccessSeal.objects.filter(pk=seal.pk).update(destroyed_at=timezone.now())
    return gone


def forget_details(rows):
    """Blank what entries say in words (`fields`, `reason`); returns how many. They stay proved.

    `rows`: a QuerySet of the access log. Who, whose, what and when are kept.
    """
    said = rows.filter(digest="").exclude(fields="", reason="").order_by("pk")
    forgotten = 0
    while some := list(said[:AT_ONCE]):
        for row in some:
            row.digest = digest_of(row.fields, row.reason, row.salt)
            row.fields, row.reason, row.salt = "", "", None
        with opened("forget"):
            models.QuerySet(AccessLog).bulk_update(
                some, ["fields", "reason", "salt", "digest"], batch_size=500
            )
        forgotten += len(some)
    return forgotten


# --- Looking after it -------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """What a seal proves today: whether its day is as it was sealed, and whether the file says the same."""

    log: SealedDay
    outside: SealOutside


def proofs(seals):
    """{seal: Proof} of some AccessSeals; the entries are read again, by one query for all of them."""
    seals = list(seals)
    if not seals:
        return {}
    try:
        outside = Heads.read()
    except OSError:
        outside = None
    days = [seal.day - timedelta(days=1) for seal in seals]
    heads = dict(AccessSeal.objects.filter(day__in=days).values_list("day", "head"))
    before = {
        seal.day: heads.get(seal.day - timedelta(days=1), FIRST)
        for seal in seals
        if not seal.destroyed_at
    }
    found = _hashed(before) if before else {}
    return {seal: Proof(_of_log(seal, found), _of_file(seal, outside)) for seal in seals}


def _of_log(seal, found):
    if seal.day not in found:
        return SealedDay.DESTROYED
    count, head = found[seal.day]
    if count != seal.count:
        return SealedDay.FEWER if count < seal.count else SealedDay.MORE
    return SealedDay.HOLDS if head == seal.head else SealedDay.CHANGED


def _of_file(seal, outside):
    if outside is None:
        return SealOutside.UNREADABLE
    if seal.day not in outside.days:
        gone = seal.day < outside.destroyed_before
        return SealOutside.DESTROYED if gone else SealOutside.MISSING
    same = outside.days[seal.day] == (seal.count, seal.head)
    return SealOutside.SAME if same else SealOutside.OTHER


def what_is_wrong():
    """Sentences on what does not hold: the days that were changed, the file, what is not sealed."""
    wrong = [
        f"nothing refuses {operation} (`manage.py migrate` mends it)"
        for operation in missing_triggers()
    ]
    seals = {seal.day: seal for seal in AccessSeal.objects.order_by("day").iterator()}
    try:
        outside = Heads.read()
    except OSError as error:
        outside = None
        if seals:
            wrong.append(f"the hashes outside the database cannot be read: {error}")
    wrong += _changed(seals, outside)
    wrong += _not_sealed(seals)
    return wrong


def _changed(seals, outside):
    if outside and outside.wrong:
        yield f"{file_outside()}: line {', '.join(map(str, outside.wrong))} is none of ours"
    head, first = FIRST, None
    for day in sorted({*seals, *(outside.days if outside else ())}):
        seal, told = seals.get(day), outside and outside.days.get(day)
        sealed = told or (seal.count, seal.head)
        gone = day < outside.destroyed_before if outside else bool(seal.destroyed_at)
        if not gone:
            first = first or day
            if outside and not told:
                yield f"{day}: its hash is missing outside the database"
            elif not seal:
                yield f"{day}: its seal is missing in the database"
            elif told and told != (seal.count, seal.head):
                yield f"{day}: its seal in the database is another than outside"
            count, found = hashed(day, head)
            if count != sealed[0]:
                yield f"{day}: {count} entries, and {sealed[0]} were sealed"
            elif found != sealed[1]:
                yield f"{day}: an entry was changed since it was sealed"
        head = sealed[1]
    if first and (more := AccessLog.objects.filter(at__lt=_begin(first)).count()):
        yield f"{more} entries are older than the first sealed day"


def _not_sealed(seals):
    last = max(seals, default=None)
    rows = AccessLog.objects.filter(at__lt=timezone.now() - OVERDUE)
    if last:
        rows = rows.filter(at__gte=_begin(last + timedelta(days=1)))
    if oldest := rows.aggregate(at=models.Min("at"))["at"]:
        yield f"not sealed since {timezone.localdate(oldest)}: `manage.py seal_access_log`"
