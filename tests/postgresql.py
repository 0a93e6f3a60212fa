"""A PostgreSQL for the tests: the one that TEST_POSTGRESQL names, else a private one of our own."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgresql():
    """Give the URL of a server that lasts as long as the block, or None where none is installed.

    The private server lives in a temporary folder, is reached by a socket there alone (nothing on
    the network, no port to collide), and forgets durability for speed.
    """
    if url := os.environ.get("TEST_POSTGRESQL"):
        yield url
        return
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [
        str(Path(path).parent) for path in [shutil.which("initdb")] if path
    ]
    if not programs:
        yield None
        return
    programs = programs[-1]
    folder = Path(tempfile.mkdtemp(prefix="izmek-pg-"))
    user = pwd.getpwuid(os.getuid()).pw_name
    as_user = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        user = "postgres"
        shutil.chown(folder, user)
        as_user = ["runuser", "-u", user, "--"]
    data = folder / "data"

    def run(program, *arguments):
        subprocess.run(
            [*as_user, f"{programs}/{program}", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )

    run("initdb", "-D", str(data), "-U", "izmek", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    lasting = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    planning = "-c jit=off"  # small tables: compiling a query takes longer than running it
    options = f"-c listen_addresses='' -c max_connections=100 -k {folder} {lasting} {planning}"
    try:
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgres://izmek@/izmek?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
