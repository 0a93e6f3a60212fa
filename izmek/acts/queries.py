"""QuerySets of counters, letters, jobs, upkeep and merges, and of the access log, which only grows."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, IntegerField, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.acts.append_only import AppendOnly
from izmek.acts.enums import ImportState, JobState, LetterChannel, LetterState

SILENCE = timedelta(minutes=3)  # without a word of a running job: its worker is gone
SILENCE_OF_WORKERS = timedelta(seconds=20)  # without a word of it: it is gone
LONGEST_WAIT = timedelta(hours=1)  # for a worker that begins
IMPORT_KEPT = timedelta(days=7)  # a list that was put in, for mending its wrong rows
DESTROY_EVERY = timedelta(days=182)  # six months
KEPT = timedelta(days=1)  # a finished job with its file
WORKER = "db_worker"  # its row of upkeep tells that there has been one
# After how long a command should have run well again that the clock runs every few minutes, or every night.
DUE = dict.fromkeys(("advance_queues", "send_letters"), timedelta(hours=1)) | dict.fromkeys(
    (
        "count_figures",
        "find_look_alikes",
        "find_names",
        "seal_access_log",
        "destroy_expired",
        "sweep_media",
        "backup",
    ),
    timedelta(hours=26),
)
ALL = 2**31 - 1  # rows: a limit that none reaches
UNDO_WITHIN = timedelta(days=7)  # of a merge


def in_any(queryset, *sets):
    """The rows of a queryset whose keys are in one of the sets (querysets of one column).

    The database reads each set by its own index; of one condition that joins them by OR it would ask
    every row of the table.
    """
    first, *others = [one.order_by() for one in sets]
    return queryset.filter(pk__in=first.union(*others, all=True))


def found_first(rows):
    """The rule: one of these rows, which the database finds before it looks at anything else of them.

    Else it may ask a dear question of all rows of the table, where it takes the few for more than they are.
    The question is asked as a subquery beside it: of more than eight joined tables none is put first.
    """
    return Q(pk__in=rows.order_by().values("pk")[:ALL])


class CountOf(Subquery):
    """An expression: how many rows a queryset has, also a union, as part of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


class AccessLogQuerySet(models.QuerySet):
    """Rows that are added and read. `izmek.acts.audit` has the two ways in which one may end."""

    def about_people(self, model, keys):
        """The entries about the people of a model with these keys, and about rows of theirs."""
        kind, keys = ContentType.objects.get_for_model(model), list(keys)
        about = self.filter(content_type=kind, object_id__in=[str(key) for key in keys])
        return in_any(
            self,
            self.filter(whose_type=kind, whose_id__in=keys).values("pk"),
            about.values("pk"),
        )

    def update(self, **values):
        raise AppendOnly

    def bulk_update(self, *args, **options):
        raise AppendOnly

    def delete(self):
        raise AppendOnly

    delete.queryset_only = True

    def _raw_delete(self, using):
        raise AppendOnly


class CounterQuerySet(models.QuerySet):
    def take(self, kind, year):
        """The next number of a kind in a year, starting at 1; never the same twice.

        The row is locked until the transaction ends, and after a rollback the number is free again.
        Raises TransactionManagementError outside a transaction.
        """
        (number,) = self.take_several(kind, year, 1)
        return number

    def take_several(self, kind, year, count):
        """The next so many numbers, a range; as `take`."""
        if not transaction.get_connection(self.db).in_atomic_block:
            raise transaction.TransactionManagementError("a number is taken inside a transaction")
        self.get_or_create(kind=kind, year=year)
        row = self.select_for_update().get(kind=kind, year=year)
        row.last += count
        row.save(update_fields=["last"])
        return range(row.last - count + 1, row.last + 1)


class DestructionQuerySet(models.QuerySet):
    def runs(self):
        """The runs that came to their end."""
        return self.filter(kind="", ended_at__isnull=False)

    def due(self, today):
        """The last run, if the next one is due: at least every six months (DOMAIN.md §5).

        Asks nothing itself: the first page of the admin keeps the statement that it becomes part of.
        """
        last = self.runs().order_by("-ended_at").values("pk")[:1]
        long_ago = today - DESTROY_EVERY
        return self.filter(pk__in=last, ended_at__date__lt=long_ago)


class LetterQuerySet(models.QuerySet):
    def waiting(self):
        """Letters that are to be sent, now or later."""
        return self.filter(state=LetterState.WAITING)

    def due(self):
        """Letters that should be sent now, for the first time or again."""
        return self.waiting().filter(next_try_at__lte=Now())

    def left(self):
        """Text messages with which a process ended while it sent them."""
        return self.filter(state=LetterState.SENDING, next_try_at__lte=Now())

    def without_report(self):
        """Sent text messages of which the gateway may be asked now what became of them."""
        return self.filter(
            state=LetterState.SENT, channel=LetterChannel.SMS, next_try_at__lte=Now()
        ).exclude(gateway_id="")


class SmsDayQuerySet(models.QuerySet):
    def over_limit(self, today):
        """Today, if messages had to wait or somebody has to be called because of the limit."""
        return self.filter(day=today, over__gt=0)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody sees what they ordered themselves, for its day."""
        return self.filter(by=user, told_at__gte=timezone.now() - KEPT)

    def interrupted(self):
        """Jobs that nobody works on any more: the worker was killed, or never came.

        By the database's clock, as that of the worker's host may be another.
        """
        return self.filter(
            Q(state=JobState.RUNNING, told_at__lt=Now() - SILENCE)
            | Q(state=JobState.WAITING, told_at__lt=Now() - LONGEST_WAIT)
        )

    def over(self):
        """Jobs whose day is over; `sweep_media` removes them with their files."""
        return self.filter(told_at__lt=timezone.now() - KEPT)


class TaskWorkerQuerySet(models.QuerySet):
    def living(self):
        """Workers that gave word lately, by the database's clock."""
        return self.filter(seen_at__gte=Now() - SILENCE_OF_WORKERS)


class UpkeepQuerySet(models.QuerySet):
    def overdue(self):
        """What should have run well again by now, or for the first time."""
        last = Coalesce("good_at", "since")
        late = Q(pk__in=[])
        for command, longest in DUE.items():
            late |= Q(command=command, last__lt=Now() - longest)
        return self.annotate(last=last).filter(late)

    def begun_once(self):
        """What has run here at all: on a trial the clock runs nothing."""
        return self.exclude(began_at=None)

    def old_backup(self):
        """The row of backups, if the last good one is too old."""
        return self.begun_once().overdue().filter(command="backup")

    def worker_gone(self, workers):
        """The row of workers, if none of these lives and there has been one."""
        return self.begun_once().filter(~Exists(workers.living()), command=WORKER)


class MergeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A manager and an auditor see all of them, everybody else their own."""
        return self if user.has_role(Role.MANAGER, Role.AUDITOR) else self.filter(by=user)

    def standing(self):
        """Those that were not undone."""
        return self.filter(undone_at=None)

    def over(self):
        """Those that can no longer be undone, whose steps nobody needs any more."""
        return self.standing().filter(at__lt=timezone.now() - UNDO_WITHIN).exclude(steps=[])

    def of(self, row):
        """The standing merges into a row."""
        return self.standing().filter(
            content_type__app_label=row._meta.app_label,
            content_type__model=row._meta.model_name,
            object_id=str(row.pk),
        )


class SheetImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody sees the lists that they put in themselves: they may hold what only they may see."""
        return self.filter(by=user).exclude(file="")

    def interrupted(self):
        """Lists on which nobody works any more, though somebody began to; as of jobs."""
        return self.filter(state__in=ImportState.working()).filter(
            Q(begun=True, told_at__lt=Now() - SILENCE)
            | Q(begun=False, told_at__lt=Now() - LONGEST_WAIT)
        )

    def in_work(self):
        """Lists that somebody reads or writes at this moment."""
        rows = self.filter(state__in=ImportState.working()).exclude(file="")
        return rows.exclude(pk__in=self.interrupted().values("pk"))

    def over(self):
        """Lists whose time is over, with their file: it holds identity numbers and goes."""
        return self.exclude(file="").filter(created_at__lt=timezone.now() - IMPORT_KEPT)
