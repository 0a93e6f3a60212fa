"""The queue in the admin: who waits and why, whom to call, and the acts on an application."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from tests import factories as make
from trainees import services
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Application, RollCall

pytestmark = pytest.mark.django_db

NUMBER = "17291716060"
OFFERED, RECEIVED = ApplicationState.OFFERED, ApplicationState.RECEIVED


def course(capacity=1, **fields):
    fields.setdefault("state", "open")
    fields.setdefault("begin", timezone.localdate() + timedelta(days=30))
    return make.course(capacity=capacity, **fields)


def applied(to, name="Ayşe", **fields):
    fields.setdefault("phone", "05551112233")
    facts = {"first_name": name, "last_name": "Yılmaz", "birth_year": 1980, **fields}
    return make.confirmed(services.apply(course=to, **facts))


def again(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def to():
    return course()


@pytest.fixture
def officer(client, to):
    """The officer of the course's centre, signed in."""
    user = make.user(Role.OFFICER, centres=[to.centre])
    client.force_login(user)
    return user


def queue_of(to):
    return reverse("admin:courses_course_applications", args=[to.pk])


def act(client, application, action, **data):
    address = reverse("admin:trainees_application_act", args=[application.pk, action])
    return client.post(address, data)


def seen(answer):
    assert answer.status_code == 200
    return answer.content.decode()


# --- The queue --------------------------------------------------------------------------------


def test_the_queue_says_who_waits_in_which_order_and_why(client, officer, to):
    applied(to, "Zehra")
    applied(to, "Fatma", already_certified=True)
    applied(to, "Emine")
    page = seen(client.get(queue_of(to)))
    assert page.index("Zehra") < page.index("Emine") < page.index("Fatma")
    assert "0/1 dolu · 1 önerildi · 2 bekliyor" in page
    assert "Önünde 1 kişi var." in page
    assert services.why_not_offered(again(to.applications.get(first_name="Fatma")))[2] in page
    course_page = seen(client.get(reverse("admin:courses_course_change", args=[to.pk])))
    assert f'href="{queue_of(to)}"' in course_page


def test_the_queue_asks_no_more_for_more_people(client, officer):
    to = course(capacity=2, centre=officer.offices.get().centre)

    def queries():
        client.get(queue_of(to))
        with CaptureQueriesContext(connection) as caught:
            client.get(queue_of(to))
        return len(caught)

    for name in ("Zehra", "Hatice", "Fatma"):
        applied(to, name, phone="05551110000")
    few = queries()
    for number in range(20):
        applied(to, f"Ad{number}", phone=f"0555000{number:04}")
    assert queries() == few <= 12


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [
        (Role.MANAGER, False, 200),
        (Role.OFFICER, True, 200),
        (Role.OFFICER, False, 404),
        (Role.AUDITOR, False, 200),
        (Role.CURATOR, False, 403),
        (Role.TEACHER, False, 403),
    ],
)
def test_who_sees_the_queue(client, to, role, own, status):
    client.force_login(make.user(role, centres=[to.centre] if own else []))
    assert client.get(queue_of(to)).status_code == status


def test_the_auditor_sees_no_buttons_and_acts_on_nothing(client, to):
    application = applied(to)
    client.force_login(make.user(Role.AUDITOR))
    assert "/act/" not in seen(client.get(queue_of(to)))
    for action in ("accept", "refuse", "decline"):
        assert act(client, application, action, reason="x").status_code == 403


def test_an_officer_acts_on_her_own_centre_only(client, officer):
    assert act(client, applied(course()), "decline").status_code == 404


# --- Calling ----------------------------------------------------------------------------------


def moved_up(to, **fields):
    """Someone who has moved up to a seat."""
    first, second = applied(to), applied(to, "Fatma", **fields)
    services.withdraw_application(application=first, by=None, phone_digits="2233")
    return again(second)


def test_who_has_no_email_is_called_and_then_her_clock_starts(client, officer, to):
    called = moved_up(to)
    calls = reverse("admin:trainees_call_desk")
    link = f'<a href="{calls}?course={to.pk}">1 '
    assert link in seen(client.get(queue_of(to)))
    page = seen(client.get(calls))
    assert "Fatma Yılmaz" in page and 'href="tel:+905551112233"' in page
    button = reverse("admin:trainees_application_act", args=[called.pk, "told_by_phone"])
    assert button in seen(client.get(queue_of(to)))
    answer = client.post(calls, {"say": f"offer-{called.pk}", "answer": "reached"})
    assert button not in seen(client.get(queue_of(to)))
    assert answer["Location"] == calls
    assert timedelta(hours=47) < again(called).offer_until - timezone.now() < timedelta(hours=49)
    assert "Fatma" not in seen(client.get(calls)).split("content-main")[1]
    assert link not in seen(client.get(queue_of(to)))


def test_an_old_page_that_asked_tells_nobody_of_the_offer_made_meanwhile(client, officer, to):
    offered = moved_up(to)
    calls = reverse("admin:trainees_call_desk")
    asked = {"say": f"confirmation-{offered.pk}", "answer": "reached"}
    assert "Bir şey kaydedilmedi" in seen(client.post(calls, asked, follow=True))
    assert again(offered).told_at is None and f'value="offer-{offered.pk}"' in seen(
        client.get(calls)
    )


def test_who_has_an_email_is_not_called(client, officer, to):
    moved_up(to, email="f@example.org")
    page = seen(client.get(reverse("admin:trainees_call_desk")))
    assert "Fatma" not in page


def test_the_calls_are_those_of_her_centres(client, officer):
    moved_up(course())
    page = seen(client.get(reverse("admin:trainees_call_desk")))
    assert "Fatma" not in page


# --- The other acts ---------------------------------------------------------------------------


def test_refusing_needs_a_reason_and_the_next_one_moves_up(client, officer, to):
    first, second = applied(to), applied(to, "Fatma")
    assert 'id="id_reason_error"' in seen(act(client, first, "refuse", reason=" "))
    assert act(client, first, "refuse", reason="Adres dışı").status_code == 302
    assert (again(first).state, again(second).state) == (ApplicationState.REFUSED, OFFERED)


def test_declining_withdrawing_and_correcting(client, officer, to):
    first, second = applied(to), applied(to, "Fatma")
    act(client, second, "certified", already_certified="yes")
    assert again(second).already_certified
    act(client, first, "decline")
    assert (again(first).state, again(second).state) == (ApplicationState.DECLINED, OFFERED)
    third = applied(to, "Emine")
    act(client, third, "withdraw")
    assert again(third).state == ApplicationState.WITHDRAWN


def test_looking_changes_nothing(client, officer, to):
    first = applied(to)
    for action in ("accept", "told_by_phone", "decline", "refuse", "certified"):
        address = reverse("admin:trainees_application_act", args=[first.pk, action])
        leads_on = action in ("accept", "told_by_phone")
        assert client.get(address).status_code == (302 if leads_on else 200)
    assert again(first).state == OFFERED and again(first).told_at is None


# --- The first lesson -------------------------------------------------------------------------


def test_the_seats_of_the_unseen_are_offered_on_when_the_officer_confirms(client):
    to = make.course(state="running", capacity=2)
    officer = make.user(Role.OFFICER, centres=[to.centre])
    client.force_login(officer)
    first = make.session(to, day=to.begin)
    came, stayed_away = (
        make.enrolment(make.trainee(name, "Ak"), to) for name in ("Gelen", "Gelmeyen")
    )
    waiting = services.apply(
        course=to, first_name="F", last_name="G", phone="05551112233", birth_year=1980, by=officer
    )
    free = reverse("admin:courses_course_act", args=[to.pk, "free_unseen"])
    assert free not in seen(client.get(queue_of(to)))
    stayed_away.absences.create(session=first, hours=first.lesson_hours)
    RollCall.objects.create(session=first)
    told = seen(client.get(queue_of(to)))
    assert "Gelmeyen" in told and free in told
    page = seen(client.get(free))
    assert "Gelmeyen Ak" in page and "Gelen Ak" not in page
    assert "id_enrolments_error" in seen(client.post(free, {}))
    assert "id_enrolments_error" in seen(client.post(free, {"enrolments": [came.pk]}))
    assert client.post(free, {"enrolments": [stayed_away.pk]}).status_code == 302
    assert again(stayed_away).state == EnrolmentState.REMOVED
    assert again(came).state == EnrolmentState.ENROLLED
    assert (waiting.state, again(waiting).state) == (RECEIVED, OFFERED)


@pytest.mark.parametrize("key", ["9" * 30, "abc", "\x00"])
def test_a_key_that_no_seat_can_have_is_no_choice(client, key):
    to = make.course(state="running")
    client.force_login(make.user(Role.OFFICER, centres=[to.centre]))
    first = make.session(to, day=to.begin)
    RollCall.objects.create(session=first)
    make.enrolment(of=to).absences.create(session=first, hours=first.lesson_hours)
    free = reverse("admin:courses_course_act", args=[to.pk, "free_unseen"])
    assert "id_enrolments_error" in seen(client.post(free, {"enrolments": [key]}))


# --- Unconfirmed ------------------------------------------------------------------------------


def received(to, name="Ayşe", **fields):
    facts = {"last_name": "Yılmaz", "birth_year": 1980, "phone": "05551112233", **fields}
    return services.apply(course=to, first_name=name, **facts)


def test_the_queue_and_the_calls_say_who_is_to_confirm(client, officer, to):
    application = received(to)
    assert "Henüz onaylanmadı" in seen(client.get(queue_of(to)))
    calls = reverse("admin:trainees_call_desk")
    assert "Evet, istiyor" in seen(client.get(calls))
    client.post(calls, {"say": f"confirmation-{application.pk}", "answer": "reached"})
    assert again(application).state == OFFERED
    waits = seen(client.get(calls))
    assert (
        "Evet, istiyor" not in waits and "Yer önerildi" in waits
    )  # now there is a seat to tell of


def test_the_queue_says_where_a_similar_name_has_a_seat_with_the_same_phone(client, officer, to):
    make.enrolment(make.trainee("Ayşe Nur", "Yılmaz", phone="+905551112233"), to)
    received(to, "Ayşenur", same_person=False)
    page = seen(client.get(queue_of(to)))
    assert "Aynı kişi mi, sorun" in page and "Ayşe Nur Yılmaz" in page


def test_who_got_the_link_is_called_only_after_a_day(client, officer, to):
    application = received(to, email="ayse@example.org")
    calls = reverse("admin:trainees_call_desk")
    assert "Ayşe" not in seen(client.get(calls)).split("content-main")[1]
    Application.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert "Ayşe" in seen(client.get(calls))
    assert application.asked_at


def test_a_flood_is_shown_and_refused_at_once(client, officer, to):
    honest = applied(to, "Emine", phone="05559998877")
    for number in range(15):
        received(to, f"Ad{number}", phone=f"0555000{number:04}")
    page = seen(client.get(reverse("admin:index")))
    assert f"{reverse('admin:courses_course_changelist')}?attention=flood" in page
    address = f"{reverse('admin:trainees_application_changelist')}?course__id__exact={to.pk}"
    address += "&confirmed=no&year=all"
    rows = client.get(address).context["cl"].result_list
    assert honest not in rows
    chosen = {"action": "refuse_all", "_selected_action": [row.pk for row in rows], "apply": "1"}
    client.post(address, chosen | {"reason": "Sahte"})
    assert to.applications.filter(state=ApplicationState.REFUSED).count() == 15
    assert again(honest).state == OFFERED
    assert "?attention=flood" not in seen(client.get(reverse("admin:index")))
