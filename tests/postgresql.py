"""A PostgreSQL for the tests: the one that TEST_POSTGRESQL names, else a private one of our own."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

# A private server that may forget everything is quicker.
FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"


@contextmanager
def postgresql():
    """Give the URL of a server that lasts as long as the block, or None where none is installed.

    The private server lives in a temporary folder and forgets durability for speed.
    """
    if url := os.environ.get("TEST_POSTGRESQL"):
        yield url
        return
    if not programs():
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="izmek-pg-"))
    try:
        with server(folder, FORGETFUL) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def programs():
    """The folder of PostgreSQL's programs, or None where none are installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [
        str(Path(path).parent) for path in [shutil.which("initdb")] if path
    ]
    return found[-1] if found else None


@contextmanager
def server(folder, settings=""):
    """Give the URL of a server of our own, whose data lie in the folder and stay there.

    It is reached by a socket alone: nothing on the network, no port to collide.
    """
    as_user = []
    sockets = Path(tempfile.mkdtemp(prefix="izmek-pg-"))  # a socket's path has to be short
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        user = pwd.getpwnam("postgres")
        as_user = ["runuser", "-u", user.pw_name, "--"]
        shutil.chown(folder, user.pw_name)
        shutil.chown(sockets, user.pw_name)
    data = Path(folder, "data")

    def run(program, *arguments):
        subprocess.run(
            [*as_user, f"{programs()}/{program}", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=sockets,
        )

    if not data.exists():
        options = ["-U", "izmek", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        run("initdb", "-D", str(data), *options)
    planning = "-c jit=off"  # small tables: compiling a query takes longer than running it
    options = f"-c listen_addresses='' -c max_connections=100 -k {sockets} {settings} {planning}"
    try:
        run("pg_ctl", "-D", str(data), "-o", options, "-l", f"{folder}/log", "-w", "start")
        yield f"postgres://izmek@/izmek?host={sockets}"
    finally:
        mode = "immediate" if settings == FORGETFUL else "fast"
        run("pg_ctl", "-D", str(data), "-m", mode, "stop")
        shutil.rmtree(sockets, ignore_errors=True)
