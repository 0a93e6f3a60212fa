"""Few seats for many, while processes are killed and PostgreSQL restarts: never one too many, in turn."""

import re
import threading
import time
from email import message_from_bytes

from tests.faults.mail_server import mail_server
from tests.faults.people import Applicant, Ledger
from tests.forms import main_form

SEATS, PEOPLE, GIVE_UP = 3, 9, 2
FEW_SEATS = f"""
from datetime import timedelta
from django.utils import timezone
from courses.models import Course
from tests import factories
like = Course.objects.get(pk=%d)
begin = timezone.localdate() + timedelta(days=30)
same = dict(centre=like.centre, programme=like.programme, teacher=like.teacher, term=like.term)
print(factories.course(state="open", capacity={SEATS}, begin=begin, **same).pk)
"""
QUEUE = """
SELECT reference, state FROM trainees_application WHERE course_id = %s ORDER BY received_at, id
"""
LINK = re.compile(r"https?://[^/\s]+(/basvurum/(\S+?)/onay/\S+)")


def links(letters):
    """Reference → the address of the link that confirms it."""
    texts = [message_from_bytes(one.encode()).get_payload(decode=True).decode() for one in letters]
    found = (match for text in texts if (match := LINK.search(text)))
    return {match[2]: match[1] for match in found}


def at_once(people, act, faults):
    """All do it at once, and go on until they are told that it is done; meanwhile faults happen."""
    done = set()

    def insist(one):
        for _attempt in range(12):
            try:
                if act(one):
                    done.add(one)
                    return
            except OSError:  # broken off
                pass
            time.sleep(2)

    threads = [threading.Thread(target=insist, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for fault in faults:
        time.sleep(0.4)
        fault()
    for thread in threads:
        thread.join(120)
    assert done == set(people)


def test_no_seat_is_given_twice_and_nobody_is_passed_over(town):
    course, ledger = int(town.python(FEW_SEATS % town.course)), Ledger()
    with mail_server() as server, town.open(EMAIL_URL=server.url) as site:
        people = [Applicant(site, course) for _ in range(PEOPLE)]
        for one in people:
            assert one.open().status == 200
            one.form["email"] = f"biri{one.number}@example.org"
        for one in people:
            one.send(ledger)
        assert len(ledger) == PEOPLE
        for _attempt in range(100):
            if len(addresses := links(server.letters)) == PEOPLE:
                break
            time.sleep(0.2)

        def confirms(one):
            return sends(one, addresses[ledger[one.phone]])

        def gives_up(one):
            address = f"/basvurum/{ledger[one.phone]}/vazgec/"
            return sends(one, address, phone_digits=one.phone[-4:])

        at_once(people, confirms, [town.kill_web, town.postgres.restart, town.kill_web])
        queue = town.postgres.ask(QUEUE, course)
        assert [reference for reference, _state in queue] == list(ledger.values())
        offered = [reference for reference, state in queue if state == "offered"]
        assert len(offered) == SEATS
        waiting = [reference for reference, state in queue if state == "received"]
        assert len(waiting) == PEOPLE - SEATS

        leaving = [one for one in people if ledger[one.phone] in offered[:GIVE_UP]]
        at_once(leaving, gives_up, [town.kill_web])
        states = dict(town.postgres.ask(QUEUE, course))
        now = [reference for reference, state in states.items() if state == "offered"]
        assert set(now) == {*offered[GIVE_UP:], *waiting[:GIVE_UP]}
    ledger.check(town.postgres)


def sends(one, address, **typed):
    """Whether the form of a page was taken, now or before."""
    page = one.ask(address)
    if page.status == 200 and page.address.endswith(address):
        page = one.ask(address, main_form(page.text) | typed)
    return page.status == 200 and not page.address.endswith(address)
