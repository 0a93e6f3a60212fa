"""What a stranger or a broken program sends is refused or left aside; it is never an error of ours.

The tests walk the URL configuration, so a page that is added later is asked as well.
"""

import io
import re
from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory
from django.urls import get_resolver

from izmek.accounts.roles import Role
from izmek.wsgi import application
from tests import factories as make
from tests.classroom import Classroom
from tests.izmek.accounts.test_access import views

pytestmark = pytest.mark.django_db

DIGITS = "9" * 5000
BIG = "9" * 19  # more than a column of 64 bits holds
# 13 of them: each comes to every kind of page of the admin, which has as many for each table.
TEXTS = (DIGITS, BIG, "٣", "[]", "\x00", "-1", "", "9999-99-99", "00:00:99", "%")
TEXTS += ("2026-01-01T10:00", '{"id":1}', "[" * 3000)
PARAMETERS = [
    *(
        "q",
        "p",
        "all",
        "o",
        "e",
        "sayfa",
        "yil",
        "tur",
        "basvuru",
        "modul",
        "merkez",
        "copy",
        "next",
    ),
    *("year", "term", "model_name", "field_name", "app_label", "action", "_selected_action"),
    *("_to_field", "_popup", "_changelist_filters", "_stamp", "credential", "session", "enrolment"),
    *("module", "value", "shown", "work", "before", "after", "reference"),
]


@pytest.fixture
def town(media):
    """A running course with all that hangs on it; `keys`: what stands for `<…>` in an address."""
    classroom = Classroom(trainees=1, modules=1)
    course = classroom.course
    work = make.work(centre=course.centre, course=course, teacher=classroom.teacher)
    exhibition = make.exhibition(works=[work])
    photo = make.photo(work=work)
    wanted = make.course("open", begin=course.begin, centre=course.centre)
    by_folder = {
        "ders": classroom.session.pk,
        "kurs": course.pk,
        "kurslar": wanted.pk,
        "kayit": classroom.seats[0].pk,
        "eser": work.pk,
        "queue": wanted.pk,
        "finish": course.pk,
        "exhibition": exhibition.pk,
        "sergiler": exhibition.slug,
        "merkezler": course.centre.slug,
    }
    by_name = {
        "number": work.number,
        "photo": photo.pk,
        "version": 1,
        "slug": work.slug if hasattr(work, "slug") else "x",
        "section": "works",
        "code": "K7RC-3VTD-MZ4P",
        "reference": "K7RC-3VTD-MZ4P",
        "token": "x",
        "table": "guest",
        "name": "720.jpg",
    }
    return {"teacher": classroom.user, "folders": by_folder, "names": by_name, "photo": photo}


def fill(pattern, view, town, hostile=None):
    """An address with keys of rows for what changes in it, or with a hostile text for every key."""

    def key(match):
        converter, name = match[1], match[2]
        folder = pattern[: match.start()].rstrip("/").rpartition("/")[2]
        if hostile is not None and converter in ("int", "path", "str", "slug"):
            return quote(hostile, safe="")
        if converter == "photo_id":
            return town["photo"].id.hex
        if name == "object_id":
            row = (
                getattr(view, "model_admin", None) and view.model_admin.model._base_manager.first()
            )
            return str(row.pk if row else 1)
        if name == "action":
            return next(iter(view.model_admin.object_actions), "none")
        return str(town["folders"].get(folder, town["names"].get(name, 1)))

    return "/" + re.sub(r"<(\w+):(\w+)>", key, pattern)


def pages(part):
    """The addresses of one part of the site: those under a prefix, or the public ones."""
    for pattern, view in views(get_resolver()):
        if "(?P" in pattern or "logout" in pattern:
            continue
        first = pattern.partition("/")[0]
        if (first if first in ("yonetim", "ogretmen", "hesap") else "public") == part:
            yield pattern, view


@pytest.fixture(params=["public", "hesap", "hesap signed in", "ogretmen", "yonetim"])
def part(request, client, town):
    """A part of the site, with somebody signed in who may open it."""
    prefix, _space, signed_in = request.param.partition(" ")
    if signed_in or prefix == "ogretmen":
        client.force_login(town["teacher"])
    if prefix == "yonetim":
        client.force_login(make.user(Role.MANAGER))
    client.raise_request_exception = False
    return prefix


def hostile(part, place):
    """Texts for the page in this place of a walk: one in turn in the large admin, else four."""
    step = 1 if part == "yonetim" else 4
    return [TEXTS[(step * place + more) % len(TEXTS)] for more in range(step)]


def failed(answers):
    """The requests that ended in an error of the server."""
    return [asked[:150] for asked, answer in answers if answer.status_code >= 500]


def test_keys_in_addresses(client, town, part):
    def answers():
        for place, (pattern, view) in enumerate(pages(part)):
            for text in hostile(part, place):
                if "<" in pattern and text:
                    address = fill(pattern, view, town, hostile=text)
                    yield address, client.get(address)

    assert failed(answers()) == []


@pytest.mark.audit
def test_parameters(client, town, part):
    def answers():
        for place, (pattern, view) in enumerate(pages(part)):
            address = fill(pattern, view, town)
            for text in hostile(part, place):
                asked = dict.fromkeys(PARAMETERS, text)
                yield f"{address} {text}", client.get(address, asked)

    assert failed(answers()) == []


@pytest.mark.audit
def test_fields_of_forms(client, town, part):
    """Every field of every form, as the page itself has them, sent with hostile texts."""

    def answers():
        for place, (pattern, view) in enumerate(pages(part)):
            address = fill(pattern, view, town)
            page = client.get(address).getvalue().decode(errors="ignore")
            names = {*re.findall(r'name="([^"]+)"', page), *PARAMETERS}
            counts = dict(re.findall(r'name="([^"]+_FORMS)" value="(\d+)"', page))
            for text in hostile(part, place):
                sent = dict.fromkeys(names, text) | counts
                yield f"POST {address} {text}", client.post(address, sent)

    assert failed(answers()) == []


def test_columns_in_the_address_of_an_admin_form(client, town):
    client.force_login(make.user(Role.MANAGER))
    client.raise_request_exception = False

    def answers():
        for place, (pattern, view) in enumerate(pages("yonetim")):
            if pattern.endswith("/add/"):
                columns = [field.name for field in view.model_admin.opts.get_fields()]
                for text in TEXTS[place % 3 :: 3]:
                    yield (
                        f"{pattern} {text}",
                        client.get("/" + pattern, dict.fromkeys(columns, text)),
                    )

    assert failed(answers()) == []


@pytest.mark.parametrize(
    "asked", ["id__range=٣", f"id__range={BIG}", "id__regex=[]", f"id={DIGITS}"]
)
def test_filters_that_no_list_offers(client, town, asked):
    client.force_login(make.user(Role.MANAGER))
    client.raise_request_exception = False
    lists = [
        f"/{pattern}?{asked}"
        for pattern, view in pages("yonetim")
        if hasattr(view, "model_admin") and "<" not in pattern and pattern.count("/") == 3
    ]
    assert failed((address, client.get(address)) for address in lists) == []


# --- What is refused before a view sees it ----------------------------------------------------

CHARSETS = ["utf-7", "idna", "hex", "rot13", "undefined", "zlib", "iso-8859-9", "x", "", "*=hex''x"]
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


def answer_of_the_server(content_type, method):
    """Status and page for a request that comes in by WSGI, as from a server."""
    told = []
    environ = RequestFactory().get("/saglik/?q=+AGE-").environ
    environ |= {"REQUEST_METHOD": method, "CONTENT_TYPE": content_type}
    chunks = application(environ, lambda status, headers: told.append(status))
    page = b"".join(chunks).decode()
    chunks.close()
    return told[0], page


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", [FORM, PARTS])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_encoding_than_utf8_is_a_bad_request(charset, kind, method):
    named = f"charset{charset}" if charset.startswith("*") else f"charset={charset}"
    status, page = answer_of_the_server(f"{kind}; {named}", method)
    assert status == "400 Bad Request"
    assert "Bu istek anlaşılamadı" in page


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"utf-8"'])
def test_utf8_in_any_spelling_is_read(charset):
    assert answer_of_the_server(f"{FORM}; charset={charset}", "GET")[0] == "200 OK"


class Unread(io.BytesIO):
    """A body that says how large it is and must not be read."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def send(client, address, size):
    return client.generic(
        "POST",
        address,
        CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(size),
        **{"wsgi.input": Unread()},
    )


@pytest.mark.parametrize("address", ["/iletisim/yaz/", "/hesap/login/", "/hesap/password/reset/"])
@pytest.mark.parametrize("size", [300_000_000, 3_000_000, int("9" * 30)])
def test_a_public_form_takes_no_files(client, address, size):
    assert send(Client(enforce_csrf_checks=True), address, size).status_code == 413


def test_who_is_signed_in_may_send_seven_photos_and_no_more(town):
    client = Client(enforce_csrf_checks=True)
    address = f"/ogretmen/eser/{town['folders']['eser']}/foto/"
    assert send(client, address, 300_000_000).status_code == 302  # to the sign-in, unread
    client.force_login(town["teacher"])
    assert send(client, address, 300_000_000).status_code == 413
    assert send(client, address, 140_000_000).status_code == 403  # only a token is missing
