"""Printed papers, read back: their text, their tags, and what PDF/UA asks for."""

import io
import re
import tempfile

from pdfua import validate
from pypdf import PdfReader
from pypdf.generic import DecodedStreamObject, NameObject

SHAPES = re.compile(rb"q [^\n]*[lc]\n(?:h\n|f\*?\n|S\n)*Q\n")


def text_of(page, **options):
    """The text of a page. The ornaments' shapes, at which pypdf looks for a second, go first."""
    stream = DecodedStreamObject()
    stream.set_data(SHAPES.sub(b"", page.get_contents().get_data()))
    page[NameObject("/Contents")] = stream
    return page.extract_text(**options)


def whole(pdf):
    """The text of a PDF on one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(text_of(page) for page in pages).replace("\u200b", "")
    return " ".join(text.split())


def elements(pdf):
    """The elements of its structure tree."""

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif hasattr(node, "get") and "/S" in node:
            yield node
            if "/K" in node:
                yield from walk(node["/K"])

    return list(walk(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"]))


def assert_accessible(pdf, *, language="tr-TR", title):
    """What PDF/UA asks for and can be read without veraPDF (docs/operating.md, Papers)."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        assert validate(file.name).findings == ()
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    assert title in reader.metadata.title
    tags = elements(pdf)
    assert any(tag["/S"] == "/H1" for tag in tags)
    assert all(tag.get("/Alt") for tag in tags if tag["/S"] == "/Figure")
    loose = [
        tag for tag in tags if tag["/S"] == "/Span" and tag["/P"]["/S"] in ("/Document", "/Div")
    ]
    assert not loose  # every text stands in a paragraph, a heading or a cell
    assert all(page["/Tabs"] == "/S" for page in reader.pages)


def pages_of(pdf):
    return [
        " ".join(text_of(page).replace("\u200b", "").split())
        for page in PdfReader(io.BytesIO(pdf), strict=True).pages
    ]
