"""Who gets what at every address: authorisation.txt beside this file says it, and it is so.

An address that is added has no line there yet: `make authorisation` writes the lines anew and shows the
difference. Read it before it is committed: out of scope is 404, a right not held is 403 (DESIGN.md §4).
"""

import os
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from izmek.accounts.roles import Role
from tests.addresses import ROLES, Town, addresses

pytestmark = pytest.mark.django_db

FILE = Path(__file__).with_name("authorisation.txt")
HEAD = """\
# Who gets what at every address of the site. `make authorisation` writes it,
# test_authorisation.py compares it.
# In each column: GET and an empty POST; after the stroke, where they differ, the same for a foreign row: of
# another centre, another teacher, ordered by somebody else; of public pages: one that is not published.
# 302 leads a stranger to the sign-in, 403 is a right not held, 404 is out of scope.
"""
NOBODY = "stranger"
DAY = datetime(2026, 3, 10, 7, tzinfo=UTC)  # a day of lessons: answers must not depend on the date
NO_ROWS = ("yonetim/yardim/", "yonetim/aktarma/ornek/", "sitemap-")  # nobody owns these
NO_ROWS += ("basvurum/", "yaziniz/", "belge/", "onizleme/")  # whoever has the code may read
ALONE = ("hesap/",)  # one's own account; there is no foreign one to name


def choices():
    """The addresses at which the admin's fields look for rows to choose."""
    for model in apps.get_models():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            target = getattr(field.remote_field, "model", None)
            if target in admin.site._registry and admin.site._registry[target].search_fields:
                asked = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                yield f"yonetim/autocomplete/?{asked}&field_name={field.name}&term=a", None


def doors():
    """{address: view} of everything that has a line, in order."""
    return dict(sorted([*addresses(), *choices()], key=lambda door: door[0]))


def read():
    """{address: {role: its cell}} as the file has it."""
    lines = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
    rows = [[cell.strip() for cell in line.split(" | ")] for line in lines[1:]]
    return {row[0]: dict(zip(ROLES, row[1:], strict=True)) for row in rows}


def write(table):
    """The file, its columns in line."""
    rows = [["address", *(role or NOBODY for role in ROLES)]]
    rows += [[address, *(cells[role] for role in ROLES)] for address, cells in table.items()]
    wide = [max(len(row[n]) for row in rows) for n in range(1, len(ROLES) + 1)]
    wide.insert(0, 72)
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip()
        for row in rows
    ]
    FILE.write_text(HEAD + "\n".join(lines) + "\n")


class Doorkeeper:
    """Knocks at addresses as every role, and takes back what each request did."""

    def __init__(self):
        with transaction.atomic():
            self.town = Town()
        self.clients = {}
        for role, user in self.town.users.items():
            self.clients[role] = Client(raise_request_exception=False)
            if user:
                self.clients[role].force_login(user)
        self.cookies = {
            role: client.cookies.output(header="") for role, client in self.clients.items()
        }

    def status(self, address, view, role, method, whose):
        address = self.town.fill(address, view, role, whose)
        client = self.clients[role]
        client.cookies = SimpleCookie(self.cookies[role].strip())
        cache.clear()
        with transaction.atomic():
            answer = client.generic(method, address)
            transaction.set_rollback(True)
        return answer.status_code

    def cell(self, address, view, role, methods=("GET", "POST")):
        """What the file should say: "200 302", or "200 302 / 404 404"."""
        said = {}
        has_rows = "<" in address and not address.startswith(NO_ROWS + ALONE)
        for whose in ("own", "foreign") if has_rows else ("own",):
            answers = (self.status(address, view, role, m, whose) for m in methods)
            said[" ".join(map(str, answers))] = whose
        return " / ".join(said)


@pytest.fixture
def doorkeeper(media, settings):
    # On a slow machine the walk takes longer than a sign-in counts for what is grave.
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 60 * 60
    with time_machine.travel(DAY):
        yield Doorkeeper()


def test_every_address_has_a_line():
    missing, gone = doors().keys() - read().keys(), read().keys() - doors().keys()
    assert not missing, (
        f"No line in {FILE.name} says who may open {sorted(missing)}: run `make authorisation`, read the "
        "difference and commit it."
    )
    assert not gone, f"{FILE.name} has lines of no page: {sorted(gone)}; run `make authorisation`."


def test_rows_are_opened_by_whom_their_line_names(doorkeeper):
    """The part of the table that scope decides, for each run of the tests: who opens which row."""
    views, said, answers = doors(), {}, {}
    for address, cells in read().items():
        if address.endswith(("/change/", "teacher/add/")) or address.startswith("ogretmen/kurs/"):
            for role in (Role.OFFICER, Role.TEACHER, Role.AUDITOR):
                gets = (both.split()[0] for both in cells[role].split(" / "))
                said[address, role] = " / ".join(dict.fromkeys(gets))
                answers[address, role] = doorkeeper.cell(address, views[address], role, ["GET"])
    assert answers == said


@pytest.mark.audit
def test_every_address_answers_as_its_line_says(doorkeeper):
    table = {
        address: {role: doorkeeper.cell(address, view, role) for role in ROLES}
        for address, view in doors().items()
    }
    if os.environ.get("AUTHORISATION") == "write":
        write(table)
    assert table == read()
