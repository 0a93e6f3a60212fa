"""Printed papers: a Typst template and data become a tagged PDF (PDF/UA-1), or pictures of its pages.

A template is a `.typ` file of an app. It imports `/style.typ` (the look that all papers share) and
reads `/data.json`; what people wrote arrives there as data and is never part of a source, without the
signs that our fonts lack (`signs.printable`). No network, no fonts but those of `fonts/`, no file written.
Typst knows no Turkish letter case: where capitals are wanted, `izmek.text.case` makes them.
"""

import functools
import io
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import segno
import typst
from django.conf import settings
from PIL import Image

from izmek.papers.signs import FONTS, printable

HERE = Path(__file__).resolve().parent
STYLE = HERE / "style.typ"
ORNAMENTS = ("kilim-band", "su-yolu", "logo", "motif-elibelinde", "motif-goz", "motif-kocboynuzu")
REGION = {"tr": "TR", "en": "GB"}
QR_CORRECTION = "m"  # a label may lose a corner to a pin and is read all the same
LONGEST_WORD = 28  # longer ones may break every PIECE letters
PIECE = 10


def pdf(template, data, *, title, day, language="tr", photos=None):
    """A paper as the bytes of a PDF/UA-1.

    template: the path of a `.typ` file. data: what JSON can say. title: of the document, as readers
    announce it. day: the date that it states for itself. photos: {name ending in .svg: JPEG}.
    """
    compiler = _compiler(template, data, title, day, language, photos)
    return compiler.compile(format="pdf", pdf_standards=["ua-1"])


def pictures(template, data, *, title, day, language="tr", photos=None, ppi=150):
    """The pages of the same paper as PNGs: a list of bytes."""
    compiler = _compiler(template, data, title, day, language, photos)
    pages = compiler.compile(format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def _compiler(template, data, title, day, language, photos):
    about = {
        "title": printable(title),
        "lang": language,
        "region": REGION[language],
        "day": [day.year, day.month, day.day],
    }
    sources = {
        **_ornaments(),
        **{name: _framed(jpeg) for name, jpeg in (photos or {}).items()},
        "main": template.read_bytes(),
        "style.typ": STYLE.read_bytes(),
        "data.json": json.dumps({**printable(data), "about": about}).encode(),
    }
    return typst.Compiler(input=sources, root=HERE, font_paths=_fonts())


def _framed(jpeg):
    """A JPEG as an SVG: so its bytes go into the PDF as they are, and Typst never decodes the pixels.

    500 photos take half the time and 100 MB less, and none has to be written to a disk.
    """
    width, height = Image.open(io.BytesIO(jpeg)).size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" '
        f'href="data:image/jpeg;base64,{b64encode(jpeg).decode()}"/></svg>'
    ).encode()


@functools.cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@functools.cache
def _ornaments():
    folder = settings.BASE_DIR / "static" / "img"
    return {f"{name}.svg": (folder / f"{name}.svg").read_bytes() for name in ORNAMENTS}


def edition(*templates):
    """What changes when the look of a paper does: a short text for the key of a stored one."""
    return sha256(b"".join(path.read_bytes() for path in (STYLE, *templates))).hexdigest()[:12]


def qr(url):
    """A QR code that leads to an address, with its quiet zone, as an SVG."""
    out = io.BytesIO()
    code = segno.make_qr(url, error=QR_CORRECTION, boost_error=False)
    code.save(out, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()


def small_jpeg(data, side, quality=76):
    """A picture as a JPEG with no side above `side` pixels: a PDF takes its bytes as they are."""
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
    """The text with places to break in words that no column could hold."""
    return " ".join(
        word
        if len(word) <= LONGEST_WORD
        else "\u200b".join(word[start : start + PIECE] for start in range(0, len(word), PIECE))
        for word in text.split(" ")
    )


def page_count(data):
    """How many pages a PDF of ours has: the root of its page tree counts them all."""
    return max(int(count) for count in re.findall(rb"/Type/Pages\b[^>]*?/Count (\d+)", data))
