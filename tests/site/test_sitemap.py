"""The map for search engines."""

import re
import time
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone
from django.utils.http import http_date

from exhibitions.services import withdraw_work
from izmek.site import sitemaps
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
HREF = "{http://www.w3.org/1999/xhtml}link"


def part(client, name):
    """{address: its element} of a part of the map."""
    tree = ElementTree.fromstring(client.get(f"/sitemap-{name}.xml").content)
    return {url.findtext(f"{MAP}loc"): url for url in tree.iter(f"{MAP}url")}


def test_the_index_names_every_part_and_robots_name_the_index(client):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    parts = [loc.text for loc in tree.iter(f"{MAP}loc")]
    assert len(parts) >= 5
    for address in parts:
        assert client.get(address).status_code == 200
    assert b"Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content


def test_what_is_public_is_there_with_photo_and_date_and_nothing_else(client):
    work, draft = make.work("Karanfil oyası"), make.work("Gizli iş")
    photo = make.photo(work=work)
    make.exhibition("Yıl Sonu", works=[work])
    make.exhibition("Taslak", state="draft", works=[draft])
    works = part(client, "works")
    assert list(works) == [f"http://testserver{work.get_absolute_url()}"]
    (entry,) = works.values()
    assert entry.findtext(f"{MAP}lastmod")
    assert entry.findtext(f"{IMAGE}image/{IMAGE}loc") == f"http://testserver{photo.large_url}"
    assert len(part(client, "exhibitions")) == 1


def test_english_is_named_where_the_page_is_english(client):
    make.exhibition("Yıl Sonu", title_en="Year's end", text="Metin", text_en="Text")
    make.exhibition("Yalnız Türkçe", slug="yalniz-turkce", text="Metin")
    found = part(client, "exhibitions")
    assert len(found) == 3
    for address, entry in found.items():
        languages = {link.get("hreflang") for link in entry.iter(HREF)}
        assert languages == (
            {"tr", "x-default"} if "yalniz" in address else {"tr", "en", "x-default"}
        )


def test_a_course_leaves_the_map_when_it_takes_no_more_applications(client):
    end = timezone.now() + timedelta(minutes=5)
    make.course(applications_until=end, begin=timezone.localdate() + timedelta(days=9))
    assert len(part(client, "courses")) == 2  # in both languages
    with time_machine.travel(end + timedelta(seconds=1)):
        assert part(client, "courses") == {}


def test_an_unknown_part_is_not_found(client):
    assert client.get("/sitemap-enrolments.xml").status_code == 404
    assert client.get("/sitemap-works.xml?p=99").status_code == 404


def test_a_withdrawn_work_is_gone_for_who_asks_whether_it_changed(client):
    works = [make.work(f"Oya {number}") for number in range(2)]
    make.exhibition("Yıl Sonu", works=works)
    before = client.get("/sitemap-works.xml")
    withdraw_work(work=works[0], reason="Kırıldı", by=None)
    since = {"if-modified-since": before.get("Last-Modified", http_date(time.time()))}
    after = client.get("/sitemap-works.xml", headers=since)
    assert works[0].get_absolute_url() not in after.content.decode()
    assert after.status_code == 200


def test_a_long_part_has_pages_and_the_index_names_them_without_reading_the_rows(
    client, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(sitemaps.Works, "limit", 2)
    works = [make.work(f"Oya {number}", title_en="Lace", text_en="") for number in range(5)]
    make.exhibition("Yıl Sonu", works=works)
    with django_assert_num_queries(15):  # the first asks whether the kept one holds
        index = client.get("/sitemap.xml").content.decode()
    assert re.findall(r"sitemap-works\.xml[^<]*", index) == [
        "sitemap-works.xml", "sitemap-works.xml?p=2", "sitemap-works.xml?p=3",
    ]  # fmt: skip
    pages = [client.get(f"/sitemap-works.xml?p={page}").content.decode() for page in (1, 2, 3)]
    found = [re.findall("<loc>http://testserver(/[^<]*)</loc>", page) for page in pages]
    assert [len(addresses) for addresses in found] == [4, 4, 2]
    assert {work.get_absolute_url() for work in works} < {one for page in found for one in page}
