"""Files that are two things at once, at every door that takes one: refused, or made anew without it."""

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from exhibitions.enums import PeopleOn
from exhibitions.models import Photo
from izmek.accounts.roles import Role
from izmek.acts import imports
from izmek.models import SheetImport
from izmek.sheets.writing import SheetTable, write_tables
from tests import factories as make
from tests.addresses import Town
from tests.forms import shown

pytestmark = pytest.mark.django_db

MARK = b"<script>alert('kacak')</script>"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"


def jpeg(**options):
    data = io.BytesIO()
    Image.linear_gradient("L").resize((620, 620)).convert("RGB").save(data, "JPEG", **options)
    return data.getvalue()


def png(**options):
    data = io.BytesIO()
    Image.linear_gradient("L").resize((620, 620)).convert("RGB").save(data, "PNG", **options)
    return data.getvalue()


def gif():
    data = io.BytesIO()
    Image.linear_gradient("L").resize((620, 620)).save(data, "GIF")
    return data.getvalue()


def segment(marker, content):
    """A segment of a JPEG behind its beginning."""
    whole = jpeg()
    return whole[:2] + struct.pack(">2sH", marker, len(content) + 2) + content + whole[2:]


def zipped(entries):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return data.getvalue()


def exif(**tags):
    found = Image.Exif()
    for number, value in tags.values():
        found[number] = value
    return found


def words_in_a_png():
    about = PngInfo()
    about.add_text("Comment", MARK.decode())
    about.add_itxt("XML:com.adobe.xmp", MARK.decode(), zip=True)
    return png(pnginfo=about)


def chunk_in_a_png():
    whole, kind = png(), b"teXt"
    chunk = struct.pack(">I", len(MARK)) + kind + MARK
    return whole[:33] + chunk + struct.pack(">I", zlib.crc32(kind + MARK)) + whole[33:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + MARK + b"</svg>"
# Photos with something more in them: taken in without it, or refused.
POLYGLOTS = {
    "a ZIP behind a JPEG": lambda: jpeg() + zipped({"../../etc/passwd": MARK}),
    "a page behind a JPEG": lambda: jpeg() + b"<html>" + MARK,
    "a PDF behind a JPEG": lambda: jpeg() + PDF + MARK,
    "a PDF before a JPEG": lambda: PDF + MARK + jpeg(),
    "a PDF in the comment of a JPEG": lambda: segment(b"\xff\xfe", PDF + MARK),
    "a script in the comment of a JPEG": lambda: segment(b"\xff\xfe", b"*/=1;" + MARK),
    "a page in EXIF": lambda: jpeg(
        exif=exif(artist=(315, MARK.decode()), said=(270, MARK.decode()))
    ),
    "a page in XMP": lambda: segment(b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\0" + MARK),
    "a page as a colour profile": lambda: jpeg(icc_profile=MARK * 20),
    "words of a PNG": words_in_a_png,
    "a chunk of a PNG": chunk_in_a_png,
    "a page behind a PNG": lambda: png() + MARK,
    "a script that is a GIF": lambda: gif().replace(b"GIF87a", b"GIF89a/*", 1) + b"*/=1;" + MARK,
    "a GIF": lambda: gif() + MARK,
    "a drawing called a photo": lambda: SVG,
    "a page called a photo": lambda: b"<!doctype html>" + MARK,
    "a ZIP called a photo": lambda: zipped({"../x.jpg": MARK}),
    "a film that begins like a photo": lambda: b"\0\0\0\x18ftypheic" + MARK * 30,
}
NAMES = [
    "foto.jpg",
    "foto.svg",
    "../../kacak.html",
    "kacak.php\x00.jpg",
    "<img src=x onerror=y>.png",
]


def upload(data, name="foto.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, data, content_type=kind)


@pytest.fixture
def town(media):
    return Town()


def signed_in(town, role):
    client = Client(raise_request_exception=False)
    client.force_login(town.users[role])
    return client


def by_teacher(town, file):
    work = make.work(state="draft", course=town.places["own"].course)
    return signed_in(town, Role.TEACHER).post(f"/ogretmen/eser/{work.pk}/foto/", {"photo": file})


def by_many(kind):
    def send(town, file):
        row = town.places["own"].rows[f"exhibitions.{kind}"]
        address = f"/yonetim/exhibitions/{kind}/{row.pk}/photos/"
        return signed_in(town, Role.CURATOR).post(address, {"photos": [file]})

    return send


def by_row(label):
    """In the row of a photo on the page of what it shows."""

    def send(town, file):
        row = town.places["own"].rows[label]
        address = f"/yonetim/{label.replace('.', '/')}/{row.pk}/change/"
        client = signed_in(town, Role.MANAGER)
        sent = shown(client.get(address))
        prefix = next(name for name in sent if "photo" in name and name.endswith("-TOTAL_FORMS"))
        prefix = prefix.removesuffix("-TOTAL_FORMS")
        place = int(sent[f"{prefix}-TOTAL_FORMS"])
        empty = f"{prefix}-__prefix__-"
        for name in [name for name in sent if name.startswith(empty)]:
            sent[f"{prefix}-{place}-{name.removeprefix(empty)}"] = sent[name]
        sent[f"{prefix}-TOTAL_FORMS"] = str(place + 1)
        sent[f"{prefix}-{place}-alt"] = "Beyaz zemin üzerine laleler"
        sent[f"{prefix}-{place}-people"] = PeopleOn.NOBODY
        return client.post(address, sent | {f"{prefix}-{place}-upload": file})

    return send


DOORS = {
    "teacher": by_teacher,
    "many of a work": by_many("work"),
    "many of an exhibition": by_many("exhibition"),
    "row of a work": by_row("exhibitions.work"),
    "row of an exhibition": by_row("exhibitions.exhibition"),
    "row of a centre": by_row("courses.coursecentre"),
}


def stored(media):
    """{path: bytes} of everything that lies in the storage."""
    return {path: path.read_bytes() for path in media.rglob("*") if path.is_file()}


@pytest.mark.parametrize("door", DOORS)
def test_a_photo_comes_in_by_this_door(town, door):
    """Else the test below would prove nothing."""
    before = Photo.objects.count()
    answer = DOORS[door](town, upload(jpeg()))
    assert answer.status_code == 302, re.findall(r"errorlist.*", answer.content.decode())
    assert Photo.objects.count() == before + 1


@pytest.mark.parametrize("what", POLYGLOTS)
def test_nothing_of_a_second_file_is_stored(town, media, what):
    """By one door each; the audit tries all of them."""
    place = list(POLYGLOTS).index(what) % len(DOORS)
    send_and_look(town, media, what, dict([list(DOORS.items())[place]]))


@pytest.mark.audit
@pytest.mark.parametrize("what", POLYGLOTS)
def test_nothing_of_a_second_file_is_stored_by_any_door(town, media, what):
    send_and_look(town, media, what, DOORS)


def send_and_look(town, media, what, doors):
    data = POLYGLOTS[what]()
    assert b"kacak" in data or what in (
        "words of a PNG",
        "a ZIP behind a JPEG",
        "a ZIP called a photo",
    )
    before = stored(media)
    for place, (door, send) in enumerate(doors.items()):
        name = NAMES[place % len(NAMES)]
        answer = send(town, upload(data, name))
        assert answer.status_code < 500, door
    for path, content in stored(media).items():
        if path in before:
            continue
        assert path.suffix in (".jpg", ".webp", ".avif"), path
        assert b"kacak" not in content and b"%PDF" not in content and b"PK\x03\x04" not in content
        assert Image.open(io.BytesIO(content)).format in ("JPEG", "WEBP", "AVIF")
        assert "kacak" not in path.name and ".." not in str(path)


# --- Lists ---------------------------------------------------------------------------------------

ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">'
    b'<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
)


def workbook(change=lambda name, content: content, more=None):
    """A workbook of applications with changed or additional entries."""
    out = io.BytesIO()
    head = ["Ad", "Soyad", "Telefon"]
    write_tables(out, "xlsx", SheetTable("Liste", head, [["Ayşe", "Işık", "0555 123 45 67"]]))
    with zipfile.ZipFile(out) as book:
        entries = {name: change(name, book.read(name)) for name in book.namelist()}
    return zipped(entries | (more or {}))


def with_entities(name, content):
    if not name.endswith(".xml") or "sharedStrings" not in name:
        return content
    return content.replace(
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', ENTITIES
    ).replace("Ayşe".encode(), b"&x;&c;")


BOOKS = {
    "entries that climb": lambda: workbook(more={"../../kacak.txt": MARK, "/etc/kacak": MARK}),
    "entities of other files": lambda: workbook(with_entities),
    "an external link": lambda: workbook(
        more={"xl/externalLinks/externalLink1.xml": b'<externalLink r:id="rId1"/>' + MARK}
    ),
    "macros": lambda: workbook(more={"xl/vbaProject.bin": MARK * 100}),
    "a bomb": lambda: workbook(
        lambda name, content: content + b" " * 300_000_000 if "sheet1" in name else content
    ),
    "a bomb beside": lambda: workbook(more={"xl/media/x.png": b"\0" * 300_000_000}),
    "a page": lambda: b"<html><table><tr><td>Ad</td></tr></table>" + MARK,
    "a PDF": lambda: PDF,
    "a photo with a workbook behind it": lambda: jpeg() + workbook(),
}


@pytest.mark.audit
@pytest.mark.parametrize("what", BOOKS)
def test_a_list_that_is_more_than_a_list_gives_its_rows_or_a_sentence(town, media, tmp_path, what):
    client = signed_in(town, Role.MANAGER)
    file = upload(BOOKS[what](), "../../liste.xlsx", "application/vnd.ms-excel")
    answer = client.post("/yonetim/aktarma/", {"kind": "applications", "file": file})
    assert answer.status_code in (200, 302, 400), what
    if answer.status_code == 302:
        page = client.get(answer["Location"], follow=True)
        assert page.status_code == 200
        host = Path("/etc/hostname").read_text().strip()
        assert f">{host}<" not in page.content.decode() and "lollol" not in page.content.decode()
    for row in SheetImport.objects.all():
        assert ".." not in row.file and "/" not in row.name
    assert not list(tmp_path.rglob("*kacak*"))
    assert imports.KINDS
