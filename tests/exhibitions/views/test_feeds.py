"""What programs subscribe to: the calendar of exhibitions, the feed."""

from datetime import date, timedelta
from xml.etree import ElementTree

import icalendar
import pytest
from django.core.cache import cache
from django.db.models import F

from exhibitions.enums import NameForm
from exhibitions.models import Exhibition, Maker, Work
from tests import factories as make
from trainees.enums import Purpose
from trainees.models import Consent
from trainees.services import withdraw_consent

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, url="/sergiler/akis.atom"):
    answer = client.get(url)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    return {
        entry.findtext(f"{ATOM}title"): entry
        for entry in ElementTree.fromstring(answer.content).iter(f"{ATOM}entry")
    }


@pytest.fixture
def later():
    """`later()` makes everything that happened so far a quarter of a minute older."""

    def later():
        before = timedelta(seconds=15)
        for model in (Exhibition, Maker, Work):
            model.history.update(history_date=F("history_date") - before)
        Consent._base_manager.update(at=F("at") - before)
        cache.clear()

    return later


def test_the_feed_holds_exhibitions_and_works_and_the_names_that_are_public(client):
    maker = make.trainee("Zeynep", "Kardelenoğlu")
    make.consent(maker, Purpose.NAME_WEB)
    work = make.work("Karanfil oyası", makers=[maker], form=NameForm.FULL)
    make.exhibition("Yıl Sonu", works=[work])
    found = entries(client)
    assert set(found) == {"Yıl Sonu", "Karanfil oyası"}
    entry = found["Karanfil oyası"]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Zeynep Kardelenoğlu"
    assert entry.find(f"{ATOM}link").get("href").endswith(work.get_absolute_url())
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="paper", by=None)
    assert entries(client)["Karanfil oyası"].find(f"{ATOM}author") is None


def test_drafts_are_in_neither(client):
    make.exhibition("Taslak", state="draft", works=[make.work("Gizli iş")])
    assert entries(client) == {}
    assert "Taslak" not in client.get("/sergiler/takvim.ics").content.decode()


def test_a_control_character_from_a_pdf_takes_nobody_the_feed_or_the_calendar(client):
    work = make.work("Karanfil\x0b oyası", text="Sert\x02leşmiş")
    shown = make.exhibition("Yıl\r\nSonu", text="Bir\x1f yazı", works=[work])
    assert {" ".join(title.split()) for title in entries(client)} == {"Yıl Sonu", "Karanfil oyası"}
    assert "SUMMARY:Yıl" in client.get(f"{shown.get_absolute_url()}takvim.ics").content.decode()


def test_an_entry_stays_itself_when_its_address_changes(client):
    shown = make.exhibition("Yıl Sonu")
    before = entries(client)["Yıl Sonu"].findtext(f"{ATOM}id")
    shown.slug = "baska-bir-ad-2026"
    shown.save()
    assert entries(client)["Yıl Sonu"].findtext(f"{ATOM}id") == before
    assert before == f"tag:testserver,2026:exhibition:{shown.pk}:tr"


def test_the_feed_in_english(client):
    make.exhibition("Yıl Sonu", title_en="The Year's End")
    assert "The Year's End" in entries(client, "/en/exhibitions/feed.atom")


def test_the_feed_asks_no_more_for_more_rows(client, django_assert_max_num_queries):
    for count in (1, 3):
        for _ in range(count):
            make.exhibition(works=[make.work()])
        with django_assert_max_num_queries(8):
            entries(client)


def test_the_calendar_holds_what_is_on_or_to_come(client):
    make.exhibition("Bahar Sergisi", begin=date(2091, 5, 3), end=date(2091, 5, 9))
    make.exhibition("Eski Sergi", begin=date(2019, 5, 3), end=date(2019, 5, 9))
    text = client.get("/sergiler/takvim.ics").content.decode()
    assert "SUMMARY:Bahar Sergisi" in text and "Eski Sergi" not in text
    assert "DTSTART;VALUE=DATE:20910503" in text and "DTEND;VALUE=DATE:20910510" in text


def test_a_text_is_a_text_in_the_feed_and_the_feed_has_an_author(client):
    words = "ip <30 cm> kalınlığında <img src=http://x.example/a.png>"
    make.exhibition("Yıl <b>Sonu</b>", text="", works=[make.work("Oya", text=words)])
    found = entries(client)
    summary = found["Oya"].find(f"{ATOM}summary")
    assert summary.get("type") == "text" and words in summary.text
    assert "Yıl <b>Sonu</b>" in found
    feed = ElementTree.fromstring(client.get("/sergiler/akis.atom").content)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "İZMEK"


def updated(client, title):
    return entries(client)[title].findtext(f"{ATOM}updated")


def test_an_entry_is_updated_when_a_consent_changes_what_it_shows(client, later):
    maker, teacher = make.trainee("Zeynep", "Kardelenoğlu"), make.teacher()
    work = make.work("Karanfil oyası", makers=[maker, teacher], form=NameForm.FULL)
    make.exhibition("Yıl Sonu", works=[work])
    for act in (
        lambda: make.consent(maker, Purpose.NAME_WEB),
        lambda: withdraw_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="paper", by=None),
        lambda: make.consent(teacher, Purpose.NAME_WEB),
    ):
        later()
        before = updated(client, "Karanfil oyası")
        act()
        assert updated(client, "Karanfil oyası") > before


def test_a_calendar_says_when_and_how_often_an_entry_was_revised(client, later):
    shown = make.exhibition("Yıl Sonu", begin=date(2091, 5, 3), end=date(2091, 5, 9))

    def entry():
        read = icalendar.Calendar.from_ical(
            client.get(f"{shown.get_absolute_url()}takvim.ics").content
        )
        return read.events[0]

    later()
    first = entry()
    revised = shown.history.first().history_date.replace(microsecond=0)
    assert first["DTSTAMP"].dt == first["LAST-MODIFIED"].dt == revised
    shown.days.create(date=date(2091, 5, 4))
    second = entry()
    assert second["SEQUENCE"] > first["SEQUENCE"] > 0
    assert "4 Mayıs Cuma: kapalı" in second["DESCRIPTION"]
    assert second["DTSTAMP"].dt > first["DTSTAMP"].dt
