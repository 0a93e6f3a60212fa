"""`/olcumler/`: what Prometheus reads, for whom settings.METRICS_TOKEN and METRICS_NETWORKS name."""

from contextlib import suppress
from secrets import compare_digest

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import Count, Max
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from izmek.accounts.access import public
from izmek.accounts.clients import client_address
from izmek.accounts.networks import lies_in
from izmek.acts import follower, tasks
from izmek.acts.enums import LetterState
from izmek.acts.queries import DUE
from izmek.media.room import rooms
from izmek.models import Letter, TaskWorker, Upkeep
from izmek.site.backup.making import last_good
from izmek.site.checks import DATABASE, days_of_certificate
from izmek.watching.metrics import exposition

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@public
@require_safe
@never_cache
def metrics(request):
    """The measurements, also while the database is away; 404 for everybody else."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(exposition(Standing()), content_type=TEXT)


def _may_read(request):
    given = request.headers.get("Authorization", "").encode()
    named = f"Bearer {settings.METRICS_TOKEN}".encode()
    by_token = bool(settings.METRICS_TOKEN) and compare_digest(given, named)
    return by_token or lies_in(client_address(request), settings.METRICS_NETWORKS)


class Standing:
    """How the system stands at this moment, as a collector of prometheus_client."""

    def collect(self):
        yield from self._of_machine()
        is_up = not DATABASE.wrong()
        yield _gauge("izmek_database_up", "Whether the database answers.", int(is_up))
        if is_up:
            with suppress(DatabaseError):  # it went meanwhile: the rest is told
                yield from self._of_database()
            if follower.is_set_up():
                with suppress(DatabaseError):
                    yield from self._of_follower()

    def describe(self):
        return ()

    def _of_machine(self):
        yield _gauge(
            "izmek_disk_free_bytes",
            "Free room where files are written.",
            {folder: free * 1024**2 for folder, free in rooms()},
            "folder",
        )
        with suppress(OSError, ValueError):
            if (days := days_of_certificate()) is not None:
                yield _gauge("izmek_certificate_days", "Days left of the certificate.", days)
        with suppress(OSError):
            if last := last_good():
                text = "Seconds since the last backup that was tried out."
                yield _gauge("izmek_backup_age_seconds", text, _since(last))
        release = {settings.RELEASE or "none": 1}
        yield _gauge("izmek_release_info", "The release that answers.", release, "release")

    def _of_database(self):
        """Six questions, all of an index or of few rows."""
        _lives, waiting, oldest = tasks.standing()
        yield _gauge("izmek_tasks_waiting", "Tasks that wait.", waiting)
        text = "Seconds for which the oldest task waits."
        yield _gauge("izmek_oldest_task_seconds", text, _since(oldest))
        failed = DBTaskResult.objects.failed().count()
        yield _gauge("izmek_tasks_failed", "Tasks that failed.", failed)
        seen = TaskWorker.objects.aggregate(last=Max("seen_at"))["last"]
        if seen:
            text = "Seconds since a worker gave word."
            yield _gauge("izmek_worker_heartbeat_seconds", text, _since(seen))
        states = (LetterState.WAITING, LetterState.FAILED)
        rows = Letter.objects.filter(state__in=states).order_by().values_list("state")
        counts = dict.fromkeys(map(str, states), 0) | dict(rows.annotate(n=Count("pk")))
        yield _gauge("izmek_letters", "Letters that were not sent.", counts, "state")
        runs = Upkeep.objects.filter(pk__in=DUE).annotate(last=Coalesce("good_at", "since"))
        ages = {command: _since(when) for command, when in runs.values_list("command", "last")}
        text = "Seconds since what the clock runs ended well."
        yield _gauge("izmek_upkeep_age_seconds", text, ages, "command")

    def _of_follower(self):
        if (missing := follower.behind()) is not None:
            text = "Bytes that the second database has yet to read."
            yield _gauge("izmek_follower_behind_bytes", text, missing)


def _since(moment):
    """Seconds since a moment; 0 for none, and for one that a host's clock is behind of."""
    return max(0, (timezone.now() - moment).total_seconds()) if moment else 0


def _gauge(name, text, value, label=None):
    """A measurement; several with a label: {value of the label: number}."""
    from prometheus_client.core import GaugeMetricFamily

    if label is None:
        return GaugeMetricFamily(name, text, value=value)
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, number in value.items():
        family.add_metric([key], number)
    return family
