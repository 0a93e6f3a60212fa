"""Redis killed or frozen, the cache's table gone: the site works, limits hold, and it says so."""

import pytest

from tests.faults.people import Applicant, Ledger, Visitor
from tests.server import PASSWORD

PAGES = ("/", "/sergiler/", "/kurslar/", "/eserler/")


def applicants(site, town, count):
    made = [Applicant(site, town.course) for _ in range(count)]
    for one in made:
        assert one.open().status == 200
    return made


def look_around(site):
    """All pages and a sign-in; how long the slowest took."""
    answers = [Visitor(site).ask(page) for page in PAGES]
    assert [answer.status for answer in answers] == [200] * len(PAGES)
    signed_in = Visitor(site).sign_in("yonetici", PASSWORD)
    assert "/yonetim/" in signed_in.address, signed_in
    return max(answer.seconds for answer in [*answers, signed_in])


def says_so(site, town):
    ready = Visitor(site).ask("/hazir/")
    assert ready.status == 200
    assert "önbellek: yanıt vermiyor" in ready.text
    assert ready.seconds < 2
    assert "WRONG  The cache answers" in town.manage("doctor", check=False).stdout


@pytest.mark.parametrize("fault", ["killed", "frozen"])
def test_redis(town, redis, fault):
    ledger = Ledger()
    with town.open(CACHE_URL=redis.url) as site:
        before, during, after = (applicants(site, town, 3) for _ in range(3))
        quick = look_around(site)
        for one in before:
            one.send(ledger)
        if fault == "killed":
            redis.kill()
            slow = look_around(site)
            for one in during:
                one.send(ledger)
            says_so(site, town)
            redis.start()
        else:
            with redis.frozen():
                slow = look_around(site)
                for one in during:
                    one.send(ledger)
                says_so(site, town)
        assert slow < quick + 1.5  # the timeout of each process, and what is made anew
        for one in after:
            one.send(ledger)
        assert len(ledger) == 9
    ledger.check(town.postgres)


def test_the_table_of_the_cache_is_gone(town):
    ledger = Ledger()
    with town.open() as site:
        some = applicants(site, town, 2)
        town.postgres.ask("ALTER TABLE izmek_cache RENAME TO gone")
        try:
            look_around(site)
            for one in some:
                one.send(ledger)
            says_so(site, town)
        finally:
            town.postgres.ask("ALTER TABLE gone RENAME TO izmek_cache")
        assert len(ledger) == 2
    ledger.check(town.postgres)
