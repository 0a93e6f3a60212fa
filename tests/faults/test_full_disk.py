"""The disk of the database is full: it says so, and what was acknowledged is there once there is room."""

import subprocess
import time
from contextlib import contextmanager, suppress

import psycopg2

from tests.faults.conftest import Postgres, fill, small_disk
from tests.faults.people import Applicant, Ledger, Visitor
from tests.postgresql import server

ROOM = 64  # MB beside what is there
LOG_ON = "SELECT pg_logical_emit_message(false, 'full', 'x'), pg_switch_wal()"


@contextmanager
def cramped(town, folder):
    """The disk and the server of a copy of the town's database."""
    data, disk = town.postgres.folder / "data", folder / "disk"
    used = subprocess.run(["du", "-sm", data], stdout=subprocess.PIPE, text=True, check=True)
    with small_disk(disk, int(used.stdout.split()[0]) + ROOM):
        with town.postgres.away():
            subprocess.run(["cp", "-a", data, disk], check=True)
        with server(disk) as url:
            yield disk, Postgres(disk, url.replace("/izmek?", "/postgres?"))


def need_another_file(postgres):
    """Of its log, as it does after every 16 MB, until it finds no room for one."""
    with suppress(psycopg2.Error):
        for _file in range(30):
            postgres.ask(LOG_ON)


def test_full(town, folder):
    ledger, answers = Ledger(), {}
    with cramped(town, folder) as (disk, postgres), town.open(DATABASE_URL=postgres.url) as site:
        crowd = [Applicant(site, town.course) for _ in range(6)]
        for one in crowd:
            one.open()
        for one in crowd[:3]:
            one.send(ledger)
        assert len(ledger) == 3
        filler = fill(disk)
        need_another_file(postgres)
        for one in crowd[3:]:
            answers[one] = one.send(ledger)
            need_another_file(postgres)
        assert Visitor(site).ask("/saglik/").status == 200
        assert len(ledger) < len(crowd), "it has refused something"
        for one, answer in answers.items():
            if one.phone not in ledger:
                assert answer.status == 503, answer
                assert "kaydedilmedi" in answer.text
        filler.unlink()
        postgres.start_if_down()
        time.sleep(3)
        for one, answer in answers.items():
            if one.phone not in ledger:
                one.send_again(answer, ledger)
        assert len(ledger) == len(crowd)
        assert Visitor(site).ask("/hazir/").status == 200
        ledger.check(postgres)
