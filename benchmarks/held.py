"""The load that a town bears for half an hour: pages of all kinds at a steady rate, and a ledger.

`python -m benchmarks.held` runs as a program of its own on the database of a town, as `measure` does;
`python -m benchmarks load` starts the servers for it. Pages are asked for when their moment has come, not
when the one before was answered, and a time counts from that moment: whoever waits because others wait is
in the figures. 90 % are the public's, 8 % teachers', 2 % those of staff. What was acknowledged
(applications, taps of the roll call, enrolments) is compared with the tables at the end. Prints one JSON
of all figures.
"""

import argparse
import heapq
import itertools
import json
import os
import queue
import random
import statistics
import sys
import threading
import time
from datetime import date, timedelta
from functools import partial
from urllib.parse import quote, unquote

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.load import TOKEN, Browser, expect, family, memory  # noqa: E402
from benchmarks.town import Town  # noqa: E402
from courses.enums import CourseState  # noqa: E402
from courses.models import Course, CourseCentre, Session  # noqa: E402
from exhibitions.models import Exhibition, Photo, Work  # noqa: E402
from izmek.site.demo.data import names  # noqa: E402
from tests.forms import main_form  # noqa: E402
from trainees.models import Absence, Application, Enrolment, Trainee  # noqa: E402

NGINX = os.environ.get("BENCH_NGINX", "")
CLIENTS = 64  # who may wait at the same time; more stand in line, and their time runs
MOST_IN_LINE = 3_000
FASTEST = 2.2  # seconds until the form of an application may come back
SAMPLES = 10  # seconds between two looks at the memory
TEACHERS = 25
CLERKS = 8
WORDS = ("kilim", "köşe", "mavi", "oya", "ebru", "lale", "kavak", "gümüş", "ayşe", "çini", "tezhip")


# --- Who asks for what --------------------------------------------------------------------------


class People:
    """Everybody who is at the site, and what they were told: the ledger."""

    def __init__(self, town, rng):
        self.town, self.rng = town, rng
        self.turns = itertools.count()
        self.lock = threading.Lock()
        self.applied, self.enrolled, self.marked = {}, {}, {}  # what was acknowledged
        self.unsure = set()  # sent, and nobody told what became of it
        self._look_up()

    def _look_up(self):
        town, rng = self.town, self.rng
        public = Work.objects.public().order_by("pk")
        works = public[:: max(1, public.count() // 3_000)]
        self.works = [work.get_absolute_url() for work in works]
        self.photos = [
            reverse("photo", args=[one.pk, next(name for name in one.files if "480" in name)])
            for one in Photo.objects.public().filter(work__isnull=False).order_by("pk")[:2_000]
        ]
        self.exhibitions = [one.get_absolute_url() for one in Exhibition.objects.public()[:200]]
        self.open = list(Course.objects.open_for_application().order_by("pk")[:300])
        self.courses = [course.get_absolute_url() for course in self.open]
        self.centres = sorted({course.centre.get_absolute_url() for course in self.open})
        self.teachers = self._teachers()
        for name in ("yonetici", "merkez"):
            setattr(self, name, town.signed_in(name))
        self.clerks = list(self._clerks())
        some = Enrolment.objects.filter(course__centre=town.centre).order_by("pk")
        self.seats = list(some.values_list("pk", "trainee")[:: max(1, some.count() // 500)])
        rng.shuffle(self.seats)

    def _clerks(self):
        """Who stands at a counter: (browser, courses). One alone may not look up so many numbers."""
        users = get_user_model().objects.filter(username__startswith="merkez").order_by("pk")
        for user in users[:CLERKS]:
            centre = CourseCentre.objects.filter(officers__user=user).order_by("pk").first()
            today = timezone.localdate()
            running = Course.objects.filter(centre=centre, state=CourseState.RUNNING)
            running = running.filter(begin__lte=today, end__gte=today)
            courses = list(running.order_by("pk")[:20])
            if courses:
                keys = [course.pk for course in courses]
                Course.objects.filter(pk__in=keys).update(capacity=5_000)
                yield self.town.signed_in(user.username), courses

    def _teachers(self):
        """Who teaches today or did lately: (browser, a course, a lesson, the keys of its seats)."""
        found = []
        today = timezone.localdate()
        users = get_user_model().objects.filter(username__startswith="ogretmen").order_by("pk")
        for user in users:
            lesson = (
                Session.objects.filter(
                    course__in=Course.objects.taught_by(user).filter(state=CourseState.RUNNING),
                    date__lte=today,
                    date__gte=today - timedelta(days=6),
                )
                .exclude(state="cancelled")
                .order_by("-date", "-pk")
                .first()
            )
            if lesson is None:
                continue
            seats = lesson.course.enrolments.holding_seat().filter(joined_on__lte=lesson.date)
            keys = list(seats.values_list("pk", flat=True))
            if keys:
                found.append((self.town.signed_in(user.username), lesson, keys))
            if len(found) == TEACHERS:
                break
        return found

    # --- The public -----------------------------------------------------------------------------

    def _stranger(self):
        """Somebody at an address of their own: limits count by it."""
        number = next(self.turns)
        where = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
        return partial(self._from, Browser(NGINX, {}), where)

    @staticmethod
    def _from(browser, where, path, fields=None):
        if fields is None:
            return browser.get(path, **{"X-Forwarded-For": where})
        browser.cookies = {"csrftoken": TOKEN}
        return browser.post(path, fields, **{"X-Forwarded-For": where})

    def read(self, paths, later):
        return expect(self._stranger()(self.rng.choice(paths)), 200)

    def search(self, later):
        words = " ".join(self.rng.sample(WORDS, self.rng.choice((1, 1, 2))))
        return expect(self._stranger()(f"/ara/?q={quote(words)}"), 200)

    def apply(self, later):
        """Opens the form; it comes back some seconds later."""
        ask, course = self._stranger(), self.rng.choice(self.open)
        page = f"/kurslar/{course.pk}/basvuru/"
        answer = expect(ask(page), 200)
        phone = f"+90555{next(self.turns) + 1_000_000:07}"
        form = main_form(answer.text) | {
            "first_name": self.rng.choice(names.WOMEN),
            "last_name": self.rng.choice(names.SURNAMES),
            "phone": phone,
            "birth_year": "1985",
            "already_certified": "no",
        }
        form.pop("csrfmiddlewaretoken", None)
        later(FASTEST, "public: application sent", partial(self._apply, ask, page, phone, form))
        return answer

    def _apply(self, ask, page, phone, form, later):
        self.unsure.add(phone)
        answer = expect(ask(page, form), 302)
        self.applied[phone] = unquote(answer.headers["location"].rstrip("/").rpartition("/")[2])
        self.unsure.discard(phone)
        return answer

    # --- Teachers -------------------------------------------------------------------------------

    def today(self, later):
        return expect(self.rng.choice(self.teachers)[0].get("/ogretmen/"), 200)

    def course(self, later):
        browser, lesson, _seats = self.rng.choice(self.teachers)
        return expect(browser.get(reverse("teacher-course", args=[lesson.course_id])), 200)

    def roll(self, later):
        browser, lesson, _seats = self.rng.choice(self.teachers)
        return expect(browser.get(reverse("teacher-roll", args=[lesson.pk])), 200)

    def tap(self, later):
        """Somebody is absent, or after all there: never two taps for one seat at the same moment."""
        with self.lock:
            while True:
                browser, lesson, seats = self.rng.choice(self.teachers)
                seat = self.rng.choice(seats)
                if (seat, lesson.pk) not in self.unsure:
                    break
            self.unsure.add((seat, lesson.pk))
        absent = not self.marked.get((seat, lesson.pk), False)
        line = {"enrolment": seat, "absent": "on" if absent else ""}
        line |= {"hours": "", "excused": "", "note": ""}
        address = reverse("teacher-roll-mark", args=[lesson.pk])
        answer = expect(browser.post(address, line, Accept="application/json"), 200)
        self.marked[seat, lesson.pk] = absent
        self.unsure.discard((seat, lesson.pk))
        return answer

    # --- Staff ----------------------------------------------------------------------------------

    def list(self, later):
        model = self.rng.choice(
            ("courses_course", "trainees_trainee", "trainees_enrolment", "trainees_application")
        )
        asked = self.rng.choice(("", "?o=1", "?q=ay%C5%9Fe"))
        address = reverse(f"admin:{model}_changelist") + asked
        return expect(self.rng.choice((self.yonetici, self.merkez)).get(address), 200)

    def first_page(self, later):
        return expect(self.rng.choice((self.yonetici, self.merkez)).get("/yonetim/"), 200)

    def person(self, later):
        _seat, trainee = self.rng.choice(self.seats)
        tab = self.rng.choice(("summary", "seats", "history"))
        address = reverse(f"admin:trainees_trainee_{tab}", args=[trainee])
        return expect(self.merkez.get(address), 200)

    def seat(self, later):
        seat, _trainee = self.rng.choice(self.seats)
        return expect(self.merkez.get(reverse("admin:trainees_enrolment_change", args=[seat])), 200)

    def counter(self, later):
        """Somebody new stands there: the number, then the form, then the seat."""
        number = next(self.turns)
        clerk, courses = self.rng.choice(self.clerks)
        address = reverse("admin:trainees_enrolment_counter")
        page = expect(clerk.get(f"{address}?course={self.rng.choice(courses).pk}"), 200)
        form = self._filled(page, who=names.identity_number(6_000_000 + number))
        phone = f"+90556{number:07}"
        letters = "".join("abcdefghij"[int(digit)] for digit in str(number))
        person = {
            "first_name": self.rng.choice(names.WOMEN),
            # Nobody else's name: the counter would ask whether it is the same person.
            "last_name": f"{self.rng.choice(names.SURNAMES)}{letters}",
            "birth_date": f"{date(1940, 1, 1) + timedelta(days=number % 20_000):%d%m%Y}",
            "phone": phone,
            "education": "3",
        }
        later(1, "staff: counter, number", partial(self._number, clerk, address, form, person))
        return page

    def _number(self, clerk, address, form, person, later):
        page = expect(clerk.post(address, form), 200)
        form = self._filled(page, **person, save="", joined_on=f"{timezone.localdate():%d.%m.%Y}")
        later(2, "staff: counter, enrolment", partial(self._enrol, clerk, address, form))
        return page

    def _enrol(self, clerk, address, form, later):
        self.unsure.add(form["phone"])
        answer = expect(clerk.post(address, form), 302)
        self.enrolled[form["phone"]] = int(
            answer.headers["location"].rstrip("/").rpartition("/")[2]
        )
        self.unsure.discard(form["phone"])
        return answer

    @staticmethod
    def _filled(page, **typed):
        form = main_form(page.text)
        form.pop("csrfmiddlewaretoken", None)
        return form | typed

    # --- The ledger -----------------------------------------------------------------------------

    def compare(self):
        """What is acknowledged and not there, or there twice, or there though nobody sent it."""
        wrong = []
        rows = Application.objects.filter(phone__startswith="+90555", phone__in=self._phones())
        there = {}
        for phone, reference in rows.values_list("phone", "reference"):
            if phone.as_e164 in there:
                wrong.append(f"two applications of {phone.as_e164}")
            there[phone.as_e164] = reference
        wrong += [f"no {one}" for one, what in self.applied.items() if there.get(one) != what]
        people = {}
        seats = Enrolment.objects.filter(pk__in=self.enrolled.values())
        for seat, phone in seats.values_list("pk", "trainee__phone"):
            people[phone.as_e164] = seat
        wrong += [
            f"no seat {one}" for one, what in self.enrolled.items() if people.get(one) != what
        ]
        once = Trainee.objects.filter(phone__in=list(self.enrolled)).count()
        if once != len(self.enrolled):
            wrong.append(f"{once} people for {len(self.enrolled)} enrolments")
        for (seat, lesson), absent in self.marked.items():
            rows = Absence.objects.filter(enrolment=seat, session=lesson).count()
            if rows != absent and (seat, lesson) not in self.unsure:
                wrong.append(f"roll of lesson {lesson}, seat {seat}: {rows} for {absent}")
        acknowledged = len(self.applied) + len(self.enrolled) + len(self.marked)
        return {"acknowledged": acknowledged, "unsure": len(self.unsure), "wrong": wrong}

    def _phones(self):
        return [*self.applied, *(one for one in self.unsure if isinstance(one, str))]


def mix(people):
    """[(share, kind, act)]; the shares add up to 100, as the issue of a page goes to somebody."""
    public = [
        (12, ["/"]),
        (2, ["/en/"]),
        (6, ["/sergiler/"]),
        (14, people.exhibitions),
        (20, people.works),
        (10, people.photos),
        (5, ["/eserler/", "/eserler/?sayfa=2", "/eserler/?satilik=1"]),
        (6, ["/kurslar/"]),
        (6, people.courses),
        (1, ["/merkezler/"]),
        (2, people.centres),
        (1, ["/rakamlarla/"]),
        (1, ["/belge/"]),
    ]
    yield from ((share, "public: read", partial(people.read, paths)) for share, paths in public)
    yield 3, "public: search", people.search
    yield 1, "public: application opened", people.apply
    yield 1.5, "teachers: today", people.today
    yield 1, "teachers: course", people.course
    yield 1.5, "teachers: roll", people.roll
    yield 4, "teachers: tap", people.tap
    yield 0.3, "staff: first page", people.first_page
    yield 0.6, "staff: list", people.list
    yield 0.5, "staff: person", people.person
    yield 0.3, "staff: seat", people.seat
    yield 0.3, "staff: counter opened", people.counter


# --- The clock ----------------------------------------------------------------------------------


class Load:
    """Asks at the moments of a Poisson process; never more than CLIENTS at once."""

    def __init__(self, people, minutes, rate):
        self.people, self.rate = people, rate
        self.rng = random.Random(2)  # noqa: S311
        self.seconds = minutes * 60
        self.agenda, self.line = [], queue.Queue()
        self.order = itertools.count()
        self.lock = threading.Lock()
        self.times, self.errors, self.of_minute = {}, {}, []
        self.acts = list(mix(people))

    def run(self, watch):
        self.began = time.monotonic()
        threads = [threading.Thread(target=self._work, daemon=True) for _one in range(CLIENTS)]
        for thread in threads:
            thread.start()
        shares = [share for share, _kind, _act in self.acts]
        moment, told = 0.0, 0
        while moment < self.seconds:
            _share, kind, act = self.rng.choices(self.acts, shares)[0]
            self._plan(moment, kind, act)
            moment += self.rng.expovariate(self.rate)
            self._until(moment)
            watch(moment)
            if moment // 60 > told:
                told = moment // 60
                self._tell(told)
            if self.line.qsize() > MOST_IN_LINE:
                self._give_up(moment)
                break
        else:
            self._until(self.seconds + 5)  # what was begun is sent
        for _thread in threads:
            self.line.put(None)
        for thread in threads:
            thread.join(120)

    def _give_up(self, moment):
        """What was answered so far is reported; that it ended early is an error."""
        with self.line.mutex:
            self.line.queue.clear()
        said = f"ended after {moment:.0f} s: {MOST_IN_LINE:,} pages stood in line, more than the site bears"
        with self.lock:
            self.errors[said] = [moment]

    def _tell(self, minute):
        with self.lock:
            lately, self.of_minute = self.of_minute, []
        late = _spread(lately)["p95"] if lately else 0
        print(
            f"minute {minute:.0f}: {len(lately):,} pages, p95 {late:,.0f} ms, "
            f"{len(self.errors)} kinds of errors, {self.line.qsize()} in line",
            file=sys.stderr,
            flush=True,
        )

    def _plan(self, moment, kind, act):
        with self.lock:
            heapq.heappush(self.agenda, (moment, next(self.order), kind, act))

    def _until(self, moment):
        """Hand over what is due until then."""
        while True:
            with self.lock:
                due = self.agenda[0][0] if self.agenda else moment
            due = min(due, moment)
            wait = self.began + due - time.monotonic()
            if wait > 0:
                time.sleep(min(wait, 0.05))
                continue
            with self.lock:
                if self.agenda and self.agenda[0][0] <= moment:
                    self.line.put(heapq.heappop(self.agenda))
                    continue
            if due >= moment:
                return

    def _work(self):
        while one := self.line.get():
            moment, _order, kind, act = one

            def later(seconds, what, how):
                self._plan(time.monotonic() - self.began + seconds, what, how)

            try:
                act(later)
            except Exception as error:
                with self.lock:
                    self.errors.setdefault(f"{kind}: {error!s:.200}", []).append(moment)
            took = time.monotonic() - self.began - moment
            with self.lock:
                self.times.setdefault(kind, []).append(took * 1000)
                self.of_minute.append(took * 1000)

    def figures(self):
        """{kind: {count, p50, p95, p99, most}}, in ms; each kind by itself, by who asks, and all."""
        by = {}
        for kind, times in self.times.items():
            for name in (kind, kind.partition(":")[0], "all"):
                by.setdefault(name, []).extend(times)
        return {kind: _spread(times) for kind, times in by.items()}


def _spread(times):
    times = sorted(times)
    cut = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return {"count": len(times), "p50": cut[49], "p95": cut[94], "p99": cut[98], "most": times[-1]}


class Memory:
    """What each server holds, in MB, looked at now and then."""

    def __init__(self):
        self.pids = json.loads(os.environ["BENCH_FAMILIES"])
        self.seen, self.next = [], 0

    def __call__(self, moment):
        if moment >= self.next:
            self.next = moment + SAMPLES
            self.seen.append({name: memory(family(pid)) for name, pid in self.pids.items()})

    def figures(self):
        """{server: {minute: MB}} at the start (after a minute), in the middle and at the end; the most."""
        at = {"start": min(len(self.seen) - 1, 60 // SAMPLES)}
        at |= {"middle": len(self.seen) // 2, "end": len(self.seen) - 1}
        return {
            name: {when: self.seen[index][name] for when, index in at.items()}
            | {"most": max(one[name] for one in self.seen)}
            for name in self.pids
        }


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.held")
    parser.add_argument("minutes", type=float)
    parser.add_argument("rate", type=float)
    asked = parser.parse_args()
    people = People(Town(partial(Browser, NGINX)), random.Random(1))  # noqa: S311
    load, watch = Load(people, asked.minutes, asked.rate), Memory()
    load.run(watch)
    found = {
        "kinds": load.figures(),
        "errors": {what: len(when) for what, when in load.errors.items()},
        "memory": watch.figures(),
        "ledger": people.compare(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
