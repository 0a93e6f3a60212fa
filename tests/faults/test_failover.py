"""The first PostgreSQL is lost while people apply; its follower takes over, and nothing is missing."""

import threading
import time

from tests.faults.pair import pair
from tests.faults.people import Applicant, Ledger, Visitor
from tests.faults.test_workers import until


def test_the_second_takes_over(town):
    with pair(town) as (first, second):
        # As docs/operating.md has it: a commit is one when both have it.
        first.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        first.ask("SELECT pg_reload_conf()")
        both = f"host={first.host},{second.host}&target_session_attrs=read-write"
        ledger = Ledger()
        with town.open(DATABASE_URL=f"postgres://izmek@/postgres?{both}") as site:
            crowd = [Applicant(site, town.course) for _one in range(8)]
            for one in crowd:
                one.open()
            threads = [threading.Thread(target=one.send, args=[ledger]) for one in crowd]
            for number, thread in enumerate(threads):
                thread.start()
                time.sleep(0.3)
                if number == len(threads) // 2:
                    until(lambda: ledger, 30)  # somebody was told
                    first.stop()  # as if its host had burned
            for thread in threads:
                thread.join(60)
            told = Visitor(site).ask("/kurslar/")
            assert told.status == 503 and told.headers["Retry-After"]

            second.promote()
            assert Visitor(site).ask("/hazir/").status == 200
            assert Visitor(site).ask("/").status == 200
            later = Applicant(site, town.course)
            later.open()
            later.send(ledger)
            assert later.phone in ledger and len(ledger) > 1
        ledger.check(second)
