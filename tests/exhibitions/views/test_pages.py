"""The exhibition pages in English, their heads, and what they cost."""

import re
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from exhibitions.models import Guest
from tests import factories as make
from tests.exhibitions.pages import days, full_exhibition, graph, queries, read, shown_work

pytestmark = pytest.mark.django_db


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
        queries(client, full_exhibition(rows).get_absolute_url(), django_assert_max_num_queries, 14)
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
