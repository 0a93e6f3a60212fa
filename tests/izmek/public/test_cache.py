"""Pages kept in the cache: fewer queries the second time, and never a page of before a change."""

import gzip
import time
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from unittest import mock
from urllib.parse import unquote

import pytest
import time_machine
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exhibitions.enums import NameForm
from exhibitions.models import Exhibition
from exhibitions.services import publish_exhibition, withdraw_work
from izmek.acts.bulk import bulk_update
from izmek.models import PublicChange
from izmek.public import cache as kept
from izmek.public.areas import KEPT_CHANGES, generation, note_change
from tests import factories as make
from trainees.enums import Purpose
from trainees.models import Guardian
from trainees.services import give_consent, withdraw_consent

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def shown():
    """A work whose maker is named, in a public exhibition."""
    maker = make.trainee("Zeynep", "Kardelenoğlu")
    make.consent(maker, Purpose.NAME_WEB)
    work = make.work("Karanfil oyası", makers=[maker], form=NameForm.FULL)
    exhibition = make.exhibition("Yıl Sonu", works=[work])
    return maker, work, exhibition


def read(client, url):
    return client.get(url).content.decode()


def queries(client, url, **headers):
    with CaptureQueriesContext(connection) as asked:
        client.get(url, headers=headers)
    return len(asked)


def test_the_second_visit_asks_for_the_generation_alone(client, shown):
    _maker, work, exhibition = shown
    for url in ("/sergiler/", exhibition.get_absolute_url(), work.get_absolute_url()):
        assert queries(client, url) > 2
        assert queries(client, url) == 1


def test_a_kept_page_is_the_page_with_its_type_and_tag(client, shown):
    _maker, work, _exhibition = shown
    first, second = (client.get(work.get_absolute_url()) for _ in range(2))
    assert first.content == second.content
    for name in ("Content-Type", "Cache-Control", "ETag", "Content-Language"):
        assert first[name] == second[name]


def test_languages_hosts_and_pages_are_kept_apart(client, shown):
    _maker, _work, exhibition = shown
    assert 'lang="tr"' in read(client, "/sergiler/")[:60]
    assert 'lang="en"' in read(client, "/en/exhibitions/")[:60]
    here = client.get(exhibition.get_absolute_url(), headers={"host": "localhost"})
    there = client.get(exhibition.get_absolute_url())
    assert b"//localhost/" in here.content and b"//localhost/" not in there.content


def test_a_withdrawn_consent_is_gone_with_the_next_visit(client, shown):
    maker, work, _exhibition = shown
    assert "Kardelenoğlu" in read(client, work.get_absolute_url())
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="paper", by=None)
    assert "Kardelenoğlu" not in read(client, work.get_absolute_url())
    give_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="paper", by=None)
    assert "Kardelenoğlu" in read(client, work.get_absolute_url())


def test_rows_written_in_bulk_count(client, shown):
    _maker, work, exhibition = shown
    read(client, exhibition.get_absolute_url())
    work.title = "Lale oyası"
    bulk_update([work], ["title"])
    assert "Lale oyası" in read(client, exhibition.get_absolute_url())


def test_a_change_of_a_neighbouring_table_counts(client, shown):
    _maker, work, exhibition = shown
    read(client, work.get_absolute_url())
    work.centre.name = "Yeni Ad Kurs Merkezi"
    work.centre.save()
    assert "Yeni Ad Kurs Merkezi" in read(client, work.get_absolute_url())
    read(client, exhibition.get_absolute_url())
    exhibition.centres.add(make.centre("Ortaburun Kurs Merkezi"))
    assert "Ortaburun Kurs Merkezi" in read(client, exhibition.get_absolute_url())


def test_a_phone_correction_keeps_the_pages_and_a_new_name_ends_them(shown):
    maker, _work, _exhibition = shown
    teacher = make.teacher()
    before = generation()
    for person in (maker, teacher):
        person.phone = "+905551234567"
        person.save()
    bulk_update([maker], ["phone"])
    make.trainee("Yeni", "Kursiyer")
    Guardian.objects.create(trainee=maker, name="Ayla Kaya", relation="anne")
    assert generation() == before
    for person in (maker, teacher):
        person.last_name = "Lale"
        person.save()
        assert generation() != before
        before = generation()
    bulk_update([maker], ["last_name"])
    assert generation() != before


def test_a_birth_date_ends_the_pages(client, shown):
    """A trainee who turns out to be under 18 is no longer named in full."""
    maker, work, _exhibition = shown
    assert "Kardelenoğlu" in read(client, work.get_absolute_url())
    maker.birth_date = timezone.localdate() - timedelta(days=16 * 365)
    maker.save()
    assert "Kardelenoğlu" not in read(client, work.get_absolute_url())


def test_a_withdrawn_work_is_gone(client, shown):
    _maker, work, exhibition = shown
    assert client.get(work.get_absolute_url()).status_code == 200
    withdraw_work(work=work, reason="İstek üzerine", by=None)
    assert client.get(work.get_absolute_url()).status_code in (404, 410)
    assert "Karanfil oyası" not in read(client, exhibition.get_absolute_url())


def test_an_act_that_fails_leaves_what_was_kept(client, shown):
    before = generation()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note_change()
        1 / 0  # noqa: B018
    assert generation() == before


def test_what_becomes_public_by_the_clock_is_there_in_time(client):
    soon = timezone.now() + timedelta(minutes=10)
    coming = Exhibition.objects.get(pk=make.exhibition("Sürpriz Sergi", state="draft").pk)
    publish_exhibition(exhibition=coming, publish_from=soon, by=None)
    with CaptureQueriesContext(connection):
        assert Exhibition.objects.next_publication(timezone.now()) == soon


def test_the_next_day_is_another_page(client):
    today = timezone.localdate()
    make.exhibition("Son Gün", begin=today - timedelta(days=1), end=today)
    assert "Bugün açık" in read(client, "/sergiler/")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert "Şu anda açık sergi yok" in read(client, "/sergiler/")


def test_old_changes_are_forgotten_and_no_generation_comes_back(django_capture_on_commit_callbacks):
    seen = {generation()}
    for _ in range(3 * KEPT_CHANGES):
        with django_capture_on_commit_callbacks(execute=True):
            note_change()
        assert generation() not in seen
        seen.add(generation())
    assert PublicChange.objects.count() <= 4 * KEPT_CHANGES


def test_a_restored_backup_makes_no_generation_of_before():
    note_change()
    seen = generation()
    change = PublicChange.objects.order_by("pk").last()
    PublicChange.objects.filter(pk=change.pk).delete()
    PublicChange.objects.create(pk=change.pk, area=change.area, at=change.at + timedelta(minutes=1))
    assert generation() != seen


def test_nothing_is_forgotten_inside_an_act(django_capture_on_commit_callbacks):
    """So that two acts that change a lot never wait for each other's rows."""
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks():
        for _ in range(2 * KEPT_CHANGES):
            note_change()
    assert not [query for query in asked if query["sql"].startswith("DELETE")]


# --- What is asked for, and where it lies -------------------------------------------------------


def test_what_a_page_does_not_ask_for_makes_no_page_and_stands_on_none(client, shown):
    plain = client.get("/sergiler/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/sergiler/?fbclid=abc&sayfa=&utm_source=gazete")
    assert len(asked) == 1
    assert (answer.content, answer["ETag"]) == (plain.content, plain["ETag"])
    assert "utm_source" not in read(client, "/eserler/?utm_source=gazete&q=karanfil")


def test_no_number_of_questions_fills_the_cache(client, shown, monkeypatch):
    monkeypatch.setitem(kept.PLACES, True, 3)
    monkeypatch.setitem(kept.ROOM, True, 100_000)
    monkeypatch.setattr(kept._own[True], "room", 100_000)
    for number in range(12):
        client.get(f"/eserler/?q=karanfil+{number}")
    assert len([key for key in cache._cache if "public:asked" in key]) <= 3
    assert kept._own[True].used <= 100_000
    client.get("/eserler/")
    assert queries(client, "/eserler/") == 1  # pages without a question lie elsewhere


def test_no_number_of_wrong_addresses_pushes_pages_out(client, shown, monkeypatch):
    _maker, work, _exhibition = shown
    monkeypatch.setattr(kept._own[False], "room", 100_000)
    client.get("/sergiler/")
    for number in range(120):
        assert client.get(f"/eserler/{work.number}/yanlis-{number}/").status_code == 302
    assert queries(client, "/sergiler/") == 1


def test_no_number_of_ports_pushes_pages_out(client, shown, monkeypatch):
    monkeypatch.setattr(kept._own[True], "room", 100_000)
    client.get("/sergiler/")
    for port in range(1, 40):
        client.get("/sergiler/", headers={"host": f"testserver:{port}"})
    assert kept._own[True].used <= 100_000
    assert len(kept._own[False].pages) == 1
    assert queries(client, "/sergiler/") == 1


def test_a_host_is_one_however_it_is_spelt(client, shown):
    client.get("/sergiler/")
    for host in ("TestServer", "testserver.", "TESTSERVER"):
        assert queries(client, "/sergiler/", host=host) == 1
    assert len(kept._own[False].pages) == 1


def test_a_page_of_a_very_long_address_is_not_kept(client, shown):
    address = f"/eserler/?q={'karanfil+' * 300}"
    assert client.get(address).status_code == 200
    assert not any(own.pages for own in kept._own.values())


def test_a_page_is_compressed_once_for_whoever_reads_that(client, shown):
    plain = client.get("/sergiler/")
    packed = client.get("/sergiler/", headers={"accept-encoding": "gzip, br"})
    assert "Content-Encoding" not in plain and packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"
    assert packed["Content-Length"] == str(len(packed.content))
    assert packed["ETag"] == plain["ETag"]


def test_who_refuses_gzip_gets_none(client, shown):
    for accepts in ("gzip;q=0", "br, gzip ; q=0.0", "identity", "notgzip"):
        answer = client.get("/sergiler/", headers={"accept-encoding": accepts})
        assert "Content-Encoding" not in answer and b"</html>" in answer.content, accepts
    for accepts in ("gzip;q=0.5", "br;q=0, GZIP"):
        answer = client.get("/sergiler/", headers={"accept-encoding": accepts})
        assert answer["Content-Encoding"] == "gzip", accepts


def test_the_head_of_a_page_has_its_headers_alone(client, shown):
    page, head = client.get("/sergiler/"), client.head("/sergiler/")
    assert (head.content, dict(head.items())) == (b"", dict(page.items()))


def test_nginx_is_told_what_it_may_keep_and_visitors_are_not(client, shown):
    ask, second = ({"x-kept-pages": switch} for switch in ("ask", "second"))
    page = client.get("/sergiler/", headers=ask)
    assert page["X-Accel-Expires"] == "@1"
    again = client.get("/sergiler/", headers={**ask, "if-none-match": page["ETag"]})
    assert (again.status_code, again["X-Accel-Expires"]) == (304, "@1")
    for _visit in range(2):
        until = int(client.get("/sergiler/", headers=second)["X-Accel-Expires"][1:])
        assert until <= time.time() < until + 2  # to the end of this second
    assert "X-Accel-Expires" not in client.get("/sergiler/")
    for address in ("/iletisim/yaz/", "/hesap/login/", "/sergiler/yok/", "/saglik/", "/ogretmen/"):
        assert "X-Accel-Expires" not in client.get(address, headers=ask), address
    assert "X-Accel-Expires" not in client.post("/sergiler/", headers=ask)
    # It would file a page under the address, and a number that somebody typed into it, on its disk.
    assert "X-Accel-Expires" not in client.get("/kurslar/?tc=10000000146", headers=ask)
    assert client.get("/eserler/?q=karanfil+oyas%C4%B1", headers=ask)["X-Accel-Expires"] == "@1"


# --- The first door -------------------------------------------------------------------------------


site = WSGIHandler()


def knock(address, **headers):
    """What gunicorn gets for an address: the status, the headers, the bytes, and whether Django saw it."""
    request = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    asked = RequestFactory().get(address, **{"HTTP_HOST": "testserver", **request}).environ
    path, _sign, query = address.partition("?")
    asked |= {"PATH_INFO": unquote(path).encode().decode("latin-1"), "QUERY_STRING": query}
    seen, told = [], []

    def django(environ, start_response):
        seen.append(environ)
        return site(environ, start_response)

    look = "close_if_unusable_or_obsolete"  # each request begins with it; a test's connection stays
    with (
        mock.patch.object(BaseDatabaseWrapper, look)
        if connection.in_atomic_block
        else nullcontext()
    ):
        answer = kept.kept_first(django)(
            asked, lambda status, given: told.extend((status, dict(given)))
        )
    return *told, b"".join(answer), bool(seen)


def test_what_is_kept_is_answered_before_django_and_alike(client, shown):
    _maker, work, _exhibition = shown
    gzip_, second = {"accept_encoding": "gzip"}, {"x_kept_pages": "second"}
    for address in ("/", "/sergiler/", "/eserler/?q=karanfil+oyas%C4%B1", f"/e/{work.number}/"):
        made = knock(address)
        assert made[-1], address
        for headers in ({}, gzip_, second, {"if_none_match": made[1]["ETag"]}):
            *answer, django = knock(address, **headers)
            by_django = client.get(address, headers=headers)
            assert not django, (address, headers)
            status, told, body = answer
            assert status == f"{by_django.status_code} {by_django.reason_phrase}"
            assert body == by_django.content
            told.pop("X-Accel-Expires", None)
            assert told == {
                name: value for name, value in by_django.items() if name != "X-Accel-Expires"
            }
    assert "Content-Security-Policy" in knock("/")[1]


def test_the_first_door_knows_a_change_at_once(shown):
    maker, work, _exhibition = shown
    address = work.get_absolute_url()
    assert "Kardelenoğlu" in knock(address)[2].decode() and not knock(address)[-1]
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="paper", by=None)
    _status, _headers, body, django = knock(address)
    assert django and "Kardelenoğlu" not in body.decode()


def test_what_the_first_door_does_not_know_goes_to_django(shown, settings):
    knock("/sergiler/")
    assert knock("/sergiler/", host="evil.example")[0].startswith("400")
    assert knock("/sergiler/yok/")[0].startswith("404")
    assert not knock("/sergiler/?fbclid=abc")[-1]
    for address in ("/iletisim/yaz/", "/hesap/login/", "/saglik/"):
        assert knock(address)[-1] and knock(address)[-1], address


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_and_a_forgotten_question_cost_no_visit():
    """As after a restart of PostgreSQL, and behind a pooler that gives another server."""
    knock("/sergiler/")
    connection.connection.close()
    assert knock("/sergiler/")[0] == "200 OK" and not knock("/sergiler/")[-1]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert knock("/sergiler/")[0] == "200 OK" and not knock("/sergiler/")[-1]


# --- By the clock ---------------------------------------------------------------------------------


def test_a_copy_from_before_a_publication_is_not_confirmed_after_it(client):
    soon = timezone.now() + timedelta(seconds=0.6)
    exhibition = make.exhibition("Sürpriz Sergi", publish_from=soon)
    before = client.get("/sergiler/")
    copy = {"if-none-match": before["ETag"]}
    assert "Sürpriz" not in before.content.decode()
    assert client.get("/sergiler/", headers=copy).status_code == 304
    time.sleep(max(0, (soon - timezone.now()).total_seconds()) + 0.01)
    after = client.get("/sergiler/", headers=copy)
    assert after.status_code == 200 and exhibition.title in after.content.decode()
    assert client.get(exhibition.get_absolute_url()).status_code == 200


def test_a_copy_of_yesterday_is_not_confirmed(client, shown):
    tag = client.get("/sergiler/")["ETag"]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert client.get("/sergiler/", headers={"if-none-match": tag}).status_code == 200


def test_an_offer_that_ends_and_a_period_that_begins_make_another_page(client):
    now = timezone.now()
    course = make.course(
        state="open",
        begin=timezone.localdate() + timedelta(days=9),
        applications_from=now + timedelta(minutes=5),
    )
    address = course.get_absolute_url()
    tag = client.get(address)["ETag"]
    with time_machine.travel(now + timedelta(minutes=6)):
        assert client.get(address, headers={"if-none-match": tag}).status_code == 200
        tag = client.get(address)["ETag"]
    course.applications.create(
        first_name="Ayşe",
        last_name="Kaya",
        phone="+905551234567",
        birth_year=1990,
        state="offered",
        confirmed_at=now,
        offered_at=now,
        offer_until=now + timedelta(minutes=20),
    )
    tag = client.get(address)["ETag"]
    with time_machine.travel(now + timedelta(minutes=21)):
        assert client.get(address, headers={"if-none-match": tag}).status_code == 200


# --- When something fails -------------------------------------------------------------------------


def test_who_asks_for_a_page_that_is_being_made_waits_for_it(client, shown, monkeypatch):
    """In this process `sleep` is when the other one is done."""
    page = client.get("/sergiler/")
    held = dict(cache._cache), dict(cache._expire_info)
    cache.clear()
    kept.forget()

    def other_process_finishes(seconds):
        cache._cache.update(held[0])
        cache._expire_info.update(held[1])

    monkeypatch.setattr(kept.time, "sleep", other_process_finishes)
    with other_process_makes(page["ETag"]), CaptureQueriesContext(connection) as asked:
        answer = client.get("/sergiler/")
    assert (answer.content, len(asked)) == (page.content, 1)


@contextmanager
def other_process_makes(tag):
    with kept._turn(tag) as is_ours:
        assert is_ours()
        yield


def test_nobody_waits_for_ever(client, shown, monkeypatch):
    monkeypatch.setattr(kept, "PATIENCE", 0.1)
    tag = client.get("/sergiler/")["ETag"]
    cache.clear()
    kept.forget()
    with other_process_makes(tag):
        assert client.get("/sergiler/")["ETag"] == tag


def test_an_error_is_not_kept_and_holds_nobody_up(client, shown, monkeypatch):
    slept, written = [], []
    monkeypatch.setattr(kept.time, "sleep", slept.append)
    for name in ("set", "add", "delete"):
        monkeypatch.setattr(cache._connections[cache._alias], name, written.append)
    for _visit in range(2):
        assert client.get("/sergiler/yok/").status_code == 404
    assert not slept and not written
