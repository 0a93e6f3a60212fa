"""The access log only grows, for the application and for whoever reaches the database by another way.

Triggers refuse to change or delete its rows but for two purposes, which `opened` names for as long as a
transaction lasts: "destroy" deletes rows, "forget" blanks what an entry says. They are set up after every
`migrate`, on both databases. On SQLite the purpose is asked of the program by a function, so that other
programs change nothing.
"""

from contextlib import contextmanager

from django.db import connections, transaction

TABLE = "izmek_accesslog"
# By operation: the only purpose for which it is let through.
PURPOSES = {"UPDATE": "forget", "DELETE": "destroy", "TRUNCATE": "destroy"}
# What the catalogue of PostgreSQL says of the triggers (TRIGGER_TYPE_… of its catalog/pg_trigger.h):
# before (2) each row (1), or before the statement, of UPDATE (16), DELETE (8) or TRUNCATE (32).
_TGTYPE = {"UPDATE": 2 | 1 | 16, "DELETE": 2 | 1 | 8, "TRUNCATE": 2 | 32}
# What "forget" may not touch.
FIXED = ["id", "at", "by_id", "action", "content_type_id", "object_id", "whose_type_id", "whose_id"]

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {TABLE}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    purpose text := coalesce(current_setting('izmek.access_log', true), '');
BEGIN
    IF TG_OP = 'UPDATE' AND purpose = 'forget' AND OLD.digest = '' AND length(NEW.digest) = 64
       AND ({", ".join(f"NEW.{name}" for name in FIXED)})
       IS NOT DISTINCT FROM ({", ".join(f"OLD.{name}" for name in FIXED)}) THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' AND purpose = 'destroy' THEN
        RETURN OLD;
    ELSIF TG_OP = 'TRUNCATE' AND purpose = 'destroy' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The access log only grows: % is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""


class AppendOnly(Exception):
    """Somebody tried to change or delete an entry of the access log."""

    def __init__(self):
        super().__init__("The access log only grows.")


@contextmanager
def opened(purpose, using="default"):
    """A transaction in which the triggers let one purpose through: "destroy" or "forget"."""
    connection = connections[using]
    with transaction.atomic(using):
        _set(connection, purpose)
        try:
            yield
        except BaseException:
            connection.access_log_opened = ""  # PostgreSQL forgets it with the rollback
            raise
        _set(connection, "")


def _set(connection, purpose):
    connection.access_log_opened = purpose
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('izmek.access_log', %s, true)", [purpose])


def register_purpose(sender, connection, **kwargs):
    """Receiver of `connection_created`: what SQLite's triggers ask."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "izmek_access_log_opened", 0, lambda: getattr(connection, "access_log_opened", "")
        )


def missing_triggers(using="default"):
    """The operations that no trigger refuses: it is not there, switched off, or another than ours."""
    connection = connections[using]
    there = _postgresql_has if connection.vendor == "postgresql" else _sqlite_has
    with connection.cursor() as cursor:
        return [one for one in _operations(connection) if not there(connection, cursor, one)]


def _postgresql_has(connection, cursor, operation):
    """Whether the trigger fires before each such statement, for everybody, and calls our function."""
    cursor.execute(
        "SELECT t.tgtype, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgrelid = to_regclass(%s) AND t.tgname = %s AND t.tgenabled IN ('O', 'A')"
        " AND t.tgqual IS NULL AND cardinality(t.tgattr::int2[]) = 0 AND p.proname = %s",
        [TABLE, _name(operation), f"{TABLE}_only_grows"],
    )
    return cursor.fetchone() == (_TGTYPE[operation], _FUNCTION.split("$$")[1])


def _sqlite_has(connection, cursor, operation):
    cursor.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name = %s",
        [TABLE, _name(operation)],
    )
    return cursor.fetchone() == (_trigger(connection, operation),)


def set_up(using="default"):
    """Create the triggers that are missing; nothing where the table is not there yet."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    missing = missing_triggers(using)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and missing:
            cursor.execute(_FUNCTION)
        for operation in missing:
            if connection.vendor == "sqlite":  # knows no OR REPLACE
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(operation)}")
            cursor.execute(_trigger(connection, operation))


def _operations(connection):
    """SQLite has no TRUNCATE."""
    return [one for one in PURPOSES if connection.vendor == "postgresql" or one != "TRUNCATE"]


def _name(operation):
    return f"{TABLE}_no_{operation.lower()}"


def _trigger(connection, operation):
    name = _name(operation)
    if connection.vendor == "postgresql":
        each = "STATEMENT" if operation == "TRUNCATE" else "ROW"
        return (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {operation} ON {TABLE}"
            f" FOR EACH {each} EXECUTE FUNCTION {TABLE}_only_grows()"
        )
    return (
        f"CREATE TRIGGER {name} BEFORE {operation} ON {TABLE}"
        f" WHEN izmek_access_log_opened() <> '{PURPOSES[operation]}'"
        " BEGIN SELECT RAISE(ABORT, 'The access log only grows.'); END"
    )
