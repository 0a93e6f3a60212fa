"""Jobs: work that takes longer than a page may, such as a paper of 2,000 labels, done by a worker.

An app registers its kinds of jobs (`Kind`). `order` stores the order and hands it to the worker; on
a trial it is done at once. A page tells how far it is; it may be left and come back to (the view is
in `izmek/admin/jobs.py`). The file lies encrypted in private storage for a day, and `hand_out` gives it to
who ordered it, as long as they may have it and it holds what is true: its fingerprint is compared with
what it would hold now. If a worker is killed, another takes its job up (izmek/acts/tasks.py); where
there is none, the job falls silent and can be ordered again. While the store of files is away it waits, and
is tried again.
"""

import logging
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from izmek.acts import tasks
from izmek.acts.audit import log_access
from izmek.acts.enums import Access, JobState
from izmek.acts.queries import KEPT
from izmek.acts.refusal import Refusal
from izmek.acts.rights import reach
from izmek.acts.trouble import trouble
from izmek.media.room import StorageAway, delete_or_leave, older_files
from izmek.models import AccessLog, Job
from izmek.secrets.encryption import Unreadable, decrypt_file, encrypt_file, is_current
from izmek.secrets.rotation import rotate_kept

FOLDER = "jobs"
KINDS = {}  # name → Kind

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MadeFile:
    """What is known of a file once it is written: its fingerprint, and what the access log will say of it.

    The words are those of that moment: whoever fetches the file later does not wait for them, and they
    cannot fail any more. `rows`: keys of the rows at which it will stand, where the kind notes several.
    """

    fingerprint: str
    fields: str = ""
    reason: str = ""
    rows: Sequence = ()


class Kind:
    """A kind of job: what an app says about it. Each method gets the Job.

    `ready`: what its page says once the file is there.
    """

    ready = gettext_lazy(
        "It is ready. It is kept for a day; print it soon, so that it says what is true. If something in "
        "it changes meanwhile, such as a consent, it is not given out any more and made anew."
    )

    def file_type(self, job):
        return "application/pdf"

    def title(self, job):
        """What was ordered, in words."""
        raise NotImplementedError

    def file_name(self, job):
        raise NotImplementedError

    def ordered_on(self, job):
        """The address of the page on which it was ordered."""
        raise NotImplementedError

    def check(self, job):
        """Raise a Refusal unless `job.by` may have it now; asked before it is ordered, made and given."""

    def make(self, job, out, report):
        """Write the file to `out` and return its MadeFile; `report(done, total)` tells how far it is."""
        raise NotImplementedError

    def fingerprint(self, job):
        """What tells the contents that the file would have if it were made now."""
        raise NotImplementedError

    def noted_at(self, job):
        """The row or model at which the access log says that the file left the house."""
        return job.object

    def note(self, job):
        """Write into the access log that the file leaves the house."""
        log_access(Access.EXPORTED, self.noted_at(job), by=job.by, **job.words)


class OfAMoment(Kind):
    """A kind whose file is that of the moment at which it was made, whatever changed since.

    But who has other roles, centres or courses by now, or if somebody was erased since, does not get the
    old file.
    """

    ready = gettext_lazy("It is ready. It is kept for a day and then deleted.")

    def fingerprint(self, job):
        erased = AccessLog.objects.filter(action=Access.ERASED).order_by("-at").values_list("pk")
        return sha256(repr((reach(job.by), list(erased[:1]))).encode()).hexdigest()


class Superseded(Exception):
    """Nobody waits for this job any more: it was given up while it was silent."""


def register(**kinds):
    """Register an app's kinds of jobs by name."""
    KINDS.update(kinds)


def order(*, kind, about, by, options=None):
    """Order a job; returns the Job, the running one if the same was ordered already.

    Files of the same order that were made earlier go.
    """
    job = Job(kind=kind, object=about, by=by, options=options or {})
    KINDS[kind].check(job)
    same = _same(job)
    with transaction.atomic():
        same.interrupted().update(state=JobState.FAILED, error=_interrupted())
        for old in same.exclude(state__in=JobState.open()):
            forget(old)
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError:
            running = same.filter(state__in=JobState.open()).first()
            return running or order(kind=kind, about=about, by=by, options=options)
        transaction.on_commit(partial(run.enqueue, job.pk))
    return job


def hand_out(*, job):
    """The open file of a job, for who ordered it. Each time stands in the access log before a byte is out.

    Raises a Refusal with the code "changed" if the contents are others by now, or the file is gone or its
    key: it is deleted then.
    """
    kind = KINDS[job.kind]
    kind.check(job)
    if job.state != JobState.DONE:
        raise Refusal(_("There is no file yet."), code="open")
    file = _opened(job) if kind.fingerprint(job) == job.fingerprint else None
    if file is None:
        forget(job)
        raise Refusal(
            _("Something in it has changed since it was made: it is made anew."), code="changed"
        )
    kind.note(job)
    return file


def _opened(job):
    """What the file of a job holds, as an open file without a name; None if it cannot be read."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        with default_storage.open(job.file) as stored:
            decrypt_file(stored, file)
    except (FileNotFoundError, Unreadable):
        file.close()
        return None
    file.seek(0)
    return file


def why_not(job):
    """Why a job has no file and will get none, in a sentence; "" if there is nothing to say."""
    if job.is_open and Job.objects.interrupted().filter(pk=job.pk).exists():
        return _interrupted()
    return job.error


def forget(job):
    """Delete a job and its file."""
    Job.objects.filter(pk=job.pk).delete()
    if job.file:
        delete_or_leave(job.file)


def give_up_all():
    """Delete what was made; what is being made is given up, and its worker throws it away.

    For who was erased: whatever was made before may hold them.
    """
    Job.objects.filter(state__in=JobState.open()).update(
        state=JobState.FAILED,
        error=_("Somebody was erased while it was made: order it once more."),
        told_at=Now(),
    )
    for job in Job.objects.filter(state=JobState.DONE):
        forget(job)


# --- The work ---------------------------------------------------------------------------------


@task(takes_context=True)
def run(context, pk):
    """The task for one job; done again from the beginning when its worker was killed."""
    kind = Job.objects.filter(pk=pk).values_list("kind", flat=True).first()
    if kind and kind not in KINDS:
        raise tasks.UnknownHere(kind)
    states = [JobState.WAITING] if context.attempt == 1 else JobState.open()
    if not Job.objects.filter(pk=pk, state__in=states).update(
        state=JobState.RUNNING, done=0, told_at=Now()
    ):
        return
    job = Job.objects.get(pk=pk)
    kind, path = KINDS[job.kind], f"{FOLDER}/{secrets.token_hex(16)}"
    try:
        kind.check(job)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as closed:
            made = kind.make(job, out, partial(_report, pk))
            out.seek(0)
            encrypt_file(out, closed)
            path = default_storage.save(path, File(closed))
        words = {"fields": made.fields, "reason": made.reason}
        if made.rows:
            words["rows"] = list(made.rows)
        _tell(pk, state=JobState.DONE, file=path, fingerprint=made.fingerprint, words=words)
    except Superseded:
        default_storage.delete(path)
    except StorageAway as away:
        if tasks.is_tried_again(context.attempt):
            running = Job.objects.filter(pk=pk, state=JobState.RUNNING)
            running.update(state=JobState.WAITING, done=0, told_at=Now())
            raise  # the worker tries it again later
        _fail(pk, " ".join(away.messages))
    except ValidationError as refusal:
        _fail(pk, " ".join(refusal.messages))
    except Exception as error:
        if trouble(error):
            raise  # the worker tries it again
        log.exception("job %d (%s) failed", pk, job.kind)
        _fail(pk, _("It could not be made. What went wrong is in the log of the server."))


def _report(pk, done, total):
    _tell(pk, done=done, total=total)


def _tell(pk, **news):
    """Write down how far a running job is; Superseded if it is not running any more."""
    running = Job.objects.filter(pk=pk, state=JobState.RUNNING)
    if not running.update(told_at=Now(), **news):
        raise Superseded


def _fail(pk, sentence):
    Job.objects.filter(pk=pk, state=JobState.RUNNING).update(
        state=JobState.FAILED, error=sentence[:500], told_at=Now()
    )


def _same(job):
    return Job.objects.filter(
        by=job.by,
        kind=job.kind,
        content_type=job.content_type,
        object_id=job.object_id,
        options=job.options,
    )


def _interrupted():
    return _("It was interrupted: the server was restarted, or nobody was there to do it.")


# --- Looking after the files ------------------------------------------------------------------


def old_files():
    """Files of jobs whose day is over, and files without a job that are as old."""
    known = set(Job.objects.exclude(file="").values_list("file", flat=True))
    yield from Job.objects.over().exclude(file="").values_list("file", flat=True)
    yield from (path for path in older_files(FOLDER, KEPT) if path not in known)


def rotate_files():
    """Encrypt the files anew that are not under the newest key (izmek/secrets/rotation.py)."""

    def again(stored):
        if is_current(stored.readline().rstrip(b"\n")):
            return None
        stored.seek(0)
        made = tempfile.TemporaryFile()  # noqa: SIM115 - who rotates closes it
        with tempfile.TemporaryFile() as plain:
            decrypt_file(stored, plain)
            plain.seek(0)
            encrypt_file(plain, made)
        made.seek(0)
        return made

    return rotate_kept(Job, FOLDER, again)


def delete_file(path):
    default_storage.delete(path)
    Job.objects.filter(file=path).delete()


def forget_old():
    """Delete the jobs without a file whose day is over."""
    Job.objects.over().filter(file="").delete()
