"""Lists that are put in: checked first, row by row, without writing; written later, in batches.

An app registers its kinds of lists (`ImportKind`): the columns that are understood, what a row means
(`judge`) and what is done with it (`write`, by the services that every other door uses). Everything
else is here and the same for all: the file lies encrypted and goes after a week; a heading that nobody
knows is asked about once; each row is new, known, to be chosen or wrong; the wrong ones come back as a
file with the reasons; a batch is one transaction that judges its rows again, under a lock, before it
writes them and notes that they are written. So a worker that is killed has written whole batches, and
whoever goes on doubles nothing; and two people with the same list at once write each row once.
"""

import hashlib
import logging
import re
import secrets
import time
from collections import Counter as Tally
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django_tasks import task

from izmek.accounts.roles import Role
from izmek.acts import tasks
from izmek.acts.audit import log_access
from izmek.acts.enums import Access, ImportState, RowState
from izmek.acts.queries import KEPT
from izmek.acts.refusal import Refusal
from izmek.acts.trouble import trouble
from izmek.media.room import StorageAway, delete_or_leave, older_files
from izmek.models import Counter, SheetHeading, SheetImport, SheetRow
from izmek.secrets.encryption import decrypt_bytes, encrypt_bytes, is_current
from izmek.secrets.identity import keyed_hash, keyed_hashes
from izmek.secrets.rotation import rotate_kept
from izmek.sheets import cells, columns, reading, writing
from izmek.sheets.cells import CellError
from izmek.text.languages import capital

FOLDER = "lists"
# Seconds that a batch takes, and others wait for its courses; a batch asks some sixty questions beside
# its rows, so shorter ones cost more.
LONGEST_BATCH = 2
FEWEST = 100  # rows of a batch, however slow the server is
TOLD_EACH = 0.25  # seconds between two words of how far it is
NO_COLUMNS = ("no", "sira", "sirano", "sno", "siranumarasi", "imza", "imzasi")  # in every list
TRIES = 3  # of a batch that somebody else was faster with
KINDS = {}  # name → ImportKind
GIVEN_OUT = {}  # name → functions that give the headings of our own lists of the kind

log = logging.getLogger(__name__)


@dataclass
class ListLine:
    """A row of a list while it is judged: what stands in it, and what is found about it."""

    number: int
    raw: dict  # {name of a column: what stands in the cell}
    values: dict = field(default_factory=dict)  # {name: its value}, without empty cells
    digests: tuple = ()  # of its cells; more than one while the hash key is rotated
    choice: str = ""  # what somebody has chosen
    problems: list = field(default_factory=list)  # (name of the column or "", sentence, help)
    verdict: str = RowState.NEW
    choices: list = field(default_factory=list)  # [(key, in words)]
    notes: list = field(default_factory=list)
    shown: str = ""
    target: object = None  # the row that it is about
    plan: dict = field(default_factory=dict)  # what `judge` has found out for `write`

    @property
    def digest(self):
        return self.digests[0] if self.digests else ""

    def get(self, name, default=None):
        return self.values.get(name, default)

    def wrong(self, sentence, *, column="", help=""):
        self.problems.append((column, str(sentence), str(help)))
        self.verdict = RowState.WRONG

    def refused(self, refusal, columns=(), help=""):
        """Take over a refusal of a service, at the column of its field if there is one."""
        if not isinstance(refusal, ValidationError):
            refusal = ValidationError(refusal)
        if not hasattr(refusal, "error_dict"):
            self.wrong(" ".join(refusal.messages), help=getattr(refusal, "help", help))
            return
        for name, errors in refusal.error_dict.items():
            sentence = " ".join(message for error in errors for message in error.messages)
            self.wrong(sentence, column=name if name in columns else "", help=help)

    def ask(self, choices):
        """Several are possible; the choice that somebody made counts if it is still one of them."""
        if self.choice in dict(choices):
            return self.choice
        self.choices, self.verdict = choices, RowState.CHOOSE
        return ""


@dataclass
class ImportRun:
    """One pass through a list: who does it, and what the rows before have told."""

    kind: object
    by: object  # the User, or None for the system
    about: object = None
    override: str = ""  # the reason to set rules aside
    file_counts: bool = False  # what the list says replaces what is on record
    writing: bool = False
    sheet: object = None  # the SheetImport
    memo: dict = field(default_factory=dict)


class ImportKind:
    """A kind of list: what an app says about it."""

    name = ""
    title = ""
    text = ""  # what it does, in a sentence
    about = None  # the model of the row that the list is about, as the course of its marks
    about_all = False  # whether it may be about no single row of it as well
    is_kept = False  # nothing goes into the record: kept once it is checked, each time anew
    together = False  # rows of one `target` are written in one go
    overrides = False  # whether rules may be set aside
    updates = True  # whether what the list says may replace what is on record
    batch = 500  # rows in one transaction

    def columns(self, about=None):
        """Its Columns."""
        raise NotImplementedError

    def may(self, by, about=None):
        """Whether a user may put in such lists at all; the services ask again for each row."""
        return by is None or by.has_role(Role.MANAGER, Role.OFFICER)

    def judge(self, lines, run):
        """Say of each ListLine what it is; nothing is written."""
        raise NotImplementedError

    def write(self, lines, run):
        """Do what `judge` has found to be done; a ListLine that is refused gets a problem."""
        raise NotImplementedError

    def page(self):
        """The address of the page on which what was written can be looked at, or ""."""
        return ""

    def answer(self, about):
        """The address of the page that answers a list that is kept; `about` the row, or None."""
        raise NotImplementedError


class Overtaken(Exception):
    """Somebody else works on this list now."""


def register(*kinds):
    """Register an app's kinds of lists."""
    KINDS.update({kind.name: kind for kind in kinds})


def give_out(kind, headings):
    """Register a function that gives the headings of a list of ours, which may come back as a kind."""
    GIVEN_OUT.setdefault(kind, []).append(headings)


# --- Taking a list ----------------------------------------------------------------------------


def take(*, kind, data, name, by, about=None):
    """Store a list that was chosen; returns the SheetImport, and as its `there` the OpenList.

    Its columns are named as far as their headings are known. Raises `reading.NotAList`, which is a
    ValidationError with a sentence, and a Refusal for who may not.
    """
    _require(KINDS[kind], by, about)
    book = reading.open_book(data, name)
    sheet = book.sheet()
    known = KINDS[kind].columns(about)
    found = sheet.headings(known, remembered(kind))
    path = default_storage.save(
        f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(encrypt_bytes(data))
    )
    row = SheetImport.objects.create(
        kind=kind,
        by=by,
        name=cells.shown(name)[:200] or _("list"),
        file=path,
        digest=keyed_hash(f"{kind}:{hashlib.sha256(data).hexdigest()}"),
        sheet=getattr(sheet, "name", "")[:100],
        columns=[column.name if column else "" for column in found.columns],
        **({"object": about} if about else {}),
    )
    row.there = OpenList(book, sheet, found, found.columns, known)
    return row


def _require(kind, by, about):
    if not kind.may(by, about):
        raise Refusal(_("You are not allowed to do this."), code="right")


def remembered(kind, names=()):
    """{heading: column} as somebody answered before, "" for one that is left out.

    `names`: all headings of a list. Where they are those of a list of ours, what we give out and do not
    read is left out; in a list of others it may well mean something, and is asked about.
    """
    left_out = dict.fromkeys([*NO_COLUMNS, columns.key(_("What is wrong"))], "")
    ours = {columns.key(one) for headings in GIVEN_OUT.get(kind, ()) for one in headings()}
    if ours and {columns.key(name) for name in names if name} <= ours | left_out.keys():
        read = {key for column in KINDS[kind].columns() for key in column.keys}
        left_out |= dict.fromkeys(ours - read, "")
    return left_out | dict(SheetHeading.objects.filter(kind=kind).values_list("heading", "column"))


@dataclass
class OpenList:
    """A stored list, opened again."""

    book: object
    sheet: object
    found: object  # its Headings
    columns: list  # for each heading the Column, or None
    known: list  # all Columns of the kind


def opened(row, *, sheet=None):
    """Open the file of a SheetImport again, with the columns that are named now."""
    kind = KINDS[row.kind]
    with default_storage.open(row.file) as file:
        book = reading.open_book(decrypt_bytes(file.read()), row.name)
    known = kind.columns(row.object)
    read = book.sheet(sheet or row.sheet)
    found = read.headings(known, remembered(row.kind))
    names = row.columns if sheet in (None, row.sheet) else []
    by_name = {column.name: column for column in known}
    if len(names) == len(found.names):
        found.columns = [by_name.get(name) for name in names]
    return OpenList(book, read, found, found.columns, known)


def open_questions(found, known, answered):
    """Headings that nobody knows, and required columns that no heading names: (names, Columns)."""
    unknown = [
        name
        for name, column in zip(found.names, found.columns, strict=True)
        if name and column is None and answered.get(columns.key(name)) != ""
    ]
    there = {column.name for column in found.columns if column}
    return unknown, [column for column in known if column.required and column.name not in there]


@transaction.atomic
def name_columns(*, row, sheet, names, hidden=False):
    """Say which column each heading of a list is ("" for one to leave out); it is remembered.

    Not remembered: what is left out though a column is called so, which counts for this list alone, and
    anything of a list of which no heading is known, whose first row may be a person. Raises Refusal
    when two headings are one column.
    """
    _require(KINDS[row.kind], row.by, row.object)
    row = SheetImport.objects.select_for_update().get(pk=row.pk)
    if row.is_working:
        raise Refusal(_("Wait until it is ready."), code="busy")
    given = [name for name in names if name]
    twice = next((name for name in given if given.count(name) > 1), None)
    there = opened(row, sheet=sheet)
    by_name = {column.name: column for column in there.known}
    if twice:
        raise Refusal(
            _("Two headings are “%(column)s”: only one of them can be."),
            params={"column": by_name[twice].heading if twice in by_name else twice},
            code="twice",
        )
    known = {key for column in there.known for key in column.keys}
    answers = {
        columns.key(heading): name if name in by_name else ""
        for heading, name in zip(there.found.names, names, strict=False)
    }
    if not known.isdisjoint(answers):
        _remember(row.kind, answers, by_name, known)
    row.sheet, row.columns = sheet or row.sheet, list(names)
    row.options = {**row.options, "hidden": hidden}
    row.state = ImportState.COLUMNS
    row.save()
    row.rows.exclude(state=RowState.WRITTEN).delete()
    return row


def _remember(kind, answers, by_name, known):
    """Keep what was answered about headings that mean nothing by themselves; forget what is taken back."""
    for key, name in answers.items():
        if name and key in by_name[name].keys:
            SheetHeading.objects.filter(kind=kind, heading=key).delete()
        elif (name or key not in known) and 0 < len(key) <= 200 and not re.search(r"\d{4}", key):
            SheetHeading.objects.update_or_create(kind=kind, heading=key, defaults={"column": name})


# --- Check and write ------------------------------------------------------------------------------


def check(*, row, then_write=False, at_once=False):
    """Have every row of a list judged, by the worker; nothing is written into the record.

    `then_write`: written without a question, which a list is that `is_kept`.
    """
    row.options = {**row.options, "then_write": then_write}
    return _begin(row, ImportState.CHECKING, at_once=at_once)


def write(*, row, override="", file_counts=False, at_once=False):
    """Have the rows written that can be, by the worker; again for those that became possible since.

    `at_once`: here and now, for a command.
    """
    row.options = {**row.options, "override": override.strip(), "file_counts": file_counts}
    return _begin(row, ImportState.WRITING, at_once=at_once)


def go_on(*, row):
    """Begin again what was interrupted; a list that is kept, from its first row."""
    state = ImportState.CHECKING if KINDS[row.kind].is_kept else row.state
    return _begin(row, state, interrupted=True)


def _begin(row, state, interrupted=False, at_once=False):
    _require(KINDS[row.kind], row.by, row.object)
    token = secrets.token_hex(16)
    rows = SheetImport.objects.filter(pk=row.pk).exclude(file="")
    rows = rows.interrupted() if interrupted else rows.exclude(state__in=ImportState.working())
    with transaction.atomic():
        if not rows.update(
            state=state,
            run=token,
            begun=False,
            done=0,
            total=row.rows.count(),
            error="",
            options=row.options,
            told_at=Now(),
        ):
            raise Refusal(_("Somebody works on this list already."), code="busy")
        if not at_once:
            transaction.on_commit(partial(run.enqueue, row.pk, token))
    if at_once:
        _work(row.pk, token)
    row.refresh_from_db()
    return row


@task(takes_context=True)
def run(context, pk, token):
    """The task for one list."""
    kind = SheetImport.objects.filter(pk=pk, run=token).values_list("kind", flat=True).first()
    if kind and kind not in KINDS:
        raise tasks.UnknownHere(kind)
    _work(pk, token, is_tried_again=tasks.is_tried_again(context.attempt))


def _work(pk, token, is_tried_again=False):
    own = SheetImport.objects.filter(pk=pk, run=token)
    if not own.update(begun=True, told_at=Now()):
        return
    row = own.get()
    before = {ImportState.CHECKING: ImportState.COLUMNS, ImportState.WRITING: ImportState.CHECKED}
    try:
        if row.state == ImportState.CHECKING:
            _check(row)
        if row.state == ImportState.WRITING:
            _write(row)
    except Overtaken:
        return
    except ValidationError as refusal:
        if isinstance(refusal, StorageAway) and is_tried_again:
            own.update(begun=False, told_at=Now())
            raise  # the worker goes on with it later
        own.update(state=before[row.state], error=" ".join(refusal.messages)[:500])
    except Exception as error:
        if trouble(error):
            raise  # the worker goes on with it
        log.exception("list %d (%s) failed", pk, row.kind)
        own.update(
            state=before[row.state],
            error=_(
                "It was broken off by an error, which is in the log of the server. What is written "
                "stays written; the rest can be written again."
            ),
        )


class _Progress:
    """Tells at most four times a second how far a list is; an interruption is found by its silence."""

    def __init__(self, row):
        self.row, self.last = row, 0

    def __call__(self, done):
        if time.monotonic() - self.last < TOLD_EACH:  # short batches, as of rows that are known
            return
        self.last = time.monotonic()
        _tell(self.row, done=done)


def _batches(rows, most):
    """The rows, as many at a time as one transaction is given the time for."""
    size, rows = min(most, FEWEST), iter(rows)
    while batch := list(islice(rows, size)):
        began = time.monotonic()
        yield batch
        fits = size * LONGEST_BATCH / max(0.001, time.monotonic() - began)
        size = min(most, max(FEWEST, int(min(fits, 2 * size))))


def _tell(row, **news):
    own = SheetImport.objects.filter(pk=row.pk, run=row.run)
    if not own.update(told_at=Now(), **news):
        raise Overtaken


def _new_run(row, **options):
    return ImportRun(
        kind=KINDS[row.kind],
        by=row.by,
        about=row.object,
        override=row.options.get("override", ""),
        file_counts=row.options.get("file_counts", False),
        sheet=row,
        **options,
    )


def _check(row):
    there, now = opened(row), _new_run(row)
    (row.rows.all() if now.kind.is_kept else row.rows.exclude(state=RowState.WRITTEN)).delete()
    kept = set(row.rows.values_list("number", flat=True))
    tally, tell, total = Tally(), _Progress(row), 0
    rows = there.sheet.rows(there.found, hidden=row.options.get("hidden", False))
    lines = (read_line(one, there.columns) for one in rows if one.number not in kept)
    for batch in _batches(lines, now.kind.batch):
        judge(batch, now)
        with transaction.atomic():
            _locked(row)
            SheetRow.objects.bulk_create(_stored(row, line, there) for line in batch)
        tally.update(str(line.verdict) for line in batch)
        total += len(batch)
        tell(total)
    if not total and not kept:
        raise Refusal(_("Below the headings there is no row."), code="empty")
    log_access(Access.IMPORT_CHECKED, row, by=row.by, reason=_counted(row, tally))
    state = ImportState.WRITING if row.options.get("then_write") else ImportState.CHECKED
    _tell(row, state=state, done=total, total=total)
    row.state = state


def _write(row):
    there, now = opened(row), _new_run(row, writing=True)
    tally, tell, seen = Tally(), _Progress(row), 0
    pending = row.rows.filter(state__in=[*RowState.writable(), RowState.CHOOSE])
    pending = pending.exclude(state=RowState.CHOOSE, choice="")
    wanted = set(pending.values_list("number", flat=True))
    _tell(row, done=0, total=len(wanted))

    def rows(numbers):
        return (one for one in there.sheet.rows(there.found, hidden=True) if one.number in numbers)

    if now.kind.together:
        batches = (list(rows(part)) for part in _together(pending, now.kind.batch))
    else:
        batches = _batches(rows(wanted), now.kind.batch)
    for batch in batches:
        tally.update(_write_batch(row, batch, there, now))
        seen += len(batch)
        tell(seen)
    log_access(Access.IMPORTED, row, by=row.by, reason=_counted(row, tally))
    _tell(row, state=ImportState.DONE, done=seen, total=seen)


def _together(rows, most):
    """The numbers of these rows in parts, those of one target in one; the list is read for each part.

    A part has `most` rows and at the end those of the same target, but no more than twice as many.
    """
    part, before = set(), None
    for target, number in rows.order_by("target", "number").values_list("target", "number"):
        if len(part) >= most and (target != before or len(part) >= 2 * most):
            yield part
            part = set()
        part.add(number)
        before = target
    if part:
        yield part


def _write_batch(row, batch, there, now):
    """One transaction; if somebody outside was faster with one of these rows, once more.

    What the database refuses again and again is looked for by halves, and that row alone is wrong.
    """
    for _tried in range(TRIES):
        try:
            with transaction.atomic():
                _locked(row)
                _one_writer(row.kind)
                return _write_rows(row, batch, there, now)
        except (IntegrityError, DataError):
            now.memo.clear()  # of the rows before, the record and `SheetRow.target` tell as much
    if len(batch) == 1:
        return _refuse_row(row, batch[0], there)
    half = len(batch) // 2
    return _write_batch(row, batch[:half], there, now) + _write_batch(row, batch[half:], there, now)


def _refuse_row(row, one, there):
    """Note of a row that the database refuses it, so that the others go on without it."""
    line = read_line(one, there.columns)
    line.wrong(
        _("This row contradicts what is on record, or another row."),
        help=_("Look at its numbers and names, and enter it by hand."),
    )
    with transaction.atomic():
        _locked(row)
        before = row.rows.get(number=one.number)
        line.shown, line.choice = before.shown, before.choice
        _store(row, [line], there)
    return Tally([str(line.verdict)])


def _locked(row):
    """Lock the list for this batch. Raises Overtaken when somebody else has taken it over."""
    if not SheetImport.objects.select_for_update().filter(pk=row.pk, run=row.run):
        raise Overtaken


def _one_writer(kind):
    """One list of a kind is written at a time: of two with the same new people the second finds them."""
    Counter.objects.select_for_update().get_or_create(kind=f"list {kind}"[:20], year=0)


def _write_rows(row, batch, there, now):
    numbers = [one.number for one in batch]
    pending = row.rows.filter(number__in=numbers).exclude(state=RowState.WRITTEN)
    choices = dict(pending.values_list("number", "choice"))
    lines = [read_line(one, there.columns) for one in batch if one.number in choices]
    for line in lines:
        line.choice = choices[line.number]
    judge(lines, now)
    _write_whole([line for line in lines if line.verdict in RowState.writable()], now)
    _store(row, lines, there)
    return Tally(str(line.verdict) for line in lines)


def _store(row, lines, there):
    """Note what has become of rows that were checked before."""
    fresh = []
    for line in lines:
        new = _stored(row, line, there)
        new.choice = line.choice
        fresh.append(new)
    SheetRow.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["sheet", "number"],
        update_fields=["state", "shown", "problems", "notes", "choices", "choice", "target"],
    )


def _write_whole(lines, now):
    """Each row wholly or not at all: if some are refused, the others are written without them."""
    while lines:
        with transaction.atomic():
            now.kind.write(lines, now)
            refused = [line for line in lines if line.problems]
            if refused:
                transaction.set_rollback(True)
        lines = [line for line in lines if not line.problems]
        if not refused:
            break
    for line in lines:
        line.verdict = RowState.WRITTEN


def _counted(row, tally):
    """For the access log: which list, and how many rows of each state."""
    words = (f"{RowState(state).label}: {count}" for state, count in sorted(tally.items()))
    return f"{KINDS[row.kind].title}, {row.name}: {', '.join(words)}"[:500]


# --- Rows -------------------------------------------------------------------------------------


def read_line(one, of):
    """The ListLine of a row, each cell read by its Column."""
    line = ListLine(one.number, {})
    said = []
    for column, value in zip(of, one.values, strict=True):
        if column is None:
            continue
        line.raw[column.name] = value
        said.append(f"{column.name}={cells.shown(value)}")
        try:
            value = column.read(value)
        except CellError as error:
            line.wrong(error.sentence, column=column.name, help=error.help)
            continue
        if value is not None:
            line.values[column.name] = value
    line.digests = keyed_hashes("\n".join(sorted(said)))
    return line


def judge(lines, now):
    """Judge the lines of which every cell could be read; required columns may lack as a whole."""
    readable = [line for line in lines if not line.problems]
    now.kind.judge(readable, now)
    for line in lines:
        if line.problems:
            line.verdict = RowState.WRONG
            line.shown = line.shown or _first_words(line, now)


def _first_words(line, now):
    """What tells a row again that could not be read: its texts, without what is secret."""
    secret = {column.name for column in now.kind.columns(now.about) if column.secret}
    words = [cells.told(value) for name, value in line.raw.items() if name not in secret]
    return " · ".join(word for word in words[:4] if word)[:250]


def _stored(row, line, there):
    """The SheetRow of a judged ListLine."""
    by_name = {column.name: column for column in there.known}
    problems = []
    for name, sentence, helps in line.problems:
        column = by_name.get(name)
        value = column.shown(line.raw.get(name)) if column else ""
        problems.append([str(column.heading) if column else "", value[:100], sentence, helps])
    return SheetRow(
        sheet=row,
        number=line.number,
        state=line.verdict,
        shown=line.shown[:250],
        problems=problems,
        notes=[str(note) for note in line.notes],
        choices=[[key, str(words)] for key, words in line.choices],
        digest=line.digest,
        target="" if line.target is None else str(line.target),
    )


def written_before(lines, kind):
    """{digest: key of what was written} of rows with exactly these cells, of lists of the kind."""
    newest = {one: line.digest for line in lines for one in line.digests}
    rows = SheetRow.objects.filter(digest__in=newest, sheet__kind=kind, state=RowState.WRITTEN)
    rows = rows.exclude(target="").values_list("digest", "target")
    return {newest[digest]: target for digest, target in rows}


@transaction.atomic
def choose(*, row, answers):
    """Note what was chosen for some rows: {number: key}; "" takes an answer back."""
    _require(KINDS[row.kind], row.by, row.object)
    for one in row.rows.filter(number__in=answers, state=RowState.CHOOSE):
        answer = answers[one.number]
        if answer == "" or answer in {key for key, _words in one.choices}:
            one.choice = answer
            one.save(update_fields=["choice"])


def tally(row):
    """{state: number of rows}."""
    found = row.rows.order_by().values_list("state").annotate(count=Count("pk"))
    return Tally(dict(found))


def ready_to_write(row):
    """How many rows can be written now."""
    writable = row.rows.filter(state__in=RowState.writable()).count()
    return writable + row.rows.filter(state=RowState.CHOOSE).exclude(choice="").count()


def return_rows(*, row, file, form):
    """Write the rows that are not in the record to a file, with the reasons in a last column.

    As the list had them: mended there, the file is put in again. Returns how many there are.
    """
    there = opened(row)
    left = row.rows.filter(state__in=[RowState.WRONG, RowState.CHOOSE])
    reasons = {one.number: _reason(one) for one in left}
    headings = [*there.found.names, _("What is wrong")]
    rows = (
        [*(_plain(value) for value in one.values), reasons[one.number]]
        for one in there.sheet.rows(there.found, hidden=True)
        if one.number in reasons
    )
    log_access(Access.EXPORTED, row, by=row.by, reason=f"{row.name}: {len(reasons)}")
    return writing.write(file, form, title=_("Returned rows"), headings=headings, rows=rows)


def _plain(value):
    """What stood in a cell, so that a number stays whole in the file that comes back."""
    if isinstance(value, (float, int)) and not isinstance(value, bool):
        return cells.shown(value)
    return str(value) if isinstance(value, cells.NoResult) else value


def _reason(one):
    if one.state == RowState.CHOOSE:
        return _("Several are possible: choose on the page of the list.")
    return " ".join(
        f"{f'{capital(heading)}: ' if heading else ''}{sentence} {helps}".strip()
        for heading, _value, sentence, helps in one.problems
    )


def template(kind, file, form, about=None):
    """Write the template of a kind: its headings and two invented rows."""
    of = KINDS[kind].columns(about)
    rows = [[column.examples[place] for column in of] for place in (0, 1)]
    title = KINDS[kind].title
    return writing.write(
        file, form, title=title, headings=[capital(column.heading) for column in of], rows=rows
    )


# --- Looking after the files ------------------------------------------------------------------


def rotate_files():
    """Encrypt the files anew that are not under the newest key (izmek/secrets/rotation.py)."""

    def again(stored):
        token = stored.read()
        return None if is_current(token) else BytesIO(encrypt_bytes(decrypt_bytes(token)))

    return rotate_kept(SheetImport, FOLDER, again)


def forget(row):
    """Delete the file of a list and what was noted of its rows, but for what tells a row again."""
    row.rows.exclude(state=RowState.WRITTEN).delete()
    row.rows.update(shown="", notes=[], problems=[], choices=[])
    SheetImport.objects.filter(pk=row.pk).update(file="", run="", name="", sheet="")
    if row.file:
        delete_or_leave(row.file)


def old_files():
    """Files of lists whose time is over, and files without a list that are as old."""
    known = set(SheetImport.objects.exclude(file="").values_list("file", flat=True))
    yield from SheetImport.objects.over().values_list("file", flat=True)
    yield from (path for path in older_files(FOLDER, KEPT) if path not in known)


def delete_file(path):
    row = SheetImport.objects.filter(file=path).first()
    if row:
        forget(row)
    else:
        default_storage.delete(path)
