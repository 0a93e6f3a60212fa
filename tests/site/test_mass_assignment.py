"""A form writes what it shows and nothing else, whatever more is sent: every form of every page.

A page is opened, its forms are filled in and sent twice, once as a browser sends them and once with every
name that a column of ours has, with values of a row elsewhere, of a higher role or of another state. Both
times the same rows have to be written. What was sent is taken back each time.
"""

import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from izmek.accounts.roles import Role
from tests.addresses import STRANGER, Town, addresses
from tests.forms import forms_on

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 3, 10, 7, tzinfo=UTC)
OURS = ("courses", "trainees", "exhibitions", "izmek")
# What is written about an act rather than by it, or by chance.
NOT_COMPARED = {"sessions.session", "izmek.publicchange", "izmek.accesslog", "admin.logentry"}
NOT_COMPARED |= {"django_tasks_database.dbtaskresult", "izmek.seal"}
BY_CHANCE = {"id", "reference", "code", "hash", "text", "content", "history_id", "next_try_at"}
BY_CHANCE |= {"slug", "file", "key", "token", "folder", "updated_at"}
MOST_FIELDS = 900  # Django takes a thousand
MORE = {  # beside the columns: what other programs call them
    **{"pk": "1", "owner": "1", "owner_id": "1", "by": "1", "by_id": "1", "is_admin": "on"},
    **{"role": "yonetici", "roles": "yonetici", "groups": "1", "user_permissions": "1"},
    **{"trainee": "1", "created_at": "01.02.2003", "version": "7", "identity_hash": "sahte"},
}


def told(value):
    """A value to compare: of a moment its day, as the database has a clock of its own; no secret."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return re.sub(r"gAAAA[\w=-]+|^![A-Za-z0-9]{40}$", "…", str(value))


class Walker:
    """A town, and a browser for each role that sends forms and reads what they wrote."""

    def __init__(self, clock):
        self.clock, self.town, self.seen = clock, Town(), set()
        self.sent = Counter()
        self.models = [
            model
            for model in apps.get_models()
            if model._meta.label_lower not in NOT_COMPARED
            and not model._meta.model_name.startswith("historical")
        ]
        self.forged = self._forged() | MORE

    def _forged(self):
        """{name of a column, with and without _id: a value that nobody should be able to give it}."""
        foreign, found = self.town.places["foreign"], {}
        for model in apps.get_models():
            if model._meta.app_label not in OURS or model._meta.model_name.startswith("historical"):
                continue
            for field in (*model._meta.fields, *model._meta.many_to_many):
                kind = field.get_internal_type()
                if field.is_relation:
                    label = field.related_model._meta.label_lower
                    row = foreign.rows.get(label) or self.town.users[Role.MANAGER]
                    value = str(row.pk)
                    found[field.name + "_id"] = value
                elif field.choices:
                    value = str(field.choices[-1][0])
                elif kind == "BooleanField":
                    value = "on"
                elif kind in ("DateField", "DateTimeField"):
                    value = "01.02.2003"
                else:
                    value = "7" if "Integer" in kind or "Decimal" in kind else "sahte"
                found.setdefault(field.name, value)
        return found

    def rows(self):
        """Everything in the database: {(table, key): its columns}."""
        return {
            (model._meta.label_lower, row[model._meta.pk.attname]): row
            for model in self.models
            for row in model._base_manager.values()
        }

    def written(self, client, address, data):
        """The status of a form that is sent, and what it wrote."""
        cache.clear()
        with transaction.atomic():
            answer = client.post(address, data)
            if answer.streaming:
                answer.getvalue()
            after = self.rows()
            transaction.set_rollback(True)
        changed = Counter(key for key in self.before if key not in after)
        for key, row in after.items():
            old = self.before.get(key)
            changed.update(
                (key[0], key[1] if old else "new", name, told(value))
                for name, value in row.items()
                if (name not in BY_CHANCE if old is None else old[name] != value)
                and name not in ("updated_at", "last_login")
            )
        return answer.status_code, changed

    def walk(self, role, doors, whose="own"):
        """What forms of these pages wrote that they do not show: [(page, form, difference)]."""
        client = Client(raise_request_exception=False)
        if self.town.users[role]:
            client.force_login(self.town.users[role])
        self.before, found = self.rows(), []
        for pattern, view in doors:
            address = self.town.fill(pattern, view, role, whose)
            with transaction.atomic():
                page = client.get(address)
                text = page.getvalue().decode(errors="ignore")
                transaction.set_rollback(True)
            if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
                continue
            self.clock.shift(5)  # nobody fills a form in at once
            names = set(re.findall(r'name="([^"]+)"', text))
            for form in forms_on(text):
                found += self.tried(client, urljoin(address, form.action), form, names)
        return found

    def tried(self, client, address, form, names):
        try:
            route = resolve(urlsplit(address).path).route
        except Resolver404:
            return
        if "logout" in route:
            return
        for button in form.buttons or [None]:
            shape = frozenset(re.sub(r"\d+", "0", name) for name in form.fields)
            if (route, shape, button and button[0]) in self.seen:
                continue
            self.seen.add((route, shape, button and button[0]))
            honest = form.fields | ({button[0]: [button[1]]} if button else {})
            _status, wrote = self.written(client, address, honest)
            more = {name: value for name, value in self.more(form).items() if name not in names}
            _status, forged = self.written(client, address, more | honest)
            self.sent["wrote" if wrote else "wrote nothing"] += 1
            if forged != wrote:
                yield address, button, (forged - wrote) + (wrote - forged)

    def more(self, form):
        """The forged fields, alone and behind the prefix of each row of an inline."""
        found = dict(self.forged)
        prefixes = {name.rpartition("-")[0] for name in form.fields if re.search(r"-\d+-", name)}
        for prefix in sorted(prefixes):
            found |= {f"{prefix}-{name}": value for name, value in self.forged.items()}
        room = MOST_FIELDS - sum(map(len, form.fields.values()))
        return dict(list(found.items())[: max(room, 0)])


@pytest.fixture
def walker(media):
    with time_machine.travel(DAY, tick=False) as clock:
        yield Walker(clock)


def doors(*beginnings, besides=()):
    return [
        door
        for door in sorted(addresses(), key=lambda one: one[0])
        if door[0].startswith(beginnings) and not door[0].startswith(tuple(besides) or "#")
    ]


CLOSED = ("yonetim/", "ogretmen/", "hesap/")


def test_a_form_for_everybody_writes_what_it_shows(walker):
    assert walker.walk(STRANGER, doors("", besides=CLOSED)) == []
    assert walker.sent["wrote"] >= 4


def test_a_form_of_a_teacher_writes_what_it_shows(walker):
    assert walker.walk(Role.TEACHER, doors("ogretmen/")) == []
    assert walker.sent["wrote"] >= 6


@pytest.mark.audit
@pytest.mark.parametrize("role", [Role.MANAGER, Role.OFFICER, Role.CURATOR])
def test_a_form_of_the_admin_writes_what_it_shows(walker, role):
    assert walker.walk(role, doors("yonetim/", "hesap/")) == []
    assert walker.sent["wrote"] >= 40
