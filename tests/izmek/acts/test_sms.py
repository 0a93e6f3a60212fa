"""Text messages: signs and parts, the gateway, reports, and the daily limit."""

import json
import logging
from dataclasses import replace
from datetime import datetime, time, timedelta
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from izmek.acts import letters
from izmek.acts.enums import LetterChannel, LetterState
from izmek.acts.refusal import Refusal
from izmek.acts.sms import checks, gateway, memory, reaches
from izmek.acts.sms.signs import BASIC, EXTENSION, TURKISH_SHIFT, Alphabet, measure, plain
from izmek.models import Letter, SmsDay
from izmek.text.phones import to_python
from tests import factories
from tests.gateway import ENDLESS, FakeGateway, fake_gateway

PHONE = "+905321112233"
TEXT = 'Sıra sizde; ücretsiz & "kolay" <b>'


# --- Signs and parts (3GPP TS 23.038) ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "alphabet", "signs", "parts"),
    [
        ("a" * 160, Alphabet.BASIC, 160, 1),
        ("a" * 161, Alphabet.BASIC, 161, 2),
        ("a" * 306, Alphabet.BASIC, 306, 2),
        ("a" * 307, Alphabet.BASIC, 307, 3),
        ("ÖÜÇöüé" * 26, Alphabet.BASIC, 156, 1),  # they need no other table; ç does
        ("€" * 80, Alphabet.BASIC, 160, 1),
        ("€" * 81, Alphabet.BASIC, 162, 2),
        ("ş" + "a" * 153, Alphabet.TURKISH, 155, 1),
        ("ş" + "a" * 154, Alphabet.TURKISH, 156, 2),
        ("ş" + "a" * 296, Alphabet.TURKISH, 298, 2),
        ("ş" + "a" * 297, Alphabet.TURKISH, 299, 3),
        # The sign that would be cut goes into the next part as a whole.
        ("a" * 148 + "ş" + "a" * 148, Alphabet.TURKISH, 298, 3),
        ("ж" * 70, Alphabet.UCS2, 70, 1),
        ("ж" * 71, Alphabet.UCS2, 71, 2),
        ("ж" * 134, Alphabet.UCS2, 134, 2),
        ("ж" * 135, Alphabet.UCS2, 135, 3),
        ("😀" * 35, Alphabet.UCS2, 70, 1),
        ("😀" * 67, Alphabet.UCS2, 134, 3),  # 33 in a part, none is cut
        ("", Alphabet.BASIC, 0, 1),
    ],
)
def test_a_text_is_counted_as_the_networks_do(text, alphabet, signs, parts):
    found = measure(text)
    assert (found.alphabet, found.signs, found.parts) == (alphabet, signs, parts)


def test_a_gateway_without_the_turkish_table_sends_ucs2(settings):
    settings.SMS_TURKISH_TABLE = False
    assert measure("ş" * 70).alphabet == Alphabet.UCS2
    assert measure("ş" * 71).parts == 2


@given(st.text(alphabet=sorted(BASIC | TURKISH_SHIFT) + ["ж", "😀"], max_size=700))
def test_the_parts_hold_the_text_and_none_too_many(text):
    found = measure(text)
    one, several = found.alphabet.value
    assert len(text) <= found.signs <= 2 * len(text)
    if found.parts == 1:
        assert found.signs <= one
    else:
        # Of each part at most one place is left empty, before a sign that takes two.
        assert (found.parts - 1) * (several - 1) < found.signs <= found.parts * several
        assert found.signs > one
    assert (found.alphabet == Alphabet.BASIC) == (set(text) <= BASIC | EXTENSION)
    if found.alphabet != Alphabet.UCS2:
        assert measure(text + "a").signs == found.signs + 1


@given(st.text(max_size=300))
def test_what_is_sent_has_no_control_characters_and_stays_as_it_is(text):
    sent = plain(text)
    assert plain(sent) == sent
    assert all(
        sign == "\n" or sign.isprintable() or sign > "\u0fff" for sign in sent if sign < "\x80"
    )
    for body in ('<a b="{text}">{text}</a>', "<a>{text}</a>"):
        filled = gateway.fill(body, {"text": sent}, gateway.ESCAPES["xml"])
        assert (ElementTree.fromstring(filled).text or "") == sent
    filled = gateway.fill('{"a": {"text": "{text}"}}', {"text": sent}, gateway.ESCAPES["json"])
    assert json.loads(filled) == {"a": {"text": sent}}


def test_typographic_signs_do_not_double_the_parts():
    assert plain("a\ufffeb\uffff") == "ab", "no XML may hold them"
    assert plain("Hâlâ “kâğıt” – İzmit’te…\u00a0 Gel\x07") == 'Hala "kağıt" - İzmit\'te... Gel'


# --- To whom ----------------------------------------------------------------------------------


def test_only_turkish_mobile_numbers_are_reached_unless_the_server_says_so(settings):
    assert reaches(to_python(PHONE))
    for other in ("+902623181000", "+4915112345678", "+90532111", "", None):
        assert not reaches(to_python(other))
    settings.SMS_ABROAD = True
    assert reaches(to_python("+4915112345678"))
    assert not reaches(to_python("+902623181000"))


# --- The gateway ------------------------------------------------------------------------------


@pytest.fixture
def course(db):
    return factories.course(programme=factories.programme("Oya & Dantel"))


@pytest.fixture
def server(settings):
    with fake_gateway() as found:
        for name, value in found.settings.items():
            setattr(settings, name, value)
        yield found


@pytest.fixture
def told(monkeypatch):
    """The letters of which the app was told that they failed for good."""
    found, kind = [], letters.KINDS["course_cancelled"]
    tells = replace(kind, failed=lambda letter: found.append(letter.error))
    monkeypatch.setitem(letters.KINDS, "course_cancelled", tells)
    return found


def write(course, **fields):
    facts = {
        "kind": "course_cancelled",
        "phone": to_python(PHONE),
        "about": course,
        "context": {"initials": "A. A.", "course": course, "reason": "Kar <yağdı>"},
    }
    return letters.write_text(**facts | fields)


def sent(course, capture, **fields):
    """A message that was written and handed over as often as it should."""
    with capture(execute=True):
        letter = write(course, **fields)
    return Letter.objects.get(pk=letter.pk)


def clock_passes():
    Letter.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_a_message_is_taken_with_its_turkish_text(
    course, server, django_capture_on_commit_callbacks
):
    letter = sent(course, django_capture_on_commit_callbacks)
    assert (letter.state, letter.channel, letter.gateway_id) == ("sent", "sms", "4711")
    assert letter.parts == measure(letter.text).parts
    assert letter.subject.startswith("Kursunuz kapatıldı") and letter.address == "0532 111 22 33"
    (message,) = server.messages
    assert message == {
        "user": "izmit",
        "pass": "s&cret=1",
        "from": "IZMIT BLD",
        "to": "905321112233",
        "text": letter.text,
    }
    assert "Oya & Dantel kursunuz kapatıldı" in letter.text and "Kar <yağdı>" in letter.text
    assert SmsDay.objects.get().parts == letter.parts


@pytest.mark.parametrize("way", ["refuses", "forbids", "is busy", "sends elsewhere"])
def test_what_is_refused_is_tried_again_as_letters_are(
    way, course, server, told, django_capture_on_commit_callbacks
):
    server.way = way
    letter = sent(course, django_capture_on_commit_callbacks)
    assert (letter.state, letter.attempts) == (LetterState.WAITING, 1)
    assert letter.error.startswith("HTTP") and "s&cret" not in letter.error
    assert "905321112233" not in letter.error
    assert SmsDay.objects.get().parts == 0, "it was not sent, so it does not count"
    for _try in range(4):
        clock_passes()
        call_command("send_letters", verbosity=0)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.FAILED, 5)
    assert told == [letter.error]
    assert len(server.asked) == 5 and not any(
        path == "/elsewhere" for path, _headers, _body in server.asked
    )


@pytest.mark.parametrize("way", ["hangs", "dies", "talks nonsense", "breaks"])
def test_what_may_have_arrived_is_not_sent_again_until_somebody_decides_so(
    way, course, server, told, django_capture_on_commit_callbacks
):
    server.way = way
    letter = sent(course, django_capture_on_commit_callbacks)
    assert (letter.state, letter.attempts) == (LetterState.FAILED, 1)
    assert "ulaşmış olabilir" in letter.error and told == [letter.error]
    server.way = "takes"
    clock_passes()
    call_command("send_letters", verbosity=0)
    assert len(server.asked) == 1
    with django_capture_on_commit_callbacks(execute=True):
        letters.resend(letter=letter, by=None)
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT and len(server.asked) == 2


@pytest.mark.parametrize("way", ENDLESS)
def test_an_answer_without_an_end_is_broken_off(
    way, course, server, settings, told, django_capture_on_commit_callbacks
):
    settings.SMS_TIMEOUT = 0.2
    server.way = way
    letter = sent(course, django_capture_on_commit_callbacks)
    assert letter.state == LetterState.FAILED and "ulaşmış olabilir" in letter.error


def test_a_nul_in_an_answer_is_stored_nowhere(course, server, django_capture_on_commit_callbacks):
    server.way = "says NUL"
    letter = sent(course, django_capture_on_commit_callbacks)
    assert letter.state == LetterState.WAITING and letter.error == "HTTP 200: 30 no"


def test_what_was_taken_up_since_the_page_was_shown_is_not_sent_beside(
    course, server, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        letter = write(course)
    Letter.objects.update(state=LetterState.SENDING, next_try_at=timezone.now() + timedelta(1))
    with pytest.raises(Refusal):
        letters.resend(letter=letter, by=None)
    assert letters.send_due() == 0 and server.asked == []


def test_a_button_that_is_pressed_twice_sends_once(
    client, course, server, django_capture_on_commit_callbacks
):
    server.way = "dies"
    letter = sent(course, django_capture_on_commit_callbacks)
    server.way = "takes"
    client.force_login(factories.user("yonetici"))
    act = f"/yonetim/izmek/letter/{letter.pk}/act/resend/"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(act).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        assert "Az önce gönderildi" in client.post(act).content.decode()
    assert len(server.asked) == 2
    Letter.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(act).status_code == 302
    assert len(server.asked) == 3


def test_a_gateway_that_is_away_is_tried_again(
    course, server, settings, django_capture_on_commit_callbacks
):
    settings.SMS_URL = "http://127.0.0.1:9/send"
    with django_capture_on_commit_callbacks():
        waiting = [write(course) for _n in range(3)]
    assert letters.send_due() == 0
    tries = [Letter.objects.get(pk=letter.pk).attempts for letter in waiting]
    assert tries == [1, 1, 0], "not asked for every message"
    settings.SMS_URL = server.settings["SMS_URL"]
    clock_passes()
    assert letters.send_due() == 3


def test_a_process_that_ends_while_it_sends_does_not_have_it_sent_twice(
    course, server, told, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        letter = write(course)
    Letter.objects.update(state=LetterState.SENDING, attempts=1)
    letter.refresh_from_db()
    with pytest.raises(Refusal):
        letters.resend(letter=letter, by=None)
    letters.send_due()
    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED and len(told) == 1
    assert server.asked == []


def test_an_untrusted_certificate_is_not_spoken_to(course, server, settings):
    settings.SMS_URL = server.settings["SMS_URL"].replace("http:", "https:")
    write(course)
    assert letters.send_due() == 0
    assert server.asked == []


def test_a_secret_that_would_be_two_headers_is_not_sent(
    course, server, settings, caplog, django_capture_on_commit_callbacks
):
    settings.SMS_AUTHORIZATION, settings.SMS_PASSWORD = "bearer", "s&cret\nX-To: all"
    letter = sent(course, django_capture_on_commit_callbacks)
    assert server.asked == [] and letter.state == LetterState.WAITING, "surely not sent"
    assert "s&cret" not in caplog.text + letter.error


def test_no_number_and_no_text_goes_to_the_log(
    course, server, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.DEBUG)
    for way in ("takes", "refuses", "dies"):
        server.way = way
        sent(course, django_capture_on_commit_callbacks)
    assert "was not sent" in caplog.text
    for secret in ("5321112233", "Oya", "s&cret"):
        assert secret not in caplog.text.replace("kursunuz", "")


def test_a_get_and_a_json_gateway(course, server, settings, django_capture_on_commit_callbacks):
    settings.SMS_METHOD = "GET"
    settings.SMS_URL += "?to={national}&text={text}&key={password}"
    letter = sent(course, django_capture_on_commit_callbacks)
    assert letter.state == LetterState.SENT
    path = server.asked[0][0]
    assert path.startswith("/send?to=5321112233&text=") and path.endswith("&key=s%26cret%3D1")
    assert " " not in path

    settings.SMS_METHOD, settings.SMS_FORMAT = "POST", "json"
    settings.SMS_URL = server.settings["SMS_URL"]
    settings.SMS_BODY = '{"from": "{header}", "messages": [{"no": "{number}", "msg": "{text}"}]}'
    settings.SMS_AUTHORIZATION = "basic"
    letter = sent(course, django_capture_on_commit_callbacks)
    _path, headers, body = server.asked[1]
    assert json.loads(body)["messages"] == [{"no": "905321112233", "msg": letter.text}]
    assert headers["Authorization"] == "Basic aXptaXQ6cyZjcmV0PTE="
    assert headers["Content-Type"].startswith("application/json")


def test_without_a_backend_a_waiting_message_fails_in_the_end(course, settings, told):
    settings.SMS_BACKEND = ""
    write(course)
    for _try in range(5):
        clock_passes()
        letters.send_due()
    assert Letter.objects.get().state == LetterState.FAILED and len(told) == 1


def test_the_console_shows_it(course, settings, capsys, django_capture_on_commit_callbacks):
    settings.SMS_BACKEND = "console"
    letter = sent(course, django_capture_on_commit_callbacks)
    assert letter.state == LetterState.SENT
    assert f"0532 111 22 33\n{letter.text}" in capsys.readouterr().out


XML = '<?xml version="1.0" encoding="UTF-8"?><sms><u>{user}</u><m no="{number}">{text}</m></sms>'


def test_an_xml_gateway(course, server, settings, django_capture_on_commit_callbacks):
    settings.SMS_FORMAT, settings.SMS_BODY = "xml", XML
    letter = sent(course, django_capture_on_commit_callbacks)
    _path, headers, body = server.asked[0]
    message = ElementTree.fromstring(body.encode()).find("m")
    assert (message.get("no"), message.text) == ("905321112233", letter.text)
    assert headers["Content-Type"].startswith("text/xml")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SMS_BACKEND": "pigeon"}, "SMS_BACKEND"),
        ({"SMS_BACKEND": "console"}, "SMS_BACKEND"),
        ({"SMS_HOURS": "9-20"}, "SMS_HOURS"),
        ({"SMS_HOURS": "20:00-09:00"}, "SMS_HOURS"),
        ({"SMS_AUTHORIZATION": "Basic"}, "SMS_AUTHORIZATION"),
        ({"SMS_FORMAT": "yaml"}, "SMS_FORMAT"),
        ({"SMS_TAKEN": "("}, "SMS_TAKEN"),
        ({"SMS_TAKEN": "(?!)"}, "SMS_TAKEN"),
        ({"SMS_URL": "https://sms.example.org:gate/"}, "SMS_URL is no address"),
        ({"SMS_URL": "http://sms.example.org/"}, "SMS_URL"),
        ({"SMS_BODY": "to={number}"}, "{text}"),
        ({"SMS_FORMAT": "json", "SMS_BODY": "{number} {text}"}, "SMS_BODY"),
        ({"SMS_FORMAT": "xml", "SMS_BODY": "<a>{number}{text}</b>"}, "SMS_BODY"),
        ({"SMS_FORMAT": "xml", "SMS_BODY": "<a>{number}<![CDATA[{text}]]></a>"}, "SMS_BODY"),
    ],
)
def test_a_mistake_in_the_settings_is_found_at_the_start(wrong, said, settings):
    right = FakeGateway(url="https://sms.example.org").settings
    for facts, count in ((right, 0), (wrong, 1)):
        for name, value in facts.items():
            setattr(settings, name, value)
        found = checks.gateway_is_usable(None)
        assert bool(found) == bool(count), found
    assert any(said in error.msg for error in found)


# --- Reports ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "state"),
    [("waits", "sent"), ("nonsense", "sent"), ("delivered", "delivered"), ("failed", "failed")],
)
def test_the_gateway_is_asked_what_became_of_it(
    report, state, course, server, told, django_capture_on_commit_callbacks
):
    letter = sent(course, django_capture_on_commit_callbacks)
    server.report = report
    call_command("send_letters", verbosity=0)
    assert len(server.asked) == 1, "not at once"
    clock_passes()
    call_command("send_letters", verbosity=0)
    assert server.asked[1][2] == "user=izmit&job=4711"
    letter.refresh_from_db()
    assert letter.state == state
    assert (letter.delivered_at is not None) == (state == "delivered")
    assert ("numara kapalı" in letter.error) == (state == "failed")
    assert told == ([letter.error] if state == "failed" else [])
    call_command("send_letters", verbosity=0)
    assert len(server.asked) == 2, "not again at once"


def test_a_report_about_what_was_sent_again_meanwhile_is_none(
    course, server, told, monkeypatch, django_capture_on_commit_callbacks
):
    letter = sent(course, django_capture_on_commit_callbacks)
    Letter.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    clock_passes()
    answer = gateway.Gateway.report

    def report(self, name):
        with django_capture_on_commit_callbacks():
            letters.resend(letter=letter, by=None)
        return answer(self, name)

    server.report = "failed"
    monkeypatch.setattr(gateway.Gateway, "report", report)
    letters.ask_reports()
    letter.refresh_from_db()
    assert letter.state == LetterState.WAITING and told == []


def test_after_some_days_nobody_asks_any_more(course, server, django_capture_on_commit_callbacks):
    sent(course, django_capture_on_commit_callbacks)
    Letter.objects.update(sent_at=timezone.now() - timedelta(days=4))
    clock_passes()
    assert letters.ask_reports() == 0
    assert len(server.asked) == 1


# --- The daily limit --------------------------------------------------------------------------


def test_what_is_over_the_limit_waits_for_tomorrow_unless_that_is_too_late(
    course, settings, told, django_capture_on_commit_callbacks
):
    settings.SMS_BACKEND = "memory"
    first = sent(course, django_capture_on_commit_callbacks)
    settings.SMS_DAILY_LIMIT = first.parts
    today = timezone.localdate()
    later = sent(course, django_capture_on_commit_callbacks, until=today + timedelta(days=2))
    assert (later.state, later.attempts) == (LetterState.WAITING, 0)
    assert timezone.localdate(later.next_try_at) == today + timedelta(days=1)
    assert "yarın gönderilecek" in later.error and told == []
    for until in (today, today + timedelta(days=1)):
        failed = sent(course, django_capture_on_commit_callbacks, until=until)
        assert failed.state == LetterState.FAILED
    assert len(told) == 2
    day = SmsDay.objects.get()
    assert (day.parts, day.over) == (first.parts, 3)
    SmsDay.objects.update(day=today - timedelta(days=1))
    clock_passes()
    assert letters.send_due() == 1


@pytest.fixture(autouse=True)
def emptied():
    yield
    memory.outbox.clear()


def test_the_first_page_tells_of_the_limit(client, course, settings):
    settings.SMS_BACKEND, settings.SMS_DAILY_LIMIT = "memory", 1
    client.force_login(factories.user("yonetici"))
    assert "Günlük SMS sınırı" not in client.get("/yonetim/").content.decode()
    write(course)
    write(course)
    letters.send_due()
    assert "Günlük SMS sınırı doldu" in client.get("/yonetim/").content.decode()


def test_letters_tell_what_way_they_went(client, course, settings):
    settings.SMS_BACKEND = "memory"
    letter = write(course)
    letters.send_due()
    client.force_login(factories.user("yonetici"))
    page = client.get("/yonetim/izmek/letter/?channel__exact=sms").content.decode()
    assert "0532 111 22 33" in page
    page = client.get(f"/yonetim/izmek/letter/{letter.pk}/change/").content.decode()
    found = measure(letter.text)
    assert f"{found.parts} SMS" in page and f"{found.signs} karakter" in page
    assert letter.channel == LetterChannel.SMS


# --- The hours --------------------------------------------------------------------------------


def at(monkeypatch, clock, day=0):
    """Let it be this time of the course centre, so many days from now."""
    time = datetime.combine(timezone.localdate() + timedelta(days=day), clock)
    moment = timezone.make_aware(time)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


NIGHTS = [(time(2), 0), (time(8, 59), 0), (time(20, 1), 1), (time(23, 59), 1)]


@pytest.mark.parametrize(("clock", "days"), NIGHTS)
def test_nobody_is_woken(
    clock, days, course, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.SMS_BACKEND, settings.SMS_HOURS = "memory", "09:00-20:00"
    today = timezone.localdate()
    at(monkeypatch, clock)
    letter = sent(course, django_capture_on_commit_callbacks)
    assert memory.outbox == [] and (letter.state, letter.attempts) == (LetterState.WAITING, 0)
    morning = datetime.combine(today + timedelta(days=days), time(9))
    assert timezone.localtime(letter.next_try_at).replace(tzinfo=None) == morning
    at(monkeypatch, time(9), days)
    Letter.objects.update(next_try_at=timezone.now() - timedelta(days=3))
    assert letters.send_due() == 1


def test_a_lesson_of_the_next_morning_is_told_in_the_evening(
    course, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.SMS_BACKEND, settings.SMS_HOURS = "memory", "09:00-20:00"
    tomorrow = timezone.localdate() + timedelta(days=1)
    at(monkeypatch, time(21))
    assert sent(course, django_capture_on_commit_callbacks, until=tomorrow).state == "sent"
    later = tomorrow + timedelta(days=1)
    assert sent(course, django_capture_on_commit_callbacks, until=later).state == "waiting"


def test_what_is_out_of_date_is_not_sent_any_more(course, settings, told):
    settings.SMS_BACKEND = "memory"
    letter = write(course, until=timezone.localdate() - timedelta(days=1))
    assert letters.send_due() == 0 and memory.outbox == []
    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED and told == [letter.error]
