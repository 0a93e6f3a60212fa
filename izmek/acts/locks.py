"""Read a row again and lock it; lock what has no row yet."""

from hashlib import sha256

from django.db import connection


def lock(row):
    """The row with its current values, locked until the end of the transaction."""
    return type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)


def lock_words(*words):
    """Lock what words tell, until the end of the transaction: whoever locks the same ones waits.

    SQLite lets one transaction write at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    keys = {int.from_bytes(sha256(one.encode()).digest()[:8], signed=True) for one in words}
    with connection.cursor() as cursor:
        for key in sorted(keys):  # in one order, so that two never wait for each other
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
