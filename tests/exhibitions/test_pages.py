"""The public pages of exhibitions and works, by their addresses."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from exhibitions.enums import DatePrecision, ExhibitionState, NameForm, SaleStatus
from exhibitions.models import Exhibition, ExhibitionDay, Guest, Partner, Showing
from exhibitions.services import (
    cancel_exhibition,
    postpone_exhibition,
    publish_exhibition,
    return_work,
    withdraw_work,
)
from izmek.accounts.roles import Role
from izmek.public import slugs
from izmek.site.demo import flag
from tests import factories as make
from trainees.enums import Purpose
from trainees.services import give_consent, withdraw_consent

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def read(client, url, status=200, **headers):
    """The page at an address, as text."""
    answer = client.get(url, headers=headers)
    assert answer.status_code == status
    return answer.content.decode()


def main(page):
    """A page without its frame: what stands in <main>."""
    return page[page.index("<main") : page.index("</main>")]


def graph(page):
    """The JSON-LD of a page: nodes by their type."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    nodes = json.loads(text)["@graph"]
    return {
        kind: node
        for node in nodes
        for kind in (node["@type"] if isinstance(node["@type"], list) else [node["@type"]])
    }


def days(count):
    return TODAY() + timedelta(days=count)


# --- The list ---------------------------------------------------------------------------------


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


# --- One exhibition ---------------------------------------------------------------------------


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


def test_an_address_it_once_had_leads_to_it(client):
    exhibition = make.exhibition(slug="yeni-2024")
    slugs.remember(exhibition, "eski-2024")
    answer = client.get("/sergiler/eski-2024/")
    assert (answer.status_code, answer["Location"]) == (302, "/sergiler/yeni-2024/")
    exhibition.state = ExhibitionState.DRAFT
    exhibition.save()
    read(client, "/sergiler/eski-2024/", 404)


# --- One work ---------------------------------------------------------------------------------


@pytest.fixture
def maker():
    """A trainee who consents to her name on the web; her phone is known."""
    person = make.trainee(phone="+905551234567", email="zeynep@example.org")
    make.consent(person, Purpose.NAME_WEB)
    return person


def test_facts_in_the_order_of_the_label(client, maker):
    work = make.work(
        makers=[maker],
        course=make.course(programme=make.programme("Oya kursu")),
        centre=make.centre("Akmeşe Merkezi"),
        year=make.year(date(2022, 9, 12)),
        materials="ipek iplik",
        width="180",
        height="220.5",
    )
    exhibition = make.exhibition("Yıl Sonu Sergisi", works=[work])
    page = main(read(client, work.get_absolute_url()))
    facts = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.S)
    assert [(label, re.sub(r"<[^>]*>", "", value)) for label, value in facts] == [
        ("Yapan", "Zeynep Yıldız"),
        ("Teknik", "İğne Oyası"),
        ("Malzeme", "İpek iplik"),
        ("Ölçüler", "180 × 220,5 cm"),
        ("Eğitim yılı", "2022-2023"),
        ("Kurs", "Oya kursu"),
        ("Kurs merkezi", "Akmeşe Merkezi"),
        ("Sergi", f"Yıl Sonu Sergisi {exhibition.dates}"),
        ("Eser no.", work.number),
    ]
    for address in ("/eserler/?teknik=igne-oyasi", "/eserler/?yil=2022-2023"):
        assert f'href="{address}"' in page
    assert f'href="{exhibition.get_absolute_url()}"' in page
    assert f'href="{work.centre.get_absolute_url()}"' in page


def test_empty_facts_are_left_out(client):
    work = make.work()
    make.exhibition(works=[work])
    page = main(read(client, work.get_absolute_url()))
    labels = re.findall(r"<dt>(.*?)</dt>", page)
    assert labels == ["Teknik", "Eğitim yılı", "Kurs merkezi", "Sergi", "Eser no."]


def test_withdrawing_the_consent_takes_the_name_off_page_search_and_json(client, maker):
    """The promise to makers: with the next request, everywhere."""
    work = make.work(makers=[maker])
    exhibition = make.exhibition(works=[work]).get_absolute_url()
    url, search = work.get_absolute_url(), "/ara/?q=yildiz"
    page = read(client, url)
    assert "Zeynep Yıldız" in page
    assert graph(page)["VisualArtwork"]["creator"] == [{"@type": "Person", "name": "Zeynep Yıldız"}]
    assert work.title in read(client, search)
    etag = client.get(url)["ETag"]
    answer = {"purpose": Purpose.NAME_WEB, "channel": "phone", "by": None, "trainee": maker}
    withdraw_consent(**answer)
    page = read(client, url, if_none_match=etag)
    assert "creator" not in graph(page)["VisualArtwork"]
    for address in (url, exhibition, "/", "/en" + url.replace("eserler", "works")):
        assert "Yıldız" not in read(client, address)
    assert work.title not in read(client, search)
    give_consent(**answer)
    assert "Zeynep Yıldız" in read(client, url)


@pytest.mark.parametrize(
    ("wish", "shown", "found_by"),
    [
        (NameForm.FULL, "Zeynep Yıldız", {"zeynep", "yildiz"}),
        (NameForm.SHORT, "Zeynep Y.", {"zeynep"}),
        (NameForm.NONE, "", set()),
    ],
)
def test_a_maker_is_named_and_found_as_she_wishes(client, maker, wish, shown, found_by):
    work = make.work(makers=[maker], form=wish)
    make.exhibition(works=[work])
    page = main(read(client, work.get_absolute_url()))
    assert ("Yapan" in page) == bool(shown)
    assert shown in page
    for word in ("zeynep", "yildiz"):
        assert (work.title in read(client, f"/ara/?q={word}")) == (word in found_by)


def test_a_minor_is_never_named_in_full(client):
    young = make.minor("Elif", "Kaya")
    make.consent(young, Purpose.NAME_WEB, guardian=young.guardians.get())
    work = make.work(makers=[young], form=NameForm.FULL)
    make.exhibition(works=[work])
    page = read(client, work.get_absolute_url())
    assert "Elif K." in page
    assert "Kaya" not in page


def test_nobodys_phone_but_the_centres(client, maker):
    teacher = make.teacher(phone="+905559998877")
    make.consent(teacher, Purpose.NAME_WEB)
    centre = make.centre(phone="+902623210000")
    work = make.work(
        makers=[maker], centre=centre, course=make.course(teacher=teacher),
        sale_status=SaleStatus.FOR_SALE, price=1250,
    )  # fmt: skip
    make.exhibition(works=[work])
    page = read(client, work.get_absolute_url())
    assert 'href="tel:+902623210000">0262 321 00 00<' in page
    for secret in ("555 999", "5559998877", "zeynep@example.org"):
        assert secret not in page


@pytest.mark.parametrize(
    ("status", "price", "words", "amount", "availability"),
    [
        (SaleStatus.FOR_SALE, "1250", "Satılık", "1.250 TL", "InStoreOnly"),
        (SaleStatus.SOLD, "1250.50", "Satıldı", "1.250,50 TL", "SoldOut"),
        (SaleStatus.RESERVED, "90", "Ayrıldı", "90 TL", "Reserved"),
        (SaleStatus.TO_ORDER, None, "Sipariş alınır", None, None),
        (SaleStatus.NOT_FOR_SALE, None, "Satılık değil", None, None),
    ],
)
def test_sale_in_words_and_in_json(client, status, price, words, amount, availability):
    work = make.work(sale_status=status, price=price)
    make.exhibition(works=[work])
    page = read(client, work.get_absolute_url())
    assert f">{words}</span>" in page
    assert (amount or "TL") in page if amount else " TL" not in main(page)
    node = graph(page)["VisualArtwork"]
    assert ("Product" in node["@type"]) == (availability is not None)
    if availability:
        assert node["offers"]["availability"] == f"https://schema.org/{availability}"


def test_a_wrong_slug_and_the_short_address_lead_to_the_work(client):
    work = make.work("Işıklı çini")
    make.exhibition(works=[work])
    url = f"/eserler/{work.number}/isikli-cini/"
    for address in (f"/eserler/{work.number}/baska/", f"/e/{work.number}/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, url)
        assert answer["Cache-Control"] == "no-cache"
    read(client, url)


@pytest.mark.parametrize("address", ["/e/2099-0001/", "/e/1/", "/eserler/2099-0001/x/"])
def test_an_unknown_number_is_not_found(client, db, address):
    read(client, address, 404)


@pytest.mark.parametrize("state", ["submitted", "returned"])
def test_only_approved_works_have_a_page(client, state):
    work = make.work(state=state)
    make.exhibition(works=[work])
    read(client, work.get_absolute_url(), 404)
    read(client, f"/e/{work.number}/", 404)


def test_a_withdrawn_work_says_so_and_nothing_else_of_itself(client):
    work = make.work("Gelincikli tülbent")
    exhibition = make.exhibition("Güz Sergisi", works=[work])
    etag = client.get(work.get_absolute_url())["ETag"]
    withdraw_work(work=work, reason="Yapanın isteği.", by=None)
    for address in (work.get_absolute_url(), f"/e/{work.number}/"):
        page = read(client, address, 410, if_none_match=etag)
        assert "Bu eser artık gösterilmiyor" in page
        assert f'<a href="{exhibition.get_absolute_url()}">Güz Sergisi</a>' in page
        assert client.get(address)["Cache-Control"] == "no-cache"
    # The address says the title; nothing else does.
    assert "Gelincikli" not in page
    assert "Yapanın isteği" not in page
    english = f"/en/works/{work.number}/gelincikli-tulbent/"
    assert '<a href="/en/exhibitions/' in read(client, english, 410)


def test_a_label_on_the_wall_leads_to_the_exhibition_while_its_work_is_mended(client):
    work = make.work("Gelincikli tülbent")
    exhibition = make.exhibition("Güz Sergisi", works=[work])
    return_work(work=work, note="Fotoğraf bulanık.", by=None)
    page = read(client, f"/e/{work.number}/", 404)
    assert "Bu eser şu anda gösterilmiyor" in page and "Gelincikli" not in page
    assert f'<a href="{exhibition.get_absolute_url()}">Güz Sergisi</a>' in page


def test_a_work_withdrawn_before_it_was_shown_was_never_there(client):
    hidden, waiting = make.work(), make.work()
    make.exhibition(works=[hidden], state=ExhibitionState.DRAFT)
    make.show(waiting, make.exhibition(), approved_at=None)
    for work in (hidden, waiting):
        withdraw_work(work=work, reason="Yapanın isteği.", by=None)
        read(client, work.get_absolute_url(), 404)


def test_a_work_is_public_through_a_public_exhibition_only(client):
    work = make.work()
    read(client, work.get_absolute_url(), 404)
    make.exhibition("Gizli Sergi", works=[work], state=ExhibitionState.DRAFT)
    read(client, work.get_absolute_url(), 404)
    make.exhibition("Açık Sergi", works=[work])
    assert "Gizli Sergi" not in read(client, work.get_absolute_url())


def test_neighbours_in_the_exhibitions_order(client):
    works = [make.work(f"Eser {n}", technique=make.technique("Ebru")) for n in range(3)]
    make.exhibition(works=[works[2], works[0], works[1]])

    def neighbours(work):
        page = read(client, work.get_absolute_url())
        return dict(re.findall(r'<a rel="(prev|next)" href="([^"]*)"', page))

    url = [work.get_absolute_url() for work in works]
    assert neighbours(works[2]) == {"next": url[0]}
    assert neighbours(works[0]) == {"prev": url[2], "next": url[1]}
    assert neighbours(works[1]) == {"prev": url[0]}


def test_related_works_are_of_the_same_technique_then_of_the_same_centre(client):
    centre = make.centre()
    work, alike, hidden = make.work(centre=centre), make.work("Benzer oya"), make.work("Gizli oya")
    far = make.work("Uzak ebru", technique=make.technique("Ebru"))
    near = make.work("Yakın ebru", technique=make.technique("Ebru"), centre=centre)
    make.exhibition(works=[work])
    make.exhibition(works=[near, alike, far])
    page = main(read(client, work.get_absolute_url()))
    assert page.index("Benzer oya") < page.index("Yakın ebru")
    assert hidden.title not in page
    assert "Uzak ebru" not in page
    assert 'href="/eserler/?teknik=igne-oyasi">Bu teknikle' in page


def test_all_the_exhibitions_it_was_shown_in(client):
    work = make.work()
    for year in (2019, 2021):
        make.exhibition(f"Sergi {year}", [work], begin=date(year, 5, 3), end=date(year, 5, 9))
    page = main(read(client, work.get_absolute_url()))
    assert page.index("<dt>Sergiler</dt>") < page.index("Sergi 2021") < page.index("Sergi 2019")
    assert "3–9 Mayıs 2019" in page


def test_ways_to_pass_it_on_ask_nobody_until_they_are_followed(client):
    work = make.work("Çeyiz & sandık")
    make.exhibition(works=[work])
    page = main(read(client, work.get_absolute_url()))
    address = f"http%3A%2F%2Ftestserver%2Feserler%2F{work.number}%2Fceyiz-sandik%2F"
    assert f"mailto:?subject=%C3%87eyiz%20%26%20sand%C4%B1k&amp;body={address}" in page
    assert f"https://wa.me/?text=%C3%87eyiz%20%26%20sand%C4%B1k%20{address}" in page
    assert f"http://testserver/e/{work.number}/" in page  # what stands on paper
    assert not re.search(r'src(set)?="https?://', page)


def test_photos_are_stacked_and_described(client):
    work = make.work()
    make.exhibition(works=[work])
    make.photo(work=work, alt="Kırmızı karanfiller", order=0)
    make.photo(work=work, decorative=True, order=1)
    page = main(read(client, work.get_absolute_url()))
    assert page.count("<picture>") == 2
    assert page.count('fetchpriority="high"') == 1
    assert 'alt="Kırmızı karanfiller"' in page
    english = read(client, "/en" + work.get_absolute_url().replace("eserler", "works"))
    assert 'alt="Kırmızı karanfiller" lang="tr"' in english
    # Without a script each is a link to its largest size; the dialog waits for one.
    assert page.count('.webp" data-zoom>') == 2
    assert "<dialog" in page


def test_without_a_photo_there_is_no_dialog_and_no_script(client):
    work = make.work()
    make.exhibition(works=[work])
    page = main(read(client, work.get_absolute_url()))
    assert "<dialog" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("demo", "words"), [(False, "Fotoğraf: Ayşe Er"), (True, "Görsel: Ayşe Er")]
)
def test_whom_a_photo_is_owed_to(client, demo, words):
    """The pictures of the demo are drawings."""
    if demo:
        flag.mark()
    work = make.work()
    make.exhibition(works=[work])
    make.photo(work=work, credit="Ayşe Er")
    assert words in read(client, work.get_absolute_url())


# --- English ----------------------------------------------------------------------------------


def test_english_pages_mark_what_is_only_turkish(client):
    work = make.work("Gelincikli tülbent", materials="ipek", text="Annemin oyası.")
    make.exhibition("Güz Sergisi", works=[work])
    page = read(client, f"/en/works/{work.number}/gelincikli-tulbent/")
    assert '<html lang="en">' in page
    assert '<h1 lang="tr">Gelincikli tülbent</h1>' in page
    assert '<span lang="tr">İpek</span>' in page
    assert '<p class="lead" lang="tr">Annemin oyası.</p>' in page
    assert '<span lang="tr">İğne Oyası</span> (' in page
    assert "This text is available in Turkish only." in page
    assert '<meta name="robots" content="noindex, follow">' in page


def test_english_pages_in_english(client):
    work = make.work(
        "Gelincikli tülbent", title_en="Headscarf with poppies", text="Oya.", text_en="Lace."
    )
    make.exhibition(works=[work])
    page = read(client, f"/en/works/{work.number}/gelincikli-tulbent/")
    assert "<h1>Headscarf with poppies</h1>" in page
    assert "Lace." in page
    assert "Oya." not in page
    assert "noindex" not in page
    assert "Turkish only" not in page


# --- The head ---------------------------------------------------------------------------------


def test_head_of_a_work(client):
    work = make.work("Lale", title_en="Tulip", text="uzun bir metin " * 40, text_en="long")
    make.exhibition("Güz Sergisi", works=[work])
    photo = make.photo(work=work, alt="Kırmızı lale")
    page = read(client, work.get_absolute_url())
    site = "http://testserver"
    assert "<title>Lale | Güz Sergisi | İZMEK</title>" in page
    (description,) = re.findall(r'<meta name="description" content="([^"]*)">', page)
    assert len(description) <= 156
    for line in (
        f'<link rel="canonical" href="{site}/eserler/{work.number}/lale/">',
        f'hreflang="tr" href="{site}/eserler/{work.number}/lale/">',
        f'hreflang="en" href="{site}/en/works/{work.number}/lale/">',
        f'hreflang="x-default" href="{site}/eserler/{work.number}/lale/">',
        f'<meta property="og:image" content="{site}{photo.share_url}">',
        '<meta property="og:image:width" content="620">',
        '<meta property="og:image:alt" content="Kırmızı lale">',
        '<meta property="og:locale" content="tr_TR">',
    ):
        assert line in page, line


def test_json_survives_a_hostile_title(client):
    work = make.work('</script><b>"&', text="<script>alert(1)</script>")
    make.exhibition(works=[work])
    page = read(client, work.get_absolute_url())
    assert graph(page)["VisualArtwork"]["name"] == '</script><b>"&'
    assert "<b>" not in page
    assert "<script>alert" not in page


def test_json_of_an_exhibition(client):
    exhibition = make.exhibition(
        begin=date(2091, 5, 3),
        end=date(2091, 5, 9),
        opening_at=timezone.make_aware(timezone.datetime(2091, 5, 3, 14)),
    )
    Guest.objects.create(exhibition=exhibition, name="Nermin Ak", office="muhtar")
    nodes = graph(read(client, exhibition.get_absolute_url()))
    event = nodes["ExhibitionEvent"]
    assert (event["startDate"], event["endDate"]) == ("2091-05-03", "2091-05-09")
    assert event["location"]["name"] == "Mahalle Konağı"
    assert event["subEvent"]["startDate"] == "2091-05-03T14:00:00+03:00"
    assert event["subEvent"]["performer"][0]["name"] == "Nermin Ak"
    crumbs = nodes["BreadcrumbList"]["itemListElement"]
    assert [crumb["name"] for crumb in crumbs] == ["Ana sayfa", "Sergiler", "Yıl Sonu Sergisi"]
    assert event["superEvent"]["@type"] == "EventSeries"
    assert "image" not in event
    assert "isAccessibleForFree" not in event  # the page does not say it either


def test_json_says_of_the_entry_what_the_page_says(client):
    for entry, free in (("Ücretsiz", True), ("Bilet 50 TL", False)):
        at = make.exhibition(entry=entry)
        event = graph(read(client, at.get_absolute_url()))["ExhibitionEvent"]
        assert event.get("isAccessibleForFree", False) == free
        assert (event.get("offers", {}).get("price") == "0") == free
    over = make.exhibition(entry="Ücretsiz", begin=days(-9), end=days(-3))
    event = graph(read(client, over.get_absolute_url()))["ExhibitionEvent"]
    assert event["isAccessibleForFree"] and "offers" not in event


# --- Query budgets ----------------------------------------------------------------------------


def shown_work(**fields):
    """A work with everything a page asks about: course, maker, photo."""
    person = make.trainee()
    make.consent(person, Purpose.NAME_WEB)
    centre = fields["centre"] = fields.get("centre") or make.centre()
    work = make.work(makers=[person], course=make.course(centre=centre), **fields)
    make.photo(work=work)
    return work


def full_exhibition(rows, **fields):
    exhibition = make.exhibition(
        works=[shown_work() for _ in range(rows)], opens_at=time(9), closes_at=time(17), **fields
    )
    for place in range(rows):
        Guest.objects.create(exhibition=exhibition, name=f"Konuk {place}")
        Partner.objects.create(exhibition=exhibition, name=f"Kurum {place}")
        ExhibitionDay.objects.create(exhibition=exhibition, date=days(place))
        exhibition.centres.add(make.centre())
        make.photo(exhibition=exhibition)
    Showing.objects.filter(exhibition=exhibition).update(highlight=True)
    make.show(shown_work(), exhibition)
    return exhibition


def queries(client, url, django_assert_max_num_queries, most):
    """How many queries a page takes that is not in the cache; the test fails above `most`."""
    client.get(url)  # what a process keeps is there
    cache.clear()
    with django_assert_max_num_queries(most) as asked:
        read(client, url)
    return len(asked)


@pytest.mark.parametrize("query", ["", "?yil=2019"])
def test_budget_of_the_list(client, query, django_assert_max_num_queries):
    counts = []
    for _ in range(3):
        full_exhibition(1)
        full_exhibition(1, begin=days(5), end=days(9))
        full_exhibition(1, begin=date(2019, 5, 3), end=date(2019, 5, 9))
        counts.append(queries(client, f"/sergiler/{query}", django_assert_max_num_queries, 7))
    assert counts[0] == counts[2]


def test_budget_of_an_exhibition(client, django_assert_max_num_queries):
    counts = [
        queries(client, full_exhibition(rows).get_absolute_url(), django_assert_max_num_queries, 10)
        for rows in (1, 3)
    ]
    assert counts[0] == counts[1]


def test_budget_of_a_work(client, django_assert_max_num_queries):
    counts = []
    for rows in (1, 3):
        work = shown_work()
        for _ in range(rows - 1):
            make.photo(work=work)
            make.Maker.objects.create(work=work, trainee=make.trainee())
        for _ in range(rows):
            make.exhibition(works=[shown_work(), work, shown_work()])
        counts.append(queries(client, work.get_absolute_url(), django_assert_max_num_queries, 8))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_a_work_of_new_years_night_was_made_in_the_year_of_our_clocks(client):
    night = datetime(2025, 12, 31, 22, 30, tzinfo=UTC)  # half past one on 1 January in İzmit
    year = make.year(begin=date(2025, 9, 1))
    work = make.work(year=year, submitted_at=night)
    make.exhibition(works=[work])
    page = client.get(work.get_absolute_url()).content.decode()
    assert re.search(r'"dateCreated": ?"2026"', page)


# --- Who made it, and short addresses ---------------------------------------------------------


@pytest.mark.parametrize(
    ("willing", "told"), [(0, "10 kişi"), (1, "Ada Y., 9 kişi daha"), (10, "Ada Y.")]
)
def test_a_work_says_how_many_more_made_it(client, willing, told):
    people = [make.trainee("Ada", "Yıldız") for _ in range(10)]
    for who in people[:willing]:
        make.consent(who, Purpose.NAME_WEB)
    work = make.work(makers=people, form=NameForm.SHORT)
    make.exhibition(works=[work])
    page = main(read(client, work.get_absolute_url()))
    assert re.search(rf"Yapanlar</dt>\s*<dd>{told}", page)
    assert ("kişi daha" in page) is (willing == 1)


def test_a_single_maker_who_is_not_named_is_not_counted(client):
    work = make.work(makers=[make.trainee()])
    make.exhibition(works=[work])
    assert "Yapan" not in main(read(client, work.get_absolute_url()))


@pytest.mark.parametrize("path", ["/eserler/{}/", "/en/works/{}/", "/e/{}/"])
def test_a_number_alone_leads_to_the_work(client, path):
    work = make.work()
    make.exhibition(works=[work])
    answer = client.get(path.format(work.number))
    assert answer.status_code == 302
    assert work.slug in answer["Location"]
    assert client.get(path.format("2023-9999")).status_code == 404
