"""Fixtures and rules for every test."""

import gc

import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests.chromium import ARGUMENTS, chromium


def pytest_configure(config):
    """Hash passwords quickly: the slowness that protects people would protect nobody here."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(config, items):
    """Each test where it can tell something; `python -m tests` runs both databases and says so.

    Races need PostgreSQL. What asks no database says the same on either: SQLite's run has it.
    """
    on_postgresql = connection.vendor == "postgresql"

    def belongs_here(item):
        if on_postgresql:
            return _asks_database(item) and not item.get_closest_marker("sqlite")
        return not item.get_closest_marker("postgres")

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


@pytest.fixture(autouse=True)
def empty_cache():
    """Limits and counts of one test never reach the next."""
    from django.core.cache import cache

    from izmek.public import areas
    from izmek.public import cache as kept

    cache.clear()
    areas.forget()  # a database that is rolled back gives the same ids again
    kept.forget()


@pytest.fixture
def media(settings, tmp_path):
    """A media folder of the test's own; its path."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
    }
    return tmp_path / "media"


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Debian's Chromium instead of a browser of Playwright's own."""
    return {"executable_path": chromium(), "args": ARGUMENTS}
