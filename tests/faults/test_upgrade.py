"""The upgrade and the undo of docs/operating.md, from the release before and with its rows, under load.

People read, apply and call the roll (users.py): nobody is refused, nothing is lost, and the old program
works on the new tables. Two hosts (machines.py) stand behind a balancer.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

from benchmarks import servers
from tests import environment, releases
from tests.faults.conftest import Postgres
from tests.faults.machines import Machine, on_a_test_machine, programs
from tests.faults.people import COURSE
from tests.faults.test_rolling import Balancer
from tests.faults.users import LESSON, Users, pages_that_fail
from tests.server import PASSWORD

OLD, NEW = "before", "now"  # the names of the two releases
# Tables whose old rows may change, as by a migration that rewrites them: table → why.
CHANGED = {
    "izmek_publicchange": "the marks by which kept pages end go after a while",
    "izmek_taskworker": "a worker says that it lives",
}
UNCOMPARED = {("izmek_user", "last_login")}
# Nobody writes here meanwhile, so not even a new row comes.
UNTOUCHED = ("courses_", "exhibitions_")


def columns_of(postgres):
    """{table: its columns}, of those that are compared."""
    rows = postgres.ask(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) "
        "FROM information_schema.columns JOIN pg_tables ON tablename = table_name "
        "WHERE table_schema = 'public' AND schemaname = 'public' GROUP BY table_name"
    )
    return {
        table: [name for name in names if (table, name) not in UNCOMPARED] for table, names in rows
    }


def hashes(postgres, columns):
    """{table: how often each row is there, as the hash of these columns}."""

    def rows(table, names):
        names = sql.SQL(", ").join(map(sql.Identifier, names))
        return postgres.ask(
            sql.SQL("SELECT md5(ROW({})::text) FROM {}").format(names, sql.Identifier(table))
        )

    return {
        table: Counter(one for (one,) in rows(table, names)) for table, names in columns.items()
    }


@pytest.fixture
def database(postgres):
    with closing(psycopg2.connect(postgres.url)) as connection:
        connection.autocommit = True
        for statement in (
            "DROP DATABASE IF EXISTS upgrade",
            "CREATE DATABASE upgrade TEMPLATE template0",
        ):
            connection.cursor().execute(statement)
    return Postgres(postgres.folder, postgres.url.replace("/postgres?", "/upgrade?"))


@pytest.fixture
def place():
    """A folder with a short name: sockets lie in it."""
    made = Path(tempfile.mkdtemp(prefix="izmek-up-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def both(place):
    """{name: folder} of the release before and of this one, each with what it is installed with."""
    found = {name: place / "releases" / name for name in (OLD, NEW)}
    for folder in found.values():
        folder.mkdir(parents=True)
    try:
        releases.unpack(releases.before(), found[OLD])
        releases.copy(found[NEW])
        packages = {folder: releases.environment(folder) for folder in found.values()}
    except releases.NoRelease as why:
        pytest.fail(str(why), pytrace=False)
    for name, folder in found.items():
        (folder / ".venv").symlink_to(packages[folder])
        (folder / "RELEASE").write_text(f"{name}\n")
        on_a_test_machine(folder)
    return found


@pytest.fixture
def settings_of_both(place, database, redis):
    for name in ("media", "heads", "backups"):
        (place / name).mkdir()
    given = {name: value for name, value in environment.VARIABLES.items() if name != "STATIC_ROOT"}
    return given | {
        "DATABASE_URL": database.url,
        "CACHE_URL": redis.url,
        "MEDIA_ROOT": f"{place}/media",
        "ACCESS_LOG_HEADS": f"{place}/heads",
        "BACKUP_FOLDER": f"{place}/backups",
        "COLLECTED_STATIC": "on",
        "EMAIL_URL": "dummymail://",
        "PHOTO_ACCEL_PREFIX": "/private-media",
        "SITE_URL": "https://kurslar.example.bel.tr",
        "TASK_WORKER": "on",
        "TRUSTED_PROXY_COUNT": "3",  # whoever asks, the balancer, the host's nginx
        "WEB_WORKERS": "2",
    }


@pytest.fixture
def machines(place, both, settings_of_both):
    if missing := [one for one in ("nginx", "curl") if not servers._which(one)]:
        assert os.environ.get("CI") != "true", f"missing: {missing}"
        pytest.skip(f"apt install {' '.join(missing)}")
    with ExitStack() as stack:
        yield [Machine(place, number, settings_of_both, stack) for number in (1, 2)]
        for pid in programs(both):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def populate(release, settings):
    """The demo municipality, by a release; returns what its shell prints of it."""

    def manage(*command):
        python = [f"{release}/.venv/bin/python", "manage.py", *command]
        # What the demo puts off would keep a worker busy for long.
        variables = {**os.environ, **settings, "TASK_WORKER": "off"}
        variables = {
            name: value
            for name, value in variables.items()
            if name not in ("STATIC_ROOT", "PYTHONDONTWRITEBYTECODE")
        }
        done = subprocess.run(
            python, cwd=release, env=variables, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    manage("migrate", "--verbosity=0")
    manage("collectstatic", "--noinput", "--verbosity=0")
    (release / ".complete").touch()
    manage("demo", "--force", f"--password={PASSWORD}", "--pictures=3")
    course, lesson, *seats = map(
        int, manage("shell", "--no-imports", "-c", COURSE + LESSON).split()
    )
    return course, lesson, seats


def test_up_and_back_and_up_again(both, settings_of_both, machines, database, place):
    course, lesson, seats = populate(both[OLD], settings_of_both)
    with ThreadPoolExecutor() as at_once:
        for one in machines:
            shutil.copytree(both[OLD] / "var/static", one.home / "static", dirs_exist_ok=True)
        list(at_once.map(lambda one: one.start(OLD), machines))
    columns = columns_of(database)
    before = hashes(database, columns)
    with Balancer(place, machines).open() as site:

        def holds(name):
            assert set(programs(both).values()) == {name}
            for one in machines:
                assert (one.home / "current").resolve() == both[name]
            assert pages_that_fail(site, course, lesson) == []
            assert "no issues" in machines[0].izmek("check")
            assert "WRONG" not in machines[0].izmek("doctor")

        with Users(site, course, lesson, seats) as users:
            machines[0].izmek("backup", "--plain")
            for one in machines:  # the tables are migrated while OLD serves
                one.install(NEW)
            holds(NEW)
            for name in (OLD, NEW):  # the undo, and the upgrade after all
                for one in machines:
                    one.activate(name)
                holds(name)
        assert users.wrong == []
        assert users.answers > 100 and len(users.ledger) > 10 and users.taps > 20
    print(f"{users.answers} answers, {len(users.ledger)} applications, {users.taps} taps")
    users.check(database)
    after = hashes(database, columns)
    gone = {table for table, rows in before.items() if rows - after[table]}
    assert gone - set(CHANGED) == set()
    grown = {table for table, rows in before.items() if after[table] - rows}
    print("New rows in", *sorted(grown))
    assert [table for table in grown if table.startswith(UNTOUCHED)] == []
