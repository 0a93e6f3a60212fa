"""Applications and the queue (DESIGN.md §3, Application; DOMAIN.md §3, Who)."""

from datetime import timedelta
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import services as course_services
from izmek.acts.letters import deliver
from izmek.acts.refusal import Refusal
from izmek.models import Letter
from izmek.text.codes import read_code
from tests import factories
from tests.refusals import refused
from trainees import services
from trainees.enums import ApplicationState
from trainees.models import Application

pytestmark = pytest.mark.django_db

RECEIVED, OFFERED = ApplicationState.RECEIVED, ApplicationState.OFFERED


def course(capacity=1, **fields):
    """A course that takes applications and begins in a month."""
    fields.setdefault("state", "open")
    fields.setdefault("begin", timezone.localdate() + timedelta(days=30))
    return factories.course(capacity=capacity, **fields)


_phones = count(1)


def received(to, name="Ayşe", phone="05551112233", **fields):
    """An application that nobody has confirmed yet."""
    fields.setdefault("birth_year", 1980)
    return services.apply(course=to, first_name=name, last_name="Yılmaz", phone=phone, **fields)


def applied(*args, **fields):
    """A confirmed application."""
    return factories.confirmed(received(*args, **fields))


def again(application):
    return Application.objects.get(pk=application.pk)


def expire(application):
    """Let the clock pass the end of an offer."""
    Application.objects.filter(pk=application.pk).update(
        offer_until=timezone.now() - timedelta(minutes=1)
    )


def states(of):
    return [application.state for application in of.applications.order_by("pk")]


# --- Applying ---------------------------------------------------------------------------------


def test_while_seats_are_free_an_offer_comes_at_once_and_stands_until_the_deadline():
    deadline = timezone.now() + timedelta(days=9)
    application = applied(course(registration_deadline=deadline))
    assert (application.state, application.offer_until) == (OFFERED, deadline)


def test_without_a_deadline_the_offer_stands_until_the_course_begins():
    to = course()
    until = timezone.localtime(applied(to).offer_until)
    assert (until.date(), until.hour) == (to.begin, 0)


def test_after_the_deadline_an_offer_stands_for_the_years_hours():
    to = course(
        registration_deadline=timezone.now() - timedelta(days=1),
        applications_until=timezone.now() + timedelta(days=1),
    )
    left = applied(to).offer_until - timezone.now()
    assert timedelta(hours=47) < left <= timedelta(hours=48)


def test_a_full_course_lets_wait_and_says_at_which_place():
    to = course(capacity=1)
    first = applied(to)
    second, third = applied(to, "Fatma"), applied(to, "Emine")
    assert (first.position, second.position, third.position) == (None, 1, 2)
    assert states(to) == [OFFERED, RECEIVED, RECEIVED]


def test_who_is_certified_already_waits_behind_the_others():
    to = course(capacity=1)
    applied(to)
    certified = applied(to, "Fatma", already_certified=True)
    later = applied(to, "Emine")
    ordered = list(Application.objects.waiting().filter(course=to))
    assert ordered == [later, certified]
    assert Application.objects.with_position().get(pk=certified.pk).position == 2


@pytest.mark.parametrize("name", ["Ayşe", "AYŞE", " ayse "])
def test_one_open_application_per_course_phone_and_name(name):
    to = course(capacity=5)
    first = applied(to)
    refused("known", applied, to=to, name=name, phone="+90 (555) 111 22 33")
    applied(to, "Fatma")  # her sister, on the same telephone
    applied(course())
    services.withdraw_application(application=first, phone_digits="2233")
    assert applied(to, name).state == OFFERED


@pytest.mark.parametrize("name", ["Ayşe", "AYŞE", "Ayşe Nur"])
def test_who_has_a_seat_is_offered_no_second_one(name):
    to = course(capacity=5)
    who = factories.trainee("Ayşe", "Yılmaz", phone="+905551112233")
    services.enrol(trainee=who, course=to, by=None)
    same = name != "Ayşe Nur"
    refused("seated" if same else "similar", applied, to=to, name=name)
    refused("seated", services.put_on_waiting_list, trainee=who, course=to, by=None)
    assert to.seats_taken == 1
    assert applied(to, "Fatma").state == OFFERED  # a sister
    services.withdraw(enrolment=to.enrolments.get(), by=None)
    assert applied(to, name).state == OFFERED


def test_a_course_that_takes_no_applications_refuses():
    refused("closed", applied, to=course(state="planned"))
    to = course(applications_until=timezone.now() - timedelta(days=1))
    refused("closed", applied, to=to)
    by = factories.user("merkez-sorumlusu", centres=[to.centre])
    assert applied(to, by=by).state == OFFERED


def test_a_child_learns_the_programmes_minimum_age():
    to = course(programme=factories.programme(minimum_age=16))
    assert "16" in refused("age", applied, to=to, birth_year=to.begin.year - 13)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("phone", {"phone": "123"}),
        ("phone", {"phone": ""}),
        ("email", {"email": "ayse@"}),
        ("birth_year", {"birth_year": 1850}),
        ("first_name", {"name": "  "}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field, facts):
    with pytest.raises(ValidationError) as caught:
        applied(course(), **facts)
    assert list(caught.value.message_dict) == [field]


def test_a_reference_is_readable_hard_to_guess_and_read_back():
    references = {applied(course(), name).reference for name in ("Ayşe", "Fatma", "Emine")}
    assert len(references) == 3
    for reference in references:
        assert read_code(reference.lower().replace("-", " ")) == reference
    assert read_code("no such code") == ""


# --- Confirming -------------------------------------------------------------------------------


def test_thirty_invented_applications_take_no_seat():
    to = course(capacity=12)
    for number in range(30):
        received(to, f"Ad{number}", phone=f"0555000{number:04}")
    assert (to.seats_free, set(states(to))) == (12, {RECEIVED})
    honest = received(to, "Ayşe", email="ayse@example.org")
    assert (honest.position, honest.state) == (31, RECEIVED)
    assert factories.confirmed(honest).state == OFFERED
    walk_in = factories.trainee()
    assert services.enrol(trainee=walk_in, course=to, by=None).state == "enrolled"


def test_confirming_late_keeps_the_place_in_the_order():
    to = course(capacity=1)
    first, second = received(to), received(to, "Fatma")
    third = applied(to, "Emine")
    assert third.state == OFFERED
    assert [factories.confirmed(one).position for one in (second, first)] == [2, 1]
    services.decline_offer(application=third, phone_digits="2233")
    assert (again(first).state, again(second).state) == (OFFERED, RECEIVED)


def test_only_the_secret_of_the_letter_confirms():
    application = received(course(), email="ayse@example.org")
    for code in ("", "x", application.reference):
        with pytest.raises(Refusal) as caught:
            services.confirm_application(application=application, code=code)
        assert caught.value.reason == "code"
    assert again(application).confirmed_at is None
    confirmed = factories.confirmed(application)
    assert factories.confirmed(application).confirmed_at == confirmed.confirmed_at
    assert application.history.filter(confirmed_at__isnull=False).exists()


def test_a_letter_to_an_address_that_was_corrected_takes_no_secret_along(mailoutbox):
    application = received(course(), email="ayse@example.org")
    letter = Letter.objects.get()
    Application.objects.filter(pk=application.pk).update(email="isik@example.org")
    assert not deliver(letter.pk)
    assert mailoutbox == []
    Application.objects.filter(pk=application.pk).update(email="ayse@example.org")
    Letter.objects.update(next_try_at=timezone.now() - timedelta(hours=1))
    assert deliver(letter.pk)
    assert services.confirmation_code(application) in mailoutbox[0].body


def test_staff_confirm_what_they_hear_and_what_they_write_down_is_confirmed():
    to = course(capacity=5)
    by = factories.user("merkez-sorumlusu", centres=[to.centre])
    application = services.confirm_application(application=received(to), by=by)
    assert application.state == OFFERED
    confirmed = application.history.filter(confirmed_at__isnull=False).order_by("pk").first()
    assert confirmed.history_user == by
    assert received(to, "Fatma", by=by).state == OFFERED


def test_what_nobody_confirms_lapses_after_the_years_days():
    to = course()
    application = received(to)
    left = application.confirm_until - timezone.now()
    assert timedelta(days=6) < left <= timedelta(days=to.term.year.confirm_days)
    to.applications.update(confirm_until=timezone.now() - timedelta(minutes=1))
    refused("state", factories.confirmed, application=application)
    call_command("advance_queues", verbosity=0)
    assert states(to) == [ApplicationState.LAPSED]
    assert received(to).position == 1  # it keeps nobody from applying again
    assert not Letter.objects.exists()


def test_one_address_gets_three_letters_a_day_and_the_others_are_called():
    for number in range(5):
        received(
            course(), f"Ad{number}", email="AYSE@example.org" if number % 2 else "ayse@example.org"
        )
    assert Letter.objects.filter(kind="confirmation").count() == 3
    assert Application.objects.to_confirm().count() == 2


def test_a_family_of_four_on_one_phone_and_one_address_gets_four_seats():
    to = course(capacity=5)
    family = [received(to, name, email="k@example.org") for name in ("Ali", "Ayşe", "Can", "Ece")]
    assert [bool(one.asked_at) for one in family] == [True, True, True, False]
    for one in family[:3]:
        factories.confirmed(one)
    by = factories.user("merkez-sorumlusu", centres=[to.centre])
    services.confirm_application(application=family[3], by=by)
    assert states(to) == [OFFERED] * 4
    refused("many", received, to=to, name="Naz")
    refused("many", received, to=to, name="Naz", phone="05551110000", email="k@example.org")
    assert received(to, "Naz", by=by).state == OFFERED


def test_an_address_that_nobody_confirmed_is_written_nothing_but_the_question():
    to = course()
    application = received(to, email="ayse@example.org")
    services.refuse_application(application=application, reason="Sahte", by=None)
    assert [letter.kind for letter in Letter.objects.all()] == ["confirmation"]


@pytest.mark.parametrize("kind", ["offer", "confirmation", "application", "application_closed"])
def test_no_letter_repeats_what_a_stranger_typed(kind):
    to = course(capacity=1)
    first = applied(to, "İlk")
    bait = applied(to, "KAZANDINIZ tıklayın evil.example/x", email="v@example.org")
    services.decline_offer(application=first, phone_digits="2233")
    services.refuse_application(application=bait, reason="Sahte", by=None)
    letter = Letter.objects.get(kind=kind)
    assert "evil" not in letter.subject + letter.text and "KAZANDINIZ" not in letter.text


def test_who_has_no_seat_free_is_not_kept_back_by_the_unconfirmed():
    to = course(capacity=1)
    received(to)
    to.refresh_from_db()
    assert type(to).objects.with_free_seats().get(pk=to.pk).free == 1


def test_a_minor_becomes_old_enough_while_the_course_runs(monkeypatch):
    """The public form asks what the gate asks: the age on the first day, or today."""
    this_year = timezone.localdate().year
    to = course(
        state="running",
        begin=timezone.localdate().replace(year=this_year - 1, month=12, day=1),
        end=timezone.localdate(),
        applications_until=timezone.now() + timedelta(days=1),
        programme=factories.programme(minimum_age=16),
    )
    assert received(to, birth_year=this_year - 16).position == 1
    refused("age", received, to=to, name="Fatma", birth_year=this_year - 15)


# --- Offers -----------------------------------------------------------------------------------


def test_who_moves_up_has_the_years_hours():
    to = course(registration_deadline=timezone.now() + timedelta(days=20))
    first, second = applied(to), applied(to, "Fatma", email="fatma@example.org")
    services.decline_offer(application=first, phone_digits="2233")
    second = again(second)
    assert second.state == OFFERED
    assert timedelta(hours=47) < second.offer_until - timezone.now() <= timedelta(hours=48)


def test_without_email_the_clock_starts_when_she_is_told_by_phone():
    to = course()
    first, second = applied(to), applied(to, "Fatma")
    services.withdraw_application(application=first, phone_digits="2233")
    second = again(second)
    assert (second.state, second.offer_until) == (OFFERED, None)
    assert list(Application.objects.to_call()) == [second]
    told = services.told_by_phone(application=second, by=None)
    assert timedelta(hours=47) < told.offer_until - timezone.now() <= timedelta(hours=48)
    assert not Application.objects.to_call().exists()
    assert services.told_by_phone(application=second, by=None).offer_until == told.offer_until


def test_only_who_is_offered_a_seat_is_told_so():
    to = course()
    applied(to)
    refused("state", services.told_by_phone, application=applied(to, "Fatma"), by=None)


def test_an_offer_expires_by_the_clock_and_the_next_one_moves_up():
    to = course()
    first, second = applied(to, email="ayse@example.org"), applied(to, "Fatma")
    expire(first)
    assert to.seats_free == 1  # at that moment, before anybody writes it down
    call_command("advance_queues", verbosity=0)
    assert states(to) == [ApplicationState.EXPIRED, OFFERED]
    assert Letter.objects.filter(kind="offer_expired", to="ayse@example.org").count() == 1
    call_command("advance_queues", verbosity=0)
    assert states(to) == [ApplicationState.EXPIRED, OFFERED]
    assert again(second).offer_until is None


def test_full_courses_with_people_who_wait_cost_the_timer_nothing(django_assert_num_queries):
    for _course in range(3):
        to = course()
        applied(to), applied(to, "Fatma")
    with django_assert_num_queries(2 + 6):  # six note that the command ran (izmek/acts/upkeep.py)
        call_command("advance_queues", verbosity=0)


def test_a_course_that_fails_keeps_no_other_from_advancing(monkeypatch, caplog):
    broken, sound = course(), course()
    for to in (broken, sound):
        first = applied(to)
        applied(to, "Fatma")
        expire(first)

    def advance(*, course):
        if course == broken:
            raise RuntimeError("no")
        return services.advance_queue(course=course)

    monkeypatch.setattr("trainees.management.commands.advance_queues.advance_queue", advance)
    with pytest.raises(CommandError, match="1 courses failed"):
        call_command("advance_queues", verbosity=0)
    assert states(sound) == [ApplicationState.EXPIRED, OFFERED]
    assert states(broken) == [OFFERED, RECEIVED]
    assert f"course {broken.pk} " in caplog.text


def test_a_newcomer_does_not_pass_those_who_wait_when_an_offer_has_expired():
    to = course()
    first = applied(to)
    applied(to, "Fatma")
    expire(first)
    assert applied(to, "Emine").state == RECEIVED
    assert states(to) == [ApplicationState.EXPIRED, OFFERED, RECEIVED]


def test_more_seats_are_offered_in_order():
    to = course(capacity=1)
    for name in ("Ayşe", "Fatma", "Emine", "Hatice"):
        applied(to, name)
    to.capacity = 3
    course_services.save_course(course=to, by=None)
    assert states(to) == [OFFERED, OFFERED, OFFERED, RECEIVED]
    to.capacity = 2
    refused("capacity", course_services.save_course, course=to, by=None)


def test_a_course_that_is_over_offers_nothing():
    to = course()
    first = applied(to)
    applied(to, "Fatma", email="fatma@example.org")
    course_services.cancel_course(course=to, reason="Öğretmen ayrıldı", by=None)
    assert states(to) == [ApplicationState.REFUSED] * 2
    assert again(first).state_reason == "Öğretmen ayrıldı"
    letter = Letter.objects.get(kind="application_closed")
    assert (letter.to, "Öğretmen ayrıldı" in letter.text) == ("fatma@example.org", True)


# --- The end of an application ----------------------------------------------------------------


@pytest.mark.parametrize("digits", ["", "3322", "112233", "05551112233"])
def test_withdrawing_asks_for_the_phones_last_digits(digits):
    application = applied(course())
    for act in (services.withdraw_application, services.decline_offer):
        refused("digits", act, application=application, phone_digits=digits)
    assert again(application).state == OFFERED


def test_staff_withdraw_for_her_without_digits():
    to = course()
    by = factories.user("merkez-sorumlusu", centres=[to.centre])
    application = services.withdraw_application(application=applied(to), by=by)
    assert application.state == ApplicationState.WITHDRAWN
    assert application.history.first().history_user == by


def test_what_is_closed_stays_closed():
    application = applied(course())
    services.withdraw_application(application=application, phone_digits="2233")
    services.withdraw_application(application=application, phone_digits="2233")
    refused("state", services.decline_offer, application=application, phone_digits="2233")
    refused("state", services.refuse_application, application=application, reason="x", by=None)


def test_who_waits_has_no_offer_to_decline():
    to = course()
    applied(to)
    waiting = applied(to, "Fatma")
    refused("state", services.decline_offer, application=waiting, phone_digits="2233")


def test_turning_down_needs_a_reason_and_tells_it():
    to = course()
    first, second = applied(to, email="ayse@example.org"), applied(to, "Fatma")
    refused("reason", services.refuse_application, application=first, reason=" ", by=None)
    services.refuse_application(application=first, reason="Programı bitirmiş", by=None)
    assert "Programı bitirmiş" in Letter.objects.get(kind="application_closed").text
    assert again(second).state == OFFERED


def test_who_said_wrongly_that_she_is_not_certified_goes_back_behind_the_others():
    to = course()
    first, second = applied(to), applied(to, "Fatma")
    services.set_already_certified(application=first, already_certified=True, by=None)
    assert (again(first).state, again(second).state) == (RECEIVED, OFFERED)


def test_alone_she_keeps_her_offer():
    first = applied(course())
    services.set_already_certified(application=first, already_certified=True, by=None)
    assert again(first).state == OFFERED


# --- A known trainee in the queue -------------------------------------------------------------


def test_a_walk_in_joins_the_queue_with_what_her_record_says():
    to = course()
    applied(to)
    known = factories.trainee(phone="05554445566", email="z@example.org")
    done = factories.course("finished", programme=to.programme)
    factories.enrolment(known, done, state="completed")
    application = services.put_on_waiting_list(trainee=known, course=to, by=None)
    assert (application.trainee, application.already_certified) == (known, True)
    assert (application.state, application.phone.as_e164) == (RECEIVED, "+905554445566")
    refused("known", services.put_on_waiting_list, trainee=known, course=to, by=None)


def test_without_a_phone_she_cannot_wait():
    known = factories.trainee()
    refused("phone", services.put_on_waiting_list, trainee=known, course=course(), by=None)


# --- Why --------------------------------------------------------------------------------------


def test_the_staff_page_says_why():
    to = course(capacity=1)
    first, second = applied(to), applied(to, "Fatma", already_certified=True)
    third = applied(to, "Emine")
    seats = services.why_not_offered(second)[0]
    assert "1" in seats and "0" in seats
    assert len(services.why_not_offered(second)) == 4  # seats, ahead, certified, next end
    assert len(services.why_not_offered(third)) == 2
    assert str(timezone.localtime(first.offer_until).year) in services.why_not_offered(first)[0]
    services.refuse_application(application=third, reason="Adres dışı", by=None)
    assert "Adres dışı" in services.why_not_offered(again(third))


# --- Letters ----------------------------------------------------------------------------------


def test_letters_speak_the_applicants_language_and_tell_her_place():
    to = course()
    applied(to, email="ayse@example.org")
    applied(to, "Fatma", email="fatma@example.org", language="en")
    offered, waiting = Letter.objects.filter(kind="application").order_by("pk")
    assert offered.object == to.applications.get(email="ayse@example.org")
    assert "yeriniz ayrıldı" in offered.subject
    assert "waiting list: 1" in waiting.text
    assert to.applications.get(language="en").reference in waiting.text


def test_a_letter_that_is_sent_again_tells_the_place_and_the_seat_of_now():
    to = course()
    first = applied(to, email="ayse@example.org")
    second = applied(to, "Fatma", email="fatma@example.org")
    third = applied(to, "Gül", email="gul@example.org", language="en")
    letters = dict(Letter.objects.filter(kind="application").values_list("to", "pk"))
    services.withdraw_application(application=first, phone_digits="2233")
    for application, said in ((second, "Sizin için bir yer ayırdık"), (third, "waiting list: 1")):
        letter = Letter.objects.get(pk=letters[application.email])
        assert said not in letter.text
        services.resend_letter(about=application, letter=letter, by=None)
        assert said in Letter.objects.get(pk=letter.pk).text
    with pytest.raises(Refusal):
        services.resend_letter(
            about=first, letter=Letter.objects.get(pk=letters[first.email]), by=None
        )


# --- What always holds ------------------------------------------------------------------------


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)
@given(
    capacity=st.integers(1, 3),
    acts=st.lists(
        st.tuples(
            st.sampled_from(["apply", "certified", "decline", "withdraw", "expire", "grow"]),
            st.integers(0, 5),
        ),
        min_size=4,
        max_size=14,
    ),
)
def test_seats_are_never_idle_nor_given_twice_and_order_decides(capacity, acts):
    """Whatever happens: no seat is free while someone waits, none is promised twice, and nobody is
    offered a seat before someone who stands ahead of her."""
    to = course(capacity=capacity)
    for number, (act, which) in enumerate(acts):
        if act in ("apply", "certified"):
            applied(
                to,
                f"Ad{number}",
                phone=f"0555{number:03}2233",
                already_certified=act == "certified",
                email=f"a{number}@example.org",
            )
        elif act == "grow":
            to.capacity += 1
            course_services.save_course(course=to, by=None)
        else:
            rows = to.applications.open() if act == "withdraw" else to.applications.live_offers()
            chosen = list(rows.order_by("pk"))
            if not chosen:
                continue
            one = chosen[which % len(chosen)]
            if act == "expire":
                expire(one)
                services.advance_queue(course=to)
            else:
                close = {
                    "decline": services.decline_offer,
                    "withdraw": services.withdraw_application,
                }
                close[act](application=one, phone_digits="2233")
        waiting = list(to.applications.waiting())
        live = to.applications.live_offers().count()
        assert live <= to.capacity
        assert live == to.capacity or not waiting
        positions = to.applications.with_position().filter(position__isnull=False)
        assert [row.pk for row in positions.order_by("position")] == [row.pk for row in waiting]
        for offered in to.applications.filter(state=OFFERED, already_certified=False):
            assert all(
                offered.received_at < row.received_at
                for row in waiting
                if not row.already_certified
            )
