"""Races for seats on PostgreSQL, with real threads (DESIGN.md §3: the gate).

Each first shows the race without the locks, at a point where the threads meet; then the same with
them.
"""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from courses import services as course_services
from courses.models import Course
from izmek.acts.bulk import bulk_create
from izmek.acts.refusal import Refusal
from izmek.models import User
from tests import factories
from tests.races.together import (
    Crowd,
    Interruption,
    Meeting,
    at_once,
    before_saving,
    without_locks,
)
from trainees import services
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Application, Enrolment, Trainee
from trainees.services import seats

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ENROLLED, OFFERED, RECEIVED = (
    ApplicationState.ENROLLED,
    ApplicationState.OFFERED,
    ApplicationState.RECEIVED,
)


def enrolling(who, to, **fields):
    return partial(services.enrol, trainee=who, course=to, by=None, **fields)


def applying(to, number, **fields):
    """Somebody applies at the counter, so that the application counts as confirmed."""
    return partial(
        services.apply,
        course=to,
        by=User.objects.filter(username="counter").first()
        or factories.user("yonetici", username="counter"),
        first_name=f"Ad{number}",
        last_name="Yılmaz",
        phone=f"0555111{number:04d}",
        birth_year=1980,
        **fields,
    )


def open_course(capacity):
    begin = timezone.localdate() + timedelta(days=30)
    return factories.course("open", begin=begin, capacity=capacity)


def of_kind(results, kind):
    return [result for result in results if isinstance(result, kind)]


# --- The last seat ----------------------------------------------------------------------------


def two_for_the_last_seat():
    to = factories.course(capacity=1)
    people = [factories.trainee(name) for name in ("Ayşe", "Fatma")]
    with before_saving(Enrolment, call=Meeting()):
        results = at_once(*(enrolling(who, to) for who in people))
    return to, results


def test_without_locks_the_last_seat_is_given_twice(monkeypatch):
    without_locks(monkeypatch)
    to, _results = two_for_the_last_seat()
    assert to.seats_taken == 2


def test_the_last_seat_is_given_once_and_the_other_is_told():
    to, results = two_for_the_last_seat()
    assert to.seats_taken == 1
    assert [refusal.reason for refusal in of_kind(results, Refusal)] == ["full"]


# --- One trainee, three courses ---------------------------------------------------------------


def three_courses_at_once():
    who = factories.trainee()
    courses = [factories.course() for _ in range(3)]
    with before_saving(Enrolment, call=Meeting(3)):
        results = at_once(*(enrolling(who, to) for to in courses))
    return who, results


def test_without_locks_one_trainee_gets_three_courses(monkeypatch):
    without_locks(monkeypatch)
    who, _results = three_courses_at_once()
    assert who.enrolments.count() == 3


def test_one_trainee_gets_two_of_three_courses():
    who, results = three_courses_at_once()
    assert who.enrolments.count() == 2
    assert [refusal.reason for refusal in of_kind(results, Refusal)] == ["too many"]


# --- Double clicks ----------------------------------------------------------------------------


def clicked(times):
    who, to = factories.trainee(), factories.course()
    with before_saving(Enrolment, call=Meeting(times)):
        return at_once(*[enrolling(who, to)] * times)


def test_without_locks_a_double_click_fails(monkeypatch):
    without_locks(monkeypatch)
    assert of_kind(clicked(5), IntegrityError)


def test_the_same_enrolment_clicked_twenty_times_is_one():
    results = clicked(20)
    assert len(set(results)) == 1
    assert Enrolment.objects.get() == results[0]
    assert Enrolment.history.count() == 1


# --- An offer expires while she comes ---------------------------------------------------------


def clock_passes(application):
    Application.objects.filter(pk=application.pk).update(
        offer_until=timezone.now() - timedelta(seconds=1)
    )


def comes_as_the_offer_ends():
    """One seat, offered to the first; the second waits. While the first is let in – her offer was
    looked at and stood – its time passes, and the queue is moved up."""
    to = open_course(capacity=1)
    first, second = applying(to, 1)(), applying(to, 2)()
    who = factories.trainee("Ad1", "Yılmaz")
    interruption = Interruption()

    def clock():
        interruption.reached()
        clock_passes(first)
        services.advance_queue(course=to)
        interruption.acted()

    accept = partial(services.accept_offer, application=first, trainee=who, by=None)
    with before_saving(Application, call=interruption):
        results = at_once(accept, clock)
    assert not of_kind(results, Exception)
    first.refresh_from_db()
    second.refresh_from_db()
    return to, first, second


def test_without_locks_the_seat_is_given_and_offered_on(monkeypatch):
    without_locks(monkeypatch)
    to, _first, second = comes_as_the_offer_ends()
    assert (to.seats_taken, second.state) == (2, OFFERED)


def test_an_offer_that_ends_while_she_is_let_in_is_a_seat():
    to, first, second = comes_as_the_offer_ends()
    assert (to.seats_taken, first.state, second.state) == (1, ENROLLED, RECEIVED)


def test_at_the_very_moment_either_happens_but_never_both():
    outcomes = [(ENROLLED, RECEIVED), (ApplicationState.EXPIRED, OFFERED)]
    with Crowd(4) as crowd:
        for _ in range(10):
            to = open_course(capacity=1)
            first, second = applying(to, 1)(), applying(to, 2)()
            Application.objects.filter(pk=first.pk).update(
                offer_until=timezone.now() + timedelta(milliseconds=15)
            )
            who = factories.trainee("Ad1", "Yılmaz")
            accept = partial(services.accept_offer, application=first, trainee=who, by=None)
            advance = partial(services.advance_queue, course=to)
            results = crowd.at_once(accept, advance, advance, advance)
            services.advance_queue(course=to)
            first.refresh_from_db()
            second.refresh_from_db()
            assert not of_kind(results[1:], Exception)
            assert (first.state, second.state) in outcomes
            assert to.enrolments.exists() == (first.state == ENROLLED)
            if first.state != ENROLLED:
                # Its time ended before the gate looked, or between two looks of the gate.
                assert results[0].reason in ("expired", "queue")


# --- The capacity -----------------------------------------------------------------------------


def smaller_while_a_seat_is_given():
    to = factories.course(capacity=2)
    factories.enrolment(of=to)
    smaller = Course.objects.get(pk=to.pk)
    smaller.capacity = 1
    with before_saving(Course, Enrolment, call=Meeting()):
        results = at_once(
            partial(course_services.save_course, course=smaller, by=None),
            enrolling(factories.trainee("Ayşe"), to),
        )
    to.refresh_from_db()
    return to, results


def test_without_locks_the_capacity_falls_below_the_seats(monkeypatch):
    without_locks(monkeypatch)
    to, _results = smaller_while_a_seat_is_given()
    assert (to.capacity, to.seats_taken) == (1, 2)


def test_the_capacity_never_falls_below_the_seats():
    to, results = smaller_while_a_seat_is_given()
    assert to.capacity == to.seats_taken
    assert [refusal.reason for refusal in of_kind(results, Refusal)] in (["full"], ["capacity"])


# --- Two transfers, crosswise -----------------------------------------------------------------


def swapped():
    """Two trainees change places between two courses, each act locking both courses."""
    programme = factories.programme()
    courses = [factories.course(programme=programme) for _ in range(2)]
    enrolments = [
        factories.enrolment(factories.trainee(name), course)
        for name, course in zip(("Ayşe", "Fatma"), courses, strict=True)
    ]
    return at_once(
        *(
            partial(services.transfer, enrolment=enrolment, course=course, reason="Saat", by=None)
            for enrolment, course in zip(enrolments, reversed(courses), strict=True)
        )
    )


def test_locking_courses_as_they_come_deadlocks(monkeypatch):
    monkeypatch.setattr(Meeting, "patience", 30)
    meeting = Meeting()

    def as_they_come(first, second):
        first = course_services.lock_course(first)
        meeting()
        return first, course_services.lock_course(second)

    monkeypatch.setattr(seats, "lock_courses", as_they_come)
    assert "deadlock" in str(of_kind(swapped(), OperationalError)[0])


def test_locking_courses_by_id_does_not():
    for _ in range(5):
        results = swapped()
        assert [result.state for result in results] == [EnrolmentState.ENROLLED] * 2


# --- One person, registered twice -------------------------------------------------------------


def test_two_who_register_the_same_person_get_the_same_trainee():
    def register():
        return services.register_trainee(
            trainee=Trainee(first_name="Ayşe", last_name="Ak"),
            kind="tckn",
            number="10000000146",
            by=None,
        )

    with before_saving(Trainee, call=Meeting()):
        results = at_once(register, register)
    assert results[0] == results[1] == Trainee.objects.get()


# --- All at once ------------------------------------------------------------------------------


class Rush:
    """Three seats; twenty apply, a teacher and an officer bring someone along, others accept what
    is offered, one gives up."""

    def __init__(self, number, officer, **fields):
        begin = timezone.localdate() + timedelta(days=30)
        self.course = factories.course("open", begin=begin, capacity=3, **fields)
        self.officer = officer
        self.people = {
            who.first_name: who
            for who in bulk_create(
                Trainee(first_name=f"Ad{place}", last_name="Yılmaz", birth_date=date(1980, 5, 17))
                for place in range(20)
            )
        }
        self.walk_ins = [
            factories.trainee("Sevim", f"Kaya{number}", phone=f"0555222{number:04d}"),
            factories.trainee("Nurten", f"Kaya{number}", phone=f"0555333{number:04d}"),
        ]

    def acts(self):
        return [
            *(applying(self.course, place) for place in range(20)),
            partial(self.walk_in, self.walk_ins[0], by=None),
            partial(self.walk_in, self.walk_ins[1], by=self.officer),
            self.accept,
            self.accept,
            self.give_up,
        ]

    def walk_in(self, who, by):
        try:
            services.enrol(trainee=who, course=self.course, by=by)
        except Refusal as refusal:
            assert refusal.reason in ("full", "queue")
            services.put_on_waiting_list(trainee=who, course=self.course, by=by)

    def accept(self):
        for offer in list(self.course.applications.live_offers().filter(trainee=None)):
            try:
                who = self.people[offer.first_name]
                services.accept_offer(application=offer, trainee=who, by=None)
            except Refusal as refusal:
                assert refusal.reason == "application", "given up in the meantime"

    def give_up(self):
        offer = self.course.applications.live_offers().first()
        if offer:
            try:
                services.withdraw_application(application=offer, by=self.officer)
            except Refusal as refusal:
                assert refusal.reason == "state", "accepted in the meantime"

    def check(self):
        """Exactly three seats, everyone else one open application, in order of receipt."""
        course = self.course
        assert course.enrolments.holding_seat().count() == course.capacity == course.seats_taken
        applications = list(course.applications.order_by("received_at", "pk"))
        states = [
            application.state
            for application in applications
            if application.state != ApplicationState.WITHDRAWN
        ]
        served = states.count(ENROLLED)
        assert states == [ENROLLED] * served + [RECEIVED] * (len(states) - served)
        people = {(application.phone, application.folded) for application in applications}
        assert len(people) == len(applications) >= 20
        for who in self.walk_ins:
            waits = who.applications.filter(state=RECEIVED).count()
            assert who.enrolments.count() + waits == 1


def test_a_rush_for_three_seats_ends_right_twenty_times():
    fields = {
        "programme": factories.programme(),
        "centre": factories.centre(),
        "teacher": factories.teacher(),
    }
    officer = factories.user("yonetici")
    with Crowd(25) as crowd:
        for number in range(20):
            rush = Rush(number, officer, **fields)
            assert not of_kind(crowd.at_once(*rush.acts()), Exception)
            rush.accept()
            rush.accept()
            rush.check()
