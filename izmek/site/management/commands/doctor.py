"""`manage.py doctor`: what is wrong with the data and the files, in plain words."""

from collections import Counter
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django_tasks_db.models import DBTaskResult

from courses.models import Session
from exhibitions.photo_files import abandoned_uploads, incomplete_photos, stray_folders
from exhibitions.services import named_in_public
from izmek.acts import seals, tasks
from izmek.acts.enums import LetterState
from izmek.acts.spare import CacheWithSpare
from izmek.media import uploads
from izmek.media.room import nearly_full
from izmek.models import Letter
from izmek.privacy import destruction
from izmek.public.policy_reports import policy_reports
from izmek.secrets.encryption import Unreadable, decrypt
from izmek.secrets.fields import EncryptedTextField
from izmek.site.backup import making
from trainees import certificate_text
from trainees.certificate_text import Verdict
from trainees.models import Certificate
from trainees.services import erased_again

SHOWN = 10  # lines for one problem; the others are only counted
OLD = timedelta(hours=uploads.HOURS)


def migrations():
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"not applied: {migration}; run `manage.py migrate`" for migration, _backwards in plan]


def cache_answers():
    """Without it pages are made anew, and each process counts by itself who asks too often."""
    there, problems = set(connection.introspection.table_names()), []
    for cache in (caches[alias] for alias in settings.CACHES):
        if isinstance(cache, CacheWithSpare):
            continue
        if isinstance(cache, DatabaseCache) and cache._table not in there:
            problems.append(
                f"the table {cache._table} is missing; run `manage.py migrate` or `createcachetable`"
            )
            continue
        try:
            cache.get("doctor")
        except Exception as error:  # whatever its client raises
            problems.append(f"it does not answer: {type(error).__name__}; see CACHE_URL")
    return problems


def secrets():
    """Only counted: unreadable values are not shown, and neither are their owners."""
    problems = []
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if not isinstance(field, EncryptedTextField):
                continue
            tokens = model._base_manager.annotate(token=Cast(field.name, TextField()))
            unread = sum(
                not _opens(token)
                for token in tokens.values_list("token", flat=True).iterator(chunk_size=2000)
                if token
            )
            if unread:
                problems.append(
                    f"{unread} × {model._meta.label}.{field.name}: none of IDENTITY_KEYS opens it"
                )
    return problems


def _opens(token):
    try:
        decrypt(token)
    except Unreadable:
        return False
    return True


def certificates():
    """What the QRs carry, against the keys and against the rows."""
    problems = Counter()
    rows = Certificate.objects.exclude(signed="").values_list("signed", "content")
    for signed, content in rows.iterator(chunk_size=2000):
        found = certificate_text.read(signed)
        if found.verdict == Verdict.UNKNOWN_KEY:
            problems["were signed with a key that is not in CERTIFICATE_KEYS"] += 1
        elif found.content != content:
            problems["say something else than what was signed"] += 1
    return [f"{count} certificates {problem}" for problem, count in problems.items()]


def bookings():
    """Only PostgreSQL has an exclusion constraint; on SQLite only the acts prevent double bookings."""
    same_time = Session.objects.filter(
        date=OuterRef("date"), begin__lt=OuterRef("end"), end__gt=OuterRef("begin")
    ).exclude(pk=OuterRef("pk"))
    twice = (
        Session.objects.filter(
            Q(Exists(same_time.filter(holds_teacher=OuterRef("holds_teacher"))))
            | Q(Exists(same_time.filter(holds_room=OuterRef("holds_room"))))
        )
        .select_related("course__programme", "course__centre")
        .order_by("date", "begin", "pk")
    )
    return [f"teacher or room taken twice: {session}" for session in twice]


def periodic_destruction():
    """At least every six months what is over is destroyed (DOMAIN.md §5)."""
    ended, due = destruction.standing()
    if due and due < localdate():
        return [f"nothing was destroyed since {ended:%d.%m.%Y}; `manage.py destroy_expired`"]
    return []


def photo_files():
    return [
        f"photo {photo.pk} ({photo.work or photo.exhibition or photo.centre}) lacks "
        f"{', '.join(missing)}"
        for photo, missing in incomplete_photos()
    ]


def stray_files():
    return [f"{path} belongs to no photo; `manage.py sweep_media`" for path in stray_folders()]


def old_uploads():
    return [f"{path} was left behind; `manage.py sweep_media`" for path in abandoned_uploads(OLD)]


def letters():
    failed = Letter.objects.filter(state=LetterState.FAILED)
    return [
        f"{localtime(letter.created_at):%d.%m.%Y} {letter.kind}: {letter.error}"
        for letter in failed
    ]


def tasks_are_done():
    if not tasks.are_put_off():
        return []
    lives, count, oldest = tasks.standing()
    problems = [] if lives else [f"no worker lives, {count} tasks wait; `manage.py db_worker`"]
    if oldest and timezone.now() - oldest > tasks.LATE:
        problems.append(f"the oldest of {count} tasks waits since {localtime(oldest):%d.%m. %H:%M}")
    failed = Counter(DBTaskResult.objects.failed().values_list("task_path", "exception_class_path"))
    return problems + [
        f"{times} × {path} failed by {kind}; do them again in the panel, under the tasks"
        for (path, kind), times in failed.items()
    ]


def disks():
    return [f"{folder}: only {free} MB are free" for folder, free in nearly_full()]


def names_in_texts():
    """Reported by number: a title may contain the name, which must not be in a log."""
    return [
        f"{about._meta.model_name} {getattr(about, 'number', '') or about.pk}: "
        "a text names somebody who does not consent to being named on the web"
        for about in dict.fromkeys(about for about, _named in named_in_public())
    ]


# The order matters: later checks read tables that the first two look for.
CHECKS = {
    "Migrations are applied": migrations,
    "The cache answers": cache_answers,
    "Every secret can be read": secrets,
    "The access log is as it was sealed": seals.what_is_wrong,
    "Nobody who was erased is back": erased_again.what_is_wrong,
    "Every certificate says what was signed": certificates,
    "No teacher or room is booked twice": bookings,
    "The periodic destruction is done": periodic_destruction,
    "The last backup is of today or yesterday": making.what_is_wrong,
    "Every photo has its files": photo_files,
    "Every photo folder has its row": stray_files,
    "No old upload lies about": old_uploads,
    "There is room on the disks": disks,
    "No public text names whom no page may name": names_in_texts,
    "Every letter was sent or will be": letters,
    "Every task was done or will be": tasks_are_done,
}


class Command(BaseCommand):
    help = "Looks for what is wrong with the data and the files; ends with 1 when something is."
    requires_migrations_checks = False

    def handle(self, **options):
        sick = False
        for name, check in CHECKS.items():
            problems = check()
            self.stdout.write(f"{'WRONG' if problems else 'ok   '}  {name}")
            for problem in problems[:SHOWN]:
                self.stdout.write(f"         {problem}")
            if len(problems) > SHOWN:
                self.stdout.write(f"         … and {len(problems) - SHOWN} more")
            sick = sick or bool(problems)
            if problems and check is migrations:
                self.stdout.write("         The rest was not looked at.")
                break
        for report, (times, day) in ({} if cache_answers() else policy_reports()).items():
            self.stdout.write(
                f"Browsers reported: {report.directive} broken on {report.view} by {report.blocked}, "
                f"{times} × until {day}"
            )
        if sick:
            raise SystemExit(1)
