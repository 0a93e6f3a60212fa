"""The dump of a database: written, tried out, loaded; its *facts*, count and hash of each table.

PostgreSQL by pg_dump and pg_restore, SQLite by its own copying page by page. All in bounded memory.
"""

import os
import secrets
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from hashlib import sha256

from django.db import connection
from psycopg2.extensions import make_dsn

from izmek.acts.refusal import Refusal

SAME_WRITING = "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; \
SET extra_float_digits = 1; SET bytea_output = 'hex'; SET statement_timeout = 0"
OWN = (
    "pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid \
AND d.deptype = 'e')"
)
SECRETS = ("password", "sslpassword")
# Of what the program made; extensions stay, as the dump asks for them only if they are missing.
EMPTY = f"""
DO $$ DECLARE one record; BEGIN
FOR one IN SELECT oid::regclass AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition LOOP
    EXECUTE 'DROP TABLE ' || one.name || ' CASCADE'; END LOOP;
FOR one IN SELECT oid::regclass AS name FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' LOOP
    EXECUTE 'DROP SEQUENCE ' || one.name || ' CASCADE'; END LOOP;
FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE {OWN} LOOP
    EXECUTE 'DROP ROUTINE ' || one.name || ' CASCADE'; END LOOP;
END $$;
"""


def database():
    """The one that the settings name."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


class SeenRows:
    """A file that keeps of what is written only its hash and how many lines it had."""

    def __init__(self):
        self.hash, self.rows = sha256(), 0

    def write(self, content):
        self.hash.update(content)
        self.rows += content.count(b"\n")

    def told(self):
        return {"rows": self.rows, "sha256": self.hash.hexdigest()}


class PostgreSQL:
    vendor = "postgresql"

    def __init__(self):
        self.parameters = connection.get_connection_params()

    @contextmanager
    def _connected(self, **other):
        with closing(connection.Database.connect(**{**self.parameters, **other})) as own:
            yield own

    def _run(self, program, *arguments):
        """Run one of PostgreSQL's programs; what it says when it fails is the Refusal."""
        done = subprocess.run(
            [program, *arguments],
            env=self._environment(),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refusal(f"{program}: {done.stderr.strip()[-500:]}", code="database")

    def _environment(self):
        """With the password, which no list of processes shows."""
        password = self.parameters.get("password")
        return {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}

    def _named(self, **other):
        """The option that names the database, and how it is reached, to PostgreSQL's programs.

        In one piece, as the driver has it: so it counts before what a service says, as there.
        """
        parameters = {**self.parameters, **other}
        told = {
            key: value
            for key, value in parameters.items()
            if key not in SECRETS and isinstance(value, (str, int))
        }
        return f"--dbname={make_dsn(**told)}"

    def dump(self, path):
        """Write the dump; returns the facts of the same moment."""
        with self._connected() as own:
            own.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with own.cursor() as cursor:
                cursor.execute(SAME_WRITING)
                cursor.execute("SELECT pg_export_snapshot()")
                (snapshot,) = cursor.fetchone()
                options = ["--format=custom", "--no-owner", f"--snapshot={snapshot}"]
                self._run("pg_dump", *options, self._named(), f"--file={path}")
                return _facts(cursor)

    def try_out(self, path):
        """The facts of a scratch database that is made of the dump, and dropped again."""
        name = f"izmek_trial_{secrets.token_hex(4)}"
        with self._connected() as own:
            own.autocommit = True
            with own.cursor() as cursor:
                cursor.execute(
                    "SELECT datcollate, datctype, pg_encoding_to_char(encoding) FROM pg_database"
                    " WHERE datname = current_database()"
                )
                collate, ctype, encoding = cursor.fetchone()
                try:
                    cursor.execute(
                        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s",
                        [encoding, collate, ctype],
                    )
                except connection.Database.errors.InsufficientPrivilege:
                    raise Refusal(
                        "The role may not make the database in which the backup is tried out: "
                        "ALTER ROLE … CREATEDB.",
                        code="createdb",
                    ) from None
                try:
                    options = ["--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"]
                    self._run("pg_restore", *options, self._named(dbname=name), str(path))
                    return self.facts(dbname=name)
                finally:
                    cursor.execute(f"DROP DATABASE {name}")

    def facts(self, **other):
        with self._connected(**other) as own, own.cursor() as cursor:
            cursor.execute(SAME_WRITING)
            return _facts(cursor)

    def is_empty(self):
        return not self.facts()

    def load(self, path):
        """Put the dump into the place of all that is there: all of it, or nothing has changed."""
        connection.close()
        script = [
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            "-f",
            "-",
            str(path),
        ]
        with subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as restore:
            options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
            # The last word says that the script came to its end; without it all is taken back.
            with subprocess.Popen(
                ["psql", *options, self._named(), "--output=/dev/null", "--file=-"],
                stdin=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment(),
            ) as psql:
                try:
                    psql.stdin.write(EMPTY.encode())
                    while part := restore.stdout.read(1 << 16):
                        psql.stdin.write(part)
                    if restore.wait():
                        psql.stdin.write(b"\nSELECT broken_off;\n")
                    psql.stdin.close()
                except BrokenPipeError:
                    restore.kill()
                said = psql.stderr.read().decode(errors="replace")
        if psql.returncode or restore.returncode:
            said = said or restore.stderr.read().decode(errors="replace")
            raise Refusal(f"The database is as it was: {said.strip()[-500:]}", code="database")


def _facts(cursor):
    """{table: count and hash of its rows, in the order of their key}."""
    cursor.execute(
        """SELECT c.oid::regclass::text, string_agg(quote_ident(a.attname)
            || CASE WHEN a.attcollation = 0 THEN '' ELSE ' COLLATE "C"' END, ', '
            ORDER BY array_position(i.indkey::int2[], a.attnum))
        FROM pg_class c
        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        GROUP BY c.oid ORDER BY c.oid::regclass::text COLLATE "C" """
    )
    found = {}
    for table, key in cursor.fetchall():
        seen = SeenRows()
        order = key or "one::text"
        cursor.copy_expert(f"COPY (SELECT * FROM {table} AS one ORDER BY {order}) TO STDOUT", seen)
        found[table] = seen.told()
    return found


class SQLite:
    vendor = "sqlite"

    def __init__(self):
        self.path = connection.settings_dict["NAME"]

    def dump(self, path):
        with (
            closing(sqlite3.connect(self.path, isolation_level=None, timeout=60)) as own,
            closing(sqlite3.connect(path)) as copy,
        ):
            own.execute("BEGIN")  # what is read first fixes the moment, for the copy as well
            found = self._facts(own)
            own.backup(copy)
            return found

    def try_out(self, path):
        with closing(sqlite3.connect(path)) as copy:
            return self._facts(copy)

    def facts(self):
        with closing(sqlite3.connect(self.path, timeout=60)) as own:
            return self._facts(own)

    def is_empty(self):
        return not self.facts()

    def load(self, path):
        connection.close()
        with (
            closing(sqlite3.connect(path)) as copy,
            closing(sqlite3.connect(self.path, timeout=60)) as own,
        ):
            copy.backup(own)

    @staticmethod
    def _facts(own):
        tables = own.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            " ORDER BY name"
        )
        found = {}
        for (table,) in tables.fetchall():
            seen = SeenRows()
            for row in own.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):
                seen.write(repr(row).encode() + b"\n")
            found[table] = seen.told()
        return found
