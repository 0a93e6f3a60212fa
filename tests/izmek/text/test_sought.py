"""What somebody is called is found however it is spelled, and nothing else is."""

import re
import unicodedata

import pytest

from izmek.text.sought import SoughtTexts

SOUGHT = SoughtTexts(["Ayşe Işık", "Ali Şan", "+905321112233", "17291716060", "a.isik@example.org"])


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("Sayın AYŞE  IŞIK’a", "Sayın …’a"),
        (unicodedata.normalize("NFD", "Ayşe Işık, Ali Şan"), "…, …"),
        ("ayse isik;ali san", "…;…"),
        ("Ayşe\u00a0Işık", "…"),
        ("Tel. 0532-111 22 33, +90(532)1112233.", "Tel. …, …."),
        ("28.11.2026 05321112233", "28.11.2026 …"),
        ("172 917 160 60 no’lu", "… no’lu"),
        ("<A.ISIK@example.org>", "<…>"),
    ],
)
def test_it_is_taken_out_in_every_spelling(told, left):
    assert SOUGHT.stand_in(told)
    assert SOUGHT.taken_out(told) == left
    assert re.search(SOUGHT.pattern(), told)  # by which the database finds it


@pytest.mark.parametrize(
    "told",
    [
        "",
        "Ayşe Işıklar",
        "Ali Şanlı, Veli Ali, Şanlıurfa",
        "Elif Ali, Şan Kaya",
        "0532 111 22 34",
        "053211122334",
        "117291716060",
        "b.a.isik@example.organik",
    ],
)
def test_what_is_longer_or_of_two_people_stays(told):
    assert not SOUGHT.stand_in(told)
    assert SOUGHT.taken_out(told) == told


def test_nothing_is_sought_in_nothing():
    assert not SoughtTexts([]) and not SoughtTexts([""]).stand_in("Ayşe Işık")
