"""The check that the release before survives each migration."""

import pytest
from django.core.management import CommandError
from django.db.migrations.loader import MigrationLoader

from tests import migrations
from tests.postgresql import programs

pytestmark = pytest.mark.skipif(not programs(), reason="PostgreSQL is missing")


@pytest.fixture(autouse=True)
def reaches_postgresql(django_db_blocker):
    """The check has a server of its own."""
    with django_db_blocker.unblock():
        yield


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (("izmek", "0005_words_of_jobs"), "DROPPING columns"),
        (("exhibitions", "0006_requests_about_data"), "NOT NULL"),
        (("trainees", "0009_restricted_index"), "CREATE INDEX locks table"),
    ],
)
def test_what_stops_the_release_before_is_refused(name, said):
    with pytest.raises(CommandError, match=f"{' '.join(name)}: .*{said}"):
        migrations.check([name])


def test_what_only_adds_passes():
    migrations.check([("izmek", "0012_taskworker")])


def test_released_and_allowed_migrations_exist():
    there = MigrationLoader(None).disk_migrations
    assert set(migrations.RELEASED.items()) | set(migrations.ALLOWED) <= set(there)
    assert not set(migrations.RELEASED.items()) & set(migrations.unreleased())
