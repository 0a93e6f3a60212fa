"""The kernel's tables: users, access log, counters, letters, jobs, overrides, old addresses."""

from copy import copy
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from izmek.accounts.roles import STAFF, Role
from izmek.acts.append_only import AppendOnly
from izmek.acts.enums import (
    Access,
    ImportState,
    JobState,
    LetterChannel,
    LetterState,
    RowState,
)
from izmek.acts.queries import (
    AccessLogQuerySet,
    CounterQuerySet,
    DestructionQuerySet,
    JobQuerySet,
    LetterQuerySet,
    MergeQuerySet,
    SheetImportQuerySet,
    SmsDayQuerySet,
    TaskWorkerQuerySet,
    UpkeepQuerySet,
)
from izmek.text.mail import MailField
from izmek.text.phones import PhoneField, show
from izmek.text.trigrams import TrigramIndex


class User(AbstractUser):
    """Someone who signs in. Their rights come from their roles, which are groups set by the code."""

    email = MailField(_("e-mail address"), blank=True)
    # How often: what browsers keep from before is void (izmek/accounts/known_devices.py).
    devices_forgotten = models.PositiveIntegerField(
        _("times the known browsers were forgotten"), default=0, editable=False
    )

    class Meta(AbstractUser.Meta):
        abstract = False
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                condition=~models.Q(email=""),
                violation_error_message=_("Another user has this e-mail address."),
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    @cached_property
    def roles(self):
        """The user's roles as a frozenset of Role; a superuser is a manager."""
        return self.roles_among(self.groups.values_list("name", flat=True))

    def roles_among(self, groups):
        """The roles for these group names; for `accounts.backends`, which has the names already."""
        names = set(groups) & set(Role.values)
        if self.is_superuser:
            names.add(Role.MANAGER.value)
        return frozenset(Role(name) for name in names) if self.is_active else frozenset()

    def has_role(self, *roles):
        """Whether the user holds any of the roles."""
        return not self.roles.isdisjoint(roles)

    def only(self, *roles):
        """A copy of the user with no roles but these, as far as they hold them.

        Asked of `visible_to`, it says what one role sees without the others.
        """
        alone = copy(self)
        alone.roles = self.roles & frozenset(roles)
        return alone

    @property
    def works_in_admin(self):
        return self.has_role(*STAFF)


class AboutObject(models.Model):
    """A row about another row of any table."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, editable=False)
    object_id = models.CharField(max_length=64, blank=True, editable=False)
    object = GenericForeignKey()

    class Meta:
        abstract = True


class AccessLog(AboutObject):
    """Who looked at, exported or changed protected data, whose data, and when.

    Rows are added and never changed: `izmek.acts.audit` writes them, destroys whole days after their
    time and blanks what an entry says of somebody who was erased; `izmek.acts.seals` proves it.
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("by"), editable=False
    )
    action = models.CharField(_("action"), max_length=30, choices=Access, editable=False)
    fields = models.CharField(_("fields"), max_length=500, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    # The person to whom the row belongs, if it belongs to one.
    whose_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    whose_id = models.BigIntegerField(null=True, editable=False)
    whose = GenericForeignKey("whose_type", "whose_id")
    # `digest` stands for fields and reason once they were blanked; without its salt nobody can guess them.
    salt = models.UUIDField(null=True, default=uuid4, editable=False)
    digest = models.CharField(max_length=64, blank=True, db_default="", default="", editable=False)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("access")
        verbose_name_plural = _("access log")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="access_object"),
            models.Index(
                fields=["whose_type", "whose_id", "-at"],
                name="access_whose",
                condition=models.Q(whose_id__isnull=False),
            ),
            models.Index(fields=["-at"], name="access_at"),
            models.Index(fields=["action", "-at"], name="access_action"),
            models.Index(fields=["action", "id"], name="access_action_id"),  # the list sorted by it
            TrigramIndex(fields=["reason"], name="access_reason_trgm", folds=True),
            TrigramIndex(fields=["fields"], name="access_fields_trgm", folds=True),
        ]

    def __str__(self):
        return f"{self.get_action_display()} – {timezone.localtime(self.at):%d.%m.%Y %H:%M}"

    def save(self, **options):
        if not self._state.adding:
            raise AppendOnly
        super().save(**options)

    def delete(self, **options):
        raise AppendOnly


class AccessSeal(models.Model):
    """The seal of a day of the access log: how many entries it has and their hash (izmek/acts/seals.py)."""

    day = models.DateField(_("day"), unique=True, editable=False)
    count = models.PositiveIntegerField(_("entries"), editable=False)
    head = models.CharField(_("hash"), max_length=64, editable=False)
    sealed_at = models.DateTimeField(_("sealed at"), default=timezone.now, editable=False)
    destroyed_at = models.DateTimeField(_("destroyed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("seal of the access log")
        verbose_name_plural = _("seals of the access log")
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day:%d.%m.%Y}"


class DestructionLog(models.Model):
    """What was destroyed when its time was over (izmek/privacy/destruction.py); says nothing of anybody.

    One row for each kind of thing in a run, and one of the whole run (`kind` is "") once it has ended.
    """

    kind = models.CharField(_("what"), max_length=40, blank=True, editable=False)
    kept = models.CharField(_("kept for"), max_length=40, blank=True, editable=False)
    before = models.DateField(_("everything before"), null=True, editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    counts = models.JSONField(_("by table"), default=dict, editable=False)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("by"), editable=False
    )

    objects = DestructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("destruction")
        verbose_name_plural = _("destruction log")
        ordering = ["-begun_at", "-id"]
        indexes = [models.Index(fields=["kind", "-ended_at"], name="destruction_kind")]

    def __str__(self):
        return f"{timezone.localtime(self.begun_at):%d.%m.%Y %H:%M}"


class Counter(models.Model):
    """The last number used of a kind in a year, for works (2023-0142) and certificates."""

    kind = models.CharField(_("kind"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number given"), default=0)

    objects = CounterQuerySet.as_manager()

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="counter_once")]

    def __str__(self):
        return f"{self.kind} {self.year}: {self.last}"


class Letter(AboutObject):
    """An e-mail or a text message, stored before it is sent: none is lost, each can be seen and sent again.

    Of a text message `subject` is for the staff, who read what it is about in the lists.
    """

    kind = models.CharField(_("kind"), max_length=40)  # izmek.acts.letters.KINDS
    channel = models.CharField(
        _("way"),
        max_length=5,
        choices=LetterChannel,
        default=LetterChannel.EMAIL,
        db_default=LetterChannel.EMAIL,
    )
    to = models.EmailField(_("to"))
    phone = PhoneField(_("phone"), blank=True, default="", db_default="")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    state = models.CharField(
        _("state"), max_length=10, choices=LetterState, default=LetterState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), db_default=Now())
    error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("written"), db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # Of a text message:
    parts = models.PositiveSmallIntegerField(_("parts"), default=0, db_default=0)
    until = models.DateField(_("to be told by"), null=True)  # from the next day on it is too late
    gateway_id = models.CharField(
        _("number at the gateway"), max_length=100, blank=True, default="", db_default=""
    )
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="letter_due"),
            models.Index(fields=["content_type", "object_id"], name="letter_object"),
        ]

    def __str__(self):
        return self.subject

    @property
    def address(self):
        """Where it goes, as people read it."""
        return show(self.phone) if self.channel == LetterChannel.SMS else self.to


class SmsDay(models.Model):
    """How many parts of text messages were sent on a day, and how many messages were over the limit."""

    day = models.DateField(_("day"), unique=True)
    parts = models.PositiveIntegerField(_("parts"), default=0)
    over = models.PositiveIntegerField(_("over the daily limit"), default=0)

    objects = SmsDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of text messages")
        verbose_name_plural = _("text messages by day")
        ordering = ["-day"]

    def __str__(self):
        return date_format(self.day, "SHORT_DATE_FORMAT")


class Job(AboutObject):
    """Long work that somebody ordered, and the file that came of it (izmek/acts/jobs.py)."""

    kind = models.CharField(_("kind"), max_length=40)  # izmek.acts.jobs.KINDS
    options = models.JSONField(_("options"), default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("by"))
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(_("steps done"), default=0)
    total = models.PositiveIntegerField(_("steps"), default=0)
    ordered_at = models.DateTimeField(_("ordered"), db_default=Now())
    told_at = models.DateTimeField(_("last word"), db_default=Now())  # of whoever works on it
    file = models.CharField(_("file"), max_length=200, blank=True)
    fingerprint = models.CharField(_("fingerprint of the contents"), max_length=64, blank=True)
    words = models.JSONField(_("words for the access log"), default=dict)
    error = models.CharField(_("why not"), max_length=500, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-ordered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "kind", "content_type", "object_id", "options"],
                name="job_open_once",
                condition=models.Q(state__in=JobState.open()),
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.object_id}"

    @property
    def is_open(self):
        return self.state in JobState.open()

    @property
    def percent(self):
        """How much of it is done; None while that is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None


class SheetImport(AboutObject):
    """A list that somebody puts in (izmek/acts/imports.py). Its file lies encrypted, for some days."""

    kind = models.CharField(_("kind"), max_length=40)  # izmek.acts.imports.KINDS
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("by"), null=True
    )
    name = models.CharField(_("file"), max_length=200)
    file = models.CharField(max_length=200, blank=True)  # "" once it is deleted
    digest = models.CharField(max_length=64)  # keyed: tells the same file again
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    columns = models.JSONField(default=list)  # the name of each column, "" for one that is left out
    options = models.JSONField(default=dict)  # hidden, override, file_counts
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.COLUMNS
    )
    run = models.CharField(max_length=32, blank=True)  # who works on it now
    begun = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(db_default=Now())
    error = models.CharField(_("why not"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("chosen"), db_default=Now())

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("list put in")
        verbose_name_plural = _("lists put in")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["digest"], name="sheet_import_digest")]

    def __str__(self):
        return self.name

    @property
    def is_working(self):
        return self.state in ImportState.working()

    @property
    def percent(self):
        """How much of it is done; None while that is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None


class SheetRow(models.Model):
    """What was found about one row of a list. What stands in the row itself lies in the file alone."""

    sheet = models.ForeignKey(SheetImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))  # as a spreadsheet counts
    state = models.CharField(_("state"), max_length=10, choices=RowState)
    shown = models.CharField(max_length=250, blank=True)  # who or what it is about, masked
    problems = models.JSONField(
        default=list
    )  # [[heading, value, what is wrong, what would help], …]
    notes = models.JSONField(default=list)  # sentences: what will be added, what differs
    choices = models.JSONField(default=list)  # [[key, in words], …]
    choice = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # keyed, of all its cells
    target = models.CharField(max_length=40, blank=True)  # the key of what was written

    class Meta:
        verbose_name = _("row of a list")
        verbose_name_plural = _("rows of lists")
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="sheet_row_once")]
        indexes = [
            models.Index(fields=["sheet", "state", "number"], name="sheet_row_state"),
            models.Index(
                fields=["digest"],
                condition=~models.Q(digest="") & ~models.Q(target=""),
                name="sheet_row_digest",
            ),
        ]

    def __str__(self):
        return f"{self.number}: {self.get_state_display()}"


class SheetHeading(models.Model):
    """What somebody said that a heading means: asked once for each kind of list."""

    kind = models.CharField(max_length=40)
    heading = models.CharField(max_length=200)  # as `izmek.sheets.columns.key` gives it
    column = models.CharField(max_length=60, blank=True)  # "" for one that is left out

    class Meta:
        verbose_name = _("heading of a list")
        verbose_name_plural = _("headings of lists")
        constraints = [
            models.UniqueConstraint(fields=["kind", "heading"], name="sheet_heading_once")
        ]

    def __str__(self):
        return f"{self.heading}: {self.column}"


class ExportChoice(models.Model):
    """Which columns of a list somebody took out last, and into which file: so they choose it once."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("by"))
    table = models.CharField(_("table"), max_length=60)  # "trainees.trainee"
    columns = models.JSONField(_("columns"), default=list)
    form = models.CharField(_("file"), max_length=4)  # izmek.sheets.writing.TYPES

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")
        constraints = [models.UniqueConstraint(fields=["by", "table"], name="export_choice_once")]

    def __str__(self):
        return self.table


class Override(AboutObject):
    """A rule that an officer set aside for one case, with the reason."""

    act = models.CharField(_("rule set aside"), max_length=60, editable=False)
    reason = models.CharField(_("reason"), max_length=500, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), editable=False
    )
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.act}: {self.reason}"


class Merge(AboutObject):
    """Two rows that were one thing: `object` stays, the one with the key `merged_id` was merged into it.

    `steps` says by keys what was moved and changed, no value of anybody; so it can be undone for a week
    (izmek/acts/merging.py).
    """

    merged_id = models.CharField(_("key of the second row"), max_length=64, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, editable=False
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)
    steps = models.JSONField(default=list, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("undone by"),
        null=True,
        editable=False,
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="merge_object")]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "merged_id"],
                condition=models.Q(undone_at=None),
                name="merge_once",
            )
        ]

    def __str__(self):
        return f"{self.content_type} {self.merged_id} → {self.object_id}"


class SlugRedirect(AboutObject):
    """A former address of a public page, which redirects to the page."""

    slug = models.SlugField(_("old address"), max_length=80, editable=False)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [
            models.UniqueConstraint(fields=["content_type", "slug"], name="slug_redirect_once")
        ]

    def __str__(self):
        return self.slug


class PublicChange(models.Model):
    """Marks a change of public content, written in the same transaction (izmek/public/areas.py)."""

    area = models.CharField(max_length=12, editable=False)  # izmek.public.enums.Area
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("change of the public pages")
        verbose_name_plural = _("changes of the public pages")
        indexes = [models.Index(fields=["area", "id"], name="public_change_area")]

    def __str__(self):
        return f"{self.pk}"


class TaskWorker(models.Model):
    """A process that does tasks and says now and then that it lives (izmek/acts/tasks.py)."""

    id = models.CharField(_("worker"), max_length=64, primary_key=True)
    seen_at = models.DateTimeField(_("last word"), db_default=Now())

    objects = TaskWorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self):
        return self.id


class Upkeep(models.Model):
    """What runs by itself on a server: when it did last, and how that ended (izmek/acts/upkeep.py)."""

    command = models.CharField(_("command"), max_length=40, primary_key=True)
    since = models.DateTimeField(_("expected since"), db_default=Now())
    began_at = models.DateTimeField(_("began"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    good_at = models.DateTimeField(_("ended well"), null=True, blank=True)

    objects = UpkeepQuerySet.as_manager()

    class Meta:
        verbose_name = _("upkeep")
        verbose_name_plural = _("upkeep")
        ordering = ["command"]

    def __str__(self):
        return self.command
