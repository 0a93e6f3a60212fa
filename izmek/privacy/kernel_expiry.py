"""Which of the kernel's things are kept no longer (izmek/privacy/destruction.py)."""

from collections import Counter
from datetime import datetime, time, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from izmek.acts.enums import ImportState, LetterState
from izmek.acts.seals import destroy_days_before
from izmek.models import AccessLog, AccessSeal, DestructionLog, Letter, SheetImport
from izmek.privacy.destruction import expires
from izmek.privacy.terms import ACCESS, DESTRUCTION, FILES, LETTERS, SIGN_INS


@expires(LETTERS, "letters", _("letters"), Letter)
def letters(before):
    return Letter.objects.filter(created_at__lt=first_moment(before)).exclude(
        state__in=LetterState.to_come()
    )


@expires(FILES, "lists", _("lists that were put in"), SheetImport)
def lists(before):
    rows = SheetImport.objects.filter(created_at__lt=first_moment(before))
    return rows.exclude(state__in=ImportState.working())


@expires(FILES, "forms", _("notes of saved forms"), LogEntry)
def forms(before):
    return LogEntry.objects.filter(action_time__lt=first_moment(before))


@expires(FILES, "tasks", _("finished tasks"), DBTaskResult)
def tasks(before):
    return DBTaskResult.objects.filter(finished_at__lt=first_moment(before))


@expires(SIGN_INS, "devices", _("devices of those who signed in"), UserSession)
def devices(before):
    return UserSession.objects.filter(last_seen_at__lt=first_moment(before))


@expires(SIGN_INS, "sessions", _("sign-ins that ended"), Session)
def sessions(before):
    return Session.objects.filter(expire_date__lt=timezone.now() - timedelta(days=1))


def _seals(keys):
    last = AccessSeal.objects.filter(pk__in=keys).order_by("-day").values_list("day", flat=True)[0]
    return Counter({AccessLog._meta.label: destroy_days_before(last + timedelta(days=1))})


@expires(ACCESS, "access", _("days of the access log"), AccessSeal, destroy=_seals)
def access(before):
    return AccessSeal.objects.filter(day__lt=before, destroyed_at=None)


@expires(DESTRUCTION, "destruction", _("entries of the destruction log"), DestructionLog)
def destructions(before):
    return DestructionLog.objects.filter(begun_at__lt=first_moment(before))


def first_moment(day):
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def unused_since(day):
    """A Q: accounts by which nobody has signed in since a day."""
    since = first_moment(day)
    return Q(date_joined__lt=since) & (Q(last_login=None) | Q(last_login__lt=since))
