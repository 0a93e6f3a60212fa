"""A town on servers that a test may kill and freeze: PostgreSQL, Redis, gunicorn, workers, mail."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from benchmarks import servers
from tests import environment
from tests.faults.people import COURSE, WORK
from tests.postgresql import programs, server
from tests.server import PASSWORD, wait_for


def pytest_collection_modifyitems(items):
    for item in items:
        if "faults" in item.path.parts:
            item.add_marker("faults")


def frozen(pids):
    """Stop processes as if their host were: they keep their connections and answer nobody."""

    @contextmanager
    def stopped():
        there = pids()
        for pid in there:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in there:
                os.kill(pid, signal.SIGCONT)

    return stopped()


def children(pid):
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], stdout=subprocess.PIPE, check=False
    )
    return [int(each) for each in found.stdout.split()]


class Postgres:
    """A durable server of our own."""

    def __init__(self, folder, url):
        self.folder, self.url = Path(folder), url
        # What it was started with, but for the program itself and its folder.
        started = shlex.split((self.folder / "data" / "postmaster.opts").read_text())
        self._options = shlex.join(started[3:])

    def ask(self, statement, *values):
        with psycopg2.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else None

    @contextmanager
    def holding(self, statement):
        """The locks of a statement, held by somebody who does not commit."""
        connection = psycopg2.connect(self.url)
        try:
            connection.cursor().execute(statement)
            yield
        finally:
            connection.close()

    def control(self, *what):
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        control = [*as_user, f"{programs()}/pg_ctl", "-D", str(self.folder / "data"), "-w"]
        control += ["-l", str(self.folder / "log")]
        done = subprocess.DEVNULL
        subprocess.run([*control, *what], check=True, stdout=done, cwd=self.folder)

    def restart(self):
        """As after the power failed."""
        self.control("restart", "-m", "immediate")

    @contextmanager
    def away(self):
        self.control("stop", "-m", "immediate")
        try:
            yield
        finally:
            self.control("start", "-o", self._options)

    def start_if_down(self):
        """As systemd does."""
        try:
            self.control("status")
        except subprocess.CalledProcessError:
            self.control("start", "-o", self._options)

    def pids(self):
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        return [first, *children(first)]

    def frozen(self):
        return frozen(self.pids)


# Runs manage.py on a host whose clock is wrong.
WRONG_CLOCK = """
import runpy, sys, time, time_machine
time_machine.travel(time.time() + float(sys.argv[1]), tick=True).start()
sys.argv = sys.argv[2:]
runpy.run_path("manage.py", run_name="__main__")
"""


def command(clock, *arguments):
    """`clock`: seconds by which that of its host is wrong."""
    wrong = ["-c", WRONG_CLOCK, str(clock)] if clock else []
    return [sys.executable, *wrong, "manage.py", *arguments]


class Town:
    """The rows of a demo in a database of their own, and how programs find them."""

    def __init__(self, postgres, folder):
        self.postgres, self.folder = postgres, folder
        self.variables = {
            **os.environ,
            **environment.VARIABLES,
            "DATABASE_URL": postgres.url,
            "CACHE_URL": "dbcache://izmek_cache",
            "MEDIA_ROOT": f"{folder}/media",
            "STATIC_ROOT": f"{folder}/static",
            "COLLECTED_STATIC": "on",
            "EMAIL_URL": "dummymail://",
            "TRUSTED_PROXY_COUNT": "1",
            "TASK_WORKER": "on",
            "LOCK_SECONDS": "1",
        }

    def manage(self, *arguments, check=True, clock=0, **variables):
        return subprocess.run(
            command(clock, *arguments),
            cwd=servers.ROOT,
            env={**self.variables, **variables},
            check=check,
            stdout=subprocess.PIPE,
            text=True,
        )

    def python(self, code, **variables):
        return self.manage("shell", "--no-imports", "--command", code, **variables).stdout

    @contextmanager
    def open(self, **variables):
        """The address of the program, with two processes, as long as the block."""
        self.variables |= variables
        with ExitStack() as stack:
            address, self.web = servers.gunicorn(
                stack, self, "izmek.wsgi", "--config=deploy/gunicorn.conf.py"
            )
            with suppress(RuntimeError):  # on a busy machine it takes longer
                wait_for(f"{address}/saglik/", self.folder / "izmek.wsgi.log")
            wait_for(f"{address}/saglik/", self.folder / "izmek.wsgi.log")
            yield address

    def kill_web(self):
        """All processes that answer; gunicorn starts others in their place."""
        for pid in children(self.web.pid):
            os.kill(pid, signal.SIGKILL)

    def worker(self, *options, clock=0, **variables):
        """A process that does long work."""
        log = (self.folder / "worker.log").open("a")
        return subprocess.Popen(
            command(clock, "db_worker", "--interval=0.2", *options),
            cwd=servers.ROOT,
            env={**self.variables, **variables},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@pytest.fixture(scope="session")
def folder():
    """Where the servers' data lie: FAULTS_FOLDER keeps the town for the next run, which saves minutes."""
    if kept := os.environ.get("FAULTS_FOLDER"):
        Path(kept).mkdir(exist_ok=True)
        yield Path(kept)
        return
    made = Path(tempfile.mkdtemp(prefix="izmek-faults-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(folder):
    if not programs():
        assert os.environ.get("CI") != "true", "PostgreSQL is missing"
        pytest.skip("PostgreSQL is missing: apt install postgresql")
    with server(folder) as url:
        yield Postgres(folder, url.replace("/izmek?", "/postgres?"))


@pytest.fixture(scope="session")
def populated(postgres, folder):
    known = folder / "keys"
    (folder / "town").mkdir(exist_ok=True)
    town = Town(postgres, folder / "town")
    town.manage("migrate", "--verbosity=0")
    if not known.exists():
        town.manage("collectstatic", "--noinput", "--verbosity=0")
        town.manage("demo", "--force", f"--password={PASSWORD}")
        known.write_text(town.python(COURSE + WORK))
    town.course, town.work = map(int, known.read_text().split())
    return town


@pytest.fixture
def town(populated):
    """The town; what a test changed of its environment goes back."""
    before = dict(populated.variables)
    yield populated
    populated.variables = before


@contextmanager
def small_disk(folder, megabytes):
    """A disk of so much room at a folder; it takes somebody who may mount."""
    folder.mkdir(exist_ok=True)
    size = f"size={megabytes}m,mode=755"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if mounted.returncode:
        why = f"A small disk cannot be mounted; run it as root: {mounted.stderr}"
        assert os.environ.get("CI") != "true", why
        pytest.skip(why)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk):
    """Leave no byte of room; returns the file to delete."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return filler


class Redis:
    def __init__(self, folder):
        self.folder, self.port, self.process = folder, servers.free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        program = servers._which("redis-server")
        if not program:
            assert os.environ.get("CI") != "true", "Redis is missing"
            pytest.skip("Redis is missing: apt install redis-server")
        self.process = subprocess.Popen(
            [program, *options, "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )
        time.sleep(0.5)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def frozen(self):
        return frozen(lambda: [self.process.pid])


@pytest.fixture
def redis(tmp_path):
    made = Redis(tmp_path)
    yield made
    made.kill()
