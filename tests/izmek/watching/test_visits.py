"""What is told of a visit: its number, its view, how it ended; never who came or what they typed."""

import json
import logging
import re
from contextlib import nullcontext
from io import StringIO
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from izmek import wsgi
from izmek.accounts.roles import Role
from izmek.site.views import statements
from izmek.watching.log_lines import JsonFormatter
from tests import factories as make
from tests.forms import typed
from trainees.services import record_identity

pytestmark = pytest.mark.django_db

GIVEN = "0123456789abcdef0123456789abcdef"
NUMBER = "10000000146"


class Door(Client):
    """A browser that comes through the door of the whole site, as gunicorn's do."""

    def request(self, **request):
        environ, began = self._base_environ(**request), []
        look = "close_if_unusable_or_obsolete"  # each request begins with it; a test's connection stays
        with (
            mock.patch.object(BaseDatabaseWrapper, look)
            if connection.in_atomic_block
            else nullcontext()
        ):
            body = b"".join(wsgi.application(environ, lambda *given: began.append(given)))
        status, headers = began[0]
        answer = HttpResponse(body, status=int(status[:3]))
        for name, value in headers:
            if name == "Set-Cookie":
                self.cookies.load(value)
            else:
                answer[name] = value
        return answer


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def log():
    """A function: every record that was written, as JSON text and as objects."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: (stream.getvalue(), list(map(json.loads, stream.getvalue().splitlines())))
    root.removeHandler(handler)
    root.setLevel(level)


def visits(records):
    return [one for one in records if one["logger"] == "izmek.watching.visits"]


def test_a_visit_is_told_by_view_address_status_and_number(door, log):
    answer = door.get("/kurslar/?q=Zeynep")
    [visit] = visits(log()[1])
    assert (visit["method"], visit["path"], visit["view"]) == ("GET", "/kurslar/", "courses")
    assert visit["status"] == 200 and visit["ms"] >= 0
    assert visit["request"] == answer["X-Request-ID"]


def test_a_kept_page_keeps_no_number(door, log):
    first, second = (door.get("/merkezler/") for _one in range(2))
    assert first.content == second.content
    assert first["X-Request-ID"] != second["X-Request-ID"]
    not_modified = door.get("/merkezler/", headers={"if-none-match": second["ETag"]})
    assert not_modified.status_code == 304
    told = [(one["view"], one["path"], one["status"]) for one in visits(log()[1])]
    assert told == [("centres", "/merkezler/", status) for status in (200, 200, 304)]


@pytest.mark.parametrize(
    ("proxies", "given", "believed"), [(1, GIVEN, True), (0, GIVEN, False), (1, NUMBER, False)]
)
def test_the_number_of_a_proxy_is_believed_if_there_is_one(
    door, settings, proxies, given, believed
):
    settings.TRUSTED_PROXY_COUNT = proxies
    answer = door.get("/saglik/", headers={"x-request-id": given})
    assert (answer["X-Request-ID"] == given) == believed


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError("Zeynep"), 500), (OperationalError("Zeynep"), 503)]
)
def test_the_page_of_an_error_names_the_number_that_finds_it_in_the_log(
    door, log, monkeypatch, error, status
):
    if status == 503:
        error.__cause__ = type("psycopg2", (Exception,), {"pgcode": "55P03"})()
    monkeypatch.setattr(statements, "head", mock.Mock(side_effect=error))
    answer = door.get("/iletisim/?telefon=05321234567")
    assert answer.status_code == status
    number = re.search("<strong>([0-9a-f]{8})</strong>", answer.content.decode())[1]
    assert answer["X-Request-ID"].startswith(number)
    text, records = log()
    [failure] = [one for one in records if one["level"] == "ERROR"]
    assert failure["request"] == answer["X-Request-ID"]
    assert type(error).__name__ in failure["error"] and "statements.py" in failure["error"]
    assert "Zeynep" not in text and "0532" not in text


def test_no_door_of_an_address_is_told(door, log):
    for address in (
        "/hesap/davet/gizli-gizli/",
        "/basvurum/KJHG-TRDS/",
        "/onizleme/gizli-gizli/",
        "/hesap/password/reset/key/5-gizli-gizli/",
        f"/yonetim/trainees/trainee/{NUMBER}/change/",
        f"/{NUMBER}/",
        f"/basvurum/KJHG-TRDS/{NUMBER}",
        f"/sergiler/{NUMBER}/",
        f"/kurslar/{NUMBER}/takvim.ics",
    ):
        door.get(address)
    text, records = log()
    assert len(visits(records)) == 9
    assert not re.search(f"gizli|KJHG|{NUMBER}", text)
    assert "/hesap/davet/<str:token>/" in text


def test_no_head_of_a_request_is_told(door, log, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    page = "https://eski.example/basvurum/KJHG-TRDS/?q=Zeynep"
    refused = door.post("/iletisim/", secure=True, headers={"referer": page})
    assert refused.status_code == 403
    assert door.get("/", headers={"host": "zeynep.example"}).status_code == 400
    text, _records = log()
    assert "https://eski.example/…" in text and "DisallowedHost" in text
    assert not re.search("KJHG|eynep", text)


def test_a_day_at_the_desk_leaves_nobody_in_the_log(door, log, monkeypatch):
    """Sign-in, a search for a person by name and by number, a look at them, a page that fails."""
    make.user(Role.MANAGER, username="gizem.yonetici", password="pembe-fil-7")
    person = make.trainee("Zeynep", "Kardelenoğlu")
    record_identity(trainee=person, kind="tckn", number=NUMBER, by=None)
    page = door.get("/hesap/login/")
    form = typed(page, login="gizem.yonetici", password="pembe-fil-7")
    assert door.post("/hesap/login/", form).status_code == 302
    for words in ("Kardelenoğlu", NUMBER):
        address = reverse("admin:trainees_trainee_changelist")
        assert door.get(address, {"q": words}).status_code in (200, 302)
        assert door.get(reverse("admin:search"), {"q": words}).status_code in (200, 302)
    assert door.get(reverse("admin:trainees_trainee_change", args=[person.pk])).status_code == 200

    def fails(*_args, **_kwargs):
        raise ValueError(f"{person} {NUMBER}")

    monkeypatch.setattr("izmek.site.dashboard.first_page", fails)
    assert door.get("/yonetim/", {"q": NUMBER}).status_code == 500
    text, records = log()
    assert len(visits(records)) == 8
    assert "ValueError" in text
    assert not re.search(f"Zeynep|Kardeleno|{NUMBER}|gizem|pembe", text)
