"""The database, the one that follows it, and its tables."""

import logging
from functools import cache

from django.db import Error, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.acts import follower, silence
from izmek.public.areas import EVERYTHING, is_shown_by, standing
from izmek.site.checks.check import Check, Finding, Grade

FAR_BEHIND = 64 * 2**20  # bytes: some minutes of a busy town

log = logging.getLogger(__name__)


def _database():
    """On the connection that is there: strangers may ask. One that is frozen is given up soon."""
    with silence.in_a_hurry(1), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ()


DATABASE = Check(
    gettext_lazy("database"),
    "The database answers",
    _database,
    gettext_lazy(
        "Everything is kept here. Without it no page opens; what was acknowledged is not lost. "
        "Call whoever looks after the server at once."
    ),
    ready=True,
    needed=True,
)


def _migrations():
    if missing := _not_applied():
        _not_applied.cache_clear()  # ask again next time: they may be running
        named = ", ".join(map(str, missing))
        said = _("not all were run: manage.py migrate")
        yield Finding(said, f"not applied: {named}", Grade.BROKEN)


@cache
def _not_applied():
    """The migrations of this code that the database lacks; kept only when there are none."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, _backwards in plan]


MIGRATIONS = Check(
    gettext_lazy("migrations"),
    "Migrations are applied",
    _migrations,
    gettext_lazy(
        "The tables have to fit the program. If they do not, an upgrade has stopped half way: "
        "call whoever looks after the server."
    ),
    ready=True,
    needed=True,
)


def _follower():
    """Pages are read from the first without it."""
    try:
        known, missing = standing(EVERYTHING), follower.behind()
        shows_it = missing != 0 or is_shown_by(EVERYTHING, connections[follower.ALIAS])
        is_other = not shows_it and standing(EVERYTHING) == known  # else it has just changed
    except Error as error:
        log.error("The follower does not answer: %s", type(error).__name__)
        said = _("does not answer; the log tells why")
        yield Finding(said, f"{type(error).__name__}; see DATABASE_FOLLOWER_URL")
        return
    if missing is None:
        yield Finding(_("it follows nobody"), "see DATABASE_FOLLOWER_URL")
    elif is_other:
        yield Finding(_("it follows another than the first"), "see DATABASE_FOLLOWER_URL")
    else:
        said = _("it is %(kb)d KB behind the first") % {"kb": missing // 1024}
        yield Finding(said, "", Grade.LOOK if missing > FAR_BEHIND else Grade.FINE)


FOLLOWER = Check(
    gettext_lazy("second database"),
    "The second database follows the first",
    _follower,
    gettext_lazy(
        "It holds the same as the first, and public pages are read from it. Without it they are read "
        "from the first; tell whoever looks after the server in the course of the day."
    ),
)
