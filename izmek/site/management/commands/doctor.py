"""`manage.py doctor`: what is wrong with the data and the files, in plain words."""

from collections import Counter
from datetime import timedelta

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils.timezone import localdate
from django.utils.translation import override

from courses.models import Session
from exhibitions.photo_files import abandoned_uploads, incomplete_photos, stray_folders
from exhibitions.services import named_in_public
from izmek.acts import seals
from izmek.media import uploads
from izmek.privacy import destruction
from izmek.public.policy_reports import policy_reports
from izmek.secrets.encryption import Unreadable, decrypt
from izmek.secrets.fields import EncryptedTextField
from izmek.site import checks
from izmek.site.checks import Grade
from izmek.watching.log_lines import kind_of
from trainees import certificate_text
from trainees.certificate_text import Verdict
from trainees.models import Certificate
from trainees.services import erased_again

SHOWN = 10  # lines for one problem; the others are only counted
OLD = timedelta(hours=uploads.HOURS)


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


def names_in_texts():
    """Reported by number: a title may contain the name, which must not be in a log."""
    return [
        f"{about._meta.model_name} {getattr(about, 'number', '') or about.pk}: "
        "a text names somebody who does not consent to being named on the web"
        for about in dict.fromkeys(about for about, _named in named_in_public())
    ]


def found_by(look, *, whole):
    """What a check finds; an error of it as a line. `whole`: raises it instead."""
    try:
        return list(look())
    except Exception as error:
        if whole:
            raise
        return [f"{kind_of(error)}; `manage.py doctor --traceback` tells more"]


# Beside the checks of izmek/site/checks, which come first: these look at every row and file.
OF_DATA = {
    "Every secret can be read": secrets,
    "The access log is as it was sealed": seals.what_is_wrong,
    "Nobody who was erased is back": erased_again.what_is_wrong,
    "Every certificate says what was signed": certificates,
    "No teacher or room is booked twice": bookings,
    "The periodic destruction is done": periodic_destruction,
    "Every photo has its files": photo_files,
    "Every photo folder has its row": stray_files,
    "No old upload lies about": old_uploads,
    "No public text names whom no page may name": names_in_texts,
}


class Command(BaseCommand):
    help = (
        "Looks for what is wrong with the data and the files; ends with 1 when something is. What nobody "
        "has set up, such as backups, is only named."
    )
    requires_migrations_checks = False

    @override("en")
    def handle(self, **options):
        sick = set()
        looked = [(check.holds, check.ask) for check in checks.CHECKS]
        for holds, look in [*looked, *OF_DATA.items()]:
            found = [
                (getattr(one, "grade", Grade.LOOK), one)
                for one in found_by(look, whole=options["traceback"])
            ]
            problems = [one for grade, one in found if grade > Grade.FINE]
            unset = [one for grade, one in found if grade == Grade.UNSET]
            self.stdout.write(f"{'WRONG' if problems else 'unset' if unset else 'ok   '}  {holds}")
            for problem in (problems or unset)[:SHOWN]:
                self.stdout.write(f"         {problem}")
            if len(problems) > SHOWN:
                self.stdout.write(f"         … and {len(problems) - SHOWN} more")
            if problems:
                sick.add(holds)
            if sick & {checks.DATABASE.holds, checks.MIGRATIONS.holds}:
                self.stdout.write("         The rest was not looked at.")
                raise SystemExit(1)
        for report, (times, day) in (
            {} if checks.CACHE.holds in sick else policy_reports()
        ).items():
            self.stdout.write(
                f"Browsers reported: {report.directive} broken on {report.view} by {report.blocked}, "
                f"{times} × until {day}"
            )
        if sick:
            raise SystemExit(1)
