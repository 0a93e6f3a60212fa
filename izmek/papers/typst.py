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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import segno
from django.conf import settings
from django.utils import timezone
from PIL import Image

from izmek.papers.compiling import compiled, compiled_each
from izmek.papers.signs import printable

HERE = Path(__file__).resolve().parent
STYLE = HERE / "style.typ"
ORNAMENTS = ("su-yolu", "logo", "motif-elibelinde", "motif-goz", "motif-kocboynuzu")
REGION = {"tr": "TR", "en": "GB"}
QR_CORRECTION = "m"  # the code can still be read if a pin damages a corner of the label
QUIET = 4  # modules of white around it
DARK = re.compile(rb"\x01+")
LONGEST_WORD = 28  # letters; a longer word may break after every PIECE letters
PIECE = 10
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
LEFT_TO_RIGHT = "\u200e"  # a mark; people see nothing
TAGGED = {"format": "pdf", "pdf_standards": ["ua-1"]}
WHOLE = {"begin": 0, "before": None, "last": True, "page": 1, "pages": None, "lead": False}


@dataclass(frozen=True)
class Contents:
    """Everything that a paper prints, collected at one moment; no picture is read yet.

    `template`: the path of a `.typ` file. `title`: of the document, which screen readers announce.
    `data`: what all pages share, a dict for JSON. `rows`: what is printed one after the other, such as
    works, dicts with a `number`. `front`, `back`: what stands on pages of its own before and behind the
    rows, or None. `pictures`: {name of a file: function that gives its bytes, or None if there is no
    such picture}; the data refer to it by {"file": name}.

    How it is compiled when it is long (`izmek.papers.parts`): `part`, so many rows at a time; `sheets`:
    whether that many rows always fill whole sheets, so that no page has to be laid out before.
    """

    template: Path
    title: str
    data: dict
    rows: Sequence[dict] = ()
    front: dict | None = None
    back: dict | None = None
    pictures: Mapping[str, Callable] = field(default_factory=dict)
    language: str = "tr"
    day: date = field(default_factory=timezone.localdate)
    part: int = 96
    sheets: bool = False

    @functools.cached_property
    def fingerprint(self):
        """What tells these contents in this layout from any others; the day alone changes nothing."""
        what = [edition(self.template), self.language, self.title]
        what += [self.data, self.rows, self.front, self.back]
        return sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32]


def pdf(contents):
    """A paper of few rows as the bytes of a PDF/UA-1."""
    return tagged(sources(contents, contents.rows, WHOLE))


def pdfs(many):
    """Several papers of few rows, each as `pdf` gives it, in a list."""
    files = [sources(contents, contents.rows, WHOLE) for contents in many]
    return compiled_each(files, **TAGGED)


def pictures(contents, ppi=150):
    """The pages of the same paper as PNGs, a list of bytes; `ppi`: pixels per inch."""
    pages = compiled(sources(contents, contents.rows, WHOLE), format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def tagged(files):
    """The PDF/UA-1 that Typst makes of these files (`sources`)."""
    return compiled(files, **TAGGED)


def sources(contents, rows, part, **more):
    """The files for Typst of some rows. `part`: their place in the whole, like WHOLE."""
    files = {}
    data = _with_pictures({**contents.data, "rows": rows, **more}, contents.pictures, files)
    about = {
        "title": printable(contents.title),
        "lang": contents.language,
        "region": REGION[contents.language],
        "day": [contents.day.year, contents.day.month, contents.day.day],
    }
    return {
        **_ornaments(),
        **{name: picture for name, picture in files.items() if picture},
        "main": contents.template.read_bytes(),
        "style.typ": STYLE.read_bytes(),
        "data.json": json.dumps(
            {**printable(data), "about": about, "part": printable(part)}
        ).encode(),
    }


def _with_pictures(data, pictures, files):
    """The same data with None for pictures that do not exist; the others are read into `files`."""
    if isinstance(data, list | tuple):
        return [_with_pictures(value, pictures, files) for value in data]
    if not isinstance(data, dict):
        return data
    name = data.get("file")
    if name and name not in files:
        files[name] = pictures[name]()
    if name and files[name] is None:
        return None
    return {key: _with_pictures(value, pictures, files) for key, value in data.items()}


def framed(jpeg):
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


def qr(url, mask=None):
    """A QR code for a URL, with its quiet zone, as the bytes of an SVG: a line for each dark run of a row.

    `mask`: which of the eight patterns, where the URLs are too different to ask for the best one once.
    Written here, because segno's own SVG takes as long as the code itself, and there may be 2,000.
    """
    if mask is None:
        mask = _mask(re.sub(r"\d", "0", url))
    code = segno.make_qr(url, error=QR_CORRECTION, boost_error=False, mask=mask)
    side = len(code.matrix) + 2 * QUIET
    lines = "".join(
        f"M{run.start() + QUIET} {down + QUIET}.5h{run.end() - run.start()}"
        for down, row in enumerate(code.matrix)
        for run in DARK.finditer(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path stroke="#000" d="{lines}"/></svg>'
    ).encode()


@functools.cache
def _mask(url):
    """Which of the eight patterns suits a URL best: to try them all takes five times as long.

    So it is asked once for URLs that differ in digits only, such as those of the works.
    """
    return segno.make_qr(url, error=QR_CORRECTION, boost_error=False).mask


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


def unbroken(text):
    """A text of a paper without what only helps its printing."""
    return text.replace("\u00a0", " ").replace("\u200b", "").replace(LEFT_TO_RIGHT, "")
