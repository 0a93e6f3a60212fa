"""Certificates on paper: read back as PDFs, and their QR codes from the rendered page at print size."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from courses.models import CourseCentre
from izmek.acts import jobs
from izmek.acts.refusal import Refusal
from izmek.papers import typst
from izmek.papers.parts import write_pdf
from tests import factories as make
from tests.exhibitions.papers.test_papers import codes
from tests.pdfs import assert_accessible, pages_of, whole
from trainees import certificate_text, services
from trainees.models import Certificate, Signatory
from trainees.papers.certificates import KIND, contents_of

pytestmark = pytest.mark.django_db

LONG_NAME = "Fatmanur Hatice Gülsüm Nazlıcan Karaosmanoğullarından Büyükyıldırımoğlu"
LONG_PROGRAMME = (
    "Geleneksel El Sanatlarında İğne, Tığ, Mekik ve Firkete Oyalarının Günümüz Giysi ve "
    "Aksesuarlarına Uyarlanması Kursu"
)


def certificates_of(programme="Kilim Dokuma", *names):
    ended = timezone.localdate() - timedelta(days=10)
    course = make.course(
        "finished",
        centre=CourseCentre.objects.first() or make.centre("Akmeşe Kurs Merkezi"),
        programme=make.programme(programme, total_hours=320),
        begin=ended - timedelta(days=120),
        end=ended,
    )
    seats = [make.enrolment(make.trainee(*name), course, state="completed") for name in names]
    services.issue_certificates(course=course, enrolments=seats, by=None)
    rows = Certificate.objects.filter(enrolment__course=course)
    return list(rows.in_calling_order().select_related("enrolment__course"))


def place_of(text, pdf):
    """(mm from the left, mm from the top) of where a text begins on a page of A4 landscape."""
    found = []

    def look(said, page_at, text_at, *_font):
        if text in said:
            across, _skew, _lean, up, x, y = page_at
            found.append((text_at[4] * across + x, text_at[5] * up + y))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=look)
    (x, y), *_others = found
    return x / 72 * 25.4, 210 - y / 72 * 25.4


def test_a_certificate_says_what_was_frozen_is_accessible_and_proved_by_its_code(settings):
    settings.SITE_URL = "https://izmek.izmit.bel.tr"
    Signatory.objects.create(
        year=make.year(), order=1, name="Ayşe Örnek", office="İzmit Belediye Başkanı"
    )
    certificates = certificates_of(
        "Kilim Dokuma", ("Zeynep", "Yıldız"), LONG_NAME.rsplit(" ", 1), ("ليلى", "حسن")
    )
    contents = contents_of("belgeler", certificates)
    pdf = typst.pdf(contents)
    assert_accessible(pdf, title="Katılım belgesi")
    pages = pages_of(pdf)
    assert len(pages) == 3
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)  # A4 landscape
    for page, one in zip(pages, certificates, strict=True):
        for words in (one.number, one.code, "ATILIM BELGESİ", "320 ders saati", "Ayşe Örnek"):
            assert words in page
        assert "MEB" in page and "değildir" in page
    assert LONG_NAME in " ".join(pages) and "☐" not in " ".join(pages)
    # 150 ppi is what a telephone makes of a sheet that is held before it
    read = codes(typst.pictures(contents, ppi=150))
    assert sorted(read) == sorted(map(certificate_text.address, certificates))
    assert {certificate_text.read(text).verdict for text in read} == {"genuine"}


def test_who_signed_stands_on_it_years_later_and_who_signs_now_on_another():
    sign, year = Signatory.objects.create, make.year()
    one = sign(year=year, order=1, name="Ayşe Örnek", office="Başkan")
    (old,) = certificates_of("Kilim Dokuma", ("Zeynep", "Yıldız"))
    one.delete()
    (unnamed,) = certificates_of("Saz", ("Ayla", "Öz"))
    sign(year=year, order=2, name="Veli Deneme", office="Müdür")
    sign(year=year, order=1, name="Ali Örnek", office="Başkan")
    (new,) = certificates_of("Ebru", ("Bahar", "Öz"))
    rows = contents_of("belgeler", [old, unnamed, new]).rows
    assert [[who["name"] for who in row["signatories"]] for row in rows] == [
        ["Ayşe Örnek"],
        ["", ""],  # nobody was named then; a print of today says so too
        ["Ali Örnek", "Veli Deneme"],
    ]
    assert {*rows[0]["signatories"][0]} == {"name", "office"} and "Başkan" in str(rows[0])


def test_pre_printed_paper_gets_the_variable_texts_alone_and_moved():
    (one,) = certificates_of(LONG_PROGRAMME, ("Zeynep", "Yıldız"))
    pdf = typst.pdf(contents_of("hazir-kagit", [one], offset=(5, -3)))
    assert_accessible(pdf, title=f"Katılım belgesi {one.number}")
    text = whole(pdf)
    assert "Zeynep Yıldız" in text and LONG_PROGRAMME in text and one.code in text
    assert "ATILIM BELGESİ" not in text and "MEB" not in text
    whole_sheet, unmoved = (
        typst.pdf(contents_of(slug, [one])) for slug in ("belgeler", "hazir-kagit")
    )
    (right, down), (x, y) = place_of(one.code, pdf), place_of(one.code, unmoved)
    assert (right - x, down - y) == pytest.approx((5, -3), abs=0.1)
    # unmoved they stand where the whole certificate has them
    assert (x, y) == pytest.approx(place_of(one.code, whole_sheet), abs=0.1)


@pytest.mark.parametrize("slug", ["imza-listesi", "cagri-listesi"])
def test_lists_have_seats_from_1_and_a_head_for_each_course(slug):
    names = [(name, "Ak") for name in ("Işık", "İpek", "Hatice")]
    rows = [*certificates_of("Kilim Dokuma", *names), *certificates_of("Saz", ("Ayla", "Öz"))]
    for one in rows[:3]:  # what tells it from another group of the same programme
        one.enrolment.course.group, one.enrolment.course.number = "B", "41-1234"
    pdf = typst.pdf(contents_of(slug, rows, in_words="2025-2026"))
    assert_accessible(pdf, title="2025-2026")
    text = whole(pdf)
    places = [
        text.index(f"{place} {name}")
        for place, name in enumerate(("Hatice Ak", "Işık Ak", "İpek Ak", "Ayla Öz"), 1)
    ]
    assert places == sorted(places)
    assert text.index("Kilim Dokuma B (41-1234)") < places[0] < text.index("Saz") < places[3]


def test_a_long_list_made_in_parts_has_the_same_pages_with_the_course_on_each():
    rows = certificates_of("Saz", *((f"Ad{n}", "Soyad") for n in range(70)))
    contents = contents_of("imza-listesi", rows)
    out = io.BytesIO()
    write_pdf(replace(contents, part=40), out)
    pages = pages_of(out.getvalue())
    assert pages == pages_of(typst.pdf(contents)) and len(pages) == 3
    assert all("Akmeşe Kurs Merkezi – Saz" in page for page in pages)


def test_a_file_with_one_that_was_revoked_meanwhile_is_not_given_out(
    media, django_capture_on_commit_callbacks
):
    one, other = certificates_of("Saz", ("Ayla", "Öz"), ("Bahar", "Öz"))
    user, year = make.user("yonetici"), one.enrolment.course.term.year
    options = {
        "paper": "cagri-listesi",
        "centre": None,
        "course": one.enrolment.course_id,
        "waiting": False,
        "offset": [0, 0],
    }
    facts = {"kind": KIND, "about": year, "by": user, "options": options}
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.order(**facts)
    job.refresh_from_db()
    assert "Bahar Öz" in whole(jobs.hand_out(job=job).read())
    services.revoke_certificate(certificate=other, reason="Yanlış", by=user)
    with pytest.raises(Refusal) as refusal:
        jobs.hand_out(job=job)
    assert refusal.value.reason == "changed"
    services.revoke_certificate(certificate=one, reason="Yanlış", by=user)
    with pytest.raises(Refusal) as refusal:
        jobs.order(**facts)
    assert refusal.value.reason == "empty"
