"""A mail server that refuses, hangs or breaks off: no page waits, and what is recorded is true."""

import time

import pytest

from tests.faults.mail_server import mail_server
from tests.faults.people import Applicant, Ledger

STATE = 'SELECT state, attempts, error FROM izmek_letter WHERE "to" = %s'


def letter(town, to, until):
    """Its (state, attempts, error) once it is as awaited, or after some seconds."""
    for _attempt in range(100):
        [found] = town.postgres.ask(STATE, to)
        if until(*found):
            return found
        time.sleep(0.1)
    return found


@pytest.mark.parametrize(
    ("way", "state", "said"),
    [
        ("takes", "sent", ""),
        ("refuses", "waiting", "550"),
        ("hangs", "waiting", ""),
        ("breaks off", "failed", "ulaşmış olabilir"),
    ],
)
def test_a_letter(town, way, state, said):
    ledger = Ledger()
    with mail_server() as server, town.open(EMAIL_URL=server.url, EMAIL_TIMEOUT="2") as site:
        server.way = way
        one = Applicant(site, town.course)
        one.open()
        one.form["email"] = to = f"biri{one.number}@example.org"
        answer = one.send(ledger)
        assert answer.seconds < 1.5, "nobody waits for a mail server"
        assert one.phone in ledger
        found = letter(town, to, lambda state, tries, error: tries and (state == "sent" or error))
        assert (found[0], found[1]) == (state, 1)
        assert said in found[2]
        # Minutes later the timer comes.
        town.postgres.ask('UPDATE izmek_letter SET next_try_at = now() WHERE "to" = %s', to)
        server.way = "takes"
        town.manage("send_letters")
        [(state, tries, error)] = town.postgres.ask(STATE, to)
        if way == "breaks off":
            assert (state, tries) == ("failed", 1), "not sent twice blindly"
        else:
            assert (state, error) == ("sent", "")
        assert len([one for one in server.letters if to in one]) == 1
    ledger.check(town.postgres)


def test_a_hanging_server_is_not_asked_for_every_letter(town):
    with mail_server() as server:
        server.way = "hangs"
        town.postgres.ask("UPDATE izmek_letter SET state = 'sent' WHERE state = 'waiting'")
        town.postgres.ask("DELETE FROM izmek_letter WHERE \"to\" LIKE 'bekler%%'")  # of a kept town
        write = (
            "from izmek.models import Letter\n"
            "for n in range(8): Letter.objects.create(kind='offer', to=f'bekler{n}@example.org')"
        )
        town.python(write)
        began = time.monotonic()
        town.manage("send_letters", EMAIL_URL=server.url, EMAIL_TIMEOUT="1")
        assert time.monotonic() - began < 8
        rows = town.postgres.ask("SELECT attempts FROM izmek_letter WHERE \"to\" LIKE 'bekler%%'")
        assert sorted(rows) == [(0,)] * 6 + [(1,)] * 2
