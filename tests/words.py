"""One thing, one word: what the Turkish texts call each thing, checked by `make lint`.

The table is what the people of the municipality and a careful editor say. `never` is looked for in the
Turkish of a text; where a word is wrong for one thing alone, `about` says in which English texts.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import polib

CATALOGUE = Path(__file__).resolve().parent.parent / "locale/tr/LC_MESSAGES/django.po"


@dataclass(frozen=True)
class Word:
    """How a thing is called, and how it is never called (regular expressions)."""

    right: str
    never: str
    about: str = ""

    def broken_by(self, english, turkish):
        return bool(re.search(self.about, english) and re.search(self.never, turkish))


WORDS = [
    Word("ön kayıt; başvuru for the public", r"[Öö]n başvuru"),
    Word(
        "kontenjan; a room alone has a kapasite",
        r"[Kk]apasite(?!si)|\b[Yy]er sayısı",
        r"^(?!.*\broom)",
    ),
    Word("yer önerisi, yer önerildi", r"[Yy]er(i \w+ \w+)? ayrıl"),
    Word("yedek liste; sıra means order", r"^[Ss]ıra\b", r"\b[Qq]ueue\b|waiting list"),
    Word("açık rıza; izin is the guardian's permission", r"\b[İi]zin(ler\w*|i)?\b", r"[Cc]onsent"),
    Word("aydınlatma metni", r"[Bb]ilgilendirme metn|[Bb]ilgilendirme metin"),
    Word(
        "betimleme of a photo; açıklama is free text", r"[Aa]çıklama", r"[Dd]escription|[Dd]escribe"
    ),
    Word("teslim et, teslim edildi", r"\b[Gg]önder(?!me)", r"^[Ss]ubmit|[Hh]and(ed)? in\b"),
    Word("e-posta", r"\b[Mm]ektu[pb]|\b[İi]leti(ler|yi|lere|si)?\b"),
    Word("vekil öğretmen", r"[Yy]erine giren"),
    Word("mazeret, mazeretli", r"\b[Öö]zür(?! dile)|\b[Öö]zr"),
    Word("iki aşamalı giriş", r"[İi]kinci adım"),
    Word("yayımla to publish, görüntüle to view", r"^Göster$|^Gösterme$", r"[Pp]ublish|[Vv]iew"),
    Word("sergi sorumlusu", r"[Kk]üratör"),
    Word("künye; etiket is the sticky paper", r"\b[Ee]tiket(?! kâğıdı)"),
    Word("kaydını sonlandır; nothing is deleted", r"[Kk]ay(dı|ıt) silindi"),
    Word("… iptal et with its object; Vazgeç leaves a form", r"^İptal et$"),
    Word("karakter for what a field counts", r"En çok .*\bharf"),
    Word("istisna for a rule that is set aside", r"[Uu]ygulamama|[Uu]ygulanmayan kural"),
]


def broken(catalogue=None):
    """Sentences on each text that calls a thing by a wrong word."""
    for entry in catalogue or polib.pofile(CATALOGUE):
        if entry.obsolete:
            continue
        for turkish in (entry.msgstr, *entry.msgstr_plural.values()):
            for word in WORDS:
                if turkish and word.broken_by(entry.msgid, turkish):
                    yield f"{turkish!r} ({entry.msgid!r}): {word.right}"


def check():
    found = sorted(set(broken()))
    if found:
        raise SystemExit("\n  ".join(["these words are not ours:", *found]))
