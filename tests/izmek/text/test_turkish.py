"""Turkish text: the vectors of DOMAIN.md §7, laws that hold for any text, and the order that both
databases must agree on."""

import datetime as dt
import random
import re

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from courses.models import Neighbourhood, Room
from izmek.text import case, dates, figures, fold, order
from tests import factories as make

LETTERS = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
CAPITALS = "ABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZ"
turkish_text = st.text(LETTERS + CAPITALS + "âîûÂÎÛ 0123456789-'.", max_size=40)


def test_case():
    assert case.lower("IŞIK İZMİT ÂŞIK") == "ışık izmit âşık"
    assert case.upper("ışık izmit âşık") == "IŞIK İZMİT ÂŞIK"
    assert case.lower("I\u0307ZMI\u0307T") == "izmit"  # decomposed, as macOS writes it
    assert case.lower("İzmit".lower()) == "izmit"  # what Python made of it
    assert case.upper("İzmit".lower()) == "İZMİT"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("AYŞE NUR IŞIK", "Ayşe Nur Işık"),
        ("  ilker\u00a0 ırmak ", "İlker Irmak"),
        ("ÖZ-ILGAZ", "Öz-Ilgaz"),
        ("h.burak", "H.Burak"),
        ("İZMİT'İN", "İzmit'in"),
        ("", ""),
    ],
)
def test_title(typed, name):
    assert case.title(typed) == name


def test_initial():
    assert [case.initial(name) for name in ("yılmaz", "İnce", " ırmak", "ince", "")] == [
        "Y.",
        "İ.",
        "I.",
        "İ.",
        "",
    ]


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        (
            "igne oyasi",
            ["iğne oyası", "İĞNE OYASI", "igne oyasi", "IGNE  OYASI", "I\u0307g\u0306ne oyası"],
        ),
        ("isik", ["Işık", "IŞIK", "ISIK", "ışık", "isik"]),
        ("husn-i hat", ["Hüsn-i hat", "HÜSN-İ HAT"]),
        ("edirnekari", ["Edirnekâri", "EDİRNEKÂRİ"]),
        ("kati'", ["katı'", "katı’", "KATI’"]),
        ("sirin", ["Şirin", "ŞİRİN", "ŞIRIN", "şirin".upper()]),
        (
            "leyla aliyeva strasse",
            ["Leyla Əliyeva Straße".replace("Əl", "al"), "LEYLÂ ALIYEVA STRASSE"],
        ),
        ("eliyeva lodz", ["Əliyeva Łódź"]),
        ("", ["", "  ", None]),
    ],
)
def test_fold(key, texts):
    assert {fold.fold(text) for text in texts} == {key}


@given(st.text(max_size=60))
def test_fold_is_idempotent_for_any_text(text):
    once = fold.fold(text)
    assert fold.fold(once) == once


@given(turkish_text)
def test_fold_does_not_see_case(text):
    folded = fold.fold(text)
    assert fold.fold(case.upper(text)) == fold.fold(case.lower(text)) == folded
    assert folded.isascii()


@given(turkish_text)
def test_case_goes_there_and_back(text):
    assert case.lower(case.upper(text)) == case.lower(text)
    assert case.upper(case.lower(text)) == case.upper(text)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Akmeşe Mahalle Konağı", "akmese-mahalle-konagi"),
        ("İĞNE OYASI", "igne-oyasi"),
        ("Hüsn-i hat", "husn-i-hat"),
        ("Işık", "isik"),
        ("Iğdır", "igdir"),
        ("2022-2023 Yıl Sonu Sergisi!", "2022-2023-yil-sonu-sergisi"),
        ("katı'", "kati"),
        ("?!", ""),
        ("Выставка", ""),
    ],
)
def test_slug(text, slug):
    assert fold.slug(text) == slug


def test_slug_is_cut_between_words():
    assert fold.slug("kırkyama örtü", max_length=8) == "kirkyama"
    assert fold.slug("kırkyama örtü", max_length=12) == "kirkyama"
    assert fold.slug("kırkyama örtü", max_length=13) == "kirkyama-ortu"
    assert fold.slug("kırkyama", max_length=4) == "kirk"


@given(st.text(max_size=100), st.integers(1, 80))
def test_slug_has_only_letters_digits_and_single_hyphens(text, length):
    slug = fold.slug(text, length)
    assert len(slug) <= length
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)


# --- Order ------------------------------------------------------------------------------------


def test_the_alphabet():
    assert sorted(LETTERS, key=order.sort_key) == list(LETTERS)
    assert sorted(CAPITALS, key=order.sort_key) == list(CAPITALS)


def test_order_of_names():
    ordered = ["  1", "12. sınıf", "2", "aba", "Aba", "abâ", "âba", "acı", "Çam", "ılık", "Irmak",
               "iğne", "İğne", "ilik", "kâğıt", "kahve", "Ozan", "öz", "şal", "tel", "Uç",
               "üç", "zar"]  # fmt: skip
    shuffled = random.Random(7).sample(ordered, len(ordered))
    assert sorted(shuffled, key=order.sort_key) == ordered


@given(st.text(max_size=12), st.text(max_size=12))
def test_order_is_total(one, other):
    assert order.compare(one, other) == -order.compare(other, one)
    assert (order.compare(one, other) == 0) == (one == other)


def hard_words():
    """Words that differ in few places and in every way: letter, mark, case, sign, digit, length."""
    alphabet = "aAbcCçÇeəgGğĞhıIiİîÎâÂoOöÖsSşŞuUüÜûqwxzZñéÉđĐłŁøßæÆœйЙ 019²-'’.…,()&\u0302"
    chance = random.Random(41)
    return sorted({"".join(chance.choices(alphabet, k=chance.randint(1, 7))) for _ in range(3000)})


@pytest.mark.django_db
def test_database_sorts_as_python_does():
    """Runs on SQLite and on PostgreSQL: both equal to `sort_key` are equal to each other."""
    words = hard_words()
    Neighbourhood.objects.bulk_create(Neighbourhood(name=word) for word in words)
    stored = Neighbourhood.objects.filter(name__in=words).values_list("name", flat=True)
    in_order = sorted(words, key=order.sort_key)
    assert list(stored.order_by(order.tr_order("name"))) == in_order
    assert list(stored.order_by(order.tr_order("-name"))) == in_order[::-1]


@pytest.mark.django_db
def test_order_by_a_related_name():
    for name in ("Şirintepe", "Çukurbağ", "Ortaburun", "Ihsaniye", "İnönü"):
        make.room(make.centre(name))
    rooms = Room.objects.order_by(order.tr_order("centre__name"))
    assert list(rooms.values_list("centre__name", flat=True)) == [
        "Çukurbağ", "Ihsaniye", "İnönü", "Ortaburun", "Şirintepe",
    ]  # fmt: skip


# --- Dates and figures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "precision", "in_turkish", "in_english"),
    [
        ((2025, 6, 2), (2025, 6, 15), "day", "2–15 Haziran 2025", "2–15 June 2025"),
        ((2025, 5, 30), (2025, 6, 2), "day", "30 Mayıs – 2 Haziran 2025", "30 May – 2 June 2025"),
        ((2025, 12, 30), (2026, 1, 2), "day", "30 Aralık 2025 – 2 Ocak 2026",
         "30 December 2025 – 2 January 2026"),
        ((2025, 6, 2), (2025, 6, 2), "day", "2 Haziran 2025", "2 June 2025"),
        ((2025, 6, 2), None, "day", "2 Haziran 2025", "2 June 2025"),
        ((2023, 6, 1), (2023, 6, 30), "month", "Haziran 2023", "June 2023"),
        ((2023, 5, 1), (2023, 6, 30), "month", "Mayıs – Haziran 2023", "May – June 2023"),
        ((2023, 12, 1), (2024, 1, 1), "month", "Aralık 2023 – Ocak 2024", "December 2023 – January 2024"),
    ],
)  # fmt: skip
def test_date_range(begin, end, precision, in_turkish, in_english):
    period = dt.date(*begin), end and dt.date(*end)
    with translation.override("tr"):
        assert dates.date_range(*period, precision) == in_turkish
    with translation.override("en"):
        assert dates.date_range(*period, precision) == in_english


def test_figures():
    with translation.override("tr"):
        assert figures.number(1234567.885, 2) == "1.234.567,89"
        assert figures.number(35000) == "35.000"
        assert figures.percent(87.5) == "%87,5"
        assert figures.lira(1234.5) == "1.234,50 TL"
    with translation.override("en"):
        assert figures.number(1234567.885, 2) == "1,234,567.89"
        assert figures.percent(87.5) == "87.5%"


def test_what_no_one_sees_goes_and_a_family_of_emoji_stays_together():
    family = "👩\u200d👩\u200d👧"
    text = f"\u200bay\u202eşe\x07\n\u200d {family}\u200d"
    assert fold.without_unseen(text) == f"ayşe\n {family}"


@pytest.mark.django_db
def test_collation_is_the_databases_own_or_ours():
    """On SQLite the plain cursor knows the collation too, so that raw SQL can sort by it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT x FROM (SELECT 'z' AS x UNION SELECT 'ç' UNION SELECT 'd') t "  # noqa: S608
            f'ORDER BY x COLLATE "{order.COLLATION}"'
        )
        assert [row[0] for row in cursor.fetchall()] == ["ç", "d", "z"]
