"""The site as a municipality runs it – gunicorn, DEBUG off – on a fresh database with the demo."""

import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests import environment

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "izmek-demo"


class Address(str):
    """The address of a server, with the folder of its data.

    `manage` runs a management command beside it, on the same data.
    """

    manage = folder = None


@contextmanager
def serve(folder, *demo_options, also="", like=None):
    """Give the address of a server that lasts as long as the block; its data lie in the folder.

    Where TEST_DATABASE_URL names a PostgreSQL, the rows are in a database of their own there. `also`:
    Python that is run once the demo is there, for rows that it lacks. `like`: the address of another
    such server (on SQLite); this one begins with a copy of its rows and shares its files. It is asked by
    few, so it is one process.
    """
    files = like.folder if like else folder
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {
        **os.environ,
        **environment.VARIABLES,
        "DATABASE_URL": new_database() or f"sqlite:///{folder}/site.sqlite3",
        "CACHE_URL": "dbcache://izmek_cache",
        "MEDIA_ROOT": f"{files}/media",
        "STATIC_ROOT": f"{files}/static",
        "COLLECTED_STATIC": "on",
        "EMAIL_URL": "dummymail://",
    }

    def manage(*arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=variables,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    if like:
        copy_rows(like.folder, folder)
    else:
        manage("migrate", "--verbosity=0")
        manage("collectstatic", "--noinput", "--verbosity=0")
        manage("demo", "--force", f"--password={PASSWORD}", *demo_options)
    if also:
        manage("shell", "--no-imports", "--command", also)
    options = [f"--workers={1 if like else 2}", "--threads=4", "--log-level=warning"]
    options += ["--no-control-socket", "--limit-request-line=0"]  # as docs/operating.md has it
    with Path(folder, "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "izmek.wsgi", f"--bind=127.0.0.1:{port}", *options],
            cwd=ROOT,
            env=variables,
            stdout=log,
            stderr=log,
        )
    try:
        address = Address(f"http://127.0.0.1:{port}")
        address.manage, address.folder = manage, folder
        wait_for(f"{address}/saglik/", Path(folder, "server.log"))
        yield address
    finally:
        server.terminate()
        server.wait()


def new_database(like=None):
    """The URL of a database on the PostgreSQL of this test run, or None where it has none.

    `like`: the name of one that nobody is connected to, of which it is a copy; else it is empty.
    """
    if not (url := os.environ.get("TEST_DATABASE_URL")):
        return None
    name, copied = f"site_{secrets.token_hex(4)}", f' TEMPLATE "{like}"' if like else ""
    with closing(psycopg2.connect(urlsplit(url)._replace(path="/postgres").geturl())) as connection:
        connection.autocommit = True  # no database is made inside a transaction
        connection.cursor().execute(f"CREATE DATABASE {name}{copied}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def copy_rows(source, target):
    """Copy the database of a running server page by page: an index in Turkish order cannot be made anew."""
    with (
        closing(sqlite3.connect(f"{source}/site.sqlite3")) as rows,
        closing(sqlite3.connect(f"{target}/site.sqlite3")) as copy,
    ):
        rows.backup(copy)


def wait_for(address, log):
    for _attempt in range(100):
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start:\n" + log.read_text())
