"""Fixtures and rules for every test."""

import shutil

import pytest
from django.db import connection


def pytest_configure(config):
    """Hash passwords quickly: the slowness that protects people would protect nobody here."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(config, items):
    """Tests of races need PostgreSQL: on SQLite they are left out, `python -m tests` says when."""
    if connection.vendor == "postgresql":
        return
    left_out = [item for item in items if item.get_closest_marker("postgres")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def empty_cache():
    """Limits and counts of one test never reach the next."""
    from django.core.cache import cache

    cache.clear()


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
    return {
        "executable_path": shutil.which("chromium") or shutil.which("google-chrome"),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }
