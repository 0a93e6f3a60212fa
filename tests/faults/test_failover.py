"""The first PostgreSQL is lost while people apply; its follower takes over, and nothing is missing."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psycopg2
import pytest

from tests.faults.people import Applicant, Ledger, Visitor
from tests.faults.test_workers import until
from tests.postgresql import programs

FOLLOWS = "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"


class Follower:
    """A PostgreSQL that follows another, from a copy of it on."""

    def __init__(self, other, folder):
        self.data = folder / "data"
        self.host = tempfile.mkdtemp(prefix="izmek-pg-")  # a socket's path has to be short
        self.url = f"postgres://izmek@/postgres?host={self.host}"
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
            shutil.chown(self.host, "postgres")
        copy = ["-h", other, "-U", "izmek", "-D", str(self.data), "--checkpoint=fast"]
        self._run("pg_basebackup", *copy, "--write-recovery-conf")
        options = f"-c listen_addresses='' -c max_connections=100 -c jit=off -k {self.host}"
        self._control("start", "-o", options, "-l", f"{self.data}.log")

    def _run(self, program, *arguments):
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        command = [*as_user, f"{programs()}/{program}", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.host)

    def _control(self, *what):
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "120", *what)

    def promote(self):
        self._control("promote")

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self._control("stop", "-m", "immediate")

    def ask(self, statement, *values):
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()


@pytest.fixture
def pair(town):
    """(a server of its own with the town's rows, one that follows it without a gap)."""
    folder = Path(tempfile.mkdtemp(prefix="izmek-pair-"))
    folder.chmod(0o755)
    made = []
    try:
        host = town.postgres.url.partition("host=")[2]
        for name in ("first", "second"):
            (folder / name).mkdir()
            made.append(Follower(host, folder / name))
            if name == "first":
                made[0].promote()
            host = made[-1].host
        first, _second = made
        while not first.ask(FOLLOWS):
            time.sleep(0.1)
        # As docs/operating.md has it: a commit is one when both have it.
        first.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        first.ask("SELECT pg_reload_conf()")
        yield made
    finally:
        for one in made:
            one.stop()
            shutil.rmtree(one.host, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def test_the_second_takes_over(town, pair):
    first, second = pair
    both = f"host={first.host},{second.host}&target_session_attrs=read-write"
    ledger = Ledger()
    with town.open(DATABASE_URL=f"postgres://izmek@/postgres?{both}") as site:
        crowd = [Applicant(site, town.course) for _one in range(8)]
        for one in crowd:
            one.open()
        threads = [threading.Thread(target=one.send, args=[ledger]) for one in crowd]
        for number, thread in enumerate(threads):
            thread.start()
            time.sleep(0.3)
            if number == len(threads) // 2:
                until(lambda: ledger, 30)  # somebody was told
                first.stop()  # as if its host had burned
        for thread in threads:
            thread.join(60)
        told = Visitor(site).ask("/kurslar/")
        assert told.status == 503 and told.headers["Retry-After"]

        second.promote()
        assert Visitor(site).ask("/hazir/").status == 200
        assert Visitor(site).ask("/").status == 200
        later = Applicant(site, town.course)
        later.open()
        later.send(ledger)
        assert later.phone in ledger and len(ledger) > 1
    ledger.check(second)
