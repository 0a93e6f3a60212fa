"""The database of a race: real transactions in several threads."""

import pytest
from django.apps import apps
from django.db import connection

from izmek.acts.append_only import opened

OF_USERS = ("account", "mfa", "usersessions", "sessions")


@pytest.fixture
def _django_db_helper(django_db_setup, django_db_blocker):
    """In place of pytest-django's: let a test commit; afterwards empty what the factories fill.

    `transaction=True` alone would flush every table, what the migrations wrote included, and write
    all roles and permissions anew, after each test: seconds instead of a few hundredths.
    """
    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_")
        yield
        tables = [
            connection.ops.quote_name(model._meta.db_table)
            for app in ("izmek", "courses", "trainees", "exhibitions", *OF_USERS)
            for model in apps.get_app_config(app).get_models(include_auto_created=True)
            if model.__name__ not in ("Technique", "Upkeep")  # migrations wrote them
        ]
        with opened("destroy"), connection.cursor() as cursor:
            # In whatever order: foreign keys are looked at when the transaction ends.
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))  # noqa: S608
        connection.close()
