"""A text stays a text wherever it comes out: in pages, papers, sheets, calendars, feeds, data and letters.

Every text of a town is written anew with what would be source in one of these, past all forms; then what
leaves is read back by somebody else's reader. test_attacks.py says that no page holds it raw; this says
that nothing else changes with it either, and that people read what was written.
"""

import csv
import io
import json
import re
import unicodedata
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from urllib.parse import urlencode
from xml.etree import ElementTree

import html5lib
import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from icalendar import Calendar
from pypdf import PdfReader

from exhibitions.papers.wall import PAPERS as WALL
from izmek.accounts.roles import Role
from izmek.acts import letters
from izmek.models import AccessLog
from izmek.papers import compiling
from izmek.papers.typst import pdf
from izmek.public import areas
from izmek.public import cache as kept
from izmek.sheets.writing import FORMULA
from tests import factories as make
from tests.addresses import STRANGER, Town, addresses, registered
from tests.pdfs import elements
from tests.site.test_attacks import texts_of
from trainees.models import Application, Trainee
from trainees.papers.certificates import PAPERS as OF_CERTIFICATES
from trainees.papers.course import PAPERS as OF_COURSES
from trainees.papers.handed_over import as_paper, everything_about

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 3, 10, 7, tzinfo=UTC)
HARMLESS = "Sade bir metin"
MARKUP = '</script><b onclick="x">\'"`&lt;{{7*7}}{%x%}<!--'
TYPST = '#(6*7)$x^2$*k*_e_@a<b>`c`\\u{41}"#import'
SHEET = "=1+1|cmd'!A1"
CALENDAR = "a;b,c\\n\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nX:"
FEED = "]]><x/>&y;\x0b\ufffe"
ODD = [
    "\u202eters\u202c",  # from right to left
    "a\u200b\u200d\ufeffb",  # of no width
    "I\u0307s\u0327",  # decomposed
    "\U0001f9f5\U0010ffff",
]


class House:
    """A town whose texts can be written anew, and who opens its pages."""

    def __init__(self):
        self.town = Town()
        for model in registered():
            for place in self.town.places.values():
                place.row(model)
        self.places = [self.town.places["own"], self.town.places["hidden"]]
        self.clients = {}
        for role in (STRANGER, Role.MANAGER, Role.TEACHER):
            self.clients[role] = Client()
            if role:
                self.clients[role].force_login(self.town.users[role])

    def write(self, text, *, begins=False):
        """Let every text of every row end with this one, or begin."""
        for place in self.town.places.values():
            for row in place.rows.values():
                if type(row) is AccessLog:  # it only grows
                    continue
                for field in texts_of(type(row)):
                    most = field.max_length or 10_000
                    old = (getattr(row, field.attname) or "")[: max(most - len(text), 0)]
                    value = (text + old)[:most] if begins else (old + text)[-most:]
                    with (
                        suppress(IntegrityError),
                        transaction.atomic(),
                    ):  # where two may not be alike
                        type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
        self.forget()

    def forget(self):
        cache.clear()
        areas.forget()
        kept.forget()

    def open(self, role, address):
        return self.clients[role].get(address)

    def pages(self):
        """(role, address, answer) of everything that the people in question open."""
        for pattern, view in sorted(addresses(), key=lambda door: door[0]):
            role = STRANGER
            if pattern.startswith("yonetim/"):
                role = Role.MANAGER
            elif pattern.startswith("ogretmen/"):
                role = Role.TEACHER
            if "logout" in pattern or pattern.startswith("hesap/"):
                continue
            address = self.town.fill(pattern, view, role, "own")
            answer = self.open(role, address)
            if answer.status_code == 200:
                yield role, address, answer


@pytest.fixture
def house(media):
    with time_machine.travel(DAY, tick=False):
        yield House()


# --- Pages ---------------------------------------------------------------------------------------


@pytest.mark.audit
def test_a_text_adds_no_element_and_no_attribute_to_a_page(house):
    house.write(MARKUP)
    shown, found = 0, []
    for _role, address, answer in house.pages():
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = answer.getvalue().decode()
            shown += "onclick" in page
            tree = html5lib.parse(page, namespaceHTMLElements=False)
            names = {name for one in tree.iter() for name in one.attrib}
            if any(name.startswith("on") for name in names):
                found.append(address)
    assert found == []
    assert shown > 50


# --- Papers --------------------------------------------------------------------------------------


def papers_of(place):
    """The addresses of everything that is printed of a place."""
    course, fair = place.course.pk, place.exhibition
    for slug in WALL:
        yield f"/yonetim/exhibitions/exhibition/{fair.pk}/papers/{slug}.pdf"
    for slug in OF_COURSES:
        yield f"/yonetim/courses/course/{course}/paper/?{urlencode({'paper': slug})}"
    yield f"/yonetim/courses/course/{course}/form/"
    yield f"/yonetim/courses/course/{place.open.pk}/announcement/"
    yield f"/yonetim/courses/coursecentre/{place.centre.pk}/week.pdf"
    for slug in OF_CERTIFICATES:
        yield f"/yonetim/trainees/certificate/papers/{slug}.pdf"
    yield f"/yonetim/trainees/certificate/{place.certificate.pk}/certificate.pdf"
    yield f"/sergiler/{fair.slug}/katalog.pdf"


def texts_in(data):
    """The texts in JSON-like data."""
    if isinstance(data, str):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from texts_in(part)


def bare(text):
    """A text without what printing puts between its letters."""
    return re.sub(r"[\s\u00ad\u200b-\u200f\u2060\ufeff-]", "", unicodedata.normalize("NFC", text))


@pytest.fixture
def compiled(monkeypatch):
    """[(what Typst was given as data, what it made)]"""
    seen, ask = [], compiling._asked

    def asked(method, sources, **options):
        made = ask(method, sources, **options)
        if method == "compile":
            many = sources if isinstance(sources, list) else [sources]
            seen.extend(
                (json.loads(one["data.json"]), done)
                for one, done in zip(
                    many, made if isinstance(sources, list) else [made], strict=True
                )
            )
        return made

    monkeypatch.setattr(compiling, "_asked", asked)
    return seen


def lost_in(compiled, text):
    """The texts with `text` in them that a paper was given and does not print as they are."""
    lost, told = [], 0
    for data, made in compiled:
        pages = PdfReader(io.BytesIO(made)).pages
        described = "".join(str(one.get("/Alt", "")) for one in elements(made))
        printed = bare("".join(page.extract_text() for page in pages) + described)
        title = PdfReader(io.BytesIO(made)).metadata.title  # which stands on no page
        assert title == data["about"].pop("title")
        given = {bare(one) for one in texts_in(data) if bare(text) in bare(one)}
        told += len(given)
        lost += [(title, one) for one in given if one not in printed]
    return lost, told


@pytest.mark.audit
def test_every_paper_prints_what_was_written_and_reads_none_of_it_as_source(house, compiled):
    house.write(TYPST)
    place = house.places[0]
    for address in papers_of(place):
        answer = house.open(Role.MANAGER, address)
        assert answer.status_code == 200, address
        assert answer.getvalue().startswith(b"%PDF"), address
    for who in (Trainee.objects.first(), Application.objects.first(), place.teacher):
        pdf(as_paper(who, everything_about(who)))
    lost, told = lost_in(compiled, TYPST)
    assert told > 100
    # Where a small label or a line of the list has no room the course goes first; a list shows no photo.
    narrow = ("Küçük künyeler", "Asım listesi")
    left_out = (bare(place.course.programme.name), "laleler")
    lost = [
        (paper, one)
        for paper, one in lost
        if not paper.startswith(narrow) or not any(part in one for part in left_out)
    ]
    assert lost == []


@pytest.mark.audit
@pytest.mark.parametrize("text", [*ODD, "z" * 5000, "\x00\x1b", MARKUP], ids=range(len(ODD) + 3))
def test_no_text_stops_a_paper(house, text):
    house.write(text)
    for address in papers_of(house.places[0]):
        answer = house.open(Role.MANAGER, address)
        assert answer.status_code == 200 and answer.getvalue().startswith(b"%PDF"), address


# --- Sheets --------------------------------------------------------------------------------------


def cells_of(data):
    """(whether a cell is a formula, its kind) of every cell of a workbook, as its XML says it."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            assert "externalLink" not in name and ".." not in name
            if name.startswith("xl/worksheets/sheet"):
                for cell in ElementTree.fromstring(book.read(name)).iter():
                    if cell.tag.endswith("}c"):
                        kinds = {part.tag.rpartition("}")[2] for part in cell}
                        yield "f" in kinds, cell.get("t", "n")


def assert_texts(data, kind, where):
    """Nothing that is taken for a formula stands in a file."""
    if "spreadsheetml" in kind:
        assert not any(formula for formula, _kind in cells_of(data)), where
    else:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
        wrong = [
            cell
            for row in rows
            for cell in row
            if cell.startswith(FORMULA) and not re.fullmatch(r"-?[\d.,]+", cell)
        ]
        assert wrong == [], where


def sheets_of(house):
    """(address, answer) of every file of a table that is given out."""
    manager, place = house.clients[Role.MANAGER], house.places[0]
    for model in registered():
        opts = model._meta
        address = f"/yonetim/{opts.app_label}/{opts.model_name}/export/"
        page = manager.get(address)
        if page.status_code != 200:
            continue
        columns = re.findall(r'name="columns" value="([^"]+)"', page.content.decode())
        for form in ("xlsx", "csv"):
            sent = {"columns": columns, "form": form, "reason": "Sınama"}
            yield f"{address} {form}", manager.post(address, sent)
    for slug in OF_COURSES:
        for form in ("xlsx", "csv"):
            asked = urlencode({"paper": slug, "form": form})
            address = f"/yonetim/courses/course/{place.course.pk}/paper/?{asked}"
            yield address, manager.get(address)
    yield "/rakamlarla/veri.csv", house.open(STRANGER, "/rakamlarla/veri.csv")


@pytest.mark.audit
@pytest.mark.parametrize("begins", ["=1+1|cmd'!A1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_sheet_holds_a_formula(house, begins):
    house.write(begins, begins=True)
    files = 0
    for address, answer in sheets_of(house):
        assert answer.status_code == 200, address
        kind = answer["Content-Type"]
        if kind.startswith("text/html"):
            continue  # the form says what is wrong with it
        files += 1
        assert_texts(answer.getvalue(), kind, address)
    assert files > 60


# --- Calendars, feeds, data ------------------------------------------------------------------------


def test_a_calendar_has_one_event_of_a_text_that_closes_it(house):
    house.write(CALENDAR)
    place, told = house.places[0], 0
    for address in (
        f"/kurslar/{place.open.pk}/takvim.ics",
        f"/sergiler/{place.exhibition.slug}/takvim.ics",
        "/sergiler/takvim.ics",
    ):
        answer = house.open(STRANGER, address)
        assert answer.status_code == 200, address
        text = answer.getvalue().decode()
        whole = Calendar.from_ical(text)
        assert len(whole.events) == text.count("\r\nBEGIN:VEVENT\r\n"), address
        for event in whole.events:
            assert "X" not in event, address
            told += "END:VEVENT" in event["SUMMARY"] + event.get("DESCRIPTION", "")
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), address
    assert told >= 3


def test_a_feed_and_a_map_of_the_site_stay_xml(house):
    house.write(FEED + MARKUP)
    for address in ("/sergiler/akis.atom", "/sitemap.xml", "/sitemap-works.xml"):
        answer = house.open(STRANGER, address)
        tree = ElementTree.fromstring(answer.getvalue())
        names = {one.tag.rpartition("}")[2] for one in tree.iter()}
        assert not names & {"x", "b", "script"}, address
    titles = [one.text for one in tree.iter() if one.tag.endswith("}title")]
    assert all(MARKUP in title for title in titles if "Sergi" in title)


def test_data_for_search_engines_are_one_block_with_the_text_as_it_is(house):
    house.write(MARKUP)
    place, told = house.places[0], 0
    for address in (
        "/",
        place.work.get_absolute_url(),
        place.open.get_absolute_url(),
        place.exhibition.get_absolute_url(),
        place.centre.get_absolute_url(),
        "/eserler/",
        "/sergiler/",
        "/kurslar/",
    ):
        page = house.open(STRANGER, address).getvalue().decode()
        blocks = re.findall(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", page, re.S)
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        read = [one.text for one in tree.iter("script") if "ld+json" in one.get("type", "")]
        assert read == blocks, address
        told += sum(MARKUP in text for block in blocks for text in texts_in(json.loads(block)))
    assert told > 4


# --- Letters ---------------------------------------------------------------------------------------

HEADS = {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To"}
HEADS |= {"Date", "Message-ID", "Auto-Submitted"}


BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00"]


class Anything(str):
    """A text of whose parts each is the same text: what a template may ask of a row."""

    def __getitem__(self, key):
        return self if isinstance(key, str) else str(self)[key]

    def __iter__(self):
        yield self, self


class Everything(dict):
    """What a letter may be about: whatever its template asks for is there."""

    def __init__(self, text):
        super().__init__()
        self.text = Anything(text)

    def __contains__(self, key):
        return True

    def __getitem__(self, key):
        return self.text


@pytest.mark.parametrize("break_", BREAKS, ids=map(ascii, BREAKS))
def test_no_letter_has_a_head_that_somebody_typed(
    mailoutbox, django_capture_on_commit_callbacks, break_
):
    hostile = f"Oya{break_}Bcc: kurban@example.org{break_}{break_}<b>Metin"
    about = make.user(email="a@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        for kind in letters.KINDS:
            context = Everything(hostile)
            letters.write(kind=kind, to="a@example.org", about=about, context=context)
    assert len(mailoutbox) > 15  # the others have a link, and are about a row that has one
    for letter in mailoutbox:
        read = BytesParser(policy=policy.default).parsebytes(letter.message().as_bytes())
        assert set(read.keys()) <= HEADS
        assert read["To"] == "a@example.org" and letter.recipients() == ["a@example.org"]
        assert read.get_content_type() == "text/plain"
