"""Fixtures and rules for every test."""

import gc
from functools import cache
from hashlib import sha256
from importlib import import_module

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState
from django.test import TransactionTestCase
from simple_history.manager import HistoryManager

from izmek.acts import prepared
from izmek.papers import compiling
from tests.chromium import ARGUMENTS, chromium

# The kinds whose tests ask both databases; `text` sorts and searches.
ACTS = {"acts", "queries", "services", "sheets", "text"}


# A slow machine is no fault: speed is measured by `make bench` alone.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_configure(config):
    """Hash passwords quickly, and look whether a statement that is kept holds the moment.

    The slowness of a hash that protects people would protect nobody here.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    prepared.looks_twice = True


def pytest_ignore_collect(collection_path):
    """On PostgreSQL a file of whose tests none belongs there is not even read: most of them."""
    if connection.vendor != "postgresql" or not collection_path.match("test_*.py"):
        return None
    if {"races", "faults", "browser", *ACTS} & {*collection_path.parts}:
        return None
    text = collection_path.read_text()
    return None if "mark.both" in text or "mark.postgres" in text else True


def pytest_collection_modifyitems(config, items):
    """Each test where it can tell something; `python -m tests` runs both databases and says so.

    Races need PostgreSQL. What acts or asks is tested on both, pages on SQLite: on PostgreSQL the
    audit opens all of them.
    """
    on_postgresql = connection.vendor == "postgresql"

    def belongs_here(item):
        marked, folders = (
            item.get_closest_marker,
            {*item.path.relative_to(item.config.rootpath).parts},
        )
        if not on_postgresql:
            return not marked("postgres")
        if marked("postgres") or "browser" in folders:
            return True
        both = ACTS & folders or marked("both")
        return both and _asks_database(item) and not marked("sqlite")

    left_out = [item for item in items if not belongs_here(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if belongs_here(item)]


def pytest_collection_finish():
    """Look for garbage seldom, and not among what is imported: a tenth of the time went there."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _asks_database(item):
    wants = item.get_closest_marker("django_db") or {"db", "transactional_db"} & {
        *item.fixturenames
    }
    return bool(wants) or issubclass(item.cls or object, TransactionTestCase)


@pytest.fixture(scope="session")
def django_db_use_migrations(django_db_use_migrations):
    """Walk through the migrations on PostgreSQL, where towns run; SQLite's tables are made at once.

    Each step lets Django make all models anew: together as long as a hundred tests, at each start. The
    browser's server walks through them on SQLite, and `make lint` says that they lead to the models.
    """
    return django_db_use_migrations and connection.vendor == "postgresql"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_use_migrations, django_db_blocker):
    """Where no migration was run: the rows that one writes, and the note that all of them were."""
    if django_db_use_migrations:
        return
    settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        state = ProjectState()  # models as a migration has them: no history, no signals
        state.add_model(ModelState.from_model(apps.get_model("exhibitions", "Technique")))
        import_module("exhibitions.migrations.0002_techniques").write(state.apps, None)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in sorted(MigrationLoader(connection).disk_migrations):
            recorder.record_applied(app, name)


# What migrations and `migrate` itself wrote, and no test takes away.
WRITTEN_ONCE = {"Technique", "Upkeep", "ContentType", "Permission", "Group", "Group_permissions"}


@pytest.fixture(scope="session", autouse=True)
def emptied_after_real_transactions():
    """A test of real transactions is taken back by emptying the tables that tests fill.

    Django would empty all of them, what the migrations wrote included, and write roles and permissions
    anew: seconds instead of a few hundredths.
    """
    take_back = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _test: empty_tables()
    yield
    TransactionTestCase._fixture_teardown = take_back


def empty_tables():
    from izmek.acts.append_only import opened

    name = connection.settings_dict["NAME"]
    assert "test_" in name or "memory" in name
    with opened("destroy"), connection.cursor() as cursor:  # the access log refuses it otherwise
        # In whatever order: foreign keys are looked at when the transaction ends.
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and model.__name__ not in WRITTEN_ONCE:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608


@pytest.fixture(scope="session", autouse=True)
def encoded_once():
    """The same picture is encoded once: most photos of tests are alike, and an AVIF takes long."""
    from izmek.media import photos

    made, encode = {}, photos._rendition

    def rendition(name, image, options):
        about = repr((name, image.mode, image.size, image.info, options)).encode()
        key = sha256(about + image.tobytes()).digest()
        if key not in made:
            made[key] = encode(name, image, options)
        return made[key]

    photos._rendition = rendition
    yield
    photos._rendition = encode


@pytest.fixture(scope="session", autouse=True)
def history_has_one_manager():
    """simple_history makes the class of its manager anew whenever a history is touched: at each save."""
    HistoryManager.from_queryset = cache(HistoryManager.from_queryset)
    yield
    del HistoryManager.from_queryset  # that of all managers again


IN_ITS_OWN_PROCESS = compiling._asked


@pytest.fixture(scope="session", autouse=True)
def typst_stays():
    """Papers are made in this process, which keeps the fonts and what was laid out for the next one."""

    def asked(method, sources, **options):
        try:
            return compiling.make(method, sources, options)
        except Exception as error:
            raise compiling.PaperError(str(error)) from None

    compiling._asked = asked
    yield
    compiling._asked = IN_ITS_OWN_PROCESS


@pytest.fixture
def typst_ends(monkeypatch):
    """Each paper in a process of its own, as on the site."""
    monkeypatch.setattr(compiling, "_asked", IN_ITS_OWN_PROCESS)


@pytest.fixture(autouse=True)
def empty_cache():
    """Limits and counts of one test never reach the next."""
    from django.core.cache import cache

    from izmek.public import areas
    from izmek.public import cache as kept

    cache.clear()
    areas.forget()  # a database that is rolled back gives the same ids again
    kept.forget()


@pytest.fixture(autouse=True)
def letters_at_once(monkeypatch):
    """A test's rows are seen by its own connection alone, so no thread sends its letters."""
    from izmek.acts.letters import sending

    for outbox in sending.outboxes.values():
        monkeypatch.setattr(outbox, "put", lambda pk: sending.send_all([pk]))


@pytest.fixture
def media(settings, tmp_path):
    """A media folder of the test's own; its path."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "izmek.media.room.DiskStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
    }
    return tmp_path / "media"


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Debian's Chromium instead of a browser of Playwright's own."""
    return {"executable_path": chromium(), "args": ARGUMENTS}


@pytest.fixture
def json_log(caplog):
    """What the log says as JSON; its handler is one for all tests and must be given back as it was."""
    from izmek.watching.log_lines import JsonFormatter

    before = caplog.handler.formatter
    caplog.handler.setFormatter(JsonFormatter())
    yield caplog
    caplog.handler.setFormatter(before)
