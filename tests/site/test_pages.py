"""Home, search, course centres, what every reading page keeps to, and the pages for machines."""

import re
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client
from django.urls import get_resolver

from courses.enums import CourseState
from exhibitions.enums import ExhibitionState
from izmek.public import slugs
from izmek.site import checks
from izmek.site.demo import flag
from tests import factories as make
from tests.exhibitions.pages import days, graph, main, queries, read, shown_work
from trainees.enums import Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def town():
    """One of everything that has a page; addresses by name."""
    centre = make.centre("Akmeşe Merkezi", slug="akmese", phone="+902623210000")
    work = shown_work(title="Gelincikli iğne oyası", centre=centre)
    exhibition = make.exhibition("Güz Sergisi", works=[work], slug="guz-2026")
    exhibition.centres.add(centre)
    return {
        "home": "/",
        "exhibitions": "/sergiler/",
        "exhibition": exhibition.get_absolute_url(),
        "work": work.get_absolute_url(),
        "centres": "/merkezler/",
        "centre": "/merkezler/akmese/",
        "search": "/ara/?q=igne",
        "figures": "/rakamlarla/",
    }


# --- Every reading page -----------------------------------------------------------------------


def test_reading_pages_know_nobody(client, town):
    """No session is read or made, no cookie set, no form that writes; copies are asked for anew."""
    client.force_login(make.user("yonetici"))
    client.cookies["sessionid"]["secure"] = False
    for address in town.values():
        client.get(address)  # the first visitor has the year counted, which is a change
        answer = client.get(address)
        assert (address, answer.status_code) == (address, 200)
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert "Accept-Language" not in answer.get("Vary", "")
        assert answer["Cache-Control"] == "no-cache"
        assert not re.search(r'method="?post|csrfmiddlewaretoken', answer.content.decode(), re.I)
        assert Client().get(address).content == answer.content  # the same page for everyone
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.sqlite
def test_reading_pages_are_only_read(client, town):
    for address in town.values():
        assert (address, client.post(address).status_code) == (address, 405)
        assert (address, client.head(address).status_code) == (address, 200)


@pytest.mark.sqlite
def test_the_address_alone_decides_the_language(client, town):
    for address in town.values():
        page = read(client, address, **{"accept-language": "en"})
        assert '<html lang="tr">' in page
        (english,) = re.findall(r'<a href="([^"]*)" lang="en" hreflang="en"', page)
        page = read(client, english, **{"accept-language": "tr"})
        assert '<html lang="en">' in page
        (turkish,) = re.findall(r'<a href="([^"]*)" lang="tr" hreflang="tr"', page)
        assert turkish == address


@pytest.mark.sqlite
def test_titles_are_unique_and_descriptions_short(client, town):
    titles = set()
    for url in town.values():
        page = read(client, url)
        (title,) = re.findall(r"<title>(.*?)</title>", page)
        (description,) = re.findall(r'<meta name="description" content="([^"]*)">', page)
        titles.add(title)
        assert title.endswith(" | İZMEK")
        assert 20 <= len(description) <= 156
        assert page.count("<h1") == 1
        assert page.count('rel="canonical" href="http://testserver/') == 1
        graph(page)
    assert len(titles) == len(town)


@pytest.mark.sqlite
def test_demo_data_are_called_so_and_kept_from_robots(client, town):
    assert "Tanıtım" not in read(client, "/")
    assert "Disallow: /yonetim/" in read(client, "/robots.txt")
    flag.mark()
    flag.mark()
    page = read(client, town["work"])
    assert "kurgudur" in page
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "Disallow: /\n" in read(client, "/robots.txt")
    flag.clear()
    assert "kurgudur" not in read(client, town["work"])


# --- Home -------------------------------------------------------------------------------------


def test_home_of_an_empty_site(client):
    assert "Merkezler" in read(client, "/")


def test_home_shows_what_is_open_before_what_comes_and_was(client):
    make.exhibition("Eski Sergi", begin=days(-30), end=days(-20))
    make.exhibition("Gelecek Sergi", begin=days(5), end=days(9))
    page = main(read(client, "/"))
    assert re.search(r'class="feature".*Gelecek Sergi.*class="grid".*Eski Sergi', page, re.S)
    make.exhibition("Açık Sergi", works=[make.work("Lale")])
    page = main(read(client, "/"))
    assert re.search(r'class="feature".*Açık Sergi.*Lale.*Gelecek Sergi.*Eski', page, re.S)


def test_home_never_leads_with_a_cancelled_exhibition(client):
    make.exhibition("İptal Sergi", state=ExhibitionState.CANCELLED)
    make.exhibition("Eski Sergi", begin=days(-30), end=days(-20))
    page = main(read(client, "/"))
    assert page.index("Eski Sergi") < page.index("İptal Sergi")


def test_figures_hide_cells_under_five(client):
    course = make.course(begin=days(-45))  # last month or before: so far the figures go
    for _ in range(4):
        make.enrolment(of=course)
    assert "kursiyer" not in main(read(client, "/"))
    cache.clear()
    make.enrolment(of=course)
    withdrawn = make.enrolment(of=course)
    withdrawn.state, withdrawn.left_on = "withdrawn", days(-40)
    withdrawn.save()
    call_command("count_figures")
    page = main(read(client, "/"))
    assert "<dt>kursiyer</dt><dd>5</dd>" in page
    assert "<dt>kurs</dt>" not in page


@pytest.mark.sqlite
def test_figures_part_their_thousands(client, monkeypatch):
    from izmek.site.views import home

    monkeypatch.setattr(home, "_figures", lambda year, through: [("kursiyer", 35201)])
    make.year()
    assert "<dd>35.201</dd>" in read(client, "/")
    assert "<dd>35,201</dd>" in read(client, "/en/")


# --- Course centres ---------------------------------------------------------------------------


def test_centres_in_turkish_order_and_in_use(client):
    for name in ("Çay", "Ceviz", "Ilıca", "İncir", "Zeytin"):
        make.centre(name)
    make.centre("Eskimiş", in_use=False)
    page = main(read(client, "/merkezler/"))
    names = re.findall(r'lang="tr">(\w+)</a></h2>', page)
    assert names == ["Ceviz", "Çay", "Ilıca", "İncir", "Zeytin"]


def test_centre_page(client, town):
    centre = make.CourseCentre.objects.get(slug="akmese")
    centre.address, centre.hours, centre.access = "Okul Sokak 3", "hafta içi", "Rampa var."
    centre.latitude, centre.longitude = "40.85", "30.01"
    centre.save()
    make.course(centre=centre, programme=make.programme("Ebru"))
    make.course(centre=centre, programme=make.programme("Çini"))
    make.course(centre=centre, programme=make.programme("Bitti"), state=CourseState.FINISHED)
    page = main(read(client, "/merkezler/akmese/"))
    for words in ("Okul Sokak 3", "Akmeşe, İzmit", "tel:+902623210000", "0262 321 00 00"):
        assert words in page
    for words in ("Hafta içi", "Rampa var.", "Gelincikli iğne oyası", "Güz Sergisi", "mlat=40.85"):
        assert words in page
    assert page.index("Çini") < page.index("Ebru")
    assert "Bitti" not in page


def coming_course(at, name="Ebru", **fields):
    """A course that takes applications and begins in a month."""
    programme = make.programme(name)
    return make.course("open", centre=at, programme=programme, begin=days(30), **fields)


def test_a_centre_names_the_courses_one_can_apply_for_there(client, town, monkeypatch):
    centre = make.CourseCentre.objects.get(slug="akmese")
    course = coming_course(centre, capacity=9)
    make.course(centre=centre, programme=make.programme("Çini"))  # runs, and takes nobody
    coming_course(make.centre("Başka"), "Kilim")
    section = re.search(r'id="kurslar">(.*?)</section>', read(client, "/merkezler/akmese/"), re.S)[
        1
    ]
    assert course.get_absolute_url() in section and "9 boş yer (kontenjan 9)" in section
    assert "Çini" not in section and "Kilim" not in section
    assert "?merkez=" not in section
    monkeypatch.setattr("izmek.site.views.centres.COURSES", 1)
    coming_course(centre, "Keçe")
    section = re.search(r'id="kurslar">(.*?)</section>', read(client, "/merkezler/akmese/"), re.S)[
        1
    ]
    assert "Keçe" not in section and 'href="/kurslar/?merkez=akmese"' in section


def test_a_closed_centre_leaves_the_site(client, town):
    centre = make.CourseCentre.objects.get(slug="akmese")
    centre.in_use = False
    centre.save()
    read(client, "/merkezler/akmese/", 404)
    assert "/merkezler/akmese/" not in read(client, town["work"])  # the work stays


def test_an_address_a_centre_once_had_leads_to_it(client, town):
    slugs.remember(make.CourseCentre.objects.get(slug="akmese"), "akmese-kursu")
    answer = client.get("/merkezler/akmese-kursu/")
    assert (answer.status_code, answer["Location"]) == (302, "/merkezler/akmese/")


# --- Search -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["igne", "İĞNE OYASI", "iğne oyasi", "GELINCIK", "akmese igne"])
def test_search_folds(client, town, text):
    page = main(read(client, f"/ara/?q={text}"))
    assert "Gelincikli iğne oyası" in page


def test_search_groups_and_counts(client, town):
    page = main(read(client, "/ara/?q=akmese"))
    assert "“akmese” için 3 sonuç" in page
    for heading in ("Eserler", "Sergiler", "Kurs merkezleri"):
        assert re.search(rf"<h2>{heading} <span class=\"muted\">1</span></h2>", page)


@pytest.mark.parametrize(
    "text", ["ıgne oyası", "AKMESE MERKEZI", "el sanatlari", "41-77", "akmese igne"]
)
def test_search_finds_the_courses_one_can_apply_for(client, town, text):
    centre = make.CourseCentre.objects.get(slug="akmese")
    course = coming_course(centre, "İğne Oyası", number="41-77", teacher=make.teacher("Nigâr"))
    make.course(centre=centre, programme=make.programme("İğne Oyası 2"))  # takes nobody
    page = main(read(client, f"/ara/?q={text}"))
    assert f'href="{course.get_absolute_url()}"' in page
    assert page.count('href="/kurslar/') == 1
    assert "20 boş yer" in page
    alone = main(read(client, f"/ara/?q={text}&tur=kurslar"))
    assert course.get_absolute_url() in alone
    assert "bir şey bulunamadı" in read(client, "/ara/?q=nigar")


def test_search_shows_more_of_a_group_by_pages(client):
    make.exhibition(works=[make.work(f"Lale {n:02}") for n in range(30)])
    page = main(read(client, "/ara/?q=lale"))
    assert page.count('<li class="card">') == 12
    (more,) = re.findall(r'<p class="more"><a href="([^"]*)"', page)
    page = main(read(client, "/ara/" + more.replace("&amp;", "&")))
    assert page.count('<li class="card">') == 24
    assert "Lale 29" in page  # the newest first
    assert "Lale 05" not in page
    second = read(client, "/ara/?q=lale&tur=eserler&sayfa=2")
    assert "Lale 05" in second
    assert "Böyle bir sayfa yok" in read(client, "/ara/?q=lale&tur=eserler&sayfa=9999")


def test_search_finds_public_rows_only(client):
    make.exhibition("Lale Sergisi", works=[make.work("Lale")], state=ExhibitionState.DRAFT)
    make.centre("Lale Merkezi", in_use=False)
    assert "bir şey bulunamadı" in read(client, "/ara/?q=lale")


def test_search_without_a_word(client, town):
    for query in ("", "?q=", "?q=%20%20", "?q=%CC%81"):
        page = main(read(client, f"/ara/{query}"))
        assert "sonuç" not in page
        assert "Gelincikli" not in page


@pytest.mark.parametrize("text", ["%00", "%25", "_", "'%22", "%5C", "%F0%9F%8C%B7", "%ED%A0%80"])
def test_search_takes_any_character(client, town, text):
    assert "Gelincikli" not in main(read(client, f"/ara/?q={text}"))


def test_search_shortens_what_is_too_long(client, town, django_assert_max_num_queries):
    page = read(client, "/ara/?q=" + "a" * 5000)
    assert "ilk 100 karakteri" in page
    assert f'value="{"a" * 100}"' in page
    with django_assert_max_num_queries(12):
        read(client, "/ara/?q=" + "+".join(f"{n}" for n in range(1000, 2000)))


def test_the_number_on_a_label_leads_to_its_work(client, town):
    work = make.Work.objects.get()
    answer = client.get(f"/ara/?q=+{work.number}+")
    assert (answer.status_code, answer["Location"]) == (302, town["work"])
    assert "bulunamadı" in read(client, "/ara/?q=2099-0001")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "address", ["/ara/?q=", "/en/search/?q=", "/eserler/?q=", "/kurslar/?mahalle="]
)
def test_an_identity_number_is_neither_searched_nor_repeated(client, town, address):
    for number in ("10000000146", "100 0000 0146", "99123456780"):
        answer = client.get(f"{address}{number}")
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "noindex" in page
        assert not re.search(r"0146|456780", page)
        assert answer["Cache-Control"] == "no-cache"
    assert "kimlik numarası" in read(client, "/ara/?q=10000000146", 400)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gelincikl", "gelincikli"),
        ("igne ouasi", "iğne oyası"),
        ("Akmeshe", "akmeşe"),
        ("guz sergsi", "güz sergisi"),
    ],
)
def test_a_slip_leads_to_what_was_meant(client, town, typed, meant):
    page = main(read(client, f"/ara/?q={typed}&tur=eserler&sayfa=2"))
    if "sonuç" not in page:
        (link,) = re.findall(
            r'Şunu mu demek istediniz: <a href="([^"]*)" lang="tr">([^<]*)</a>', page
        )
        assert link[1] == meant
        assert "sonuç" in main(read(client, f"/ara/{link[0]}"))


def test_nobodys_name_and_nothing_hidden_is_suggested(client, town):
    named = make.trainee("Songül", "Arıkan")
    make.consent(named, Purpose.NAME_WEB)
    make.exhibition(works=[make.work("Lale", makers=[named])])
    make.work("Menekşe")  # approved for no exhibition
    for typed in ("songul", "arikan"):
        assert "Lale" in read(client, f"/ara/?q={typed}")
    for typed in ("songuls", "arikam", "menekse", "meneks", "zzzzzz", "x"):
        assert "demek istediniz" not in read(client, f"/ara/?q={typed}")


def test_the_title_comes_before_the_technique_the_maker_and_the_rest(client):
    maker = make.trainee("Nakış", "Er")
    make.consent(maker, Purpose.NAME_WEB)
    nakis, other = make.technique("Nakış"), make.technique("Ebru")
    works = [
        make.work("Birinci", materials="nakış ipliği", technique=other),
        make.work("İkinci", makers=[maker], technique=other),
        make.work("Üçüncü", technique=nakis),
        make.work("Nakışlı dördüncü", technique=other),
        make.work("Beşinci", technique=other, centre=make.centre("Nakış Merkezi")),
    ]
    hall = make.exhibition(works=works)
    order = ["Nakışlı dördüncü", "Üçüncü", "İkinci"]
    for address, rest in (
        ("/ara/?q=nakis", ["Beşinci", "Birinci"]),  # the newest first
        ("/eserler/?q=nakis", ["Beşinci", "Birinci"]),
        (f"{hall.get_absolute_url()}?q=nakis", ["Birinci", "Beşinci"]),  # the curator's order
    ):
        page = main(read(client, address))
        titles = re.findall(r'<li class="card">\s*<h[23]><a href="[^"]*"[^>]*>(.*?)</a>', page)
        assert titles == [*order, *rest], address


def test_a_short_word_is_looked_for_in_a_name_beside_a_longer_one(client):
    maker = make.trainee("Su", "Kaya")
    make.consent(maker, Purpose.NAME_WEB)
    make.exhibition(works=[make.work("Lale", makers=[maker]), make.work("Sümbül oyası")])
    assert "Lale" in main(read(client, "/ara/?q=su+kaya"))
    page = main(read(client, "/ara/?q=su"))
    assert "Sümbül" in page and "Lale" not in page


@pytest.mark.sqlite
def test_search_is_not_for_search_engines(client, town):
    assert '<meta name="robots" content="noindex, follow">' in read(client, town["search"])


# --- Query budgets ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "most"), [("home", 14), ("centres", 6), ("centre", 12), ("search", 16)]
)
def test_budgets(client, town, name, most, django_assert_max_num_queries):
    centre = make.CourseCentre.objects.get(slug="akmese")
    url = town[name].replace("igne", "akmese")
    coming_course(centre, None)
    first = queries(client, url, django_assert_max_num_queries, most)
    for number in range(2):
        make.centre(f"Akmeşe {number}")
        work = shown_work(centre=centre)
        make.exhibition(works=[work]).centres.add(centre)
        make.photo(centre=centre)
        make.course(centre=centre)
        coming_course(centre, None)
    assert queries(client, url, django_assert_max_num_queries, most) == first


# --- For machines, and what went wrong --------------------------------------------------------


def test_alive_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/saglik/")
    assert (answer.status_code, answer.content.decode()) == (200, "çalışıyor\n")
    assert "no-store" in answer["Cache-Control"]


def test_ready_when_everything_answers(client, media):
    answer = client.get("/hazir/")
    assert answer.status_code == 200
    assert answer.content.decode().count(": hazır\n") == 7
    assert not any(path.is_file() for path in media.rglob("*"))  # it leaves nothing behind


def test_strangers_who_ask_whether_it_is_ready_cost_no_connection(client, media, monkeypatch):
    database = connections[DEFAULT_DB_ALIAS]
    opened = mock.Mock(wraps=database.get_new_connection)
    monkeypatch.setattr(type(database), "get_new_connection", opened)
    for _time in range(3):
        assert "veritabanı: hazır" in client.get("/hazir/").content.decode()
    assert not opened.called


def test_a_storage_that_is_away_is_told_and_takes_no_host_out(client, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "file" / "media")},
        },
    }
    answer = client.get("/hazir/")
    assert answer.status_code == 200  # pages are shown, without photos
    assert "dosya alanı: yanıt vermiyor" in answer.content.decode()
    assert str(tmp_path) not in answer.content.decode()


def test_not_ready_while_the_host_is_taken_out(client, settings, tmp_path, media):
    settings.DRAIN_MARK = str(tmp_path / "drain")
    assert client.get("/hazir/").status_code == 200
    (tmp_path / "drain").touch()
    answer = client.get("/hazir/")
    assert answer.status_code == 503
    assert "bu sunucu: devreden çıkarılıyor" in answer.content.decode()
    assert client.get("/saglik/").status_code == 200  # it is not to be killed


def test_not_ready_with_a_cache_that_forgets(client, settings, media):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    answer = client.get("/hazir/")
    assert answer.status_code == 200  # told only: pages do without
    assert "önbellek: verileni saklamıyor" in answer.content.decode()


def test_not_ready_before_every_migration_ran(client, media):
    from django.db.migrations.recorder import MigrationRecorder

    checks.database._not_applied.cache_clear()
    MigrationRecorder.Migration.objects.filter(app="exhibitions").order_by("name").last().delete()
    answer = client.get("/hazir/")
    assert answer.status_code == 503
    assert "veritabanı güncellemeleri: hepsi çalıştırılmamış" in answer.content.decode()
    checks.database._not_applied.cache_clear()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("address", "words", "home"),
    [
        ("/boyle-bir-sayfa-yok/", "Bu adreste bir sayfa yok", "/en/"),
        ("/en/no-such-page/", "There is no page at this address", "/"),
        ("/sergiler/yok-2020/", "Bu adreste bir sayfa yok", "/en/exhibitions/yok-2020/"),
    ],
)
def test_not_found_in_the_sites_voice(client, address, words, home):
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert words in page
    assert answer["Cache-Control"] == "no-cache"
    assert f'<a href="{home}" lang=' in page


@pytest.mark.sqlite
def test_an_error_tells_nothing_of_itself(client, monkeypatch):
    from izmek.site.views import home

    def broken(*args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(home, "_figures", broken)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Bir şeyler ters gitti" in page
    assert "secret" not in page


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("address", "language", "words", "home"),
    [
        ("/", "tr", "Veritabanına şu anda ulaşılamıyor; sorun", "/"),
        ("/en/", "en", "The database cannot be reached at the moment; this", "/en/"),
    ],
)
def test_without_a_database_a_page_speaks_the_language_of_its_address(
    address, language, words, home, client, monkeypatch
):
    from django.db import OperationalError

    from izmek.site.views import home as view

    def away(*args):
        raise OperationalError("could not connect")

    monkeypatch.setattr(view, "_figures", away)
    client.raise_request_exception = False
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert f'<html lang="{language}">' in page and words in page
    assert f'<p><a href="{home}">' in page
    assert page.index(words) < page.index("muted")


@pytest.mark.sqlite
def test_who_cannot_sign_in_without_a_database_is_told_of_no_form(client, monkeypatch):
    from django.db import OperationalError

    from izmek.accounts.backends import Backend

    def away(*args, **kwargs):
        raise OperationalError("could not connect")

    monkeypatch.setattr(Backend, "authenticate", away)
    client.raise_request_exception = False
    answer = client.post("/hesap/login/", {"login": "ayse", "password": "kilim dokur gibi"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Sayfa şu anda açılamıyor" in page and "kaydedilmedi" not in page
    assert "kilim dokur" not in page


@pytest.mark.sqlite
def test_every_translated_address_has_a_turkish_one(client):
    """A path word that someone forgot to translate would stand in English on the Turkish site."""
    from django.utils.translation import override

    with override("tr"):
        turkish = {str(pattern.pattern) for pattern in _localised()}
    with override("en"):
        english = {str(pattern.pattern) for pattern in _localised()}
    assert turkish & english <= {""}


def _localised():
    for resolver in get_resolver().url_patterns:
        if type(resolver.pattern).__name__ == "LocalePrefixPattern":
            for pattern in resolver.url_patterns:
                yield from getattr(pattern, "url_patterns", [pattern])


def test_search_does_not_betray_who_wants_no_name(client):
    silent = make.trainee("Songül", "Arıkan")
    make.consent(silent, Purpose.NAME_LABEL)
    make.exhibition(works=[make.work("Lale", makers=[silent])])
    assert "bulunamadı" in read(client, "/ara/?q=arikan")
