"""What has to hold on a server that serves: one list of checks, and three faces of it.

`/hazir/` (izmek/site/views/operation.py) asks those that are `ready`, for monitoring; the page of the
status (izmek/site/status.py) asks all of them, for managers; `doctor` too, and the data and files besides.
Each check asks few and cheap questions, whatever the tables hold.

`check`: what a check is, and what it finds. The others hold the checks: `database`, `cache`, `storage`
(files and the room for them), `work` (tasks, letters, what the clock runs), `host`, `backup`.
"""

from izmek.acts import follower
from izmek.site.checks.backup import BACKUP
from izmek.site.checks.cache import CACHE
from izmek.site.checks.check import Check, Finding, Grade
from izmek.site.checks.database import DATABASE, FOLLOWER, MIGRATIONS
from izmek.site.checks.host import CERTIFICATE, IN_SERVICE, RELEASE, days_of_certificate
from izmek.site.checks.storage import ROOM, STORAGE
from izmek.site.checks.work import CLOCK, LETTERS, TASKS, WORKERS

# The order matters: what comes later asks what comes first.
CHECKS = (
    DATABASE,
    MIGRATIONS,
    *([FOLLOWER] if follower.is_set_up() else []),
    STORAGE,
    CACHE,
    WORKERS,
    TASKS,
    LETTERS,
    ROOM,
    IN_SERVICE,
    CERTIFICATE,
    BACKUP,
    CLOCK,
    RELEASE,
)
