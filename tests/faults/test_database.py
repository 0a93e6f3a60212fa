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
    """All processes are asked for what needs it: each says so in time, and one always that it lives."""
    ledger, answers = Ledger(), {}
    with town.open(STATEMENT_SECONDS="4") as site:
        crowd = [Applicant(site, town.course) for _ in range(6)]
        for one in crowd:
            one.open()

        def send(one):
            answers[one] = one.send(ledger)

        sent = [threading.Thread(target=send, args=[one]) for one in crowd]
        with town.postgres.frozen():
            for thread in sent:
                thread.start()
            while any(thread.is_alive() for thread in sent):
                assert Visitor(site).ask("/saglik/").seconds < 1
                time.sleep(0.1)
            ready = Visitor(site).ask("/hazir/")
            assert (ready.status, ready.seconds < 3) == (503, True), ready
            assert "veritabanı: yanıt vermiyor" in ready.text
        assert len(answers) == len(crowd)
        for answer in answers.values():
            assert answer.status == 503, answer
            assert answer.headers["Retry-After"]
            assert "Veritabanına şu anda ulaşılamıyor" in answer.text
            assert answer.seconds < 4 + 2
        assert not ledger
        time.sleep(3)  # it is not asked again at once
        for one in crowd:
            one.send_again(answers[one], ledger)
        assert len(ledger) == len(crowd)
        assert Visitor(site).ask("/hazir/").status == 200
    ledger.check(town.postgres)
