"""What no one would send: every address with texts, methods and fields by chance, as anybody.

`make fuzz` does it for minutes (SECONDS=…) from a seed that it prints; SEED=… does the same again. The run
of the audit is short and always the same. Each request is taken back, so that the next one finds the town.
"""

import os
import re
import time
from collections import Counter
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from izmek.accounts.roles import Role
from izmek.public import areas
from izmek.public import cache as kept
from tests.addresses import STRANGER, Town, addresses
from tests.forms import main_form

pytestmark = [pytest.mark.django_db, pytest.mark.audit, pytest.mark.both]

SECONDS = float(os.environ.get("FUZZ_SECONDS", 10))
SEED = int(os.environ.get("FUZZ_SEED", 1))
LINE = 4000  # no longer address comes through the server
AT_ONCE = 100  # requests of a round; a round that fails is done again alone
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=sinir"
PEOPLE = (STRANGER, Role.TEACHER, Role.OFFICER, Role.AUDITOR, Role.MANAGER, Role.CURATOR)
# Where they get no further than the door, which authorisation.txt shows for each address.
SHUT = {STRANGER: ("yonetim/", "ogretmen/"), Role.TEACHER: "yonetim/"}

ODD = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",  # half a sign
    "\udfff\ud800",
    "\u202eabc\u202c",  # from right to left
    "\u200b\u200d\ufeff",  # of no width
    "I\u0307s\u0327ık",  # decomposed
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0010ffff",
    "٣",
    "²",
    "½",
    "İıŞşĞğ",
    "-1",
    "0",
    "1",
    "9" * 19,
    "9" * 5000,
    "-" + "9" * 30,
    "1e400",
    "1e9",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x10",
    "1_000",
    "1,5",
    "1.5.5",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "31.12.9999",
    "01.01.0001",
    "29.02.2023",
    "2026-11-28T25:61",
    "24:00",
    "00:00:99",
    "[]",
    "{}",
    "null",
    '"x"',
    "[" * 3000,
    '{"a":"\\ud800"}',
    '["\\u0000"]',
    '{"id":1}',
    "1e999999",
    "%",
    "%00",
    "%s",
    "%(x)s",
    "{0.__class__}",
    "{{ 7*7 }}",
    "_",
    "'",
    '"',
    "\\",
    "' OR 1=1--",
    "=1+1",
    "<script>alert(1)</script>",
    "a@b",
    "a@example.org",
    "a\r\nBcc: b@example.org",
    "+90 555 123 45 67",
    "+" + "9" * 40,
    "10000000146",
    "//evil.example",
    "\\\\evil.example",
    "http://[",
    "javascript:alert(1)",
    "on",
    "true",
    "00000000-0000-0000-0000-000000000000",
    "a" * 1_000_000,
]
QUERIES = [
    "q",
    "p",
    "o",
    "e",
    "all",
    "sayfa",
    "yil",
    "year",
    "tur",
    "merkez",
    "next",
    "term",
    "tumu",
]
QUERIES += ["basvuru", "modul", "copy", "_popup", "_to_field", "_changelist_filters", "action"]
QUERIES += [
    "_selected_action",
    "app_label",
    "model_name",
    "field_name",
    "ara",
    "week",
    "day",
    "form",
]

# What is sent where a file is asked for: its name, and what it holds.
FILE_NAMES = [
    "foto.jpg",
    "liste.xlsx",
    "liste.csv",
    "",
    "../../x",
    "a" * 300 + ".png",
    "\x00.jpg",
    "\u202egpj",
]
FILES = [
    b"",
    b"\x00" * 600,
    b"\xff\xd8\xff\xe0" + b"\xff" * 600,
    b"\x89PNG\r\n\x1a\n" + b"\x00" * 600,
    b"RIFF\xff\xff\xff\xffWEBP" + b"\x00" * 600,
    b"\x00\x00\x00\x18ftypheic" + b"\x00" * 600,
    b"PK\x03\x04" + b"\xff" * 600,
    b"%PDF-1.7",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"Ad;Soyad;Telefon\n" + b";" * 5000,
    "Ad;Soyad;Telefon\nAyşe;Işık;0555 123 45 67\n=1+1;\ud83e\uddf5;\x00\n".encode(
        "utf-8", "surrogatepass"
    ),
    "Ad\tSoyad\tTelefon\n\u202e\t\u0130\t1e400".encode("utf-16"),
]

texts = st.one_of(st.sampled_from(ODD), st.text(st.characters(codec=None), max_size=60))
people = st.sampled_from(PEOPLE)


def written(pairs):
    """A query or a form as it goes over the wire, half signs and all."""
    return "&".join(
        "=".join(quote(part.encode("utf-8", "surrogatepass"), safe="") for part in pair)
        for pair in pairs
    )


def in_parts(pairs, files):
    """A form with files as it goes over the wire; `files`: [(field, name of the file, bytes)]."""

    def told(text):
        text = text.replace("\\", "\\\\").replace('"', "%22").replace("\r", "").replace("\n", "")
        return text.encode("utf-8", "surrogatepass")

    parts = [(b'name="%b"' % told(n), v.encode("utf-8", "surrogatepass")) for n, v in pairs]
    parts += [(b'name="%b"; filename="%b"' % (told(n), told(f)), data) for n, f, data in files]
    lines = [b"--sinir\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % one for one in parts]
    return b"".join(lines) + b"--sinir--\r\n"


class Visit:
    """The town, and who knocks at its doors; what the forms of a page are called is read once."""

    def __init__(self):
        self.town = Town()
        self.doors = sorted(addresses(), key=lambda door: door[0])
        self.doors_of = {
            role: [door for door in self.doors if not door[0].startswith(SHUT.get(role, "#"))]
            for role in PEOPLE
        }
        self.clients, self.forms, self.files, self.statuses = {}, {}, {}, Counter()
        for role, user in self.town.users.items():
            self.clients[role] = Client(raise_request_exception=False)
            if user:
                self.clients[role].force_login(user)

    def form(self, role, address):
        """What the main form of the page sends as it stands: {name: [values]}."""
        if (role, address) not in self.forms:
            answer = self.asked(role, "GET", address)
            page = answer.getvalue().decode(errors="ignore") if answer.status_code == 200 else ""
            names = re.findall(r'name="([^"]+)"', page)
            inputs = re.findall(r'<input[^>]*type="file"[^>]*>', page)
            found = [re.search(r'name="([^"]+)"', one) for one in inputs]
            self.files[role, address] = [one[1] for one in found if one] or ["file", "photo"]
            self.forms[role, address] = {name: [""] for name in names} | main_form(page)
        return self.forms[role, address]

    def asked(self, role, method, address, body="", kind=FORM):
        """The answer to one request; what it did to the town is taken back."""
        with transaction.atomic():
            answer = self.clients[role].generic(method, address, body, content_type=kind)
            if answer.streaming:
                answer.getvalue()
            transaction.set_rollback(True)
        return answer

    def one(self, data):
        role = data.draw(people, label="who")
        pattern, view = data.draw(st.sampled_from(self.doors_of[role]), label="door")
        whose = data.draw(st.sampled_from(["own", "own", "foreign"]), label="whose")
        if "logout" in pattern:
            return
        hostile = data.draw(st.none() | st.none() | texts, label="in the address")
        plain = self.town.fill(pattern, view, role, whose)
        address = self.town.fill(pattern, view, role, whose, hostile=hostile)
        fields = self.form(role, plain)
        names = st.sampled_from([*fields, *QUERIES])
        query = data.draw(st.lists(st.tuples(names, texts), max_size=4), label="query")
        method = data.draw(st.sampled_from(["GET", "POST", "POST", "HEAD", "PUT", "OPTIONS"]))
        body, kind = "", FORM
        if method in ("POST", "PUT"):
            sent = dict(fields)
            few = data.draw(st.integers(0, 3), label="how many fields are wrong")
            wrong = data.draw(st.lists(names, min_size=few, max_size=few or 40, unique=True))
            for name in wrong:
                sent[name] = data.draw(st.lists(texts, max_size=2), label=name)
            pairs = [(name, value) for name, values in sent.items() for value in values]
            names_of_files = st.sampled_from(self.files[role, plain])
            files = st.tuples(names_of_files, st.sampled_from(FILE_NAMES), st.sampled_from(FILES))
            if data.draw(st.integers(0, 3), label="with files") == 0:
                sent_files = data.draw(st.lists(files, max_size=3), label="files")
                body, kind = in_parts(pairs, sent_files), PARTS
            else:
                body = written(pairs)
        if query:
            address += "?" + written(query)
        address = address[:LINE]
        answer = self.asked(role, method, address, body, kind)
        self.statuses[answer.status_code] += 1
        assert answer.status_code < 500, f"{role} {method} {address[:300]} {body[:1500]}"


def test_nothing_that_is_sent_breaks_a_page(media):
    visit = Visit()
    ends = time.monotonic() + SECONDS
    found, rounds = {}, 0
    while time.monotonic() < ends:
        number = SEED + rounds
        rounds += 1

        @seed(number)
        @settings(
            max_examples=AT_ONCE,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def walk(data):
            cache.clear()
            areas.forget()
            kept.forget()
            visit.one(data)

        try:
            walk()
        except AssertionError as broken:
            found.setdefault(str(broken).splitlines()[0], number)
            print(f"seed {number}: {broken}", flush=True)
    print(f"answers: {dict(visit.statuses.most_common())}")
    print(f"{rounds} rounds of {AT_ONCE} requests from seed {SEED} on {connection.vendor}")
    assert found == {}
