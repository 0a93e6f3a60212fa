"""Trainees and their guardians."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.enums import Education
from courses.models import Neighbourhood
from izmek.secrets.encryption import Unreadable
from izmek.secrets.fields import EncryptedTextField, SealedManager
from izmek.secrets.identity import IdentityKind, identity_hashes, mask
from izmek.text.fields import FoldedField
from izmek.text.lines import LineField
from izmek.text.mail import MailField
from izmek.text.names import NameField
from izmek.text.order import COLLATION
from izmek.text.phones import PhoneField
from izmek.text.trigrams import TrigramIndex
from trainees.enums import Gender
from trainees.queries.people import PeopleManager, TraineeChildQuerySet, adulthood


def check_birth_date(day):
    """Raise ValidationError for a birth date that is impossible for a trainee."""
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."), code="future")
    if day.year < 1900:
        if day.year >= 1000:
            raise ValidationError(
                _("This date of birth cannot be right: look at the year again."), code="year"
            )
        raise ValidationError(_("Enter the year with four digits, for example 1985."), code="year")


class WithPhone(models.Model):
    """A person with a `phone`, and the number that proved wrong when somebody called it.

    A new number is not the wrong one: whoever corrects it, in whatever way, has the mark gone.
    """

    wrong_phone = PhoneField(_("wrong number"), blank=True, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def phone_is_wrong(self):
        return bool(self.phone) and self.phone == self.wrong_phone


class Trainee(WithPhone):
    """A person who attends courses. Data for few eyes are in `Identity` and `SupportNeed`."""

    first_name = NameField(_("first name"), max_length=80)
    last_name = NameField(
        _("last name"), max_length=80, blank=True, help_text=_("Empty if there is only one name.")
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    phone = PhoneField(_("phone"), blank=True)
    email = MailField(_("e-mail"), blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        related_name="trainees",
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
    )
    education = models.CharField(_("education"), max_length=1, choices=Education, blank=True)
    folded = FoldedField(source=("first_name", "last_name"))
    first_folded = FoldedField(source=("first_name",))
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)
    # From then on the data are stored and nothing else (services/restriction.py).
    restricted_at = models.DateTimeField(_("stored only, since"), null=True, editable=False)
    created_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    # Perhaps without any enrolment or application: only these are looked through for such people.
    newcomer = models.BooleanField(default=True, db_default=True, editable=False)
    # A second record of the same person (services/merging.py): it is in no list any more, keeps what is not
    # moved, and is to be erased whenever that person is.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="second_records",
        verbose_name=_("the same person as"),
        null=True,
        editable=False,
        db_index=False,  # a partial one below: nearly all rows have none
    )

    objects = PeopleManager()
    everyone = models.Manager()
    history = HistoricalRecords(excluded_fields=["folded", "first_folded", "newcomer"])

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        indexes = [
            models.Index(
                Collate("last_name", COLLATION),
                Collate("first_name", COLLATION),
                "id",
                name="trainee_name",
            ),
            models.Index(
                fields=["merged_into"],
                name="trainee_merged",
                condition=Q(merged_into__isnull=False),
            ),
            models.Index(fields=["id"], condition=Q(newcomer=True), name="trainee_newcomer"),
            models.Index(
                fields=["id"],
                condition=Q(restricted_at__isnull=False),
                name="trainee_restricted",
            ),
            models.Index(fields=["birth_date"], name="trainee_birth_date"),
            models.Index(fields=["phone"], name="trainee_phone"),
            models.Index(fields=["folded"], name="trainee_folded"),  # namesakes
            models.Index(fields=["created_at"], name="trainee_created"),
            models.Index(fields=["id"], condition=~Q(wrong_phone=""), name="trainee_wrong_phone"),
            TrigramIndex(fields=["folded"], name="trainee_folded_trgm"),
            TrigramIndex(fields=["phone"], name="trainee_phone_trgm"),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def masked_number(self):
        """The identity number with its middle hidden (123******46), or "".

        In lists, select `identity` with the query.
        """
        identity = getattr(self, "identity", None)
        try:
            return mask(identity.number) if identity else ""
        except Unreadable:  # a key is missing: `doctor` says so, and the page is shown all the same
            return "*" * 11

    def no_newcomer(self):
        """Note that there is an enrolment or an application of the trainee."""
        if self.newcomer:
            Trainee.objects.filter(pk=self.pk).update(newcomer=False)
            self.newcomer = False

    def is_minor(self, today=None):
        """Whether the trainee is under 18 on the day (today). Without a birth date: yes."""
        return self.birth_date is None or self.birth_date > adulthood(today)

    def age(self, today=None):
        """Full years on the day (today), or None without a birth date."""
        if self.birth_date is None:
            return None
        today = today or timezone.localdate()
        born = self.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


class Identity(models.Model):
    """The identity number of a trainee; without a row none is recorded.

    Encrypted; searched by its keyed hash. Written only by `services`, and each change is in the
    access log. It has no history table, so that erasing and changing keys happen in one place.
    """

    trainee = models.OneToOneField(
        Trainee, models.CASCADE, related_name="identity", verbose_name=_("trainee")
    )
    kind = models.CharField(_("kind of identity number"), max_length=10, choices=IdentityKind)
    number = EncryptedTextField(_("identity number"))
    country = models.CharField(_("country of the passport"), max_length=2, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = SealedManager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("identity number")
        verbose_name_plural = _("identity numbers")
        constraints = [
            models.CheckConstraint(condition=~Q(kind=""), name="identity_has_kind"),
            models.CheckConstraint(
                condition=~Q(kind=IdentityKind.PASSPORT) | ~Q(country=""),
                name="identity_passport_has_country",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    def hashes(self):
        """What `hash` is, or was while another key was the newest."""
        return identity_hashes(self.kind, self.number, self.country)


class SupportNeed(models.Model):
    """What helps a trainee to take part, no diagnosis; encrypted and written like Identity."""

    trainee = models.OneToOneField(
        Trainee, models.CASCADE, related_name="support_need", verbose_name=_("trainee")
    )
    text = EncryptedTextField(_("support needed"))

    objects = SealedManager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("support need")
        verbose_name_plural = _("support needs")

    def __str__(self):
        return str(self._meta.verbose_name)


class Guardian(WithPhone):
    """Who may sign for a trainee under 18."""

    trainee = models.ForeignKey(
        Trainee, models.CASCADE, related_name="guardians", verbose_name=_("trainee")
    )
    name = NameField(_("name"), max_length=160)
    phone = PhoneField(_("phone"), blank=True)
    relation = LineField(_("relation"), max_length=40)
    permission_on = models.DateField(
        _("permission given on"),
        null=True,
        blank=True,
        help_text=_("The day on which the guardian permitted the trainee to attend."),
    )

    objects = TraineeChildQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")

    def __str__(self):
        return self.name
