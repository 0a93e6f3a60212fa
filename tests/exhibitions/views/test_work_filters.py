"""Choosing among works, by the addresses: on the page of an exhibition and among all works."""

import re
from datetime import date
from html import unescape

import pytest

from exhibitions.enums import ExhibitionState, NameForm, SaleStatus
from tests import factories as make
from tests.exhibitions.pages import days, full_exhibition, graph, main, queries, read
from trainees.enums import Purpose
from trainees.services import withdraw_consent

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def options(page, key):
    """What a select of the form offers: {words: value}."""
    found = re.search(rf'<select id="f-{key}".*?</select>', page, re.S)
    if not found:
        return {}
    pairs = re.findall(r'<option value="([^"]+)"[^>]*>(.*?)</option>', found[0])
    return {unescape(words): unescape(value) for value, words in pairs}


def titles(page):
    return re.findall(r'<li class="card">\s*<h[23]><a href="[^"]*"[^>]*>(.*?)</a>', main(page))


@pytest.fixture
def hall():
    """An exhibition of four works: three crafts, two centres, two teachers, one of them silent."""
    akmese, orta = (
        make.centre("Akmeşe Merkezi", slug="akmese"),
        make.centre("Ortaburun", slug="orta"),
    )
    named, silent = make.teacher("Hatice", "Demir"), make.teacher("Songül", "Koç")
    make.consent(named, Purpose.NAME_WEB)
    by_named = make.course(teacher=named, centre=akmese)
    by_silent = make.course(teacher=silent, centre=orta)
    tile, ebru = make.technique("Çini"), make.technique("Ebru")
    works = [
        make.work("İğneli yazma", course=by_named, centre=akmese),
        make.work("Laleli çini", course=by_named, centre=akmese, technique=tile,
                  sale_status=SaleStatus.FOR_SALE),
        make.work("Karanfilli çini", course=by_silent, centre=orta, technique=tile),
        make.work("Battal ebru", course=by_silent, centre=orta, technique=ebru),
    ]  # fmt: skip
    hall = make.exhibition("Güz Sergisi", works=works, text="Bir yılın emeği.")
    hall.teacher = named
    return hall


def test_only_what_leads_to_a_work_is_offered(client, hall):
    page = read(client, hall.get_absolute_url())
    assert list(options(page, "teknik")) == ["Çini (2)", "Ebru (1)", "İğne Oyası (1)"]
    assert options(page, "merkez") == {"Akmeşe Merkezi (2)": "akmese", "Ortaburun (2)": "orta"}
    assert options(page, "ogretmen") == {}  # only one may be named: nothing to choose
    page = read(client, f"{hall.get_absolute_url()}?teknik=ebru")
    # The other crafts stay on offer; of the centres, those that have this craft.
    assert list(options(page, "teknik")) == ["Çini (2)", "Ebru (1)", "İğne Oyası (1)"]
    assert options(page, "merkez") == {}
    assert 'name="satilik"' not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("teknik=cini", ["Laleli çini", "Karanfilli çini"]),
        ("merkez=akmese", ["İğneli yazma", "Laleli çini"]),
        ("teknik=cini&merkez=orta", ["Karanfilli çini"]),
        ("satilik=1", ["Laleli çini"]),
        ("q=CINI", ["Laleli çini", "Karanfilli çini"]),
        ("q=igneli", ["İğneli yazma"]),
        ("q=cini&merkez=akmese&teknik=&ogretmen=", ["Laleli çini"]),
        ("teknik=ebru&satilik=1", []),
    ],
)
def test_works_that_fit_in_the_curators_order(client, hall, query, found):
    page = read(client, f"{hall.get_absolute_url()}?{query}")
    assert titles(page) == found
    assert (f"{len(found)} eser" if found else "Bunların hepsine uyan eser yok.") in main(page)
    assert '<meta name="robots" content="noindex, follow">' in page
    assert "Bir yılın emeği." not in main(page)  # of a choice, only the works


def test_what_was_chosen_is_seen_and_can_be_taken_back(client, hall):
    url = hall.get_absolute_url()
    page = main(read(client, f"{url}?merkez=akmese&q=cini&teknik=cini"))
    (chosen,) = re.findall(r'<ul class="chosen".*?</ul>', page, re.S)
    assert [unescape(link) for link in re.findall(r'href="([^"]*)"', chosen)] == [
        f"{url}?teknik=cini&merkez=akmese",
        f"{url}?q=cini&merkez=akmese",
        f"{url}?q=cini&teknik=cini",
        url,
    ]
    assert '<option value="cini" selected' in page
    assert 'value="cini" maxlength' in page


@pytest.mark.parametrize("key", ["teknik", "merkez", "ogretmen", "satilik"])
def test_an_unknown_value_is_left_out_with_a_word(client, hall, key):
    for value in ("yok", "%00", "%27", "a" * 300, "-1", "9" * 30):
        page = read(client, f"{hall.get_absolute_url()}?{key}={value}")
        assert "Dikkate alınmadı" in page
        assert len(titles(page)) == 4


def test_a_long_search_is_shortened(client, hall):
    page = main(read(client, f"{hall.get_absolute_url()}?q={'a' * 5000}"))
    assert "ilk 100 karakteri" in page
    assert "a" * 101 not in page


@pytest.mark.parametrize("text", ["%00", "%25", "_", "%3Cscript%3E", "%F0%9F%8C%B7", "%ED%A0%80"])
def test_a_search_takes_any_character(client, hall, text):
    assert "<script>" not in main(read(client, f"{hall.get_absolute_url()}?q={text}"))


def test_pages_keep_the_choice(client):
    tile = make.technique("Çini")
    works = [make.work(f"Eser {n:02}", technique=tile) for n in range(26)]
    hall = make.exhibition(works=[*works, make.work("Oya")])
    page = main(read(client, f"{hall.get_absolute_url()}?teknik=cini&merkez=&q="))
    assert "26 eser, 1–24" in page
    assert 'href="?teknik=cini&amp;sayfa=2"' in page
    page = read(client, f"{hall.get_absolute_url()}?teknik=cini&sayfa=9999")
    assert titles(page) == ["Eser 24", "Eser 25"]
    assert "Böyle bir sayfa yok" in page


def test_a_teacher_is_a_choice_while_she_consents(client, hall):
    other = make.teacher("Ayla", "Er")
    make.consent(other, Purpose.NAME_WEB)
    make.show(make.work("Oyalı", course=make.course(teacher=other)), hall, order=90)
    url = hall.get_absolute_url()
    key = options(read(client, url), "ogretmen")["Hatice Demir (2)"]
    assert titles(read(client, f"{url}?ogretmen={key}")) == ["İğneli yazma", "Laleli çini"]
    withdraw_consent(teacher=hall.teacher, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    page = main(read(client, f"{url}?ogretmen={key}"))
    assert "Hatice" not in page
    assert "Dikkate alınmadı" in page


def test_the_search_of_works_asks_the_makers_consent(client):
    maker = make.trainee("Songül", "Arıkan")
    make.consent(maker, Purpose.NAME_WEB)
    works = [make.work("Lale", makers=[maker]), make.work("Gül", technique=make.technique("Ebru"))]
    url = make.exhibition(works=works).get_absolute_url()
    for address in (url, "/eserler/"):
        assert titles(read(client, f"{address}?q=arikan")) == ["Lale"]
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    for address in (url, "/eserler/"):
        assert titles(read(client, f"{address}?q=arikan")) == []
    works[0].makers.update(form=NameForm.NONE)
    assert titles(read(client, "/eserler/?q=arikan")) == []


# --- Very many answers ------------------------------------------------------------------------


@pytest.fixture
def many(monkeypatch):
    """An exhibition in which there is more to choose from than a form offers."""
    monkeypatch.setattr("izmek.public.facets.MOST", 2)
    works = []
    for number, name in enumerate(("Çini", "Ebru", "Kilim", "Oya"), start=1):
        made_of = make.technique(name)
        teacher = make.teacher(name, "Usta")
        make.consent(teacher, Purpose.NAME_WEB)
        of = make.course(teacher=teacher)
        works += [make.work(f"{name} {n}", technique=made_of, course=of) for n in range(number)]
    return make.exhibition(works=works).get_absolute_url()


def test_a_form_offers_the_most_frequent_answers_and_leads_to_all(client, many):
    page = main(read(client, many))
    assert list(options(page, "teknik")) == ["Kilim (3)", "Oya (4)"]
    assert "En çok olanlar" in page
    link = re.search(r'href="(\?tumu=teknik)#f-teknik">Teknik: tümü \(4\)</a>', page)[1]
    page = read(client, f"{many}{link}")
    assert list(options(page, "teknik")) == ["Çini (1)", "Ebru (2)", "Kilim (3)", "Oya (4)"]
    assert len(options(page, "ogretmen")) == 2
    assert "tumu" not in "".join(re.findall(r'<link rel="[^>]*>', page))
    for unknown in ("yok", "%00", ""):
        assert len(options(read(client, f"{many}?tumu={unknown}"), "teknik")) == 2


def test_what_is_chosen_is_seen_though_it_is_rare(client, many):
    page = main(read(client, f"{many}?teknik=cini"))
    assert "Çini (1)" in options(page, "teknik")
    assert len(options(page, "teknik")) == 2
    assert 'href="?teknik=cini&amp;tumu=teknik#f-teknik"' in page


def test_all_teachers_are_reached_from_the_exhibition(client, many):
    page = main(read(client, many))
    assert re.search(r'href="\?tumu=ogretmen#f-ogretmen">Öğretmen: tümü \(4\)', page)
    assert "Çini Usta" not in page
    assert "Çini Usta" in main(read(client, f"{many}?tumu=ogretmen"))


def test_the_index_of_all_works_leads_to_all_answers(client, many):
    page = main(read(client, "/eserler/"))
    assert page.count('href="?tumu=teknik#f-teknik"') == 2  # in the form and in the index
    assert 'href="/eserler/?teknik=cini"' in main(read(client, "/eserler/?tumu=teknik"))


def test_an_answer_that_no_work_of_the_list_gives_is_left_out(client, hall):
    make.technique("Kilim")
    make.exhibition(works=[make.work("Uzak", centre=make.centre("Uzak", slug="uzak"))])
    for query in ("teknik=kilim", "merkez=uzak"):
        page = read(client, f"{hall.get_absolute_url()}?{query}")
        assert "Dikkate alınmadı" in page and len(titles(page)) == 4


def test_a_slip_in_the_search_of_works_leads_to_what_was_meant(client, hall):
    url = hall.get_absolute_url()
    for address in (url, "/eserler/"):
        page = main(read(client, f"{address}?q=ebru+batal&satilik=1"))
        assert "demek istediniz" not in page  # no such work is for sale
        page = main(read(client, f"{address}?q=ebru+batal"))
        assert f'<a href="{address}?q=ebru+battal" lang="tr">ebru battal</a>' in page


# --- All works --------------------------------------------------------------------------------


def test_works_of_all_public_exhibitions_the_newest_first(client, hall):
    draft = make.exhibition("Taslak", state=ExhibitionState.DRAFT)
    make.show(make.work("Gizli oya"), draft)
    make.exhibition("Eski", works=[make.work("Eski kilim", number="2019-0001")])
    page = read(client, "/eserler/")
    assert titles(page)[-1] == "Eski kilim"
    assert len(titles(page)) == 5
    assert "5 eser" in page
    assert "noindex" not in page
    assert [item["position"] for item in graph(page)["ItemList"]["itemListElement"]] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert 'aria-current="page">Eserler' in page


def test_works_of_one_year(client, hall):
    old = make.year(date(2018, 9, 10))
    make.exhibition("Eski", works=[make.work("Eski kilim", year=old)])
    page = read(client, "/eserler/?yil=2018-2019")
    assert titles(page) == ["Eski kilim"]
    assert list(options(page, "yil").values())[-1] == "2018-2019"  # the newest year first


def test_one_answer_alone_is_a_page_of_its_own(client, hall):
    page = read(client, "/eserler/?merkez=&teknik=cini&q=")
    assert "<title>Eserler: Çini | İZMEK</title>" in page
    assert '<link rel="canonical" href="http://testserver/eserler/?teknik=cini">' in page
    assert 'hreflang="en" href="http://testserver/en/works/?teknik=cini"' in page
    assert "noindex" not in page
    english = read(client, "/en/works/?teknik=cini")
    assert "<h1><span>Tile decoration</span></h1>" in english
    for query in ("teknik=cini&merkez=orta", "q=cini", "satilik=1", "teknik=yok&q=x"):
        assert '<meta name="robots" content="noindex, follow">' in read(
            client, f"/eserler/?{query}"
        )


def test_its_index_leads_to_each_of_them(client, hall):
    page = main(read(client, "/eserler/"))
    for address in ("?teknik=igne-oyasi", "?merkez=orta"):
        read(client, f"/eserler/{address}")
        assert f'href="/eserler/{address}"' in page


def test_an_empty_site_has_a_page_for_works(client):
    assert "Eserler burada gösterilecek." in read(client, "/eserler/")


def test_english_options_say_what_is_only_turkish(client, hall):
    page = main(read(client, "/en/works/"))
    assert '<option value="cini">Tile decoration (2)</option>' in page
    assert '<option value="akmese" lang="tr">Akmeşe Merkezi (2)</option>' in page


# --- The calendar of an exhibition ------------------------------------------------------------


def test_the_days_and_the_opening_for_a_calendar(client):
    from django.utils import timezone

    hall = make.exhibition(
        "Güz; Sergisi", begin=date(2091, 5, 3), end=date(2091, 5, 9),
        opening_at=timezone.make_aware(timezone.datetime(2091, 5, 3, 14)), address="Okul Sokak 3",
    )  # fmt: skip
    page = read(client, hall.get_absolute_url())
    (address,) = re.findall(r'href="([^"]*\.ics)"', page)
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    for line in (
        "SUMMARY:Güz\\; Sergisi",
        "DTSTART;VALUE=DATE:20910503",
        "DTEND;VALUE=DATE:20910510",
        "DTSTART;TZID=Europe/Istanbul:20910503T140000",
        "LOCATION:Mahalle Konağı\\, Okul Sokak 3",
    ):
        assert line in text, line


def test_no_calendar_where_nobody_should_come(client):
    over = make.exhibition(begin=days(-9), end=days(-5)).get_absolute_url()
    month = make.exhibition(date_precision="month").get_absolute_url()
    for address in (over, month):
        assert ".ics" not in read(client, address)
    read(client, f"{month}takvim.ics", 404)
    read(client, f"{over}takvim.ics")  # whoever has it keeps it
    off = make.exhibition(state=ExhibitionState.POSTPONED).get_absolute_url()
    assert ".ics" not in read(client, off)
    assert "STATUS:CANCELLED" in read(client, f"{off}takvim.ics")
    draft = make.exhibition(state=ExhibitionState.DRAFT).get_absolute_url()
    read(client, f"{draft}takvim.ics", 404)


# --- Query budgets ----------------------------------------------------------------------------


def test_budgets_of_works_and_of_a_choice(client, django_assert_max_num_queries):
    """The same for 1, 3 and 10 works, of all exhibitions and of one."""
    counts = []
    for rows in (1, 3, 10):
        hall = full_exhibition(rows).get_absolute_url()
        make.Work.objects.update(sale_status=SaleStatus.FOR_SALE)
        counts.append(
            [
                queries(client, address, django_assert_max_num_queries, most)
                for address, most in (
                    ("/eserler/", 10),
                    ("/eserler/?teknik=igne-oyasi&satilik=1&q=oya", 14),
                    ("/eserler/?sayfa=9", 10),
                    (f"{hall}?teknik=igne-oyasi&q=oya", 14),
                    (f"{hall}?sayfa=9", 14),
                )
            ]
        )
    assert counts[0] == counts[1] == counts[2]
