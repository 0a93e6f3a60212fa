"""Public pages are read from a PostgreSQL that follows the first, and never show what is old."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg2
import pytest

from tests.faults.pair import following, host_of, pair
from tests.faults.people import Visitor
from tests.faults.test_workers import until

SOON = 6  # seconds on a busy machine; a statement is given 20
TOKEN = "a token of some length"
BEHIND = re.compile(r"^izmek_follower_behind_bytes ([0-9.e+]+)$", re.M)
READ_IT = re.compile(r'FROM "courses_course"')


@pytest.fixture
def followed(town):
    """(the town's site, the first PostgreSQL, the one that follows it and is read from)."""
    with pair(town) as (first, second), site_on(town, first, second) as site:
        yield site, first, second


@contextmanager
def site_on(town, first, second, **variables):
    """The town's site, which writes to the first and may read from the second."""
    second.ask("ALTER SYSTEM SET log_statement = 'all'")
    second.ask("SELECT pg_reload_conf()")
    found = f"host={first.host},{second.host}&target_session_attrs=standby"
    with town.open(
        DATABASE_URL=first.url,
        DATABASE_FOLLOWER_URL=f"postgres://izmek@/postgres?{found}",
        METRICS_TOKEN=TOKEN,
        **variables,
    ) as site:
        with ThreadPoolExecutor(4) as crowd:  # so that each process has made a page
            list(crowd.map(lambda n: Visitor(site).ask(f"/ara/?q=ilk{n}"), range(8)))
        yield site


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


def test_a_change_that_the_first_has_not_written_to_its_disk_yet_is_shown(followed):
    """A pool of connections, a role or a careless hand may have switched that off."""
    site, first, second = followed
    until(lambda: is_read_from(second, site, first), 30)
    first.ask("ALTER SYSTEM SET synchronous_commit = off")
    first.ask("ALTER SYSTEM SET wal_writer_delay = '10s'")
    first.ask("SELECT pg_reload_conf()")
    for _change in range(20):
        is_read_from(second, site, first)


def test_one_that_follows_another_than_the_first_is_not_read(town):
    """It has come further than the first, but elsewhere: as after a failover that it has missed."""
    with pair(town) as (first, _second), following(host_of(town)) as stray:
        for _file in range(3):
            town.postgres.ask("SELECT pg_logical_emit_message(true, 'izmek', 'further')")
            town.postgres.ask("SELECT pg_switch_wal()")
        came = "SELECT pg_last_wal_replay_lsn() > %s::pg_lsn + 16777216"
        [(place,)] = first.ask("SELECT pg_current_wal_flush_lsn()::text")
        until(lambda: stray.ask(came, place) == [(True,)], 30)
        with site_on(town, first, stray) as site:
            assert not any(is_read_from(stray, site, first) for _change in range(4))
            told = town.manage("doctor", check=False).stdout
            assert "another than the first" in told and "DATABASE_FOLLOWER_URL" in told


def test_a_page_that_the_follower_does_not_finish_is_made_from_the_first(town):
    """It answers the question how far it is, and nothing more: two tables are locked there and stay so."""
    with pair(town) as (first, second), site_on(town, first, second, LOCK_SECONDS="15") as site:
        until(lambda: is_read_from(second, site, first), 30)
        catalogue = first.ask("SELECT slug FROM exhibitions_exhibition ORDER BY id LIMIT 1")[0][0]
        with locked(first, second, "courses_course", "exhibitions_showing"):
            for search in ("ebru", "kilm", "igne"):
                answer = Visitor(site).ask(f"/ara/?q={search}")
                assert answer.status == 200 and answer.seconds < SOON, answer
                assert Visitor(site).ask("/saglik/").seconds < 1
            time.sleep(8)  # it has rested
            answer = Visitor(site).ask(f"/sergiler/{catalogue}/katalog.pdf")
            assert "Katalog" in answer.text and answer.seconds < SOON, answer
        until(lambda: is_read_from(second, site, first), 30)
        # What is counted in the cache is read where it is changed.
        assert "izmek_cache" not in second.log.read_text()


@contextmanager
def locked(first, second, *tables):
    """Nobody reads these tables of the second, which goes no further meanwhile."""
    connection = psycopg2.connect(first.url)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT pg_switch_wal()")
    held = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted"
    until(lambda: second.ask(held) == [(len(tables),)], 30)
    second.ask("SELECT pg_wal_replay_pause()")
    until(lambda: second.ask("SELECT pg_get_wal_replay_pause_state()") == [("paused",)], 10)
    connection.close()
    try:
        yield
    finally:
        second.ask("SELECT pg_wal_replay_resume()")
