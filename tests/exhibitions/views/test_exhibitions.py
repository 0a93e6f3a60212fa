"""The list of exhibitions and the page of one."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from exhibitions.enums import DatePrecision, ExhibitionState
from exhibitions.models import Exhibition, ExhibitionDay, Guest, Partner, Showing
from exhibitions.services import (
    cancel_exhibition,
    postpone_exhibition,
    publish_exhibition,
    withdraw_work,
)
from izmek.accounts.roles import Role
from izmek.public import slugs
from tests import factories as make
from tests.exhibitions.pages import days, graph, main, read
from trainees.enums import Purpose

pytestmark = pytest.mark.django_db


def test_list_groups_by_what_is_on(client):
    make.exhibition("Açık Sergi")
    make.exhibition("Gelecek Sergi", begin=days(5), end=days(9))
    make.exhibition("Eski Sergi", begin=date(2019, 5, 3), end=date(2019, 5, 9))
    page = main(read(client, "/sergiler/"))
    places = [
        page.index(words)
        for words in ("Açık Sergi", "Yakında</h2>", "Gelecek Sergi", "2019</h3>", "Eski Sergi")
    ]
    assert places == sorted(places)
    assert "Bugün açık" in page
    assert "3–9 Mayıs 2019" in page


def test_list_prints_no_empty_group(client):
    page = main(read(client, "/sergiler/"))
    assert "Şu anda açık sergi yok." in page
    assert "<h2>" not in page


def test_list_names_the_next_one_when_nothing_is_open(client):
    make.exhibition("Gelecek Sergi", begin=date(2091, 5, 3), end=date(2091, 5, 9))
    page = main(read(client, "/sergiler/"))
    assert "Sonraki sergi: 3–9 Mayıs 2091, Mahalle Konağı" in page


def test_list_holds_public_exhibitions_only(client):
    make.exhibition("Taslak", state=ExhibitionState.DRAFT)
    make.exhibition("Daha Değil", publish_from=timezone.now() + timedelta(hours=1))
    page = read(client, "/sergiler/")
    assert "Taslak" not in page
    assert "Daha Değil" not in page


@pytest.mark.parametrize(
    ("asked", "number", "word"),
    [("1", 1, False), ("2", 2, False), ("9999", 2, True), ("abc", 1, True), ("0", 1, True)],
)
def test_pages_of_the_past(client, asked, number, word):
    for year in range(2000, 2013):
        make.exhibition(f"Sergi {year}", begin=date(year, 5, 3), end=date(year, 5, 9))
    page = read(client, f"/sergiler/?sayfa={asked}")
    assert ("Sergi 2000" in page) == (number == 2)
    assert ("Böyle bir sayfa yok" in page) == word
    assert ('"http://testserver/sergiler/?sayfa=2"' in page) == (number == 2)  # canonical


def test_the_past_by_year(client):
    for year in (2019, 2019, 2021):
        make.exhibition(f"Eski {year}", begin=date(year, 5, 3), end=date(year, 5, 9))
    make.exhibition("Açık Sergi")
    page = main(read(client, "/sergiler/"))
    assert re.findall(r'href="\?yil=(\d+)"', page) == ["2021", "2019"]
    page = read(client, "/sergiler/?yil=2019")
    assert "2019 sergileri | İZMEK" in page
    assert '<link rel="canonical" href="http://testserver/sergiler/?yil=2019">' in page
    assert 'hreflang="en" href="http://testserver/en/exhibitions/?yil=2019"' in page
    assert main(page).count("Eski 2019") == 2
    assert "Eski 2021" not in page
    assert "Açık Sergi" not in page


@pytest.mark.parametrize("asked", ["1901", "abc", "%00", "2019'"])
def test_a_year_without_an_exhibition_is_told_and_left_out(client, asked):
    make.exhibition("Eski", begin=date(2019, 5, 3), end=date(2019, 5, 9))
    make.exhibition("Açık Sergi")
    page = main(read(client, f"/sergiler/?yil={asked}"))
    assert "O yıldan bir sergi yok" in page
    assert "Açık Sergi" in page


def test_visit_panel_tells_everything_a_visitor_needs(client):
    exhibition = make.exhibition(
        begin=date(2091, 5, 3),
        end=date(2091, 5, 9),
        opens_at=time(8, 30),
        closes_at=time(17, 30),
        opening_at=timezone.make_aware(timezone.datetime(2091, 5, 3, 14)),
        address="Okul Sokak 3",
        latitude="40.76543",
        longitude="29.94081",
        entry="ücretsiz",
        access="Girişte rampa var.",
        text="Bir yılın emeği.",
    )
    ExhibitionDay.objects.create(exhibition=exhibition, date=date(2091, 5, 4))
    ExhibitionDay.objects.create(
        exhibition=exhibition, date=date(2091, 5, 5), opens_at=time(10), closes_at=time(12)
    )
    page = main(read(client, exhibition.get_absolute_url()))
    for words in (
        "Yakında",
        "Bir yılın emeği.",
        "3–9 Mayıs 2091",
        ">08.30–17.30<",
        "4 Mayıs Cuma: kapalı",
        "10.00–12.00",
        "3 Mayıs 2091 Perşembe",
        "Okul Sokak 3",
        "openstreetmap.org/?mlat=40.76543&amp;mlon=29.94081",
        "Ücretsiz",
        "Girişte rampa var.",
    ):
        assert words in page, words


def test_dates_are_written_as_the_language_writes_them(client):
    exhibition = make.exhibition(
        begin=date(2091, 5, 3),
        end=date(2091, 5, 9),
        opens_at=time(9),
        closes_at=time(17),
        opening_at=timezone.make_aware(timezone.datetime(2091, 5, 3, 14)),
    )
    ExhibitionDay.objects.create(exhibition=exhibition, date=date(2091, 5, 4))
    turkish = main(read(client, exhibition.get_absolute_url()))
    assert '3 Mayıs 2091 Perşembe, <span class="nowrap">14.00<' in turkish
    assert "4 Mayıs Cuma: kapalı" in turkish
    english = main(read(client, f"/en/exhibitions/{exhibition.slug}/"))
    assert 'Thursday 3 May 2091, <span class="nowrap">14:00<' in english
    assert "Friday 4 May: closed" in english


HOURS = {"opens_at": time(10), "closes_at": time(18)}


@pytest.mark.parametrize("page", ["/", "/sergiler/", "/ara/?q=kapali", "/sergiler/kapali-2026/"])
def test_on_a_closed_day_no_page_calls_it_open(client, page):
    exhibition = make.exhibition("Kapalı Gün Sergisi", slug="kapali-2026", **HOURS)
    assert "Bugün açık" in main(read(client, page))
    ExhibitionDay.objects.create(exhibition=exhibition, date=days(0))
    now = main(read(client, page))
    assert "Bugün kapalı" in now
    assert not re.search(r"(Bugün|Şu an) açık|her gün", now, re.I)


def test_before_its_hour_nobody_says_that_it_is_open_now(client):
    exhibition = make.exhibition(**HOURS)
    with time_machine.travel(timezone.localtime().replace(hour=6), tick=False):
        page = main(read(client, exhibition.get_absolute_url()))
    assert "Bugün açık" in page and "10.00–18.00" in page and "Şu an" not in page


def test_every_day_is_said_of_several_days_alike(client):
    several = make.exhibition(**HOURS)
    one = make.exhibition(begin=days(0), end=days(0), **HOURS)
    assert several.opening_hours == ["Her gün 10.00–18.00"]
    assert one.opening_hours == ["10.00–18.00"]
    ExhibitionDay.objects.create(exhibition=one, date=days(0), opens_at=time(9), closes_at=time(12))
    [line] = Exhibition.objects.get(pk=one.pk).opening_hours
    assert line.endswith(": 09.00–12.00")


def test_a_work_leads_to_the_exhibition_that_is_open(client):
    work = make.work()
    make.exhibition("Geçen", [work], begin=days(-30), end=days(-20))
    make.exhibition("Açık", [work])
    make.exhibition("Gelecek", [work], begin=days(20), end=days(30))
    page = read(client, work.get_absolute_url())
    assert re.search(r"<title>[^<]* \| Açık", page)
    withdraw_work(work=work, reason="istedi", by=None)
    gone = main(read(client, work.get_absolute_url(), 410))
    assert "Açık" in gone and "Gelecek" not in gone


def test_no_map_without_coordinates(client):
    assert "openstreetmap" not in read(client, make.exhibition().get_absolute_url())


def test_once_over_it_says_so_and_drops_what_helps_nobody(client):
    exhibition = make.exhibition(
        begin=date(2019, 5, 3), end=date(2019, 5, 9), entry="ücretsiz", opens_at=time(9),
        closes_at=time(17), latitude="40.7", longitude="29.9",
    )  # fmt: skip
    page = main(read(client, exhibition.get_absolute_url()))
    assert "Bu sergi 9 Mayıs 2019 günü sona erdi." in page
    assert "3–9 Mayıs 2019" in page
    for gone in ("Ücretsiz", "09.00", "openstreetmap"):
        assert gone not in page


def test_the_day_after_the_last_day_it_is_over(client):
    last_day = make.exhibition(begin=days(-1), end=days(0)).get_absolute_url()
    over = make.exhibition(begin=days(-2), end=days(-1)).get_absolute_url()
    assert "Bugün açık" in read(client, last_day)
    assert "Sona erdi" in read(client, over)


def test_a_month_is_never_shown_as_a_day(client):
    exhibition = make.exhibition(
        begin=date(2023, 6, 5),
        end=date(2023, 6, 17),
        date_precision=DatePrecision.MONTH,
        date_note="Gün varsayılmıştır.",
    )
    page = read(client, exhibition.get_absolute_url())
    assert "Haziran 2023" in page
    assert "Gün varsayılmıştır." in page
    assert "Bu sergi sona erdi." in page
    assert not re.search(r"\b(5|17) Haziran|2023-06-(05|17)", page)
    assert graph(page)["ExhibitionEvent"]["startDate"] == "2023-06"


def test_in_its_month_nobody_says_that_it_is_open(client):
    make.exhibition("Bir Gün", begin=days(-1), end=days(1), date_precision=DatePrecision.MONTH)
    page = main(read(client, "/sergiler/"))
    assert "Şu anda açık sergi yok." in page
    assert "Bu ay" in page


@pytest.mark.parametrize(
    ("act", "words", "event"),
    [
        (postpone_exhibition, "Sergi ertelendi", "EventPostponed"),
        (cancel_exhibition, "Sergi iptal edildi", "EventCancelled"),
    ],
)
def test_postponed_and_cancelled_say_so(client, act, words, event):
    exhibition = make.exhibition()
    act(exhibition=exhibition, reason="Salonun onarımı uzadı.", by=None)
    page = read(client, exhibition.get_absolute_url())
    assert words in page
    assert "Salonun onarımı uzadı." in page
    assert "Bugün açık" not in page
    assert graph(page)["ExhibitionEvent"]["eventStatus"].endswith(event)
    assert "Şu anda açık sergi yok." in read(client, "/sergiler/")


def test_a_draft_is_not_found_until_its_moment(client):
    exhibition = make.exhibition(state=ExhibitionState.DRAFT)
    url = exhibition.get_absolute_url()
    read(client, url, 404)
    publish_exhibition(
        exhibition=exhibition, by=None, publish_from=timezone.now() + timedelta(hours=1)
    )
    read(client, url, 404)
    publish_exhibition(exhibition=exhibition, by=None)
    read(client, url)


def test_a_draft_is_not_found_for_staff_either(client):
    client.force_login(make.user(Role.MANAGER))
    read(client, make.exhibition(state=ExhibitionState.DRAFT).get_absolute_url(), 404)


def test_guests_partners_centres(client):
    exhibition = make.exhibition()
    Guest.objects.create(
        exhibition=exhibition, name="Nermin Ak", office="muhtar", office_en="headwoman", spoke=True
    )
    Guest.objects.create(exhibition=exhibition, name="Ali Er")
    Partner.objects.create(exhibition=exhibition, name="Halk Eğitimi Merkezi")
    exhibition.centres.add(
        make.centre("Çay Merkezi"),
        make.centre("Ceviz Merkezi"),
        make.centre("Kapalı", in_use=False),
    )
    page = main(read(client, exhibition.get_absolute_url()))
    assert page.index("Nermin Ak") < page.index("muhtar") < page.index("konuştu")
    assert page.count("konuştu") == 1
    assert "Halk Eğitimi Merkezi" in page
    assert page.index("Ceviz Merkezi") < page.index("Çay Merkezi")  # Turkish order
    assert "Kapalı" not in page
    assert "headwoman" in read(client, "/en" + exhibition.get_absolute_url().replace(
        "sergiler", "exhibitions"
    ))  # fmt: skip


def test_teachers_are_named_as_they_consent(client):
    willing, silent = make.teacher("Hatice", "Demir"), make.teacher("Songül", "Koç")
    works = [make.work(course=make.course(teacher=one)) for one in (willing, silent)]
    url = make.exhibition(works=works).get_absolute_url()
    assert "Hatice Demir" not in read(client, url)
    make.consent(willing, Purpose.NAME_WEB)
    page = read(client, url)
    assert "Hatice Demir" in page
    assert "Songül" not in page
    work = read(client, works[0].get_absolute_url())
    assert "Hatice Demir" in work
    assert "Songül" not in read(client, works[1].get_absolute_url())


def test_works_stand_in_the_curators_order_if_approved(client):
    first, second = make.work("Zambak oyası"), make.work("Asma yapraklı ebru")
    waiting, withdrawn = make.work("Bekleyen"), make.work("Çekilen", state="withdrawn")
    exhibition = make.exhibition(works=[first, second, withdrawn])
    make.show(waiting, exhibition, approved_at=None)
    page = main(read(client, exhibition.get_absolute_url()))
    assert page.index("Zambak oyası") < page.index("Asma yapraklı ebru")
    assert "2 eser" in page
    assert "Bekleyen" not in page
    assert "Çekilen" not in page


def test_highlights_come_first(client):
    works = [make.work(f"Eser {n}") for n in range(3)]
    exhibition = make.exhibition(works=works)
    Showing.objects.filter(work=works[2]).update(highlight=True)
    page = main(read(client, exhibition.get_absolute_url()))
    assert page.index("Öne çıkanlar") < page.index("Eser 2") < page.index("Eser 0")


def test_pages_of_works(client):
    exhibition = make.exhibition(
        works=[make.work(f"Eser {n:02}") for n in range(26)], text="Bir yılın emeği."
    )
    url = exhibition.get_absolute_url()
    first, second = read(client, url), read(client, f"{url}?sayfa=2")
    assert "Eser 23" in first
    assert "Eser 24" not in first
    assert "Eser 24" in second
    assert "Bir yılın emeği." not in main(second)
    assert "sayfa 2 |" in second
    last = read(client, f"{url}?sayfa=9999")
    assert "Eser 25" in last
    assert "Böyle bir sayfa yok" in last
    assert "Eser 00" in read(client, f"{url}?sayfa=%00")


@pytest.mark.both
def test_an_address_it_once_had_leads_to_it(client):
    exhibition = make.exhibition(slug="yeni-2024")
    slugs.remember(exhibition, "eski-2024")
    answer = client.get("/sergiler/eski-2024/")
    assert (answer.status_code, answer["Location"]) == (302, "/sergiler/yeni-2024/")
    exhibition.state = ExhibitionState.DRAFT
    exhibition.save()
    read(client, "/sergiler/eski-2024/", 404)
