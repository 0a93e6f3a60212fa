"""The printed papers: read back as PDFs, and their QR codes from the rendered page."""

import io
import json
import re
import resource
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import time, timedelta

import pytest
import zxingcpp
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image
from pypdf import PdfReader

from courses.models import CourseCentre
from exhibitions.enums import ExhibitionState, NameForm, PeopleOn, SaleStatus
from exhibitions.models import Guest, Partner, Photo, Showing, Work
from exhibitions.papers import pictures
from exhibitions.papers.catalogue import Catalogue, build_catalogue
from exhibitions.papers.wall import PAPERS, contents_of, print_paper
from exhibitions.papers.works import works_of
from exhibitions.services import delete_folder
from izmek.accounts.roles import Role
from izmek.acts.enums import Access
from izmek.models import AccessLog
from izmek.papers import compiling
from izmek.papers import typst as papers
from izmek.papers.parts import write_pdf
from izmek.public import slugs
from tests import factories as make
from tests.pdfs import assert_accessible, elements, pages_of, text_of, whole
from trainees.enums import Purpose
from trainees.services import give_consent, withdraw_consent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

LABELS = ("etiket-105x74", "etiket-70x37")
OF_SALES = {slug for slug, paper in PAPERS.items() if paper.of_sales}  # test_sales.py of the admin
OF_MAKERS = [slug for slug, paper in PAPERS.items() if paper.names_makers and not paper.of_sales]
HOSTILE = 'İğneyle #panic("kaç") $x$ *kalın* @şal <b> \\ ' + "uzunsözcük" * 10
BACKENDS = "django_tasks.backends"


def bookmarks(entries):
    """The titles of an outline, whatever their depth."""
    for entry in entries:
        if isinstance(entry, list):
            yield from bookmarks(entry)
        else:
            yield entry.title


def printed(slug, exhibition, **options):
    return print_paper(PAPERS[slug], exhibition, works_of(exhibition), **options)


def codes(pages):
    """What the QR codes on rendered pages say."""
    found = (zxingcpp.read_barcodes(Image.open(io.BytesIO(page))) for page in pages)
    return [code.text for codes in found for code in codes]


def consenting(first_name, last_name, *purposes):
    person = make.trainee(first_name, last_name)
    for purpose in purposes:
        make.consent(person, purpose)
    return person


@pytest.fixture
def fair():
    """An exhibition with what makes papers hard: long names, six makers, no photo, nothing known."""
    centre = make.centre("Akmeşe Kurs Merkezi", phone="+902623110000")
    teacher = make.teacher("Nurhan", "Aydemir")
    make.consent(teacher, Purpose.NAME_LABEL)
    make.consent(teacher, Purpose.NAME_WEB)
    course = make.course(centre=centre, teacher=teacher, programme=make.programme("Oya dersi"))
    known = consenting("Zeynep", "Yıldız", Purpose.NAME_LABEL, Purpose.NAME_WEB)
    first = make.work(
        "Şeker İğnesi",
        [known],
        centre=centre,
        course=course,
        title_en="Candy",
        materials="ipek",
        width=30,
        height=40,
        sale_status=SaleStatus.FOR_SALE,
        price=1250,
        text="Birinci bölüm.\n\nİkinci bölüm.",
    )
    many = [make.trainee(f"Kız{place}", "Öz") for place in range(6)]
    second = make.work(HOSTILE, many, centre=centre, text=f"{HOSTILE} " * 10)
    third = make.work("Sade", sale_status=SaleStatus.SOLD, price=777)
    made = make.exhibition("Işığın Ağı", [first, second, third], text="Serginin yazısı.")
    made.centres.add(centre)
    Showing.objects.filter(work=second).update(highlight=True)
    Guest.objects.create(exhibition=made, name="Gül Şen", office="Muhtar", spoke=True)
    Partner.objects.create(exhibition=made, name="Halk Eğitimi", role="Ortak")
    return made


@pytest.mark.parametrize("slug", ["acilis-programi", "afis-a3", "buyuk-punto", "katalog"])
def test_papers_know_the_closed_day(client, fair, slug):
    fair.opens_at, fair.closes_at = time(10), time(18)
    fair.save()
    day = fair.begin + timedelta(days=1)
    fair.days.create(date=day)
    paper = body(catalogue(client, fair)) if slug == "katalog" else printed(slug, fair)
    words = " ".join(whole(paper).split())
    assert "10.00–18.00" in words and "kapalı" in words and "Her gün" not in words


# --- On the wall ------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", sorted({*PAPERS} - OF_SALES))
def test_paper_is_accessible_and_prints_what_people_wrote(fair, slug, typst_ends):
    pdf = printed(slug, fair)
    assert_accessible(pdf, title="Işığın Ağı")
    text = whole(pdf)
    if PAPERS[slug].names_makers:
        assert "Şeker İğnesi" in text
    else:
        assert "Işığın Ağı" in text
    if slug in (*LABELS, "buyuk-punto", "asma-listesi"):
        assert 'İğneyle #panic("kaç") $x$ *kalın* @şal <b> \\' in text


@pytest.mark.parametrize("slug", OF_MAKERS)
def test_paper_names_whom_the_label_consent_names(slug):
    labelled = consenting("Şule", "Kırkpınarlı", Purpose.NAME_LABEL)
    web = consenting("Fatma", "Örtülü", Purpose.NAME_WEB)
    sale = {"sale_status": SaleStatus.FOR_SALE}
    at = make.exhibition(works=[make.work("Bir", [labelled, web], **sale)])
    text = whole(printed(slug, at))
    assert "Şule Kırkpınarlı, İZMEK kursiyeri" in text
    assert "Fatma" not in text
    withdraw_consent(trainee=labelled, purpose=Purpose.NAME_LABEL, channel="paper", by=None)
    text = whole(printed(slug, at))
    assert "2 İZMEK kursiyeri" in text
    assert "Kırkpınarlı" not in text


def test_an_unnamed_teacher_is_no_trainee():
    work = make.work("Bir", [make.teacher("Ayla", "Gizli"), "Nakış Grubu"])
    text = whole(printed("etiket-105x74", make.exhibition(works=[work])))
    assert "Nakış Grubu, İZMEK öğretmeni" in text
    assert "Ayla" not in text


def test_label_tells_the_facts_in_their_order(fair):
    work = fair.works.get(title="Şeker İğnesi")
    text = whole(printed("etiket-105x74", fair))
    facts = (
        *("Şeker İğnesi", "Candy", "Zeynep Yıldız", "İğne Oyası", "Ipek", "30 × 40 cm"),
        *("Oya dersi", "Akmeşe Kurs Merkezi", "Öğretmen: Nurhan Aydemir"),
        *(work.year.name, "Satılık, 1.250 TL", f"Eser no. {work.number}"),
    )
    facts = [fact.replace("Ipek", "İpek") for fact in facts]
    text = text.replace("\u00a0", " ")
    places = [text.index(fact) for fact in facts]
    assert places == sorted(places)


@pytest.mark.parametrize("slug", LABELS)
def test_qr_codes_are_read_from_the_sheet_and_lead_to_the_work(client, settings, fair, slug):
    settings.SITE_URL = "https://izmek.izmit.bel.tr"
    pages = printed(slug, fair, to=papers.pictures, ppi=200)
    addresses = codes(pages)
    assert sorted(addresses) == sorted(
        f"https://izmek.izmit.bel.tr/e/{work.number}/" for work in fair.works.all()
    )
    answer = client.get(addresses[0].removeprefix("https://izmek.izmit.bel.tr"), follow=True)
    assert answer.context["work"].number in addresses[0]


@pytest.mark.parametrize("slug", ["acilis-programi", "afis-a4"])
def test_qr_code_of_invitations_leads_to_the_exhibition(client, fair, slug):
    (address,) = codes(printed(slug, fair, to=papers.pictures, ppi=120))
    answer = client.get("/" + address.split("/", 3)[3])
    assert answer.context["exhibition"] == fair


def test_sheets_hold_eight_and_twenty_four_labels():
    at = make.exhibition(works=[make.work(f"Eser {place}") for place in range(25)])
    pages = [len(PdfReader(io.BytesIO(printed(slug, at))).pages) for slug in LABELS]
    assert pages == [4, 2]


def test_large_print_is_large(fair):
    sizes = set()

    def visit(text, _cm, matrix, _font, size):
        if text.strip():
            sizes.add(abs(size * matrix[3]))

    for page in PdfReader(io.BytesIO(printed("buyuk-punto", fair))).pages:
        text_of(page, visitor_text=visit)
    assert min(sizes) >= 18


def test_sale_list_holds_what_is_for_sale_and_where_to_ask(fair):
    text = whole(printed("satis-listesi", fair))
    assert "1.250\u00a0TL" in text or "1.250 TL" in text
    assert "0262 311 00 00" in text
    assert "Sade" in text and "777" not in text  # sold, and said so
    assert "İğneyle" not in text


def test_a_poster_shows_no_trainees_face():
    at = make.exhibition()
    make.photo(files=True, exhibition=at, people=PeopleOn.TRAINEES)
    tags = elements(printed("afis-a4", at))
    assert [tag["/Alt"] for tag in tags if tag["/S"] == "/Figure"] == ["Karekod: serginin sayfası"]


def test_works_of_more_than_a_thousand_centres_are_printed():
    """SQLite refuses `prefetch_related` for as many."""
    at = make.exhibition(works=[make.work()])
    copies(CourseCentre, 1001, name="Uzak {}", slug="uzak-{}")
    centres = CourseCentre.objects.filter(slug__startswith="uzak-").values_list("pk", flat=True)
    copies(Work, 1001, number="2024-{}", centre_id=list(centres))
    works = Work.objects.filter(number__startswith="2024-").values_list("pk", flat=True)
    copies(Showing, 1001, work_id=list(works))
    rows = works_of(at)
    assert len({row.work.centre.name for row in rows}) == 1002
    assert {row.work.centre.neighbourhood.name for row in rows} == {"Akmeşe"}


def copies(model, count, **fields):
    """So many copies of the only row of a model; a field is a text with {} or a list of values."""
    only = model.objects.get()
    kept = {f.attname: getattr(only, f.attname) for f in model._meta.concrete_fields}
    del kept["id"]
    rows = []
    for place in range(count):
        own = {
            name: text.format(place) if isinstance(text, str) else text[place]
            for name, text in fields.items()
        }
        rows.append(model(**{**kept, **own}))
    model.objects.bulk_create(rows)


# --- Who prints -------------------------------------------------------------------------------


def paper_url(exhibition, slug=None):
    if slug is None:
        return reverse("admin:exhibitions_exhibition_papers", args=[exhibition.pk])
    return reverse("admin:exhibitions_exhibition_paper", args=[exhibition.pk, slug])


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.CURATOR, 200), (Role.AUDITOR, 403), (Role.TEACHER, 403)],
)
def test_who_may_print(client, fair, role, status):
    client.force_login(make.user(role))
    for address in (paper_url(fair), paper_url(fair, "etiket-105x74")):
        assert client.get(address).status_code == status


def test_an_officer_prints_the_works_of_her_centre(client, fair):
    here = fair.centres.get()
    client.force_login(make.user(Role.OFFICER, centres=[here]))
    answer = client.get(paper_url(fair, "etiket-105x74"))
    text = whole(answer.content)
    assert "Şeker İğnesi" in text
    assert "Sade" not in text
    client.force_login(make.user(Role.OFFICER, centres=[make.centre()]))
    assert client.get(paper_url(fair, "etiket-105x74")).status_code == 404


def test_papers_with_names_are_logged_and_kept_nowhere(client, fair, media):
    curator = make.user(Role.CURATOR)
    client.force_login(curator)
    answer = client.get(paper_url(fair, "etiket-70x37"))
    assert "no-store" in answer["Cache-Control"]
    assert "-etiket-70x37.pdf" in answer["Content-Disposition"]
    client.get(paper_url(fair, "afis-a4"))
    entry = AccessLog.objects.get()
    assert (entry.action, entry.by, entry.object) == (Access.EXPORTED, curator, fair)
    assert entry.reason == "etiket-70x37.pdf: 3"
    assert not list(media.rglob("*.pdf"))


def test_the_page_of_papers_chooses_a_centre(client, fair):
    client.force_login(make.user(Role.CURATOR))
    centre = fair.centres.get()
    page = client.get(paper_url(fair), {"merkez": centre.pk}).content.decode()
    assert f"etiket-105x74.pdf?merkez={centre.pk}" in page
    text = whole(client.get(paper_url(fair, "asma-listesi"), {"merkez": centre.pk}).content)
    assert "Şeker İğnesi" in text
    assert "Sade" not in text


def test_what_typst_keeps_of_many_labels_ends_with_its_own_process(fair, typst_ends):
    showings = works_of(fair) * 60
    printed("etiket-70x37", fair)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print_paper(PAPERS["etiket-70x37"], fair, showings)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40_000  # KB; it was 140,000


# --- Many works -------------------------------------------------------------------------------


@pytest.fixture
def large():
    """An exhibition of 60 works in seven rooms and of two centres, one with a photo and a long text."""
    centres = [make.centre("Akmeşe Kurs Merkezi"), make.centre("Çukurbağ Kurs Merkezi")]
    works = []
    for place in range(60):
        who = consenting(f"Ad{place}", "Soyad", Purpose.NAME_LABEL, Purpose.NAME_WEB)
        text = "Uzun uzun anlatılan bir eser. " * (300 if place == 20 else place % 3)
        sale = SaleStatus.FOR_SALE if place % 2 else SaleStatus.SOLD
        works.append(
            make.work(
                f"Eser {place} başlıklı",
                [who],
                centre=centres[place % 2],
                text=text,
                sale_status=sale,
            )
        )
    at = make.exhibition("Büyük sergi", works)
    for place, showing in enumerate(at.showings.order_by("order")):
        showing.place = f"{place // 9 + 1}. salon"
        showing.save()
    make.photo(files=True, work=works[0], alt="Pembe karanfiller")
    return at


def in_parts(contents, size):
    """The PDF made of at most so many rows at a time, and how many rows Typst got each time."""
    out, rows = io.BytesIO(), []
    asked = compiling._asked

    def spy(method, sources, **options):
        rows.append(len(json.loads(sources["data.json"])["rows"]))
        return asked(method, sources, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "_asked", spy)
        write_pdf(replace(contents, part=size), out)
    assert max(rows) <= size
    return out.getvalue()


@pytest.mark.parametrize("slug", OF_MAKERS)
def test_a_paper_made_in_parts_has_the_same_pages_and_tags(large, slug):
    contents = contents_of(PAPERS[slug], large, works_of(large))
    whole, joined = in_parts(contents, 1000), in_parts(contents, 24)
    assert pages_of(joined) == pages_of(whole)
    assert_accessible(joined, title="Büyük sergi")
    assert [tag["/S"] for tag in elements(joined) if tag["/S"] != "/Div"][:3] == [
        tag["/S"] for tag in elements(whole) if tag["/S"] != "/Div"
    ][:3]
    rows = [tag for tag in elements(joined) if tag["/S"] in ("/H1", "/H3", "/TD")]
    alike = [tag for tag in elements(whole) if tag["/S"] in ("/H1", "/H3", "/TD")]
    assert len(rows) == len(alike)
    marks = [PdfReader(io.BytesIO(pdf)).outline for pdf in (whole, joined)]
    assert list(bookmarks(marks[0])) == list(bookmarks(marks[1]))
    assert marks_by_depth(marks[0]) == marks_by_depth(marks[1])


def test_a_long_sale_list_without_a_work_for_sale_says_so(large):
    large.works.update(sale_status=SaleStatus.NOT_FOR_SALE)
    contents = contents_of(PAPERS["satis-listesi"], large, works_of(large))
    assert "satılık eser yok" in whole(in_parts(contents, 24))


def test_a_catalogue_made_in_parts_leads_to_the_right_pages(large):
    with translation.override("tr"):
        contents = Catalogue(large).contents
    whole, joined = in_parts(contents, 1000), in_parts(contents, 7)
    assert pages_of(joined) == pages_of(whole)
    assert_accessible(joined, title="Büyük sergi – katalog")
    reader = PdfReader(io.BytesIO(joined), strict=True)
    texts = pages_of(joined)
    listed = texts[1].partition("İçindekiler")[2]
    for centre in ("Akmeşe Kurs Merkezi", "Çukurbağ Kurs Merkezi"):
        number = int(re.search(rf"{centre}[ .]*(\d+)", listed)[1])
        assert texts[number - 1].startswith(centre)
    number = int(re.search(r"Eser 23 başlıklı[ .]*(\d+)", texts[-1])[1])
    assert "Eser 23 başlıklı" in texts[number - 1]
    # What is listed is linked: in the table of contents, and in the index in its order.
    places = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages)}
    index = [annot.get_object() for annot in reader.pages[-1]["/Annots"]]
    titles = sorted(f"Eser {place} başlıklı" for place in range(60))
    assert len(index) == 60 and not any("/A" in link for link in index)
    for link, title in zip(index, titles, strict=True):
        assert link["/Contents"] == title
        assert title in texts[places[link["/Dest"][0].idnum]]
    assert [tag["/S"] for tag in elements(joined)].count("/TOCI") == 4
    assert marks_by_depth(reader.outline) == {0: 4, 1: 60}


def test_a_highlight_that_goes_on_behind_the_end_of_a_part_stops_no_catalogue(large):
    """Its text begins on the page of the photo and ends on the next, the last of the part."""
    for place in (42, 44, 46):  # the last of the first 24 of their centre
        showing = large.showings.get(work__title=f"Eser {place} başlıklı")
        showing.highlight = True
        showing.save()
        make.photo(files=True, work=showing.work, alt="Pembe karanfiller")
        showing.work.text = "Uzun uzun anlatılan bir eser. " * 66
        showing.work.save()
    with translation.override("tr"):
        contents = Catalogue(large).contents
    assert pages_of(in_parts(contents, 24)) == pages_of(in_parts(contents, 1000))


def marks_by_depth(entries, depth=0):
    found = Counter()
    for entry in entries:
        if isinstance(entry, list):
            found += marks_by_depth(entry, depth + 1)
        else:
            found[depth] += 1
    return found


def test_a_photo_is_made_small_once(large, media):
    contents = contents_of(PAPERS["asma-listesi"], large, works_of(large))
    first = in_parts(contents, 24)
    (kept,) = media.rglob("print-*.jpg")
    before = kept.stat().st_mtime_ns
    again = in_parts(contents, 24)
    assert kept.stat().st_mtime_ns == before
    assert first.count(b"/DCTDecode") == again.count(b"/DCTDecode") == 1


def test_a_photo_that_is_deleted_while_it_is_made_small_leaves_no_file(large, media, monkeypatch):
    contents = contents_of(PAPERS["asma-listesi"], large, works_of(large))
    photo = Photo.objects.get()
    made = pictures.small_jpeg

    def slow(*args):
        small = made(*args)
        Photo.objects.all().delete()
        delete_folder(photo.folder)  # as after the commit
        return small

    monkeypatch.setattr(pictures, "small_jpeg", slow)
    in_parts(contents, 1000)
    assert not Photo.objects.exists()
    assert not [file for file in media.rglob("photos/*/*") if file.is_file()]


def test_labels_without_works_are_a_word_and_no_empty_sheet(client):
    empty = make.exhibition()
    client.force_login(make.user(Role.CURATOR))
    page = client.get(paper_url(empty, "etiket-105x74"), follow=True).content.decode()
    assert "Basılacak onaylı eser henüz yok." in page
    assert client.get(paper_url(empty, "afis-a3")).status_code == 200


def test_no_such_paper(client, fair):
    client.force_login(make.user(Role.CURATOR))
    assert client.get(paper_url(fair, "baska")).status_code == 404


# --- The catalogue ----------------------------------------------------------------------------


def catalogue(client, exhibition, language="", **headers):
    word = "exhibitions" if language else "sergiler"
    name = "catalogue" if language else "katalog"
    return client.get(f"{language}/{word}/{exhibition.slug}/{name}.pdf", headers=headers)


def body(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_catalogue_is_accessible_and_complete(client, fair):
    work = fair.works.get(title="Şeker İğnesi")
    make.photo(files=True, work=work, alt="Pembe karanfiller; ığğşİ")
    make.photo(files=True, exhibition=fair, alt="Salonda sıralanmış masalar")
    pdf = body(catalogue(client, fair))
    assert_accessible(pdf, title="Işığın Ağı – katalog")
    alts = [tag["/Alt"] for tag in elements(pdf) if tag["/S"] == "/Figure"]
    assert alts == ["Salonda sıralanmış masalar", "Pembe karanfiller; ığğşİ"]
    reader = PdfReader(io.BytesIO(pdf))
    marks = list(bookmarks(reader.outline))
    for title in ("Sergi üzerine", "Akmeşe Kurs Merkezi", "Şeker İğnesi", "Teknikler dizini"):
        assert title in marks
    text = whole(pdf)
    for words in ("Serginin yazısı.", "Gül Şen", "Zeynep Yıldız", "6 İZMEK kursiyeri", "Nurhan"):
        assert words in text
    last = text_of(reader.pages[-1])
    page = next(n for n, page in enumerate(reader.pages, 1) if "Birinci" in text_of(page))
    assert re.search(rf"Şeker İğnesi[ .]*{page}\b", last)


def test_signs_that_no_font_has_stop_no_paper(client):
    """What phones type: with one of them in one title there was neither catalogue nor label."""
    works = [
        make.work(title, text="Çok güzel 🌷\u200d\ufe0f!")
        for title in ("Kalbim ❤️ sende", "😀", "شجرة", "Sert\x1f\x02kılıf")
    ]
    made = make.exhibition("Lâle 🌷 zamanı", works)
    text = whole(body(catalogue(client, made)))
    assert "Kalbim" in text and "Çok güzel" in text and "Lâle" in text
    label = printed("etiket-105x74", made)
    assert_accessible(label, title="Künyeler 105 × 74 mm – Lâle zamanı")


def test_arabic_is_printed_and_what_is_not_is_told_before(client):
    named = [make.trainee(first, "") for first in ("Ada", "محمد", "王小明")]
    for who in named:
        make.consent(who, Purpose.NAME_LABEL)
    works = [
        make.work("Hüsn-i hat: بسم الله levhası", makers=named),
        make.work("刺繍", materials="pamuk, 🧶, ip"),
        make.work("🧶"),
    ]
    made = make.exhibition("Hat", works)
    label = printed("etiket-105x74", made)
    text = whole(label)
    assert set("بسم الله محمد") <= set(unicodedata.normalize("NFKC", text))
    assert "Ada" in text and "☐☐☐" in text  # a name that cannot be printed leaves no hole
    assert "☐☐" in text and "Pamuk, ip" in text and "…" not in text
    assert_accessible(label, title="Künyeler 105 × 74 mm – Hat")
    client.force_login(make.user(Role.CURATOR))
    page = client.get(reverse("admin:exhibitions_exhibition_papers", args=[made.pk]))
    told = {row: signs for row, _page, signs in page.context["lost"]}
    assert told == {works[0]: "王小明", works[1]: "刺繍🧶", works[2]: "🧶"}
    body = page.content.decode()
    assert "王小明" in body and reverse("admin:exhibitions_work_change", args=[works[2].pk]) in body


def test_every_text_of_a_paper_is_looked_at_before_printing(client):
    named = make.trainee("王", "")
    make.consent(named, Purpose.NAME_WEB)  # the catalogue names her, no label does
    made = make.exhibition(works=[make.work(makers=[named])], entry="龍: ücretsiz", venue="海")
    made.centres.add(make.centre("刺 Merkezi"))
    made.guests.create(name="Gül", office="木")
    made.partners.create(name="Ortak", role_en="火")
    client.force_login(make.user(Role.CURATOR))
    page = client.get(reverse("admin:exhibitions_exhibition_papers", args=[made.pk]))
    assert {"".join(sorted(signs)) for _row, _address, signs in page.context["lost"]} == {
        "".join(sorted("龍海刺木火")),
        "王",
    }


def test_what_follows_arabic_keeps_its_order(client):
    """Numbers between two Arabic words, or after one, were printed from right to left."""
    named = [consenting(first, "", Purpose.NAME_LABEL) for first in ("محمد", "علي")]
    work = make.work("خط", named, materials="mürekkep, كاغد", width=30, height=40)
    made = make.exhibition("Hat", [work])
    text = unicodedata.normalize("NFKC", whole(printed("etiket-105x74", made)))
    assert "30 × 40 cm" in text
    assert text.index("م") < text.index("ع")  # Muhammad before Ali
    last = text_of(PdfReader(io.BytesIO(body(catalogue(client, made)))).pages[-1])
    assert re.search(r"[\u0600-\u06ff\ufe70-\ufefc][ .\u200e]*3\b", last)


@pytest.mark.parametrize("slug", ["etiket-105x74", "etiket-70x37"])
def test_a_label_of_ten_makers_keeps_its_code_and_tells_how_many_they_are(settings, slug):
    makers = [
        consenting(f"Fatmanurgülsüm Hatice{place}", "Karaosmanoğullarından", Purpose.NAME_LABEL)
        for place in range(10)
    ]
    work = make.work(
        "Uzun adlı bir eser " * 8, makers, title_en="A long title " * 12, materials="ipek, " * 30
    )
    made = make.exhibition(works=[work])
    assert codes(printed(slug, made, to=papers.pictures, ppi=200)) == [
        f"{settings.SITE_URL}/e/{work.number}/"
    ]
    text = whole(printed(slug, made))
    assert "Hatice0" in text and "9 kişi daha" in text and "Satılık değil" in text


@pytest.mark.parametrize("slug", LABELS)
def test_a_label_is_set_as_large_as_if_it_had_been_measured_itself(slug, tmp_path):
    """Labels of the same lines are measured once (`as-lines`); where a line ends must be sure for that."""
    makers = [
        [consenting("محمد" * (place % 3 == 0) or "Nur", "Öz", Purpose.NAME_LABEL)]
        for place in range(48)
    ]
    works = [
        make.work(
            "Uzun adlı bir eser " * (place % 5 + 1),
            makers[place],
            title_en="A long title" * (place % 4),
            materials="yün ... " * (place // 3 + 1)
            if place % 2
            else "ipek, pamuk " * (place // 4 + 1),
        )
        for place in range(48)
    ]
    made = make.exhibition(works=works)
    contents = contents_of(PAPERS[slug], made, works_of(made))
    template = tmp_path / "measured.typ"
    template.write_text(contents.template.read_text().replace("  alike: alike.with(work),\n", ""))
    assert template.read_bytes() != contents.template.read_bytes()
    pages, measured = (
        [page.get_contents().get_data() for page in PdfReader(io.BytesIO(papers.pdf(one))).pages]
        for one in (contents, replace(contents, template=template))
    )
    assert pages == measured


def test_nothing_is_told_where_all_can_be_printed(client, fair):
    client.force_login(make.user(Role.CURATOR))
    page = client.get(reverse("admin:exhibitions_exhibition_papers", args=[fair.pk]))
    assert page.context["lost"] == []


def test_catalogue_knows_its_pages(client, fair):
    pdf = body(catalogue(client, fair))
    page = client.get(fair.get_absolute_url()).content.decode()
    assert re.search(
        rf"Katalog \(PDF, [\d,]+\sKB, {len(PdfReader(io.BytesIO(pdf)).pages)} sayfa\)", page
    )


def test_catalogue_in_english_marks_what_is_turkish(client, fair):
    pdf = body(catalogue(client, fair, "/en"))
    assert_accessible(pdf, language="en-GB", title="Işığın Ağı – catalogue")
    assert "6 İZMEK trainees" in whole(pdf)
    assert any(tag.get("/Lang") == "tr-TR" for tag in elements(pdf))


def test_catalogue_follows_the_web_consent_at_once(client):
    person = consenting("Şule", "Kırkpınarlı", Purpose.NAME_WEB)
    fair = make.exhibition(works=[make.work("Üç", [person])])
    assert "Şule Kırkpınarlı" in whole(body(catalogue(client, fair)))
    withdraw_consent(trainee=person, purpose=Purpose.NAME_WEB, channel="paper", by=None)
    assert "Kırkpınarlı" not in whole(body(catalogue(client, fair)))
    give_consent(trainee=person, purpose=Purpose.NAME_WEB, channel="paper", by=None)
    assert "Kırkpınarlı" in whole(body(catalogue(client, fair)))


def test_while_a_worker_makes_it_the_address_says_so(client, settings, media):
    person = consenting("Şule", "Kırkpınarlı", Purpose.NAME_WEB)
    fair = make.exhibition(works=[make.work("Üç", [person])])
    body(catalogue(client, fair))
    settings.TASKS = {"default": {"BACKEND": f"{BACKENDS}.dummy.DummyBackend"}}
    withdraw_consent(trainee=person, purpose=Purpose.NAME_WEB, channel="paper", by=None)
    for _again in range(2):
        answer = catalogue(client, fair)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        assert "Katalog hazırlanıyor" in answer.content.decode()
    build_catalogue.call(fair.pk, "tr")
    assert "Kırkpınarlı" not in whole(body(catalogue(client, fair)))
    assert len(list(media.rglob("*.pdf"))) == 1  # the older file is gone


def test_a_copy_that_still_holds_is_not_sent_again(client, fair):
    first = catalogue(client, fair)
    assert first["Cache-Control"] == "no-cache"
    assert first["Content-Disposition"] == f'inline; filename="{fair.slug}-katalog.pdf"'
    assert not first.cookies
    again = catalogue(client, fair, if_none_match=first["ETag"])
    assert again.status_code == 304
    Work.objects.get(title="Sade").makers.create(group_name="Yeni Grup", form=NameForm.FULL)
    changed = catalogue(client, fair, if_none_match=first["ETag"])
    assert "Yeni Grup" in whole(body(changed))


def test_catalogue_asks_as_often_for_many_works(client, django_assert_max_num_queries):
    at = make.exhibition(works=[make.work("Bir", [make.trainee()])])
    etag = catalogue(client, at)["ETag"]
    with django_assert_max_num_queries(20) as few:
        assert catalogue(client, at, if_none_match=etag).status_code == 304
    count = len(few)
    for title in ("İki", "Üç", "Dört"):
        make.show(make.work(title, [make.trainee()]), at)
    etag = catalogue(client, at)["ETag"]
    with django_assert_max_num_queries(count):
        assert catalogue(client, at, if_none_match=etag).status_code == 304
    with django_assert_max_num_queries(2):  # nothing has changed: no work is looked at
        assert catalogue(client, at, if_none_match=etag).status_code == 304


def test_a_consent_that_ends_while_the_catalogue_is_made_leaves_no_name_in_it(client, monkeypatch):
    who = make.trainee("Şule", "Kırkpınarlı")
    make.consent(who, Purpose.NAME_WEB)
    at = make.exhibition(works=[make.work(makers=[who])])
    made = write_pdf

    def slow(*args, **kwargs):
        pages = made(*args, **kwargs)
        make.consent(who, Purpose.NAME_WEB, False)
        monkeypatch.setattr("exhibitions.papers.catalogue.write_pdf", made)
        return pages

    monkeypatch.setattr("exhibitions.papers.catalogue.write_pdf", slow)
    assert catalogue(client, at).status_code == 503
    assert not default_storage.exists("catalogues")
    assert "Kırkpınarlı" not in whole(body(catalogue(client, at)))


def test_no_catalogue_of_a_draft_or_of_nothing(client, fair):
    assert catalogue(client, make.exhibition()).status_code == 404
    fair.state = ExhibitionState.DRAFT
    fair.save()
    assert catalogue(client, fair).status_code == 404
    build_catalogue.call(fair.pk, "tr")  # ordered before it was taken off the site
    assert not default_storage.exists("catalogues")


def test_an_old_address_leads_to_the_catalogue(client, fair):
    old = fair.slug
    fair.slug = "yeni-adres-2026"
    fair.save()
    slugs.remember(fair, old)
    answer = client.get(f"/sergiler/{old}/katalog.pdf")
    assert answer.url == "/sergiler/yeni-adres-2026/katalog.pdf"


def test_a_photo_without_file_or_description_breaks_nothing(client, fair):
    work = fair.works.get(title="Sade")
    make.photo(work=work)  # a row alone
    make.photo(files=True, work=fair.works.get(title="Şeker İğnesi"), alt="")
    make.photo(files=True, exhibition=fair, decorative=True)
    pdf = body(catalogue(client, fair))
    alts = [tag["/Alt"] for tag in elements(pdf) if tag["/S"] == "/Figure"]
    assert alts == []  # nobody has said yet what the one that has a file shows


def test_a_lost_file_is_made_anew(client, media):
    at = make.exhibition(works=[make.work()])
    catalogue(client, at)
    for file in media.rglob("*.pdf"):
        file.unlink()
    assert "Karanfil oyası" in whole(body(catalogue(client, at)))


def test_sweeping_removes_files_that_are_no_longer_the_catalogue(client, fair, media):
    body(catalogue(client, fair))
    call_command("sweep_media")
    assert len(list(media.rglob("*.pdf"))) == 1
    fair.title = "Başka"
    fair.save()
    call_command("sweep_media")
    assert not list(media.rglob("catalogues/*/*"))


def test_an_opening_is_announced_with_day_and_hour(fair):
    fair.opening_at = timezone.make_aware(timezone.datetime(2026, 6, 5, 14, 0))
    fair.save()
    for slug in ("acilis-programi", "afis-a4"):
        assert "5 Haziran 2026 Cuma, 14.00" in whole(printed(slug, fair))
