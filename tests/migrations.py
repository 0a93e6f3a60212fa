"""What a migration may do while the release before it still serves, checked by `make lint`.

An upgrade migrates first and exchanges the processes afterwards, so for a while, and after an undo for
as long as it lasts, the code of before works on the new tables. docs/developing.md tells how a change is
parted into what is added and what is taken away a release later. django-migration-linter reads the
statements that PostgreSQL gets.
"""

import logging

from django.apps import apps
from django.core.management import CommandError
from django.db import connections

from tests.postgresql import postgresql

# The last migrations of the release that municipalities run: they have been applied, so nothing is said
# of them any more. Moved with each release.
RELEASED = {
    "courses": "0003_words_of_papers",
    "exhibitions": "0007_requests_of_guardians",
    "izmek": "0012_taskworker",
    "trainees": "0009_restricted_index",
}
# Newer ones that are refused and yet right: (app, migration) → why.
ALLOWED = {}

# Of these the linter only warns; at a million rows whoever writes waits a minute.
LOCKS = ("CREATE_INDEX", "DROP_INDEX", "REINDEX")
ADVICE = """
  NOT NULL: give the field a db_default, or null=True; the code of before writes no such column.
  INDEX locks table: AddIndexWhileServing (izmek/acts/indexes.py), in a migration with atomic = False.
  DROP, RENAME, ALTER, UNIQUE: part it into two releases, as docs/developing.md tells.
  What is right all the same stands in ALLOWED of tests/migrations.py, with why."""


def unreleased():
    """(app, name) of our migrations that no release has brought yet."""
    from django.db.migrations.loader import MigrationLoader

    ours = {app.label for app in apps.get_app_configs() if app.name.partition(".")[0] in RELEASED}
    on_disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(
        (app, name)
        for app, name in on_disk
        if app in ours and name > RELEASED.get(app, "") and (app, name) not in ALLOWED
    )


def check(names=None):
    """Raises CommandError with a line for each migration that the release before does not survive."""
    names = unreleased() if names is None else names
    if not names:
        return
    with postgresql() as url:
        if not url:
            print("PostgreSQL is missing, so the new migrations were not looked at")
            return
        found = _lint(names, url)
    if found:
        raise CommandError("\n".join([*found, ADVICE]))


def _lint(names, url):
    import environ
    from django_migration_linter import MigrationLinter

    logging.getLogger("django_migration_linter").setLevel(logging.WARNING)
    alias = "upgrades"
    server = environ.Env.db_url_config(url.replace("/izmek?", "/postgres?"))
    connections.databases[alias] = {**connections.databases["default"], "OPTIONS": {}, **server}
    try:
        linter = MigrationLinter(
            database=alias, no_cache=True, no_output=True, warnings_as_errors_tests=LOCKS
        )
        found = []
        linter.print_errors = lambda issues: found.extend(
            f"{app} {name}: {issue.message}" for issue in issues
        )
        for app, name in names:
            linter.lint_migration(linter.migration_loader.disk_migrations[app, name])
        return found
    finally:
        connections[alias].close()
        del connections[alias], connections.databases[alias]
