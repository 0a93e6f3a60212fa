"""What is personal in the kernel's tables, and in those of packages (izmek/privacy/record.py)."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from izmek.accounts.roles import Role
from izmek.models import (
    AccessLog,
    AccessSeal,
    Counter,
    DestructionLog,
    ExportChoice,
    Job,
    Letter,
    Merge,
    Override,
    PublicChange,
    SheetHeading,
    SheetImport,
    SheetRow,
    SlugRedirect,
    SmsDay,
    TaskWorker,
    Upkeep,
    User,
)
from izmek.privacy.record import (
    OBJECT,
    Basis,
    Instead,
    Keep,
    Personal,
    declare,
    each,
    nothing_personal,
)
from izmek.privacy.terms import (
    ACCESS,
    ACCOUNTING,
    AUDITED,
    DONE_BY,
    EVERY_STAFF,
    FILES,
    LETTERS,
    LISTS,
    OFFICE,
    REACHING,
    SIGN_INS,
    SIGNING_IN,
    STAFF_RECORDS,
)
from izmek.text import masks

# --- Who signs in ---------------------------------------------------------------------------------

ACCOUNT = Personal(SIGNING_IN, Basis.INTEREST, STAFF_RECORDS, seen_by=AUDITED)
declare(
    User,
    "",
    whom=_("Users: staff and teachers"),
    first_name=ACCOUNT.but(erase=Instead(_("“Anonim”"), "Anonim")),
    last_name=ACCOUNT,
    username=ACCOUNT.but(
        erase=Instead(_("a number"), of=lambda users: [f"anonim-{user.pk}" for user in users])
    ),
    email=ACCOUNT.but(mask=masks.email),
    password=ACCOUNT.but(seen_by=(), handed_over=False, erase=Instead(_("none that fits"), "!")),
    last_login=ACCOUNT,
    date_joined=ACCOUNT.but(erase=Keep(_("without a name it tells nobody"))),
    not_personal="is_superuser is_staff is_active devices_forgotten",
)
nothing_personal(
    User.groups.through, User.user_permissions.through, Group, Group.permissions.through
)
nothing_personal(Permission, ContentType)
declare(
    EmailAddress,
    "user",
    whom=_("Users: staff and teachers"),
    erase_rows=True,
    email=ACCOUNT,
    not_personal="verified primary",
)
declare(
    EmailConfirmation,
    "email_address__user",
    whom=_("Users: staff and teachers"),
    erase_rows=True,
    not_personal="email_address created sent key",
)
SIGNED_IN = Personal(SIGNING_IN, Basis.INTEREST, SIGN_INS, seen_by=(), handed_over=False)
declare(
    Authenticator,
    "user",
    whom=_("Users: staff and teachers"),
    erase_rows=True,
    **each("type data created_at last_used_at", SIGNED_IN.but(period=STAFF_RECORDS)),
)
declare(
    UserSession,
    "user",
    whom=_("Users: staff and teachers"),
    erase_rows=True,
    **each("created_at ip last_seen_at user_agent data", SIGNED_IN.but(handed_over=True)),
    session_key=SIGNED_IN,
)
declare(
    Session,
    whom=_("Users: staff and teachers"),
    erase_rows=True,
    **each("session_data expire_date", SIGNED_IN),
)

# --- What is noted about others -------------------------------------------------------------------

LOGGED = Personal(
    ACCOUNTING,
    Basis.OBLIGATION,
    ACCESS,
    seen_by=AUDITED,
    erase=Keep(
        _("the law asks who looked at personal data: the entry stays, what it says in words goes")
    ),
)
declare(
    AccessLog,
    OBJECT,
    whom=_("Those whose data were looked at, and who looked"),
    **each("content_type object_id at by action fields whose_type whose_id", LOGGED),
    reason=LOGGED.but(mask=masks.words),
    not_personal="salt digest",
)
declare(DestructionLog, not_personal="kind kept before rows counts begun_at ended_at", by=DONE_BY)
WRITTEN = Personal(REACHING, Basis.LAW_OR_CONSENT, LETTERS, seen_by=OFFICE)
declare(
    Letter,
    OBJECT,
    whom=_("Who was written to"),
    erase_rows=True,
    **each(
        "content_type object_id kind channel state created_at sent_at until delivered_at gateway_id",
        WRITTEN,
    ),
    to=WRITTEN.but(mask=masks.email),
    phone=WRITTEN.but(mask=masks.phone),
    subject=WRITTEN.but(mask=masks.words),
    text=WRITTEN.but(mask=masks.all_of_it),
    error=WRITTEN.but(mask=masks.words),
    not_personal="attempts next_try_at parts",
)
declare(
    Override,
    OBJECT,
    whom=_("Those for whom a rule was set aside"),
    reason=Personal(ACCOUNTING, Basis.OBLIGATION, STAFF_RECORDS, seen_by=AUDITED, mask=masks.words),
    by=DONE_BY,
    not_personal="content_type object_id act at",
)
declare(
    Merge,
    OBJECT,
    whom=_("People who were on record twice"),
    reason=Personal(ACCOUNTING, Basis.OBLIGATION, STAFF_RECORDS, seen_by=OFFICE, mask=masks.words),
    by=DONE_BY,
    undone_by=DONE_BY,
    not_personal="content_type object_id merged_id at steps undone_at",
)
declare(
    LogEntry,  # Django's own note of a form that was saved; `object_repr` may be a name
    OBJECT,
    whom=_("Those whose records were changed, and who changed them"),
    erase_rows=True,
    **each(
        "content_type object_id object_repr change_message action_time action_flag",
        Personal(ACCOUNTING, Basis.OBLIGATION, FILES, seen_by=(), handed_over=False),
    ),
    user=DONE_BY,
)

# --- Lists that come in and go out ----------------------------------------------------------------

LISTED = Personal(LISTS, Basis.OBLIGATION, FILES, seen_by=EVERY_STAFF, handed_over=False)
declare(
    SheetImport,
    "by",
    whom=_("People in lists that are put in"),
    erase_rows=True,
    **each("name file digest sheet options error", LISTED),
    not_personal="content_type object_id kind columns state run begun done total told_at created_at",
)
declare(
    SheetRow,
    "sheet__by",
    whom=_("People in lists that are put in"),
    erase_rows=True,
    **each("shown problems notes choices choice digest target", LISTED),
    not_personal="sheet number state",
)
declare(
    Job,
    "by",
    whom=_("People in papers and lists that are made"),
    erase_rows=True,
    **each("options file words error", LISTED),
    not_personal="content_type object_id kind state done total ordered_at told_at fingerprint",
)
declare(
    DBTaskResult,  # tasks are given keys, never names; a traceback may show more
    whom=_("People about whom something was to be done"),
    erase_rows=True,
    **each("args_kwargs return_value traceback", LISTED.but(seen_by=(Role.MANAGER,))),
    not_personal=(
        "status enqueued_at started_at finished_at priority task_path worker_ids queue_name "
        "backend_name run_after exception_class_path"
    ),
)
declare(ExportChoice, "by", erase_rows=True, not_personal="table columns form")
nothing_personal(
    AccessSeal, Counter, SheetHeading, SlugRedirect, PublicChange, SmsDay, TaskWorker, Upkeep
)
