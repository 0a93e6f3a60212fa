"""Printed papers: make a tagged PDF (PDF/UA-1), or pictures of its pages, from a Typst template and data.

A template is a `.typ` file of an app. It imports `/style.typ` (the common look of all papers) and reads
`/data.json`. Texts that people wrote are only data, never part of the source, and without the characters
that our fonts lack (`signs.printable`). Typst gets no network, only the fonts in `fonts/`, and writes no
file. Typst does not know Turkish letter case: for capitals use `izmek.text.case` first.
"""

import functools
import io
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import segno
from django.conf import settings
from PIL import Image

from izmek.papers.compiling import compiled
from izmek.papers.signs import printable

HERE = Path(__file__).resolve().parent
STYLE = HERE / "style.typ"
ORNAMENTS = ("kilim-band", "su-yolu", "logo", "motif-elibelinde", "motif-goz", "motif-kocboynuzu")
REGION = {"tr": "TR", "en": "GB"}
QR_CORRECTION = "m"  # the code can still be read if a pin damages a corner of the label
LONGEST_WORD = 28  # letters; a longer word may break after every PIECE letters
PIECE = 10
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
LEFT_TO_RIGHT = "\u200e"  # a mark; people see nothing


def pdf(template, data, *, title, day, language="tr", photos=None):
    """A paper as the bytes of a PDF/UA-1.

    template: the path of a `.typ` file. data: a dict for JSON. title: the document title, which screen
    readers announce. day: the date of the document. photos: {name ending in .svg: bytes of a JPEG}.
    """
    sources = _sources(template, data, title, day, language, photos)
    return compiled(sources, format="pdf", pdf_standards=["ua-1"])


def pictures(template, data, *, title, day, language="tr", photos=None, ppi=150):
    """The pages of the same paper as PNGs, a list of bytes; `ppi`: pixels per inch."""
    pages = compiled(_sources(template, data, title, day, language, photos), format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def _sources(template, data, title, day, language, photos):
    about = {
        "title": printable(title),
        "lang": language,
        "region": REGION[language],
        "day": [day.year, day.month, day.day],
    }
    return {
        **_ornaments(),
        **{name: _framed(jpeg) for name, jpeg in (photos or {}).items()},
        "main": template.read_bytes(),
        "style.typ": STYLE.read_bytes(),
        "data.json": json.dumps({**printable(data), "about": about}).encode(),
    }


def _framed(jpeg):
    """A JPEG wrapped in an SVG: its bytes go into the PDF unchanged and Typst does not decode it.

    500 photos take half the time and 100 MB less memory, and no file has to be written to disk.
    """
    width, height = Image.open(io.BytesIO(jpeg)).size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" '
        f'href="data:image/jpeg;base64,{b64encode(jpeg).decode()}"/></svg>'
    ).encode()


@functools.cache
def _ornaments():
    folder = settings.BASE_DIR / "static" / "img"
    return {f"{name}.svg": (folder / f"{name}.svg").read_bytes() for name in ORNAMENTS}


def edition(*templates):
    """A short hash of the templates: part of the key of a stored paper, so a new look gives a new file."""
    return sha256(b"".join(path.read_bytes() for path in (STYLE, *templates))).hexdigest()[:12]


def qr(url):
    """A QR code for a URL, with its quiet zone, as an SVG."""
    out = io.BytesIO()
    code = segno.make_qr(url, error=QR_CORRECTION, boost_error=False)
    code.save(out, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()


def small_jpeg(data, side, quality=76):
    """A picture as the bytes of a JPEG with no side above `side` pixels."""
    picture = Image.open(io.BytesIO(data))
    if picture.format == "JPEG" and max(picture.size) <= side:
        return data
    picture.draft("RGB", (side, side))
    picture = picture.convert("RGB")
    picture.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def breakable(text):
    """The text with zero-width spaces in very long words, so that they can break in a column.

    Behind Arabic stands a mark: what is joined to it, such as a size, keeps its own direction.
    """
    broken = " ".join(
        word
        if len(word) <= LONGEST_WORD
        else "\u200b".join(word[start : start + PIECE] for start in range(0, len(word), PIECE))
        for word in text.split(" ")
    )
    return broken + LEFT_TO_RIGHT if RIGHT_TO_LEFT.search(text) else broken


def page_count(data):
    """How many pages a PDF made here has, read from the root of its page tree."""
    return max(int(count) for count in re.findall(rb"/Type/Pages\b[^>]*?/Count (\d+)", data))
