"""All who use the site while it goes from one release to another, and the pages that must open for them."""

import re
import threading
import time
from collections import Counter

from tests.faults.people import Visitor
from tests.faults.test_rolling import Crowd
from tests.forms import main_form
from tests.server import PASSWORD

# Prints a lesson whose roll the teacher of the demo may call, and some of those who are on it.
LESSON = """
from django.utils import timezone
from courses.models import Course, Session
from izmek.acts.refusal import Refusal
from izmek.models import User
from trainees.services import check_roll
teacher = User.objects.get(username="ogretmen")
lessons = Session.objects.filter(course__in=Course.objects.taught_by(teacher))
for lesson in lessons.filter(date__lte=timezone.localdate()).order_by("-date", "-pk"):
    seats = lesson.course.enrolments.holding_seat().filter(joined_on__lte=lesson.date)
    try:
        check_roll(session=lesson, by=teacher)
    except Refusal:
        continue
    print(lesson.pk, *seats.values_list("pk", flat=True)[:6])
    break
"""


class Users(Crowd):
    """Beside those who read and apply: a teacher who calls the roll, and files that the pages name."""

    def __init__(self, site, course, lesson, seats):
        super().__init__(site, course)
        self.lesson, self.seats, self.marked, self.taps = lesson, seats, {}, 0
        self.teacher, self.form = None, None
        acts = (self.read, *[self.apply] * 3, self.tap, self.look)
        self.threads = [threading.Thread(target=self.go_on, args=[act]) for act in acts]

    def look(self):
        """A page with all that it is made of."""
        visitor = Visitor(self.site)
        answer = visitor.ask("/")
        self.note(answer)
        files = re.findall(r'(?:href|src)="(/(?:static|gorsel)/[^"]+)"', answer.text)
        for file in dict.fromkeys(files):
            self.answers += 1
            with visitor.browser.open(self.site + file, timeout=60) as found:
                found.read()
        time.sleep(0.3)

    def tap(self):
        """Absent, and the next time after all there."""
        if self.teacher is None:
            self.teacher = Visitor(self.site)
            self.note(self.teacher.sign_in("ogretmen", PASSWORD))
        page = f"/ogretmen/ders/{self.lesson}/"
        if self.taps % 20 == 0:
            self.form = main_form(self.of_the_teacher(page).text)
            self.of_the_teacher("/ogretmen/")
        seat = self.seats[self.taps % len(self.seats)]
        absent = not self.marked.get(seat)
        line = {"csrfmiddlewaretoken": self.form["csrfmiddlewaretoken"], "enrolment": seat}
        line |= {"absent": "on" if absent else "", "hours": "", "excused": "", "note": ""}
        if self.of_the_teacher(f"{page}isaret/", line).status == 200:
            self.marked[seat] = absent
        self.taps += 1
        time.sleep(0.1)

    def of_the_teacher(self, page, data=None):
        answer = self.teacher.ask(page, data)
        self.note(answer)
        if "/hesap/" in answer.address:
            self.wrong.append(f"signed out before {page}")
        return answer

    def check(self, postgres):
        """What was acknowledged is there, once."""
        self.ledger.check(postgres)
        rows = postgres.ask(
            "SELECT enrolment_id FROM trainees_absence WHERE session_id = %s", self.lesson
        )
        absent = Counter(seat for (seat,) in rows if seat in self.marked)
        assert absent == Counter(seat for seat, there in self.marked.items() if there)


def links(answer, begin):
    """The addresses that a page names and that begin so."""
    found = dict.fromkeys(re.findall(r'href="(/[^"#?]*)"', answer.text))
    return [path for path in found if path.startswith(begin)]


def pages_that_fail(site, course, lesson):
    """The main pages as those see them who work with them; gives what is no 200.

    One of each kind of public page, the form of an application, the teacher's day, all lists of the panel.
    """
    wrong = []

    def ask(visitor, path):
        answer = visitor.ask(path)
        if answer.status != 200 or "/hesap/" in answer.address:
            wrong.append((path, answer))
        return answer

    visitor, teacher, manager = (Visitor(site) for _who in range(3))
    for path in ("/", "/rakamlarla/", "/belge/", "/iletisim/", "/ara/?q=oya", "/en/"):
        ask(visitor, path)
    for kind in ("/sergiler/", "/eserler/", "/kurslar/", "/merkezler/"):
        answer = ask(visitor, kind)
        some = [one for one in links(answer, kind) if one.count("/") > 2]
        if some:
            ask(visitor, some[0])
        else:
            wrong.append((f"{kind} names none", answer))
    ask(visitor, f"/kurslar/{course}/basvuru/")
    teacher.sign_in("ogretmen", PASSWORD)
    for path in (*links(ask(teacher, "/ogretmen/"), "/ogretmen/"), f"/ogretmen/ders/{lesson}/"):
        ask(teacher, path)
    manager.sign_in("yonetici", PASSWORD)
    lists = links(ask(manager, "/yonetim/"), "/yonetim/")
    assert len(lists) > 20
    for path in lists:
        ask(manager, path)
    return wrong
