"""The checks of a server, on the page of the status, for `/hazir/` and in `doctor`; what the clock runs."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import caches
from django.core.management import base, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from exhibitions.management.commands import find_names
from izmek.accounts.roles import Role
from izmek.acts import tasks, upkeep
from izmek.acts.enums import LetterState
from izmek.acts.queries import DUE, WORKER
from izmek.models import Letter, TaskWorker, Upkeep
from izmek.site import checks
from izmek.site.checks import CHECKS, Grade
from tests import factories as make
from tests.site.test_attention import ago
from tests.site.test_doctor import doctor

pytestmark = pytest.mark.django_db

AT = "/yonetim/status/"


def check(beginning):
    return next(one for one in CHECKS if one.holds.startswith(beginning))


def grade(beginning):
    return max((one.grade for one in check(beginning).found()), default=Grade.FINE)


def lines(client):
    """What the page tells: {what holds: its line}."""
    client.force_login(make.user(Role.MANAGER))
    return {line["check"].holds: line for line in client.get(AT).context["lines"]}


def test_all_is_well_and_told_in_words(client, media):
    found = lines(client)
    unset = {holds for holds, line in found.items() if line["grade"] == Grade.UNSET}
    assert unset == {check("The certificate").holds, check("The last backup").holds}
    assert {line["grade"] for line in found.values()} == {Grade.FINE, Grade.UNSET}
    page = client.get(AT).content.decode()
    assert "Kurulu olan her şey yolunda; kurulmamış 2 şey var." in page
    assert page.count("tag--now") == len(CHECKS) - 2
    assert page.count(">yolunda<") == len(CHECKS) - 2  # not by its colour alone


def test_managers_and_auditors_see_it_from_the_menu(client):
    for role, status in (
        (Role.MANAGER, 200),
        (Role.AUDITOR, 200),
        (Role.OFFICER, 403),
        (Role.CURATOR, 403),
    ):
        client.force_login(make.user(role))
        assert client.get(AT).status_code == status
        menu = client.get(reverse("admin:tables")).content.decode()
        assert (f'href="{AT}"' in menu) == (status == 200)


def test_what_is_wrong_is_said_on_all_three_faces(client, media, settings, monkeypatch):
    settings.DISK_FREE_MB = 10**9
    assert "yalnız" in client.get("/hazir/").content.decode()
    assert client.get("/hazir/").status_code == 200
    line = lines(client)["There is room on the disks"]
    assert (line["grade"], str(line["word"])) == (Grade.BROKEN, "çalışmıyor")
    text, code = doctor()
    assert code == 1 and "WRONG  There is room on the disks" in text
    assert str(media) in text and str(media) not in client.get("/hazir/").content.decode()


def test_a_check_that_fails_itself_is_no_error_page(client, media, monkeypatch):
    def fails():
        raise RuntimeError("Zeynep")

    monkeypatch.setattr(checks.storage, "rooms", fails)
    line = lines(client)["There is room on the disks"]
    assert line["grade"] == Grade.BROKEN
    assert "Zeynep" not in client.get(AT).content.decode()


def test_a_cache_that_is_away_is_one_amber_line(client, media, monkeypatch):
    def fails(*args):
        raise ConnectionError

    monkeypatch.setattr(type(caches["default"]), "set", fails)
    assert grade("The cache") == Grade.LOOK


def test_letters_and_tasks_that_failed(media, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    assert grade("Workers live") == Grade.BROKEN
    tasks.beat("one")
    assert grade("Workers live") == Grade.FINE
    Letter.objects.create(
        kind="offer",
        to="a@b.example",
        subject="x",
        state=LetterState.FAILED,
        error="550 <a@b.example>: no such user",
    )
    Letter.objects.create(kind="offer", to="a@b.example", subject="x", next_try_at=ago(hours=2))
    found = check("Every letter").wrong()
    assert len(found) == 2
    told = str(found[0])  # `doctor` writes it into the log
    assert "no such user" in told and "a@b.example" not in told
    path = "izmek.acts.letters.send_due"
    fields = {"task_path": path, "args_kwargs": {"args": [], "kwargs": {}}, "run_after": ago()}
    DBTaskResult.objects.create(status=tasks.FAILED, finished_at=ago(hours=1), **fields)
    [found] = check("Every task").wrong()
    assert path in found.said


def test_a_backup_that_another_server_makes(settings, tmp_path):
    settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENT = str(tmp_path), ""
    assert grade("The last backup") == Grade.UNSET
    upkeep.ended("backup", True)
    [found] = check("The last backup").found()
    assert found.grade == Grade.FINE and "başka bir sunucu" in found.said
    settings.BACKUP_RECIPIENT = "age1somebody"  # this one should have its files
    assert grade("The last backup") == Grade.BROKEN


def test_the_page_asks_no_more_when_more_is_wrong(client, media, django_assert_num_queries):
    def go_wrong(times):
        for _time in range(times):
            Letter.objects.create(
                kind="offer", to="a@b.example", subject="x", state=LetterState.FAILED
            )
            fields = {"args_kwargs": {"args": [], "kwargs": {}}, "run_after": ago()}
            DBTaskResult.objects.create(
                task_path="x.y", status=tasks.FAILED, finished_at=ago(hours=1), **fields
            )

    go_wrong(1)
    assert "1 × x.y" in str(lines(client)["Every task was done or will be"]["found"])
    with CaptureQueriesContext(connection) as one:
        client.get(AT)
    go_wrong(2)
    with django_assert_num_queries(len(one)):
        client.get(AT)
    assert "3 × x.y" in str(check("Every task").found())


def certificate(days):
    """A certificate of one's own that holds so many days more, as PEM."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(90, Grade.FINE), (20, Grade.LOOK), (2, Grade.BROKEN), (-5, Grade.BROKEN)],
)
def test_the_days_of_the_certificate(settings, tmp_path, days, expected):
    settings.TLS_CERTIFICATE = str(tmp_path / "site.pem")
    assert grade("The certificate") == Grade.LOOK  # it cannot be read
    (tmp_path / "site.pem").write_bytes(certificate(days))
    assert checks.days_of_certificate() == days
    assert grade("The certificate") == expected


# --- What the clock runs --------------------------------------------------------------------------


def test_each_run_of_the_clock_is_noted_with_its_end(monkeypatch):
    call_command("find_names")
    row = Upkeep.objects.get(pk="find_names")
    assert row.began_at and row.good_at == row.ended_at
    monkeypatch.setattr("exhibitions.management.commands.find_names.find_named_texts", None)
    with pytest.raises(TypeError):
        call_command("find_names")
    row.refresh_from_db()
    assert row.good_at < row.ended_at
    [found] = check("What the clock").wrong()
    assert "find_names" in found.said and found.grade == Grade.LOOK


def test_a_run_that_breaks_off_is_told_in_the_log_without_its_words(monkeypatch, json_log, capsys):
    name = "Zeynep"

    def fails(**_options):
        raise ValueError(name)

    monkeypatch.setattr("exhibitions.management.commands.find_names.find_named_texts", fails)
    monkeypatch.setattr(base, "connections", SimpleNamespace(close_all=lambda: None))  # the test's
    command = find_names.Command()
    with pytest.raises(SystemExit, match="1"):
        command.run_from_argv(["manage.py", "find_names"])
    assert "find_names failed" in json_log.text and "ValueError" in json_log.text
    assert name not in json_log.text + "".join(capsys.readouterr())
    with pytest.raises(ValueError, match=name):
        command.run_from_argv(["manage.py", "find_names", "--traceback"])


def test_a_worker_that_was_here_and_is_gone_needs_attention():
    rows = Upkeep.objects.worker_gone(TaskWorker.objects)
    assert not rows.exists()  # none has been here: a trial
    upkeep.begun(WORKER)
    assert rows.exists()
    tasks.beat("one")
    assert not rows.exists()


def test_a_run_that_only_looks_is_none():
    call_command("destroy_expired", "--dry-run")
    assert Upkeep.objects.get(pk="destroy_expired").began_at is None


def test_what_has_not_run_for_long_is_told(settings):
    assert grade("What the clock") == Grade.FINE  # the server is new
    Upkeep.objects.update(since=ago(hours=27))
    assert len(check("What the clock").wrong()) == len(DUE)
    settings.DEBUG = True  # on a trial nothing runs by the clock
    assert grade("What the clock") == Grade.FINE


def test_everything_that_the_clock_runs_has_its_row_and_its_words():
    assert {*DUE, WORKER} == {*Upkeep.objects.values_list("pk", flat=True)}
    assert checks.work.BY_THE_CLOCK.keys() == DUE.keys()


def test_the_rows_are_set_up_again_after_a_migration():
    Upkeep.objects.filter(pk="backup").delete()
    Upkeep.objects.create(command="of_before")
    upkeep.set_up("default")
    test_everything_that_the_clock_runs_has_its_row_and_its_words()
