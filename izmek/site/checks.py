"""What has to hold on a server that serves: one list of checks, and three faces of it.

`/hazir/` (izmek/site/views/operation.py) asks those that are `ready`, for monitoring; the page of the
status (izmek/site/status.py) asks all of them, for managers; `doctor` too, and the data and files besides.
Each check asks few and cheap questions, whatever the tables hold.
"""

import logging
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.files.storage import storages
from django.db import Error, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from izmek.acts import follower, letters, tasks
from izmek.acts.enums import LetterState
from izmek.acts.queries import DUE
from izmek.acts.spare import CacheWithSpare
from izmek.media.room import is_given_back, nearly_full, rooms
from izmek.models import Letter, Upkeep
from izmek.public.areas import EVERYTHING, is_shown_by, standing
from izmek.site.backup import making
from izmek.text.figures import number

log = logging.getLogger(__name__)

SECONDS = 2  # that the storage has for an answer
REMEMBERED = 10  # seconds for which its answer is told again: strangers may ask for it
CERTIFICATE_SOON = 21  # days: time to order a new one
CERTIFICATE_NOW = 3
LETTERS_COUNTED = 1_000
FAR_BEHIND = 64 * 2**20  # bytes: some minutes of a busy town
TOLD = timedelta(days=14)  # for so long a failure is told
# E-mail addresses, phones: mail servers repeat them.
OF_SOMEBODY = re.compile(r"\S*@\S*|\+?[0-9]{7,}")


BY_THE_CLOCK = {
    "advance_queues": gettext_lazy("offers that end and queues"),
    "send_letters": gettext_lazy("letters that wait"),
    "count_figures": gettext_lazy("figures of the years"),
    "find_look_alikes": gettext_lazy("people on record twice"),
    "find_names": gettext_lazy("names in public texts"),
    "seal_access_log": gettext_lazy("seals of the access log"),
    "destroy_expired": gettext_lazy("periodic destruction"),
    "sweep_media": gettext_lazy("files left behind"),
    "backup": gettext_lazy("backup"),
}


class Grade(IntEnum):
    UNSET, FINE, LOOK, BROKEN = range(-1, 3)


class Finding(NamedTuple):
    """What a check found. `said`: for everybody, without folders and people. `do`: where, what to do."""

    said: str
    do: str = ""
    grade: Grade = Grade.LOOK

    def __str__(self):
        return f"{self.said}; {self.do}" if self.do else self.said


@dataclass(frozen=True)
class Check:
    """`ask()`: the Finding, one after the other; those that are FINE are told on the page alone.

    `name`: what it is about. `holds`: what `doctor` says if it does. `meaning`: what it is for and what to
    do when it does not, for managers. `ready`: asked by `/hazir/` too; `needed`: no page without it.
    """

    name: str
    holds: str
    ask: object
    meaning: str
    ready: bool = False
    needed: bool = False

    def found(self):
        """What it finds. An error is a Finding as well; what it says goes into the log alone."""
        try:
            return list(self.ask())
        except Exception:
            log.exception("Check failed: %s", self.holds)
            return [Finding(_("does not answer; the log tells why"), grade=Grade.BROKEN)]

    def wrong(self):
        return [one for one in self.found() if one.grade > Grade.FINE]


def _database():
    """A server on a connection of its own: on an old one nobody notices that it is frozen."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return ()
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SET statement_timeout = '1s'")
            cursor.execute("SELECT 1")
    finally:
        own.close()
    return ()


def _follower():
    """Pages are read from the first without it."""
    try:
        known, missing = standing(EVERYTHING), follower.behind()
        shows_it = missing != 0 or is_shown_by(EVERYTHING, connections[follower.ALIAS])
        is_other = not shows_it and standing(EVERYTHING) == known  # else it has just changed
    except Error as error:
        log.error("The follower does not answer: %s", type(error).__name__)
        said = _("does not answer; the log tells why")
        yield Finding(said, f"{type(error).__name__}; see DATABASE_FOLLOWER_URL")
        return
    if missing is None:
        yield Finding(_("it follows nobody"), "see DATABASE_FOLLOWER_URL")
    elif is_other:
        yield Finding(_("it follows another than the first"), "see DATABASE_FOLLOWER_URL")
    else:
        said = _("it is %(kb)d KB behind the first") % {"kb": missing // 1024}
        yield Finding(said, "", Grade.LOOK if missing > FAR_BEHIND else Grade.FINE)


def _migrations():
    if missing := _not_applied():
        _not_applied.cache_clear()  # ask again next time: they may be running
        named = ", ".join(map(str, missing))
        said = _("not all were run: manage.py migrate")
        yield Finding(said, f"not applied: {named}", Grade.BROKEN)


@cache
def _not_applied():
    """The migrations of this code that the database lacks; kept only when there are none."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, _backwards in plan]


_storage_thread = ThreadPoolExecutor(1, thread_name_prefix="storage")


class StorageQuestion:
    """What this process asked the storage last. A store or share that hangs holds a thread and no page."""

    last = None

    def __init__(self):
        self.of, self.at, self.told = storages["default"], time.monotonic(), False
        self.answer = _storage_thread.submit(is_given_back)

    @classmethod
    def asked(cls):
        """The last one, while it has no answer or its answer is new; else another."""
        one = cls.last
        is_new = one and (not one.answer.done() or time.monotonic() < one.at + REMEMBERED)
        if not is_new or one.of is not storages["default"]:
            one = cls.last = cls()
        return one

    def finding(self):
        """None if it gives back what it is given. Raises its error, once: then it is in the log."""
        wait([self.answer], max(0, self.at + SECONDS - time.monotonic()))
        if not self.answer.done():
            seconds = round(time.monotonic() - self.at)
            said = _("has not answered for %(seconds)d seconds") % {"seconds": seconds}
            return Finding(said, grade=Grade.BROKEN)
        if self.answer.exception() and self.told:
            return Finding(_("does not answer; the log tells why"), grade=Grade.BROKEN)
        self.told = True
        if not self.answer.result():
            return Finding(_("gives back something else"), grade=Grade.BROKEN)
        return None


def _storage():
    if found := StorageQuestion.asked().finding():
        yield found


def _in_service():
    """By the operator, before the host is restarted; it answers meanwhile as ever."""
    if Path(settings.DRAIN_MARK).exists():
        yield Finding(_("is being taken out of service"), f"until {settings.DRAIN_MARK} is gone")


def _caches():
    """Pages are made without it, and limits count in each process."""
    there = None
    for one in (caches[alias] for alias in settings.CACHES):
        if isinstance(one, CacheWithSpare):
            continue
        if isinstance(one, DatabaseCache):
            there = there or set(connection.introspection.table_names())
            if one._table not in there:
                do = f"the table {one._table} is missing; run `manage.py createcachetable`"
                yield Finding(_("does not answer; the log tells why"), do)
                continue
        key, value = f"ready-{uuid.uuid4().hex}", uuid.uuid4().hex
        try:
            one.set(key, value, 10)
            answer = one.get(key)
            one.delete(key)
        except Exception as error:  # whatever its client raises
            log.error("The cache does not answer: %s", type(error).__name__)
            said = _("does not answer; the log tells why")
            yield Finding(said, f"{type(error).__name__}; see CACHE_URL")
        else:
            if answer != value:
                yield Finding(_("forgets what it is given"))


def _workers():
    """Pages go on without them; papers, lists and sizes of photos wait."""
    if not tasks.are_put_off():
        yield Finding(_("each task is done at once, by whoever orders it"), grade=Grade.FINE)
        return
    lives, count, oldest = tasks.standing()
    waits = timezone.now() - oldest if oldest else timedelta()
    told = {"count": count, "minutes": waits // timedelta(minutes=1)}
    if not lives:
        said = _("no worker lives (manage.py db_worker); %(count)d tasks wait") % told
        yield Finding(said, grade=Grade.BROKEN)
    elif waits > tasks.LATE:
        said = _("%(count)d tasks wait, the oldest for %(minutes)d minutes") % told
        yield Finding(said, _("start one more: manage.py db_worker"))
    else:
        yield Finding(_("a worker lives; %(count)d tasks wait") % told, grade=Grade.FINE)


def _failed_tasks():
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=timezone.now() - TOLD)
    kinds = failed.order_by().values_list("task_path", "exception_class_path")
    for path, kind, times in kinds.annotate(times=Count("pk")):
        said = _("%(count)d × %(task)s failed by %(kind)s") % {
            "count": times,
            "task": path,
            "kind": kind,
        }
        yield Finding(said, _("do them again in the panel, under the tasks"))


def _letters():
    failed = Letter.objects.filter(state=LetterState.FAILED, next_try_at__gt=timezone.now() - TOLD)
    if count := failed.count():
        last = failed.order_by("-next_try_at").first()
        said = _("%(count)d letters could not be sent") % {"count": count}
        kind = letters.in_words(last.kind)
        day = f"{localtime(last.created_at):%d.%m.%Y}"
        error = OF_SOMEBODY.sub("…", last.error)  # `doctor` writes into the log
        yield Finding(said, _("the last one: %s") % f"{day} {kind}: {error}")
    late = Letter.objects.due().filter(next_try_at__lt=timezone.now() - DUE["send_letters"])
    if count := late[:LETTERS_COUNTED].count():
        said = _("%(count)d letters wait for long") % {"count": count}
        yield Finding(said, "`manage.py send_letters`")


def _rooms():
    """Nothing is refused yet: there is time to make room."""
    for folder, free in nearly_full():
        grade = Grade.BROKEN if free < settings.DISK_FREE_MB / 8 else Grade.LOOK
        said = _("only %(free)s MB are free") % {"free": number(free)}
        yield Finding(said, f"{folder}; `manage.py sweep_media`", grade)
    least = min(free for _folder, free in rooms())
    yield Finding(_("%(free)s MB are free") % {"free": number(least)}, grade=Grade.FINE)


def days_of_certificate():
    """How many days the certificate of settings.TLS_CERTIFICATE holds; None: no file is named.

    Raises OSError when it cannot be read, ValueError when it is none.
    """
    if not settings.TLS_CERTIFICATE:
        return None
    from cryptography.x509 import load_pem_x509_certificates

    first = load_pem_x509_certificates(Path(settings.TLS_CERTIFICATE).read_bytes())[0]
    return (first.not_valid_after_utc - datetime.now(UTC)) // timedelta(days=1)


def _certificate():
    try:
        days = days_of_certificate()
    except (OSError, ValueError) as error:
        said = _("the certificate cannot be read")
        yield Finding(said, f"TLS_CERTIFICATE: {type(error).__name__}")
        return
    if days is None:
        yield Finding(_("nobody has said where it lies (TLS_CERTIFICATE)"), grade=Grade.UNSET)
        return
    if days < 0:
        said, grade = _("it is over: browsers warn of the site"), Grade.BROKEN
    else:
        said = _("it is valid for %(days)d more days") % {"days": days}
        grade = Grade.FINE if days >= CERTIFICATE_SOON else Grade.LOOK
        grade = Grade.BROKEN if days < CERTIFICATE_NOW else grade
    yield Finding(said, "" if grade == Grade.FINE else _("put a new one into its place"), grade)


def _backup():
    last = making.last_good()
    if settings.BACKUP_RECIPIENT and last is None:
        yield Finding(_("there is none yet"), "`manage.py backup`", Grade.BROKEN)
    elif settings.BACKUP_RECIPIENT and last < datetime.now(UTC) - DUE["backup"]:
        grade = Grade.BROKEN if last < datetime.now(UTC) - 3 * DUE["backup"] else Grade.LOOK
        yield Finding(_("it is too old"), _("`manage.py backup` says why"), grade)
    if last:
        said = _("the last one that was tried out is of %(time)s")
        yield Finding(said % {"time": f"{localtime(last):%d.%m.%Y %H:%M}"}, grade=Grade.FINE)
    elif not settings.BACKUP_RECIPIENT:
        elsewhere = Upkeep.objects.filter(pk="backup").exclude(good_at=None).first()
        if elsewhere:
            time = f"{localtime(elsewhere.good_at):%d.%m.%Y %H:%M}"
            said = _("another server makes it, the last one on %(time)s") % {"time": time}
            yield Finding(said, grade=Grade.FINE)
        else:
            yield Finding(_("backups are not set up (BACKUP_RECIPIENT)"), grade=Grade.UNSET)


def _upkeep():
    overdue = set() if settings.DEBUG else {*Upkeep.objects.overdue().values_list("pk", flat=True)}
    for row in Upkeep.objects.filter(pk__in=DUE):
        told = {
            "command": f"{BY_THE_CLOCK[row.command]} ({row.command})",
            "time": f"{localtime(row.ended_at):%d.%m.%Y %H:%M}" if row.ended_at else "",
        }
        if row.ended_at and row.good_at != row.ended_at:
            said = _("%(command)s failed, %(time)s") % told
            yield Finding(said, "`journalctl -u 'izmek*'`")
        elif row.pk in overdue:
            said = (
                _("%(command)s has not run for too long")
                if row.good_at
                else _("%(command)s has never run")
            )
            yield Finding(said % told, "`systemctl list-timers`")
        elif row.good_at:
            yield Finding(_("%(command)s: %(time)s") % told, grade=Grade.FINE)


def _release():
    yield Finding(settings.RELEASE or _("without a name"), grade=Grade.FINE)


DATABASE = Check(
    gettext_lazy("database"),
    "The database answers",
    _database,
    gettext_lazy(
        "Everything is kept here. Without it no page opens; what was acknowledged is not lost. "
        "Call whoever looks after the server at once."
    ),
    ready=True,
    needed=True,
)
MIGRATIONS = Check(
    gettext_lazy("migrations"),
    "Migrations are applied",
    _migrations,
    gettext_lazy(
        "The tables have to fit the program. If they do not, an upgrade has stopped half way: "
        "call whoever looks after the server."
    ),
    ready=True,
    needed=True,
)
CACHE = Check(
    gettext_lazy("cache"),
    "The cache answers",
    _caches,
    gettext_lazy(
        "It makes pages quick. Without it the site goes on, more slowly; tell whoever looks after the "
        "server in the course of the day."
    ),
    ready=True,
)
FOLLOWER = Check(
    gettext_lazy("second database"),
    "The second database follows the first",
    _follower,
    gettext_lazy(
        "It holds the same as the first, and public pages are read from it. Without it they are read "
        "from the first; tell whoever looks after the server in the course of the day."
    ),
)
# The order matters: what comes later asks what comes first.
CHECKS = (
    DATABASE,
    MIGRATIONS,
    *([FOLLOWER] if follower.is_set_up() else []),
    Check(
        gettext_lazy("storage"),
        "The storage keeps files",
        _storage,
        gettext_lazy(
            "Photos, lists and papers lie here. Without it no photo is shown or taken in: call whoever "
            "looks after the server at once."
        ),
        ready=True,  # not needed: a store that all hosts share would take all of them out
    ),
    CACHE,
    Check(
        gettext_lazy("workers"),
        "Workers live, and no task waits for long",
        _workers,
        gettext_lazy(
            "They do long work: lists, papers, sizes of photos. Without them all that waits, and is done "
            "later; tell whoever looks after the server."
        ),
        ready=True,
    ),
    Check(
        gettext_lazy("tasks"),
        "Every task was done or will be",
        _failed_tasks,
        gettext_lazy(
            "Work that failed is not done again by itself. Press “Do the task again” in the table of "
            "tasks; if it fails again, tell whoever looks after the server."
        ),
    ),
    Check(
        gettext_lazy("letters"),
        "Every letter was sent or will be",
        _letters,
        gettext_lazy(
            "Offers and news go out as letters. One that fails is tried again; look at its address in the "
            "table of letters, correct it and send it again, or call the person."
        ),
    ),
    Check(
        gettext_lazy("room on the disk"),
        "There is room on the disks",
        _rooms,
        gettext_lazy(
            "Where there is no room, photos and lists are refused. Tell whoever looks after the server "
            "before it is full."
        ),
        ready=True,
    ),
    Check(
        gettext_lazy("this server"),
        "This server is in service",
        _in_service,
        gettext_lazy(
            "Before a server of several is restarted, visitors are sent to the others. If this stays for "
            "more than some minutes, tell whoever looks after the server."
        ),
        ready=True,
        needed=True,
    ),
    Check(
        gettext_lazy("certificate of the address"),
        "The certificate of the address is valid for some weeks",
        _certificate,
        gettext_lazy(
            "It lets browsers trust the address. When it ends every visitor is warned of the site: have it "
            "renewed in time."
        ),
    ),
    Check(
        gettext_lazy("backup"),
        "The last backup is of today or yesterday",
        _backup,
        gettext_lazy(
            "Every night all data are copied, and the copy is tried out. Without it a fire or a theft "
            "takes all that came since the last good one: have it looked at today."
        ),
    ),
    Check(
        gettext_lazy("work of the night"),
        "What the clock runs has run",
        _upkeep,
        gettext_lazy(
            "Offers that end, letters, figures and the periodic destruction run by the clock. What failed "
            "runs again by itself; if it fails for two days, tell whoever looks after the server."
        ),
    ),
    Check(
        gettext_lazy("release"),
        "The release has a name",
        _release,
        gettext_lazy("Name this if you report a mistake: it says which program runs here."),
    ),
)
