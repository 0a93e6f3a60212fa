"""The kernel's tables: users, access log, counters, letters, jobs, overrides, old addresses."""

from copy import copy

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from izmek.accounts.roles import STAFF, Role
from izmek.acts.enums import Access, JobState, LetterState
from izmek.acts.queries import CounterQuerySet, JobQuerySet, LetterQuerySet
from izmek.text.mail import MailField
from izmek.text.trigrams import TrigramIndex


class User(AbstractUser):
    """Someone who signs in. Their rights come from their roles, which are groups set by the code."""

    email = MailField(_("e-mail address"), blank=True)

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
    """Who looked at, exported or changed protected data, whose data, and when. Append-only."""

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"), editable=False
    )
    action = models.CharField(_("action"), max_length=30, choices=Access, editable=False)
    fields = models.CharField(_("fields"), max_length=500, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access log")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="access_object"),
            models.Index(fields=["-at"], name="access_at"),
            TrigramIndex(fields=["reason"], name="access_reason_trgm", folds=True),
            TrigramIndex(fields=["fields"], name="access_fields_trgm", folds=True),
        ]

    def __str__(self):
        return f"{self.get_action_display()} – {timezone.localtime(self.at):%d.%m.%Y %H:%M}"


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
    """An e-mail, stored before it is sent: none is lost, and each can be seen and sent again."""

    kind = models.CharField(_("kind"), max_length=40)  # izmek.acts.letters.KINDS
    to = models.EmailField(_("to"))
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

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="letter_due")]

    def __str__(self):
        return self.subject


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
    handed_out = models.BooleanField(_("handed out"), default=False)
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
