"""Public pages are read from a PostgreSQL that follows the first, and never show what is old."""

import re
import time

import psycopg2
import pytest

from tests.faults.pair import pair
from tests.faults.people import Visitor
from tests.faults.test_workers import until

SOON = 6  # seconds on a busy machine; a statement is given 20
TOKEN = "a token of some length"
BEHIND = re.compile(r"^izmek_follower_behind_bytes ([0-9.e+]+)$", re.M)
READ_IT = re.compile(r'FROM "courses_course"')


@pytest.fixture
def followed(town):
    """(the town's site, the first PostgreSQL, the one that follows it and is read from)."""
    with pair(town) as (first, second):
        second.ask("ALTER SYSTEM SET log_statement = 'all'")
        second.ask("SELECT pg_reload_conf()")
        found = f"host={first.host},{second.host}&target_session_attrs=standby"
        with town.open(
            DATABASE_URL=first.url,
            DATABASE_FOLLOWER_URL=f"postgres://izmek@/postgres?{found}",
            METRICS_TOKEN=TOKEN,
        ) as site:
            yield site, first, second


def rename(first, name):
    """All centres, as acts do: with a change of what the public sees in the same transaction."""
    connection = psycopg2.connect(first.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("UPDATE courses_coursecentre SET name = %s || id", [name])
        cursor.execute("INSERT INTO izmek_publicchange (area) VALUES ('courses'), ('shown')")
    connection.close()


def reads_of(second):
    return len(READ_IT.findall(second.log.read_text()))


def shown(site, name, path="/kurslar/"):
    """The page's answer; it shows the centres under this name."""
    answer = Visitor(site).ask(path)
    assert answer.status == 200, answer
    assert name in answer.text, answer
    return answer


def is_read_from(second, site, first):
    """Whether a page that has just changed is read there; it is never old."""
    before = reads_of(second)
    name = f"Yeni {time.monotonic_ns()} "
    rename(first, name)
    shown(site, name)
    return reads_of(second) > before


def behind(site):
    """How many bytes it is behind, as Prometheus reads it; None where nothing is told."""
    told = Visitor(site).ask("/olcumler/", headers={"Authorization": f"Bearer {TOKEN}"})
    assert told.status == 200 and "izmek_database_up 1" in told.text
    found = BEHIND.search(told.text)
    return found and float(found[1])


def test_pages_are_read_there_and_never_old(followed):
    site, first, second = followed
    until(lambda: is_read_from(second, site, first), 30)

    # Change after change, asked for at once: who comes sees the last one.
    read = sum(is_read_from(second, site, first) for _change in range(30))
    assert read >= 10, "most changes are there within some thousandths of a second"

    second.ask("SELECT pg_wal_replay_pause()")
    until(lambda: second.ask("SELECT pg_get_wal_replay_pause_state()") == [("paused",)], 10)
    assert not any(is_read_from(second, site, first) for _change in range(5))
    assert behind(site) > 0
    second.ask("SELECT pg_wal_replay_resume()")
    until(lambda: is_read_from(second, site, first), 30)
    until(lambda: behind(site) == 0, 30)


def test_without_it_pages_are_read_from_the_first(followed, town):
    def doctor():
        return town.manage("doctor", check=False).stdout

    site, first, second = followed
    until(lambda: is_read_from(second, site, first), 30)

    with second.frozen():
        for change in range(4):
            rename(first, f"Donuk {change} ")
            assert shown(site, f"Donuk {change} ").seconds < SOON
            assert Visitor(site).ask("/saglik/").seconds < 1
    until(lambda: is_read_from(second, site, first), 30)

    second.stop()
    for change in range(4):
        rename(first, f"Kapalı {change} ")
        assert shown(site, f"Kapalı {change} ").seconds < SOON
        assert Visitor(site).ask("/hazir/").status == 200
    assert behind(site) is None
    assert "DATABASE_FOLLOWER_URL" in doctor()
    second.start()
    until(lambda: is_read_from(second, site, first), 30)

    second.promote()
    assert not is_read_from(second, site, first)
