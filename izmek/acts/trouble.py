"""What an error of the database means to whoever waits for a page."""

from enum import Enum, auto

from django.db import DatabaseError, InterfaceError, OperationalError

# A lock or a statement took too long, two acts waited for each other, or saw what the other changed:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
TOO_LONG = {"55P03", "57014", "40P01", "40001"}
# The beginnings of what a server says that goes or is not there yet: connection, operator, no more room.
GONE = ("08", "57P", "53")


class Trouble(Enum):
    BUSY = auto()  # the transaction was rolled back: nothing was saved
    AWAY = auto()  # nobody knows what became of the transaction


def trouble(error):
    """The Trouble that an exception tells of; None: it is a mistake of ours."""
    said = error.__cause__
    # Of a connection that broke psycopg2 raises now and then the class above these, without a code.
    broke = type(error) is DatabaseError and said and not getattr(said, "pgcode", None)
    if not (broke or isinstance(error, (OperationalError, InterfaceError))):
        return None
    if type(said).__module__ == "sqlite3":
        busy = getattr(said, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
        return Trouble.BUSY if busy else None
    code = getattr(said, "pgcode", None)
    if code in TOO_LONG:
        return Trouble.BUSY
    return Trouble.AWAY if code is None or code.startswith(GONE) else None
