"""Long work in the background: ordered, made, handed out, swept; and what happens when it fails."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from izmek.acts import jobs, tasks
from izmek.acts.enums import Access, JobState
from izmek.acts.refusal import Refusal
from izmek.media import room
from izmek.models import AccessLog, Job
from izmek.secrets import encryption
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
FIRST = SimpleNamespace(attempt=1)
DUMMY = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


class Town(jobs.Kind):
    """A job that writes a text; `text`, `wrong` and `may` are what a test sets."""

    text, wrong, may = "bir", None, True

    def title(self, job):
        return "Belge"

    def check(self, job):
        if not self.may:
            raise Refusal("Buna izin yok.")

    def make(self, job, out, report):
        report(1, 2)
        if self.wrong:
            raise self.wrong
        out.write(self.text.encode())
        return jobs.MadeFile(self.text, fields="hepsi", reason="1 belge")

    def fingerprint(self, job):
        return self.text


@pytest.fixture
def kind(monkeypatch):
    made = Town()
    monkeypatch.setitem(jobs.KINDS, "town", made)
    return made


@pytest.fixture
def clerk():
    return make.user()


@pytest.fixture
def order(clerk, kind, django_capture_on_commit_callbacks):
    """Order the job about a neighbourhood; on a trial it is done with the commit."""
    about = make.neighbourhood()

    def ordered(**options):
        with django_capture_on_commit_callbacks(execute=True):
            return jobs.order(kind="town", about=about, by=clerk, options=options)

    return ordered


@pytest.fixture
def later(settings):
    """The worker has not come yet."""
    settings.TASKS = DUMMY


def silent(job, minutes):
    Job.objects.filter(pk=job.pk).update(told_at=timezone.now() - timedelta(minutes=minutes))


def test_what_was_made_is_handed_out_and_noted_each_time(order):
    job = order()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 2)
    for time in (1, 2):
        assert jobs.hand_out(job=job).read() == b"bir"
        assert AccessLog.objects.count() == time
    entry = AccessLog.objects.latest("pk")
    assert (entry.action, entry.by, entry.fields) == (Access.EXPORTED, job.by, "hepsi")
    assert (entry.object_id, entry.reason) == (str(job.object.pk), "1 belge")


def test_what_cannot_be_noted_is_not_handed_out(order, monkeypatch):
    def broken(*_said, **_more):
        raise RuntimeError

    job = order()
    job.refresh_from_db()
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "log_access", broken)
        with pytest.raises(RuntimeError):
            jobs.hand_out(job=job)
    jobs.hand_out(job=job)  # nothing was taken for noted meanwhile
    assert AccessLog.objects.count() == 1


def test_a_file_lies_encrypted_in_storage(order, kind, media, monkeypatch):
    monkeypatch.setattr(encryption, "PIECE", 4)
    kind.text = "kimlik 10000000146"
    job = order()
    (stored,) = media.rglob("jobs/*")
    assert b"100" not in stored.read_bytes() and stored.read_bytes().count(b"\n") == 6
    job.refresh_from_db()
    assert jobs.hand_out(job=job).read() == b"kimlik 10000000146"


@pytest.mark.parametrize("harm", ["cut", "patched", "without its key", "in plain text"])
def test_a_file_that_cannot_be_read_is_made_anew(order, media, monkeypatch, settings, harm):
    monkeypatch.setattr(encryption, "PIECE", 2)
    job = order()
    (stored,) = media.rglob("jobs/*")
    pieces = stored.read_bytes().splitlines(keepends=True)
    if harm == "without its key":
        settings.IDENTITY_KEYS = [encryption.Fernet.generate_key().decode()]
    elif harm == "in plain text":
        stored.write_bytes(b"bir")
    else:
        stored.write_bytes(b"".join(pieces[:2] if harm == "cut" else pieces[1:]))
    job.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        jobs.hand_out(job=job)
    assert refused.value.reason == "changed"
    assert not AccessLog.objects.exists() and not stored.exists()


def test_a_second_order_leads_to_the_running_one(order, later):
    first = order(which=1)
    assert order(which=1) == first
    assert order(which=2) != first
    assert Job.objects.count() == 2


def test_another_person_gets_a_job_of_their_own(order, later, kind):
    mine = order()
    hers = jobs.order(kind="town", about=mine.object, by=make.user())
    assert hers != mine
    assert list(Job.objects.visible_to(mine.by)) == [mine]


def test_a_new_order_replaces_the_file_of_the_former_one(order, media):
    first, second = order(), order()
    assert not Job.objects.filter(pk=first.pk).exists()
    assert Job.objects.get() == second
    assert len(list(media.rglob("jobs/*"))) == 1


def test_what_changed_since_is_not_handed_out(order, kind, media):
    job = order()
    kind.text = "iki"
    job.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        jobs.hand_out(job=job)
    assert refused.value.reason == "changed"
    assert not AccessLog.objects.exists()
    assert not list(media.rglob("jobs/*")) and not Job.objects.exists()


def test_who_may_no_longer_have_it_gets_nothing(order, kind):
    job = order()
    job.refresh_from_db()
    kind.may = False
    with pytest.raises(Refusal):
        jobs.hand_out(job=job)
    with pytest.raises(Refusal):
        order()


def test_a_right_that_ends_before_the_worker_comes_ends_the_job(order, kind, later):
    job = order()
    kind.may = False
    jobs.run.call(FIRST, job.pk)
    job.refresh_from_db()
    assert (job.state, jobs.why_not(job)) == (JobState.FAILED, "Buna izin yok.")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (Refusal("Hiç eser yok."), "Hiç eser yok."),
        (RuntimeError("typst: /gizli/yol"), "Yapılamadı. Neyin ters gittiği sunucunun günlüğünde."),
    ],
)
def test_a_failure_is_told_in_a_sentence_and_can_be_ordered_again(
    order, kind, media, wrong, sentence
):
    kind.wrong = wrong
    job = order()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert jobs.why_not(job) == sentence
    assert not list(media.rglob("jobs/*"))
    kind.wrong = None
    again = order()
    again.refresh_from_db()
    assert again.state == JobState.DONE


def test_while_the_store_is_away_it_waits_and_is_made_once_it_is_back(
    order, kind, later, settings, monkeypatch
):
    job = order()
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with monkeypatch.context() as away:
        away.setattr(room.DiskStorage, "_save", lambda *_given: be_away())
        with pytest.raises(room.StorageAway):
            jobs.run.func(FIRST, job.pk)
        job.refresh_from_db()
        assert (job.state, job.error, jobs.why_not(job)) == (JobState.WAITING, "", "")
    jobs.run.func(SimpleNamespace(attempt=2), job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_store_that_stays_away_is_told_in_the_end(order, kind, later, settings):
    kind.wrong = room.StorageAway()
    job = order()
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    jobs.run.func(SimpleNamespace(attempt=len(tasks.PAUSES) + 1), job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "deposu şu anda yanıt vermiyor" in job.error


def test_a_job_of_another_release_waits_for_a_worker_that_knows_it(order, later):
    job = order()
    Job.objects.update(kind="of tomorrow")
    with pytest.raises(tasks.UnknownHere):
        jobs.run.func(FIRST, job.pk)
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_a_file_that_the_store_does_not_delete_is_nobodys_and_swept(order, media, monkeypatch):
    job = order()
    job.refresh_from_db()
    with monkeypatch.context() as away:
        away.setattr(room.DiskStorage, "delete", lambda *_given: be_away())
        jobs.forget(job)
    assert not Job.objects.exists() and default_storage.exists(job.file)
    monkeypatch.setattr(jobs, "KEPT", timedelta(0))
    assert list(jobs.old_files()) == [job.file]


def be_away():
    raise room.StorageAway


def test_the_job_of_a_killed_worker_is_interrupted_and_ordered_again(order, kind, later):
    job = order()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    assert order() == job  # somebody may be at it
    silent(job, 4)
    job.refresh_from_db()
    assert "yarıda kaldı" in jobs.why_not(job)
    again = order()
    assert again != job


def test_a_worker_that_wakes_up_late_leaves_nothing_behind(order, kind, later, media):
    job = order()
    made = kind.make

    def slow(job, out, report):
        silent(job, 4)
        order()  # somebody gave it up
        return made(job, out, report)

    kind.make = slow
    jobs.run.call(FIRST, job.pk)
    assert not list(media.rglob("jobs/*"))
    (left,) = Job.objects.all()
    assert left != job and left.state == JobState.WAITING


def test_a_job_whose_worker_was_killed_is_done_by_another(order, kind, later):
    job = order()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    jobs.run.call(FIRST, job.pk)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    jobs.run.call(SimpleNamespace(attempt=2), job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_job_runs_once(order, kind, later):
    job = order()
    jobs.run.call(FIRST, job.pk)
    kind.text = "iki"
    jobs.run.call(FIRST, job.pk)  # the queue gave it out twice
    job.refresh_from_db()
    kind.text = "bir"
    assert jobs.hand_out(job=job).read() == b"bir"


def test_the_wait_for_a_worker_that_never_comes_ends(order, later):
    job = order()
    silent(job, 59)
    assert order() == job
    silent(job, 61)
    assert jobs.why_not(Job.objects.get(pk=job.pk))
    assert order() != job


def test_sweeping_removes_jobs_after_a_day(order, media, kind, monkeypatch):
    young, old, failed = order(a=1), order(a=2), None
    kind.wrong = RuntimeError("x")
    failed = order(a=3)
    stray = default_storage.save(
        "jobs/stray", default_storage.open(Job.objects.get(pk=old.pk).file)
    )
    call_command("sweep_media")
    assert Job.objects.count() == 3
    assert len(list(media.rglob("jobs/*"))) == 3  # whoever writes a file now has no row yet
    for job in (old, failed):
        silent(job, 25 * 60)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=23))
    silent(young, 0)
    call_command("sweep_media", "--dry-run")
    assert Job.objects.count() == 3
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=25))
    Job.objects.filter(pk=young.pk).update(told_at=timezone.now())
    call_command("sweep_media")
    assert list(Job.objects.all()) == [young]
    assert not default_storage.exists(stray)
    assert len(list(media.rglob("jobs/*"))) == 1
