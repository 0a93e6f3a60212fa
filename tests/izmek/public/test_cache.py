"""Pages kept in the cache: fewer queries the second time, and never a page of before a change."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exhibitions.enums import NameForm
from exhibitions.models import Exhibition
from exhibitions.services import publish_exhibition, withdraw_work
from izmek.acts.bulk import bulk_update
from izmek.models import PublicChange
from izmek.public.cache import KEPT_CHANGES, generation, note_change
from tests import factories as make
from trainees.enums import Purpose
from trainees.models import Guardian
from trainees.services import give_consent, withdraw_consent

pytestmark = pytest.mark.django_db


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


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(url)
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
        assert Exhibition.objects.next_publication() == soon


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
    assert PublicChange.objects.count() <= 2 * KEPT_CHANGES + 1


def test_nothing_is_forgotten_inside_an_act(django_capture_on_commit_callbacks):
    """So that two acts that change a lot never wait for each other's rows."""
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks():
        for _ in range(2 * KEPT_CHANGES):
            note_change()
    assert not [query for query in asked if query["sql"].startswith("DELETE")]
