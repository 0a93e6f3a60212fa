"""Who has no e-mail address gets a text message; who is reached in neither way is called."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from courses import services as courses
from izmek.acts import letters
from izmek.acts.enums import LetterState
from izmek.acts.refusal import Refusal
from izmek.acts.sms import memory
from izmek.acts.sms.signs import measure
from izmek.models import Letter, SmsDay
from tests import factories as make
from tests.gateway import fake_gateway
from trainees import services
from trainees.enums import LETTERS, TEXTED, ApplicationState, ErasureReason
from trainees.models import Application, Call, CallAttempt

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db
PHONE, OTHER = "+905321112233", "+905329998877"


@pytest.fixture
def texts(settings):
    """What is sent by SMS: [(number, text)]."""
    settings.SMS_BACKEND = "memory"
    memory.outbox.clear()
    yield memory.outbox
    memory.outbox.clear()


def today(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def full_course(**fields):
    """A course with one seat, which is taken, and takes applications."""
    course = make.course(
        state="open", capacity=1, begin=today(30), programme=make.programme("İğne Oyası"), **fields
    )
    return course, make.enrolment(make.trainee("Zeynep", "Ak", email="z@example.org"), course)


def waiting(course, **fields):
    facts = {"first_name": "Gül", "last_name": "Er", "phone": PHONE, "birth_year": 1980, **fields}
    return make.confirmed(services.apply(course=course, **facts))


def lesson_cancelled(*people, days=3):
    """A course with these trainees whose lesson is cancelled."""
    course = make.course()
    for who in people:
        make.enrolment(who, course)
    session = make.session(course, today(days))
    courses.cancel_session(session=session, reason="Kar", by=None)
    return course


def limit_reached(settings):
    settings.SMS_DAILY_LIMIT = 1
    SmsDay.objects.create(day=today(), parts=1)


def called():
    return [str(call.who) for call in Call.objects.open()]


# --- The demonstration ------------------------------------------------------------------------


def test_an_offer_to_someone_without_e_mail_arrives_at_the_gateway(
    client, settings, django_capture_on_commit_callbacks
):
    course, taken = full_course()
    application = waiting(course)
    client.force_login(make.user("merkez-sorumlusu", centres=[course.centre]))
    with fake_gateway() as gateway:
        for name, value in gateway.settings.items():
            setattr(settings, name, value)
        act = reverse("admin:trainees_enrolment_act", args=[taken.pk, "withdraw"])
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(act, {"reason": "Taşındı"}).status_code == 302
        (message,) = gateway.messages
    assert message["to"] == "905321112233" and message["from"] == "IZMIT BLD"
    text = message["text"]
    assert text.startswith("İZMEK (G. E.): İğne Oyası kursunda size yer ayrıldı.")
    application.refresh_from_db()
    assert application.state == ApplicationState.OFFERED
    assert application.reference in text and measure(text).parts <= 2
    until = timezone.localtime(application.offer_until)
    assert f"{until:%H.%M}" in text, "the clock runs as with an e-mail"
    letter = Letter.objects.get(kind="offer")
    assert (letter.state, letter.object) == (LetterState.SENT, application)
    desk = client.get(reverse("admin:trainees_call_desk")).content.decode()
    assert "Gül Er" not in desk


# --- Who gets one -----------------------------------------------------------------------------


def test_what_is_owed_goes_without_a_consent(texts, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        lesson_cancelled(make.trainee("Fatma", "Öz", phone=PHONE))
    ((number, text),) = texts
    assert number == PHONE and "dersi yapılmayacak" in text and "Kar" in text
    assert "Öz" not in text, "a telephone lies on the table"
    assert called() == []


def test_a_reason_may_end_with_a_full_stop_of_its_own(texts):
    course = make.course()
    make.enrolment(make.trainee("Fatma", "Öz", phone=PHONE), course)
    for day, reason, shown in ((3, "Kar.", "Kar."), (4, "Kar " * 30, "Kar...")):
        courses.cancel_session(session=make.session(course, today(day)), reason=reason, by=None)
        text = Letter.objects.latest("pk").text
        assert text.endswith(shown) and not text.endswith(f".{shown}")


def test_without_a_backend_people_are_called_as_before(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        lesson_cancelled(make.trainee("Fatma", "Öz", phone=PHONE))
    assert called() == ["Fatma Öz"] and not Letter.objects.exists()


@pytest.mark.parametrize("phone", ["", "+902623181000", "+4915112345678"])
def test_who_has_no_mobile_number_is_called(texts, phone):
    lesson_cancelled(make.trainee("Fatma", "Öz", phone=phone))
    assert called() == ["Fatma Öz"] and not Letter.objects.exists()


def test_a_number_that_proved_wrong_gets_nothing(texts):
    lesson_cancelled(make.trainee("Fatma", "Öz", phone=PHONE, wrong_phone=PHONE))
    assert called() == ["Fatma Öz"]


def test_a_cancelled_lesson_is_told_beside_the_e_mail_but_another_room_is_not(
    texts, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        course = lesson_cancelled(make.trainee("Ayşe", "Ak", email="a@example.org", phone=PHONE))
        course.room = make.room(course.centre)
        courses.save_course(course=course, by=None)
    assert len(texts) == 1 and len(mail.outbox) == 2


def test_of_a_child_the_own_number_goes_first_then_the_guardians(texts):
    child = make.minor(phone=PHONE)
    child.guardians.update(phone=OTHER)
    without = make.minor(phone="")
    without.guardians.update(phone=OTHER)
    lesson_cancelled(child, without)
    assert sorted(Letter.objects.values_list("phone", flat=True)) == [PHONE, OTHER]


def test_nothing_goes_to_whom_only_stores(texts):
    who = make.trainee("Fatma", "Öz", phone=PHONE, restricted_at=timezone.now())
    lesson_cancelled(who)
    assert not Letter.objects.exists() and called() == []


def test_news_that_is_not_owed_is_no_text_message(texts):
    course, _taken = full_course()
    course.capacity = 3
    course.save()
    services.enrol(trainee=make.trainee("Fatma", "Öz", phone=PHONE), course=course, by=None)
    waiting(course, phone=OTHER)
    assert not Letter.objects.filter(channel="sms").exists()


def test_an_applicant_reads_it_in_their_language(texts, django_capture_on_commit_callbacks):
    course, taken = full_course()
    waiting(course, language="en")
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(enrolment=taken, by=None)
    assert "a seat is kept for you" in texts[0][1]
    assert Letter.objects.get(channel="sms").subject.startswith("Sıra size geldi")


def test_a_class_costs_the_same_questions_for_three_as_for_one(texts):
    counts = []
    for people in (1, 3):
        course = make.course()
        for _n in range(people):
            child = make.minor(phone="")
            child.guardians.update(phone=OTHER)
            make.enrolment(child, course)
        session = make.session(course, today(3))
        with CaptureQueriesContext(connection) as queries:
            courses.cancel_session(session=session, reason="Kar", by=None)
        counts.append(sum('"trainees_guardian"' in query["sql"] for query in queries))
    assert counts[0] == counts[1] == 1


# --- The texts --------------------------------------------------------------------------------


def test_every_kind_has_a_short_text_in_both_languages():
    for kind in TEXTED:
        for language in ("tr", "en"):
            assert (ROOT / f"templates/letters/{kind}.sms.{language}.txt").exists()
    names = {path.name.split(".")[0] for path in (ROOT / "templates/letters").glob("[!_]*.sms.*")}
    assert names == {*TEXTED, "news"} <= set(LETTERS)


def test_the_longest_names_and_reasons_fit_few_parts(texts):
    centre = make.centre("Yahyakaptan Mahallesi Hacı Bektaş Veli Kurs Merkezi ve Kültür Evi")
    centre.phone = "+902623181000"
    centre.save()
    programme = make.programme("Geleneksel Türk El Sanatları: Şile Bezi, Kâğıt Rölyef ve Çini")
    facts = {"state": "open", "capacity": 1, "begin": today(30)}
    course = make.course(centre=centre, programme=programme, **facts)
    seat = make.enrolment(make.trainee("Fatma", "Öz", phone=PHONE), course)
    make.confirmed(
        services.apply(
            course=course, first_name="Gül", last_name="Er", phone=OTHER, birth_year=1980
        )
    )
    session = make.session(course, today(33))
    courses.cancel_session(session=session, reason="Şiddetli yağış ve buzlanma " * 8, by=None)
    course.room = make.room(centre)
    courses.save_course(course=course, by=None)
    services.withdraw(enrolment=seat, by=None)
    found = {letter.kind: letter for letter in Letter.objects.filter(channel="sms")}
    assert found.keys() == {"session_cancelled", "room_changed", "offer"}
    for letter in found.values():
        assert letter.parts <= 3, letter.text
        assert measure(letter.text).alphabet.name == "TURKISH", letter.text


# --- What fails -------------------------------------------------------------------------------


def failed(client, settings, capture, way):
    """An offer and a cancelled lesson whose messages fail; the desk of calls, as an officer sees it."""
    course, taken = full_course()
    application = waiting(course)
    make.enrolment(make.trainee("Fatma", "Öz", phone=OTHER), other := make.course())
    session = make.session(other, today(3))
    with fake_gateway() as gateway:
        for name, value in gateway.settings.items():
            setattr(settings, name, value)
        gateway.way = way
        with capture(execute=True):
            services.withdraw(enrolment=taken, by=None)
            courses.cancel_session(session=session, reason="Kar", by=None)
        for _try in range(5):
            Letter.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
            letters.send_due()
    client.force_login(make.user("yonetici"))
    return application, client.get(reverse("admin:trainees_call_desk")).content.decode()


@pytest.mark.parametrize(
    ("way", "why"), [("refuses", "HTTP 200: 30"), ("dies", "ulaşmış olabilir")]
)
def test_whose_message_failed_for_good_is_called_and_the_list_says_why(
    way, why, client, settings, django_capture_on_commit_callbacks
):
    application, desk = failed(client, settings, django_capture_on_commit_callbacks, way)
    assert desk.count("SMS gitmedi") == 2 and desk.count(why) == 2
    assert "Gül Er" in desk and "Fatma Öz" in desk
    application.refresh_from_db()
    assert application.offer_until is None, "its time starts when somebody tells of it"
    told = services.told_by_phone(application=application, by=None)
    assert told.offer_until > timezone.now() + timedelta(hours=1)
    attempts = CallAttempt.objects.filter(answer="sms failed")
    assert {str(one.phone) for one in attempts} == {"0532 111 22 33", "0532 999 88 77"}


def test_over_the_limit_an_offer_is_told_by_telephone_at_once(
    texts, settings, client, django_capture_on_commit_callbacks
):
    limit_reached(settings)
    course, taken = full_course()
    application = waiting(course)
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(enrolment=taken, by=None)
        lesson_cancelled(make.trainee("Fatma", "Öz", phone=OTHER), days=9)
    application.refresh_from_db()
    assert texts == [] and application.offer_until is None
    assert Letter.objects.get(kind="session_cancelled").state == LetterState.WAITING
    client.force_login(make.user("yonetici"))
    desk = client.get(reverse("admin:trainees_call_desk")).content.decode()
    assert "Gül Er" in desk and "Günlük SMS sınırı doldu" in desk and "Fatma" not in desk


def test_to_whom_an_e_mail_went_nobody_calls(texts, settings, django_capture_on_commit_callbacks):
    limit_reached(settings)
    with django_capture_on_commit_callbacks(execute=True):
        lesson_cancelled(make.trainee("Ayşe", "Ak", email="a@example.org", phone=PHONE), days=1)
    assert Letter.objects.get(channel="sms").state == LetterState.FAILED
    assert called() == [] and not CallAttempt.objects.exists()


def test_a_report_of_failure_days_later_stops_no_clock_that_ran_out(
    settings, django_capture_on_commit_callbacks
):
    course, taken = full_course()
    application = waiting(course)
    with fake_gateway() as gateway:
        for name, value in gateway.settings.items():
            setattr(settings, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            services.withdraw(enrolment=taken, by=None)
        over = timezone.now() - timedelta(minutes=1)
        Application.objects.update(offer_until=over)
        Letter.objects.update(next_try_at=over)
        gateway.report = "failed"
        assert letters.ask_reports() == 1
    application.refresh_from_db()
    assert application.offer_until == over
    (call,) = Call.objects.open()
    assert call.who == application, "who was passed over without a word is told at least"


# --- What waits -------------------------------------------------------------------------------


def test_the_time_of_an_offer_that_was_made_by_night_begins_in_the_morning(
    texts, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.SMS_HOURS = "09:00-20:00"
    course, taken = full_course()
    application = waiting(course)
    night = timezone.make_aware(datetime.combine(today(1), time(2)))
    monkeypatch.setattr(timezone, "now", lambda: night)
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(enrolment=taken, by=None)
        call_command("advance_queues", verbosity=0)
    assert texts == []
    morning = night + timedelta(hours=7)
    monkeypatch.setattr(timezone, "now", lambda: morning)
    Letter.objects.update(next_try_at=night - timedelta(days=3))
    assert letters.send_due() == 1
    application.refresh_from_db()
    assert application.offer_until == morning + timedelta(hours=course.term.year.offer_hours)
    ((_number, text),) = texts
    assert f"{timezone.localtime(application.offer_until):%H.%M}" in text


def changed_number(who):
    type(who).objects.filter(pk=who.pk).update(phone=OTHER)


def wrong_number(who):
    type(who).objects.filter(pk=who.pk).update(wrong_phone=PHONE)


def only_stored(who):
    services.restrict(trainee=who, reason="İtiraz etti", by=None)


@pytest.mark.parametrize(
    ("change", "is_called"), [(changed_number, True), (wrong_number, True), (only_stored, False)]
)
def test_what_has_changed_while_a_message_waits_counts(change, is_called, texts):
    who = make.trainee("Fatma", "Öz", phone=PHONE)
    lesson_cancelled(who)
    change(who)
    letters.send_due()
    assert texts == [] and Letter.objects.get().state == LetterState.FAILED
    assert called() == (["Fatma Öz"] if is_called else [])
    with pytest.raises(Refusal):
        letters.resend(letter=Letter.objects.get(), by=None)


def test_a_message_about_an_offer_is_sent_again_the_next_day_if_somebody_decides_so(
    texts, django_capture_on_commit_callbacks
):
    course, taken = full_course()
    waiting(course)
    services.withdraw(enrolment=taken, by=None)
    letter = Letter.objects.get(kind="offer")
    Letter.objects.update(state=LetterState.FAILED, until=today(-1))
    with django_capture_on_commit_callbacks(execute=True):
        services.resend_letter(about=letter.object, letter=letter, by=None)
    assert texts == [(PHONE, letter.text)]


def test_an_offer_that_is_told_again_says_the_end_that_it_has_now(
    settings, client, monkeypatch, django_capture_on_commit_callbacks
):
    settings.SMS_HOURS = ""
    course, taken = full_course()
    application = waiting(course)
    first = timezone.now()
    with fake_gateway() as gateway:
        for name, value in gateway.settings.items():
            setattr(settings, name, value)
        gateway.way = "dies"
        with django_capture_on_commit_callbacks(execute=True):
            services.withdraw(enrolment=taken, by=None)
        application.refresh_from_db()
        assert application.offer_until is None, "nobody knows whether it arrived: the clock stands"
        later = first + timedelta(days=3, hours=1, minutes=7)
        monkeypatch.setattr(timezone, "now", lambda: later)
        client.force_login(make.user("merkez-sorumlusu", centres=[course.centre]))
        gateway.way = "takes"
        letter = Letter.objects.get(kind="offer")
        act = reverse("admin:trainees_application_act", args=[application.pk, "resend"])
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(act, {"letter": letter.pk}).status_code == 302
        told, again = (message["text"] for message in gateway.messages)
    application.refresh_from_db()
    assert application.offer_until == later + timedelta(hours=course.term.year.offer_hours)
    until = date_format(timezone.localtime(application.offer_until), "j F l, H.i")
    assert f"En geç {until}." in again and until not in told
    letter.refresh_from_db()
    assert letter.text == again and letter.parts == measure(again).parts
    assert letter.until == timezone.localdate(later)


def test_an_offer_told_by_telephone_meanwhile_keeps_that_end(
    texts, settings, django_capture_on_commit_callbacks
):
    limit_reached(settings)
    course, taken = full_course()
    application = waiting(course)
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(enrolment=taken, by=None)
    services.told_by_phone(application=application, by=None)
    Application.objects.update(offer_until=timezone.now() + timedelta(days=9))
    settings.SMS_DAILY_LIMIT = 0
    letter = Letter.objects.get(kind="offer")
    with django_capture_on_commit_callbacks(execute=True):
        services.resend_letter(about=application, letter=letter, by=None)
    before = Application.objects.get().offer_until
    ((_number, text),) = texts
    assert date_format(timezone.localtime(before), "j F l, H.i") in text


def test_without_a_backend_an_offer_is_not_told_again(
    texts, settings, django_capture_on_commit_callbacks
):
    limit_reached(settings)
    course, taken = full_course()
    waiting(course)
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(enrolment=taken, by=None)
    settings.SMS_BACKEND = ""
    letter = Letter.objects.get(kind="offer")
    with pytest.raises(Refusal, match="telefonla"):
        services.resend_letter(about=letter.object, letter=letter, by=None)
    assert Application.objects.get().offer_until is None


def test_an_offer_that_was_given_up_is_not_told(texts):
    course, taken = full_course()
    application = waiting(course)
    services.withdraw(enrolment=taken, by=None)
    services.withdraw_application(application=application, phone_digits="2233", by=None)
    assert letters.send_due() == 0 and texts == [] and called() == []


def test_who_has_an_address_since_the_message_was_written_is_called_all_the_same(texts, settings):
    limit_reached(settings)
    course = make.course()
    seat = make.enrolment(make.trainee("Fatma", "Öz", phone=PHONE), course)
    services.remove(enrolment=seat, reason="Devamsızlık", by=None)
    letter = Letter.objects.get(kind="removed")
    Letter.objects.update(until=today())
    type(seat.trainee).objects.update(email="f@example.org")
    letters.send_due()
    assert called() == ["Fatma Öz"] and letter.object == seat


def test_a_name_of_many_words_makes_no_long_message(texts):
    who = make.trainee(" ".join("ABCDEFGH" * 4), "Öz", phone=PHONE)
    lesson_cancelled(who)
    assert Letter.objects.get().text.startswith("İZMEK (A. B. C. D.): ")


# --- Erasing and reading ----------------------------------------------------------------------


def test_whoever_is_erased_takes_the_messages_along(texts, django_capture_on_commit_callbacks):
    who = make.trainee("Fatma", "Öz", phone=PHONE)
    with django_capture_on_commit_callbacks(execute=True):
        course = lesson_cancelled(who)
    services.withdraw(enrolment=course.enrolments.get(), by=None)
    CallAttempt.objects.create(trainee=who, phone=PHONE, answer="sms failed", reason="0532")
    services.anonymise(person=who, by=None, reason=ErasureReason.ASKED)
    assert not Letter.objects.exists() and not CallAttempt.objects.exists()


def test_a_message_of_whom_nobody_knows_any_more_is_dropped(texts):
    lesson_cancelled(make.trainee("Fatma", "Öz", phone=PHONE))
    Letter.objects.all().delete()
    assert letters.send_due() == 0 and texts == []


def test_an_auditor_reads_it_masked(client, texts):
    course = lesson_cancelled(make.trainee("Fatma", "Öz", phone=PHONE))
    letter = Letter.objects.get()
    client.force_login(make.user("denetci"))
    for page in (
        reverse("admin:izmek_letter_changelist"),
        reverse("admin:izmek_letter_change", args=[letter.pk]),
        reverse("admin:trainees_enrolment_change", args=[course.enrolments.get().pk]),
    ):
        seen = client.get(page).content.decode()
        assert "*** ** 33" in seen
        assert "111 22 33" not in seen and "1112233" not in seen
    client.force_login(make.user("yonetici"))
    seen = client.get(reverse("admin:izmek_letter_change", args=[letter.pk])).content.decode()
    assert "0532 111 22 33" in seen and letter.text.split(":")[0] in seen


def test_what_a_gateway_said_of_a_number_is_masked_on_the_list(client, settings):
    _course, seat = full_course()
    services.ask_for_call(enrolment=seat, what="Belge eksik", by=None)
    CallAttempt.objects.create(
        trainee=seat.trainee, phone=PHONE, answer="sms failed", reason="05321112233 kapalı"
    )
    for role, reads in (("denetci", False), ("yonetici", True)):
        client.force_login(make.user(role))
        desk = client.get(reverse("admin:trainees_call_desk")).content.decode()
        assert "SMS gitmedi" in desk and ("05321112233" in desk) == reads
