"""Whatever is asked, nobody is shown a row that they do not see: lists, choices, files, versions.

Every text of every row that a role does not see is the same odd word. Then the role opens and asks
everything that can be asked, with keys of these rows, and the word must come nowhere. authorisation.txt
says which status each address gives; this reads what stands on the pages.
"""

import io
import json
import re
import zipfile

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.test import Client, RequestFactory
from pypdf import PdfReader

from izmek.accounts.roles import Role
from izmek.models import AccessLog
from tests.addresses import Town, addresses, registered
from tests.site.test_attacks import texts_of
from tests.site.test_authorisation import choices

pytestmark = pytest.mark.django_db

WORD = "Zülbiye"  # nobody and nothing else is called so
ASKED = "zulbiye"  # finds it, and a page that repeats what was asked does not bear it
# A curator reads the names of makers and teachers beside all works, without seeing these people.
PARTS = {Role.OFFICER: "yonetim/", Role.TEACHER: "ogretmen/"}


class Outsider:
    """Somebody of a role in a town, where all that they do not see bears the word."""

    def __init__(self, role):
        self.role, self.town = role, Town()
        for model in registered():
            for place in self.town.places.values():
                place.row(model)
        self.user = self.town.users[role]
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.user)
        self.hidden = {}  # {table: rows that they do not see}
        for whose in ("foreign", "hidden"):
            for row in self.town.places[whose].rows.values():
                if not self.sees(row):
                    self.hidden.setdefault(row._meta.label_lower, []).append(row)
        for rows in self.hidden.values():
            for row in rows:
                self.mark(row)

    def sees(self, row):
        model = type(row)
        rows = model._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(self.user)
        else:
            request = RequestFactory().get("/")
            request.user = self.user
            model_admin = admin.site.get_model_admin(model)
            if not model_admin.has_view_permission(request):
                return False
            rows = model_admin.get_queryset(request)
        return rows.filter(pk=row.pk).exists()

    def mark(self, row):
        """As a form would write it: with search keys and a version in the history."""
        if type(row) is AccessLog:  # it only grows
            return
        row = type(row)._base_manager.get(pk=row.pk)
        for field in texts_of(type(row)):
            if not field.max_length or field.max_length >= len(WORD):
                setattr(row, field.attname, WORD)
        try:
            with transaction.atomic():
                row.save()
        except TypeError:  # what only grows
            columns = {field.attname: getattr(row, field.attname) for field in texts_of(type(row))}
            type(row)._base_manager.filter(pk=row.pk).update(**columns)

    def told(self, address, data=None):
        """What is wrong with an answer: its error, or the word in it."""
        cache.clear()
        with transaction.atomic():
            get, post = self.client.get, self.client.post
            answer = get(address) if data is None else post(address, data)
            body = answer.getvalue()
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            return f"{answer.status_code} {address}"
        before, found, _after = text_of(body, answer.get("Content-Type", "")).partition(WORD)
        return found and f"told by {address}: {before[-300:]}{found}"

    def asked(self, questions):
        return [said for one in questions if (said := self.told(*one))]


def text_of(body, kind):
    if "openxmlformats" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if "xml" in name)
    if kind.startswith("application/pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if "json" in kind:
        return json.dumps(json.loads(body), ensure_ascii=False)
    return body.decode(errors="replace") if kind.startswith("text/") else ""


@pytest.fixture(params=PARTS)
def outsider(request, media):
    made = Outsider(request.param)
    assert len(made.hidden) > 5
    return made


def lists(outsider):
    """(address of a list that they open, its model, its admin)"""
    for model in registered():
        opts = model._meta
        address = f"/yonetim/{opts.app_label}/{opts.model_name}/"
        if outsider.client.get(address).status_code == 200:
            yield address, model, admin.site._registry[model]


def filters(outsider):
    """Each list, asked for foreign rows by whatever leads from it to another table."""
    keys = {label: rows[0].pk for label, rows in outsider.hidden.items()}
    for address, model, model_admin in lists(outsider):
        yield (f"{address}?_popup=1&_to_field=phone",)
        yield (f"{address}?all=&year=all",)
        yield address, {"q": ASKED}
        yield (f"{address}?q={ASKED}&year=all",)
        for field in model._meta.get_fields():
            related = field.related_model and field.related_model._meta.label_lower
            name = field.name if field.concrete else getattr(field, "field", field).name
            if related in keys:
                for lookup in (name, f"{name}__id__exact"):
                    yield (f"{address}?{lookup}={keys[related]}&year=all",)
        for one in model_admin.list_filter:
            name = getattr(one, "parameter_name", None)
            if name:
                for key in sorted({*map(str, keys.values())})[:3]:
                    yield (f"{address}?{name}={key}",)
        for column in range(len(model_admin.list_display) + 2):
            yield (f"{address}?o=-{column}.1&year=all",)


@pytest.mark.audit
def test_no_list_tells_of_a_foreign_row_whatever_is_asked(outsider):
    assert outsider.asked(filters(outsider)) == []


def questions_of_choices(history):
    for address, _view in choices():
        if ("historical" in address) == history:
            for term in ("", ASKED):
                yield ("/" + re.sub("term=a$", f"term={term}", address),)
            yield ("/" + address + "&_to_field=phone",)


def test_no_choice_offers_an_officer_a_foreign_row(media):
    assert Outsider(Role.OFFICER).asked(questions_of_choices(history=False)) == []


@pytest.mark.audit
def test_no_choice_of_an_earlier_state_offers_a_foreign_row(outsider):
    assert outsider.asked(questions_of_choices(history=True)) == []


@pytest.mark.audit
def test_no_action_on_a_list_touches_or_tells_of_a_foreign_row(outsider):
    def questions():
        for address, model, model_admin in lists(outsider):
            rows = outsider.hidden.get(model._meta.label_lower, [])
            request = RequestFactory().get("/")
            request.user = outsider.user
            for action in (*dict(model_admin.get_actions(request)), "delete_selected"):
                sent = {"action": action, "_selected_action": [row.pk for row in rows]}
                yield address, sent
                yield address, sent | {"post": "yes", "confirm": "1", "select_across": "1"}

    before = states(outsider)
    assert outsider.asked(questions()) == []
    assert states(outsider) == before


def states(outsider):
    return {
        (label, row.pk): type(row)._base_manager.filter(pk=row.pk).values().first()
        for label, rows in outsider.hidden.items()
        for row in rows
    }


@pytest.mark.audit
def test_no_file_of_a_list_holds_a_foreign_row(outsider):
    def questions():
        for address, model, _admin in lists(outsider):
            page = outsider.client.get(f"{address}export/")
            columns = re.findall(r'name="columns" value="([^"]+)"', page.getvalue().decode())
            rows = outsider.hidden.get(model._meta.label_lower, [])
            key = rows[0].pk if rows else 1
            for form in ("xlsx", "csv"):
                sent = {"columns": columns, "form": form, "reason": "Sınama"}
                for asked in ("", "year=all", f"id={key}", f"id__in={key}", f"pk={key}"):
                    yield f"{address}export/?{asked}", sent
                yield f"{address}export/?q={ASKED}", sent

    assert outsider.asked(questions()) == []


@pytest.mark.audit
def test_no_page_and_no_paper_tells_of_a_foreign_row(outsider):
    """Every address of the role's part, its own rows and foreign ones: histories, versions, acts, desks."""

    def questions():
        for pattern, view in sorted(addresses(), key=lambda door: door[0]):
            if pattern.startswith(PARTS[outsider.role]) and "logout" not in pattern:
                for whose in ("own", "foreign"):
                    address = outsider.town.fill(pattern, view, outsider.role, whose)
                    yield (address,)
                    yield (f"{address}?_popup=1&_to_field=id",)
                yield address, {}  # of the foreign row

    assert outsider.asked(questions()) == []
