"""The queue in the admin: who waits and why, whom to call, and the acts on an application."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.models import AccessLog, Override
from tests import factories as make
from trainees import services
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Application, Enrolment, RollCall, Trainee

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
    return reverse("admin:trainees_application_queue", args=[to.pk])


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
    assert "Kontenjan 1: 0 kayıtlı, 1 kişi için yer ayrılmış" in page
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
    for number in range(4):
        applied(to, f"Ad{number}")
    assert queries() == few


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
    calls = reverse("admin:trainees_application_calls")
    page = seen(client.get(calls))
    assert "Fatma Yılmaz" in page and 'href="tel:+905551112233"' in page
    button = reverse("admin:trainees_application_act", args=[called.pk, "told_by_phone"])
    assert button in seen(client.get(queue_of(to)))
    answer = act(client, called, "told_by_phone", back="calls")
    assert button not in seen(client.get(queue_of(to)))
    assert answer["Location"] == calls
    assert timedelta(hours=47) < again(called).offer_until - timezone.now() < timedelta(hours=49)
    assert "Fatma" not in seen(client.get(calls)).split("content-main")[1]


def test_who_has_an_email_is_not_called(client, officer, to):
    moved_up(to, email="f@example.org")
    page = seen(client.get(reverse("admin:trainees_application_calls")))
    assert "Fatma" not in page


def test_the_calls_are_those_of_her_centres(client, officer):
    moved_up(course())
    page = seen(client.get(reverse("admin:trainees_application_calls")))
    assert "Fatma" not in page


# --- Kesin kayıt ------------------------------------------------------------------------------


def card(**fields):
    """What the form of kesin kayıt sends, from the identity card."""
    return {
        "identity_kind": "tckn",
        "identity_number": NUMBER,
        "first_name": "Ayşe",
        "last_name": "Yılmaz",
        "birth_date": "17.05.1980",
        "phone": "0555 111 22 33",
        "email": "",
    } | fields


def test_someone_new_is_registered_and_seated_in_one_step(client, officer, to):
    application = applied(to, email="ayse@example.org")
    address = reverse("admin:trainees_application_act", args=[application.pk, "accept"])
    form = seen(client.get(address))
    for carried in ('value="Ayşe"', 'value="Yılmaz"', "0555 111 22 33", "ayse@example.org"):
        assert carried in form
    answer = act(client, application, "accept", **card(email="ayse@example.org"))
    assert answer["Location"] == queue_of(to)
    enrolment = Enrolment.objects.get()
    trainee = enrolment.trainee
    assert (str(trainee), trainee.birth_date) == ("Ayşe Yılmaz", date(1980, 5, 17))
    assert (trainee.identity.number, trainee.email) == (NUMBER, "ayse@example.org")
    assert enrolment.application == application
    assert again(application).state == ApplicationState.ENROLLED
    assert AccessLog.objects.filter(by=officer).exists()


def test_someone_known_is_found_by_her_number(client, officer, to):
    known = make.trainee("Ayşe", "Yılmaz")
    services.record_identity(trainee=known, kind="tckn", number=NUMBER, by=None)
    application = applied(to)
    assert act(client, application, "accept", **card(birth_date="")).status_code == 302
    assert Enrolment.objects.get().trainee == known
    assert again(known).phone.as_e164 == "+905551112233"
    assert again(known).birth_date == date(1980, 5, 17)


def test_a_number_of_somebody_else_is_not_taken_for_hers(client, officer, to):
    other = make.trainee("Zeynep", "Yıldız")
    services.record_identity(trainee=other, kind="tckn", number=NUMBER, by=None)
    page = seen(act(client, applied(to), "accept", **card()))
    assert "Zeynep Yıldız" in page and NUMBER in page  # nothing typed is lost
    assert not Enrolment.objects.exists()


@pytest.fixture
def elsewhere():
    """Someone who attends a course of another centre."""
    known = make.trainee("Ayşe", "Yılmaz", phone="+905327778899", email="ayse@example.org")
    services.record_identity(trainee=known, kind="tckn", number=NUMBER, by=None)
    make.enrolment(known, make.course())
    return known


def test_the_number_of_somebody_of_another_centre_tells_no_name_and_is_logged(
    client, officer, to, elsewhere
):
    typed = card(first_name="Gül", last_name="Ak")
    page = seen(act(client, applied(to, "Gül"), "accept", **typed))
    assert "A*** Y***" in page and "Ayşe" not in page and "7778899" not in page.replace(" ", "")
    entry = AccessLog.objects.get(by=officer)
    assert (entry.action, entry.object_id) == ("found by number", str(elsewhere.pk))
    assert not to.enrolments.exists()


def test_what_is_on_record_changes_only_after_both_were_shown_and_one_was_chosen(
    client, officer, to, elsewhere
):
    application = applied(to)
    typed = card(email="yeni@example.org", birth_date="18.05.1980")
    page = seen(act(client, application, "accept", **typed))
    for masked in ("*** ** 99", "a***@***", "**.**.1980"):
        assert masked in page
    for new in ("0555 111 22 33", "yeni@example.org", "18.05.1980"):
        assert f"şimdi yazılan: {new}" in page
    assert not to.enrolments.exists()

    def answer(**which):
        """What the page sends when one of the two values is chosen at a field."""
        return {
            f"{name}_counts": re.search(rf'name="{name}_counts" value="({kept}-\w+)"', page)[1]
            for name, kept in which.items()
        }

    unseen = answer(phone="typed")
    page = seen(act(client, application, "accept", **typed, **unseen))
    assert 'id="id_phone_counts_error"' not in page and 'id="id_email_counts_error"' in page
    other = typed | {"phone": "0555 999 88 77"}
    page = seen(act(client, application, "accept", **other, **unseen))
    assert 'id="id_phone_counts_error"' in page  # not the number that was chosen
    page = seen(act(client, application, "accept", **typed))
    chosen = answer(phone="typed", email="recorded", birth_date="recorded")
    assert act(client, application, "accept", **typed, **chosen).status_code == 302
    now = again(elsewhere)
    assert (now.phone.as_e164, now.email) == ("+905551112233", "ayse@example.org")
    assert now.birth_date == date(1980, 5, 17)


def test_an_officer_compares_with_what_is_on_record_of_her_own_trainees(
    client, officer, to, elsewhere
):
    make.enrolment(elsewhere, make.course(centre=to.centre))
    page = seen(act(client, applied(to), "accept", **card()))
    assert "kayıtlı olan: 0532 777 88 99" in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"identity_number": "17291716050"}, "identity_number"),
        ({"birth_date": ""}, "birth_date"),
        ({"phone": "12"}, "phone"),
        ({"guardian_name": "Ayla"}, "guardian_relation"),
    ],
)
def test_what_is_refused_stands_at_the_field_and_nobody_is_registered(
    client, officer, to, fields, field
):
    page = seen(act(client, applied(to), "accept", **card(**fields)))
    assert f'id="id_{field}_error"' in page
    assert not Trainee.objects.exists()
    assert not Enrolment.objects.exists()


def test_a_minor_is_seated_with_her_guardian(client, officer, to):
    born = timezone.localdate() - timedelta(days=17 * 365 + 30)
    application = applied(to)
    young = card(birth_date=f"{born:%d.%m.%Y}")
    assert not Enrolment.objects.exists()
    seen(act(client, application, "accept", **young))
    assert not Trainee.objects.exists()
    guardian = {"guardian_name": "Ayla Yılmaz", "guardian_relation": "anne"}
    assert act(client, application, "accept", **young, **guardian).status_code == 302
    signed = Enrolment.objects.get().trainee.guardians.get()
    assert (signed.name, signed.permission_on) == ("Ayla Yılmaz", timezone.localdate())


def test_who_waits_is_not_seated_before_others_but_by_a_written_reason(client, officer):
    to = course(capacity=2, centre=officer.offices.get().centre)
    for name in ("Zehra", "Hatice", "Emine", "Ayşe"):
        last = applied(to, name)
    to.applications.filter(first_name="Zehra").update(
        offer_until=timezone.now() - timedelta(minutes=1)
    )
    page = seen(act(client, last, "accept", **card()))
    assert "zaten yedek listede, 2. sırada" in page and "gerekçe" in page
    assert not Enrolment.objects.exists()
    answer = act(client, last, "accept", **card(override="Öğretmenin isteği"))
    assert answer.status_code == 302
    assert Override.objects.get().reason == "Öğretmenin isteği"


@pytest.mark.parametrize("reason", ["", "Öğretmenin isteği"])
def test_who_waits_for_a_full_course_hears_her_place_and_that_a_reason_makes_no_seat(
    client, officer, to, reason
):
    for name in ("Zehra", "Hatice", "Ayşe"):
        last = applied(to, name)
    page = seen(act(client, last, "accept", **card(override=reason)))
    assert "Kurs dolu. Kursiyer zaten yedek listede, 2. sırada" in page
    assert "kapasite" in page and "yazılabilir" not in page
    assert again(last).state == RECEIVED and not Trainee.objects.exists()


def test_an_offer_that_has_ended_gives_no_seat(client, officer, to):
    application = applied(to)
    Application.objects.filter(pk=application.pk).update(
        offer_until=timezone.now() - timedelta(minutes=1)
    )
    address = reverse("admin:trainees_application_act", args=[application.pk, "accept"])
    page = seen(client.get(address, follow=True))
    assert "şu anda yapılamaz" in page
    assert services.why_not_offered(again(application))[0] in page
    page = seen(act(client, application, "accept", **card()))
    assert "errornote" in page
    assert not Trainee.objects.exists()


def test_a_passport_needs_and_keeps_its_country(client, officer, to):
    application = applied(to)
    passport = card(identity_kind="passport", identity_number="AB12345")
    page = seen(act(client, application, "accept", **passport))
    assert 'id="id_identity_country_error"' in page
    act(client, application, "accept", **passport, identity_country="sy")
    assert Trainee.objects.get().identity.country == "SY"


def test_who_is_on_record_without_a_number_is_asked_about(client, officer, to):
    known = make.trainee("Ayşe-Nur", "Yılmaz", phone="+905551112233")
    application = applied(to, "Ayşenur")
    mine = card(first_name="Ayşe Nur")
    page = seen(act(client, application, "accept", **mine))
    assert "Aynı kişi mi?" in page and not Enrolment.objects.exists()
    assert act(client, application, "accept", **mine, same_as=known.pk).status_code == 302
    assert Enrolment.objects.get().trainee == known
    assert again(known).identity.number == NUMBER


def test_somebody_else_does_not_take_the_seat_of_the_applicant_unasked(client, officer, to):
    application = applied(to)
    page = seen(act(client, application, "accept", **card(first_name="Fatma")))
    assert 'name="is_applicant"' in page
    page = seen(act(client, application, "accept", **card(first_name="Fatma"), is_applicant="no"))
    assert "bu ön kayıt olmadan" in page and not Trainee.objects.exists()
    answer = act(client, application, "accept", **card(first_name="Fatma"), is_applicant="yes")
    assert answer.status_code == 302


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
        assert client.get(address).status_code == (302 if action == "told_by_phone" else 200)
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
    assert free not in seen(client.get(reverse("admin:courses_course_change", args=[to.pk])))
    stayed_away.absences.create(session=first, hours=first.lesson_hours)
    RollCall.objects.create(session=first)
    assert "Gelmeyen" in seen(client.get(queue_of(to)))
    assert free in seen(client.get(reverse("admin:courses_course_change", args=[to.pk])))
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


def test_the_dashboard_counts_the_calls(client, officer, to):
    moved_up(to)
    page = seen(client.get(reverse("admin:index")))
    assert reverse("admin:trainees_application_calls") in page


# --- Unconfirmed ------------------------------------------------------------------------------


def received(to, name="Ayşe", **fields):
    facts = {"last_name": "Yılmaz", "birth_year": 1980, "phone": "05551112233", **fields}
    return services.apply(course=to, first_name=name, **facts)


def test_the_queue_and_the_calls_say_who_is_to_confirm(client, officer, to):
    application = received(to)
    assert "Henüz onaylanmadı" in seen(client.get(queue_of(to)))
    calls = reverse("admin:trainees_application_calls")
    assert "Ayşe Yılmaz" in seen(client.get(calls)).partition('id="confirm"')[2]
    assert f"{calls}#confirm" in seen(client.get(reverse("admin:index")))
    answer = act(client, application, "confirm", back="calls")
    assert answer["Location"] == calls
    assert again(application).state == OFFERED
    assert "Ayşe Yılmaz" not in seen(client.get(calls)).partition('id="confirm"')[2]


def test_the_queue_says_where_a_similar_name_has_a_seat_with_the_same_phone(client, officer, to):
    make.enrolment(make.trainee("Ayşe Nur", "Yılmaz", phone="+905551112233"), to)
    received(to, "Ayşenur", same_person=False)
    page = seen(client.get(queue_of(to)))
    assert "Aynı kişi mi, sorun" in page and "Ayşe Nur Yılmaz" in page


def test_who_got_the_link_is_called_only_after_a_day(client, officer, to):
    application = received(to, email="ayse@example.org")
    calls = reverse("admin:trainees_application_calls")
    assert "Ayşe" not in seen(client.get(calls))
    Application.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert "Ayşe" in seen(client.get(calls))
    assert application.asked_at


def test_a_flood_is_shown_and_refused_at_once(client, officer, to):
    honest = applied(to, "Emine", phone="05559998877")
    for number in range(15):
        received(to, f"Ad{number}", phone=f"0555000{number:04}")
    page = seen(client.get(reverse("admin:index")))
    assert "ön kayıt yığılması" in page
    address = f"{reverse('admin:trainees_application_changelist')}?course__id__exact={to.pk}"
    address += "&confirmed=no&year=all"
    assert address.replace("&", "&amp;") in page
    rows = client.get(address).context["cl"].result_list
    assert honest not in rows
    chosen = {"action": "refuse_all", "_selected_action": [row.pk for row in rows], "apply": "1"}
    client.post(address, chosen | {"reason": "Sahte"})
    assert to.applications.filter(state=ApplicationState.REFUSED).count() == 15
    assert again(honest).state == OFFERED
    assert "ön kayıt yığılması" not in seen(client.get(reverse("admin:index")))
