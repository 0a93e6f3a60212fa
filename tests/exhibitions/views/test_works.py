"""The page of a work."""

import re
from datetime import date

import pytest

from exhibitions.enums import ExhibitionState, NameForm, SaleStatus
from exhibitions.services import (
    return_work,
    withdraw_work,
)
from izmek.site.demo import flag
from tests import factories as make
from tests.exhibitions.pages import graph, main, read
from trainees.enums import Purpose
from trainees.services import give_consent, withdraw_consent

pytestmark = pytest.mark.django_db


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
        (SaleStatus.SOLD, "1250.50", "Satıldı", None, None),  # somebody's income
        (SaleStatus.RESERVED, "90", "Ayrıldı", None, None),
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
    assert ("offers" in node) == (availability is not None)
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
