"""What is done behind the pages: tasks, letters, what the clock runs."""

import re
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from izmek.acts import letters, tasks
from izmek.acts.enums import LetterState
from izmek.acts.queries import DUE
from izmek.models import Letter, Upkeep
from izmek.site.checks.check import Check, Finding, Grade

LETTERS_COUNTED = 1_000
TOLD = timedelta(days=14)  # for so long a failure is told
# E-mail addresses, phones: mail servers repeat them.
OF_SOMEBODY = re.compile(r"\S*@\S*|\+?[0-9]{7,}")


def _workers():
    """Pages go on without them; papers, lists and sizes of photos wait."""
    if not tasks.are_put_off():
        yield Finding(_("each task is done at once, by whoever orders it"), grade=Grade.FINE)
        return
    lives, count, oldest = tasks.standing()
    waits = timezone.now() - oldest if oldest else timedelta()
    told = {"count": count, "minutes": waits // timedelta(minutes=1)}
    if not lives:
        said = _("no worker lives (manage.py db_worker); %(count)d tasks wait") % told
        yield Finding(said, grade=Grade.BROKEN)
    elif waits > tasks.LATE:
        said = _("%(count)d tasks wait, the oldest for %(minutes)d minutes") % told
        yield Finding(said, _("start one more: manage.py db_worker"))
    else:
        yield Finding(_("a worker lives; %(count)d tasks wait") % told, grade=Grade.FINE)


WORKERS = Check(
    gettext_lazy("workers"),
    "Workers live, and no task waits for long",
    _workers,
    gettext_lazy(
        "They do long work: lists, papers, sizes of photos. Without them all that waits, and is done "
        "later; tell whoever looks after the server."
    ),
    ready=True,
)


def _failed_tasks():
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=timezone.now() - TOLD)
    kinds = failed.order_by().values_list("task_path", "exception_class_path")
    for path, kind, times in kinds.annotate(times=Count("pk")):
        said = _("%(count)d × %(task)s failed by %(kind)s") % {
            "count": times,
            "task": path,
            "kind": kind,
        }
        yield Finding(said, _("do them again in the panel, under the tasks"))


TASKS = Check(
    gettext_lazy("tasks"),
    "Every task was done or will be",
    _failed_tasks,
    gettext_lazy(
        "Work that failed is not done again by itself. Press “Do the task again” in the table of "
        "tasks; if it fails again, tell whoever looks after the server."
    ),
)


def _letters():
    failed = Letter.objects.filter(state=LetterState.FAILED, next_try_at__gt=timezone.now() - TOLD)
    if count := failed.count():
        last = failed.order_by("-next_try_at").first()
        said = _("%(count)d letters could not be sent") % {"count": count}
        kind = letters.in_words(last.kind)
        day = f"{localtime(last.created_at):%d.%m.%Y}"
        error = OF_SOMEBODY.sub("…", last.error)  # `doctor` writes into the log
        yield Finding(said, _("the last one: %s") % f"{day} {kind}: {error}")
    late = Letter.objects.due().filter(next_try_at__lt=timezone.now() - DUE["send_letters"])
    if count := late[:LETTERS_COUNTED].count():
        said = _("%(count)d letters wait for long") % {"count": count}
        yield Finding(said, "`manage.py send_letters`")


LETTERS = Check(
    gettext_lazy("letters"),
    "Every letter was sent or will be",
    _letters,
    gettext_lazy(
        "Offers and news go out as letters. One that fails is tried again; look at its address in the "
        "table of letters, correct it and send it again, or call the person."
    ),
)

BY_THE_CLOCK = {
    "advance_queues": gettext_lazy("offers that end and queues"),
    "send_letters": gettext_lazy("letters that wait"),
    "count_figures": gettext_lazy("figures of the years"),
    "find_look_alikes": gettext_lazy("people on record twice"),
    "find_names": gettext_lazy("names in public texts"),
    "seal_access_log": gettext_lazy("seals of the access log"),
    "destroy_expired": gettext_lazy("periodic destruction"),
    "sweep_media": gettext_lazy("files left behind"),
    "backup": gettext_lazy("backup"),
}


def _upkeep():
    overdue = set() if settings.DEBUG else {*Upkeep.objects.overdue().values_list("pk", flat=True)}
    for row in Upkeep.objects.filter(pk__in=DUE):
        told = {
            "command": f"{BY_THE_CLOCK[row.command]} ({row.command})",
            "time": f"{localtime(row.ended_at):%d.%m.%Y %H:%M}" if row.ended_at else "",
        }
        if row.ended_at and row.good_at != row.ended_at:
            said = _("%(command)s failed, %(time)s") % told
            yield Finding(said, "`journalctl -u 'izmek*'`")
        elif row.pk in overdue:
            said = (
                _("%(command)s has not run for too long")
                if row.good_at
                else _("%(command)s has never run")
            )
            yield Finding(said % told, "`systemctl list-timers`")
        elif row.good_at:
            yield Finding(_("%(command)s: %(time)s") % told, grade=Grade.FINE)


CLOCK = Check(
    gettext_lazy("work of the night"),
    "What the clock runs has run",
    _upkeep,
    gettext_lazy(
        "Offers that end, letters, figures and the periodic destruction run by the clock. What failed "
        "runs again by itself; if it fails for two days, tell whoever looks after the server."
    ),
)
