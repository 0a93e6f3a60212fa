"""The backup: whether there is a good one, and how old it is."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.acts.queries import DUE
from izmek.models import Upkeep
from izmek.site.backup import making
from izmek.site.checks.check import Check, Finding, Grade


def _backup():
    last = making.last_good()
    if settings.BACKUP_RECIPIENT and last is None:
        yield Finding(_("there is none yet"), "`manage.py backup`", Grade.BROKEN)
    elif settings.BACKUP_RECIPIENT and last < datetime.now(UTC) - DUE["backup"]:
        grade = Grade.BROKEN if last < datetime.now(UTC) - 3 * DUE["backup"] else Grade.LOOK
        yield Finding(_("it is too old"), _("`manage.py backup` says why"), grade)
    if last:
        said = _("the last one that was tried out is of %(time)s")
        yield Finding(said % {"time": f"{localtime(last):%d.%m.%Y %H:%M}"}, grade=Grade.FINE)
    elif not settings.BACKUP_RECIPIENT:
        elsewhere = Upkeep.objects.filter(pk="backup").exclude(good_at=None).first()
        if elsewhere:
            time = f"{localtime(elsewhere.good_at):%d.%m.%Y %H:%M}"
            said = _("another server makes it, the last one on %(time)s") % {"time": time}
            yield Finding(said, grade=Grade.FINE)
        else:
            yield Finding(_("backups are not set up (BACKUP_RECIPIENT)"), grade=Grade.UNSET)


BACKUP = Check(
    gettext_lazy("backup"),
    "The last backup is of today or yesterday",
    _backup,
    gettext_lazy(
        "Every night all data are copied, and the copy is tried out. Without it a fire or a theft "
        "takes all that came since the last good one: have it looked at today."
    ),
)
