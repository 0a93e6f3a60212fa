"""Applications for a seat (ön kayıt)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import Course
from izmek.acts.rules import holds
from izmek.text.fields import FoldedField
from izmek.text.lines import LineField
from izmek.text.mail import MailField
from izmek.text.names import NameField
from izmek.text.phones import PhoneField, as_stored
from izmek.text.trigrams import TrigramIndex
from trainees.enums import ApplicationState
from trainees.models.consents import NoticeText
from trainees.models.people import Trainee, WithPhone
from trainees.queries.applications import (
    UNCONFIRMED,
    ApplicationQuerySet,
    lapsed,
    offer_ended,
)
from trainees.queries.same_person import PersonFacts


class Application(WithPhone):
    """A request for a seat (ön kayıt); contains no identity number (DOMAIN.md §4)."""

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="applications", verbose_name=_("course")
    )
    first_name = NameField(_("first name"), max_length=80)
    last_name = NameField(
        _("last name"), max_length=80, blank=True, help_text=_("Empty if there is only one name.")
    )
    phone = PhoneField(_("phone"))
    email = MailField(_("e-mail"), blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    guardian_name = NameField(
        _("guardian"),
        max_length=160,
        blank=True,
        help_text=_("Who speaks for somebody under 18; permission is given at kesin kayıt."),
    )
    guardian_relation = LineField(_("relation"), max_length=40, blank=True)
    guardian_phone = PhoneField(_("guardian’s phone"), blank=True)
    guardian_wrong_phone = PhoneField(
        _("guardian’s wrong number"), blank=True, default="", editable=False
    )
    already_certified = models.BooleanField(_("already certified in this programme"), default=False)
    in_turn = models.BooleanField(
        _("waits in turn"),
        default=True,
        editable=False,
        help_text=_(
            "No: goes before the others, because the course attended before was cancelled."
        ),
    )
    trainee = models.ForeignKey(
        Trainee,
        models.SET_NULL,
        related_name="applications",
        verbose_name=_("known trainee"),
        null=True,
        blank=True,
    )
    notice = models.ForeignKey(NoticeText, models.PROTECT, verbose_name=_("text shown"), null=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="tr"
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ApplicationState,
        default=ApplicationState.RECEIVED,
        editable=False,
    )
    state_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(
        _("link to confirm sent"),
        null=True,
        editable=False,
        help_text=_("Empty: no e-mail was sent, so the course centre confirms by telephone."),
    )
    confirm_until = models.DateTimeField(_("to be confirmed by"), null=True, editable=False)
    confirmed_at = models.DateTimeField(
        _("confirmed"),
        null=True,
        editable=False,
        help_text=_("Only who has confirmed is offered a seat."),
    )
    offered_at = models.DateTimeField(_("offered"), null=True, editable=False)
    offer_until = models.DateTimeField(
        _("offer stands until"),
        null=True,
        editable=False,
        help_text=_("Empty while nobody has told the applicant: the clock has not started."),
    )
    told_at = models.DateTimeField(_("told by telephone"), null=True, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    folded = FoldedField(source=("first_name", "last_name"))

    objects = ApplicationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(
                fields=["course", "state", "in_turn", "already_certified", "received_at"],
                name="application_queue",
            ),
            models.Index(
                fields=["offer_until"],
                condition=Q(state=ApplicationState.OFFERED),
                name="application_offers",
            ),
            models.Index(  # whom the centre calls
                fields=["received_at"],
                condition=Q(state__in=ApplicationState.open()),
                name="application_open",
            ),
            TrigramIndex(fields=["folded"], name="application_folded_trgm"),
            TrigramIndex(fields=["phone"], name="application_phone_trgm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "phone", "folded"],
                condition=Q(state__in=ApplicationState.open()),
                name="application_open_once",
                violation_error_message=_("There is an open application with this name and phone."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.OFFERED) | Q(offered_at__isnull=False),
                name="application_offer_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.OFFERED) | Q(confirmed_at__isnull=False),
                name="application_offer_is_confirmed",
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        if self.trainee is not None:
            self.trainee.no_newcomer()

    @property
    def person(self):
        """Who applies, to be compared with others (`queries/same_person.py`)."""
        return PersonFacts(self.folded, year=self.birth_year, phone=as_stored(self.phone))

    @property
    def guardian(self):
        """What is known of the guardian, as the forms name it: {guardian_name: …}; {} for nobody."""
        names = ("guardian_name", "guardian_relation", "guardian_phone")
        return {name: getattr(self, name) for name in names} if self.guardian_name else {}

    @property
    def guardian_phone_is_wrong(self):
        return bool(self.guardian_phone) and self.guardian_phone == self.guardian_wrong_phone

    @property
    def has_expired(self):
        """Whether its offer has ended; by the clock, since it may not be recorded yet."""
        return holds(offer_ended(timezone.now()), self)

    @property
    def is_unconfirmed(self):
        """Whether nobody has confirmed yet that the applicant wants the seat."""
        return holds(UNCONFIRMED, self)

    @property
    def has_lapsed(self):
        """Whether nobody confirmed it in time; by the clock, since it may not be recorded yet."""
        return holds(lapsed(timezone.now()), self)

    @property
    def is_open(self):
        """Whether it still waits for something, by the clock."""
        open_now = self.state in ApplicationState.open()
        return open_now and not self.has_expired and not self.has_lapsed
