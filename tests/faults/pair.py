"""Two PostgreSQL with the rows of a town, of which the second follows the first without a gap."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.faults.conftest import Postgres
from tests.postgresql import programs

FOLLOWS = "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"


class Follower(Postgres):
    """A PostgreSQL that follows another, from a copy of it on."""

    def __init__(self, other, folder):
        self.folder, self.log = folder, folder / "log"
        self.host = tempfile.mkdtemp(prefix="izmek-pg-")  # a socket's path has to be short
        self.url = f"postgres://izmek@/postgres?host={self.host}"
        self._options = f"-c listen_addresses='' -c max_connections=100 -c jit=off -k {self.host}"
        as_user = []
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
            shutil.chown(self.host, "postgres")
            as_user = ["runuser", "-u", "postgres", "--"]
        copy = [*as_user, f"{programs()}/pg_basebackup", "-h", other, "-U", "izmek"]
        copy += ["-D", str(folder / "data"), "--checkpoint=fast", "--write-recovery-conf"]
        subprocess.run(copy, check=True, stdout=subprocess.DEVNULL, cwd=self.host)
        self.start()

    def start(self):
        self.control("start", "-o", self._options)

    def promote(self):
        self.control("promote")

    def stop(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.control("stop", "-m", "immediate")

    def ask(self, statement, *values):
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()


@contextmanager
def following(host):
    """A PostgreSQL that follows the one of this host."""
    folder = Path(tempfile.mkdtemp(prefix="izmek-follower-"))
    folder.chmod(0o755)
    try:
        one = Follower(host, folder)
        try:
            yield one
        finally:
            one.stop()
            shutil.rmtree(one.host, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def pair(town):
    """(a server of its own with the town's rows, one that follows it without a gap)."""
    with following(host_of(town)) as first:
        first.promote()
        with following(first.host) as second:
            while not first.ask(FOLLOWS):
                time.sleep(0.1)
            yield first, second


def host_of(town):
    return town.postgres.url.partition("host=")[2]
