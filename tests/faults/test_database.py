"""PostgreSQL restarted, away, frozen, a lock held: a sentence instead of silence, and no write lost."""

import threading
import time

from tests.faults.people import Applicant, Ledger, Visitor

LOCKED = "LOCK TABLE trainees_application IN SHARE MODE"  # nobody may write


def test_a_lock_is_held(town):
    """Who sends a form is told that nothing was saved, and sends it again from that page."""
    ledger = Ledger()
    with town.open() as site:
        one = Applicant(site, town.course)
        one.open()
        with town.postgres.holding(LOCKED):
            answer = one.send(ledger)
            assert answer.status == 503
            assert "hiçbir şey kaydedilmedi" in answer.text
            assert answer.headers["Retry-After"]
            assert answer.seconds < 3
            assert Visitor(site).ask("/saglik/").seconds < 1
            assert Visitor(site).ask("/").status == 200
        assert not ledger
        assert one.send_again(answer, ledger).status == 200
        assert one.phone in ledger
    ledger.check(town.postgres)


def test_restarted_while_people_apply(town):
    ledger = Ledger()
    with town.open() as site:
        crowd = [Applicant(site, town.course) for _ in range(12)]
        for one in crowd:
            one.open()

        def insist(one):
            """Until somebody says that it is in, as people do."""
            answer = one.send(ledger)
            for _attempt in range(10):
                if one.phone in ledger:
                    return
                time.sleep(4)  # who tries again every moment is stopped by the limits
                again = answer and "Yeniden gönder" in answer.text
                answer = one.send_again(answer, ledger) if again else one.send(ledger)

        threads = [threading.Thread(target=insist, args=[one]) for one in crowd]
        for number, thread in enumerate(threads):
            thread.start()
            time.sleep(0.15)
            if number in (3, 7):
                town.postgres.restart()
        for thread in threads:
            thread.join(60)
        assert len(ledger) == len(crowd)
    ledger.check(town.postgres)


def test_away(town):
    with town.open() as site:
        assert Visitor(site).ask("/").status == 200
        with town.postgres.away():
            for page in ("/", "/kurslar/", "/sergiler/"):
                answer = Visitor(site).ask(page)
                assert answer.status == 503, answer
                assert answer.headers["Retry-After"]
                assert "Veritabanına şu anda ulaşılamıyor" in answer.text
                assert answer.seconds < 3
            assert Visitor(site).ask("/saglik/").seconds < 1
            ready = Visitor(site).ask("/hazir/")
            assert (ready.status, ready.seconds < 2) == (503, True)
            assert "veritabanı: yanıt vermiyor" in ready.text
        assert Visitor(site).ask("/").status == 200
        assert Visitor(site).ask("/hazir/").status == 200


def test_frozen(town):
    ledger = Ledger()
    with town.open() as site:
        one = Applicant(site, town.course)
        one.open()
        with town.postgres.frozen():
            assert Visitor(site).ask("/saglik/").seconds < 1
            ready = Visitor(site).ask("/hazir/")
            assert (ready.status, ready.seconds < 3) == (503, True), ready
            sent = threading.Thread(target=one.send, args=[ledger])
            sent.start()
            time.sleep(3)
            assert Visitor(site).ask("/saglik/").seconds < 1
        sent.join(60)
        assert one.phone in ledger
    ledger.check(town.postgres)
