"""What people write to us."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import CourseCentre, Teacher
from exhibitions.enums import (
    AnswerChannel,
    CameBy,
    EnquiryKind,
    EnquiryState,
    EnquiryTopic,
    IdentityCheck,
    Wish,
)
from exhibitions.models.exhibitions import Exhibition
from exhibitions.models.works import Work
from exhibitions.queries.enquiries import HAS_DEADLINE, EnquiryQuerySet, overdue_on
from izmek.acts.rules import holds
from izmek.text.codes import new_code
from izmek.text.mail import MailField
from izmek.text.names import NameField
from izmek.text.phones import PhoneField
from trainees.models import Application, Guardian, Trainee

DAYS_TO_ANSWER = 30  # a request about personal data (DOMAIN.md §5)


def privacy_deadline(received_on=None):
    """The day until which a request about personal data that came in on a day (today) is answered."""
    return (received_on or timezone.localdate()) + timedelta(days=DAYS_TO_ANSWER)


def _whose(model, related_name="data_requests"):
    return models.ForeignKey(
        model,
        models.SET_NULL,
        related_name=related_name,
        verbose_name=model._meta.verbose_name,
        null=True,
        blank=True,
        editable=False,
    )


class Enquiry(models.Model):
    """What someone writes to us: a question, a request about personal data, a feedback.

    It is answered by the officers of `centre`: at first the one that its work comes from. A request about
    personal data also tells what is asked (`wish`), whose data it is about – one of `trainee`, `teacher`,
    `application`, `guardian`, once somebody has found them, else the writer – how that was checked, and
    what was `done`.
    """

    kind = models.CharField(
        _("kind"), max_length=10, choices=EnquiryKind, default=EnquiryKind.QUESTION
    )
    topic = models.CharField(_("chosen subject"), max_length=12, choices=EnquiryTopic, blank=True)
    work = models.ForeignKey(
        Work,
        models.SET_NULL,
        related_name="enquiries",
        verbose_name=_("work"),
        null=True,
        blank=True,
    )
    exhibition = models.ForeignKey(
        Exhibition,
        models.SET_NULL,
        related_name="enquiries",
        verbose_name=_("exhibition"),
        null=True,
        blank=True,
    )
    centre = models.ForeignKey(
        CourseCentre,
        models.SET_NULL,
        related_name="enquiries",
        verbose_name=_("course centre"),
        null=True,
        blank=True,
    )
    name = NameField(_("name"), max_length=120)
    email = MailField(_("e-mail"), blank=True)
    phone = PhoneField(_("phone"), blank=True)
    postal_address = models.CharField(_("postal address"), max_length=250, blank=True)
    came_by = models.CharField(_("came"), max_length=8, choices=CameBy, default=CameBy.SITE)
    wish = models.CharField(_("what is asked"), max_length=10, choices=Wish, blank=True)
    trainee = _whose(Trainee)
    teacher = _whose(Teacher)
    application = _whose(Application)
    guardian = _whose(Guardian)
    identity_check = models.CharField(
        _("identity checked"), max_length=10, choices=IdentityCheck, blank=True, editable=False
    )
    done = models.TextField(_("what was done"), blank=True, editable=False)
    message = models.TextField(_("message"))
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="tr"
    )
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, null=True, editable=False
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    answer_by = models.DateField(_("answer by"), default=privacy_deadline, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=EnquiryState,
        default=EnquiryState.NEW,
        editable=False,
    )
    state_reason = models.CharField(_("reason"), max_length=250, blank=True, editable=False)
    channel = models.CharField(
        _("way of the answer"), max_length=5, choices=AnswerChannel, blank=True, editable=False
    )
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        verbose_name=_("answered by"),
    )

    objects = EnquiryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="")
                | ~Q(phone="")
                | ~Q(postal_address="")
                | ~Q(state=EnquiryState.NEW),
                name="enquiry_can_be_answered",
                violation_error_message=_("Give an e-mail address or a phone number."),
            )
        ]
        indexes = [
            models.Index(  # the register, and its clock
                fields=["answer_by"],
                condition=Q(kind=EnquiryKind.PRIVACY),
                name="enquiry_privacy",
            )
        ]

    def __str__(self):
        return f"{self.name}, {timezone.localtime(self.received_at):%d.%m.%Y}"

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.reference = self.reference or new_code()
            if self.centre_id is None and self.work is not None:
                self.centre = self.work.centre
        super().save(*args, **kwargs)

    @property
    def about(self):
        """The work or the exhibition that it is about, or None."""
        return self.work or self.exhibition

    @property
    def is_request(self):
        """Whether it is a request about personal data."""
        return self.kind == EnquiryKind.PRIVACY

    @property
    def whose(self):
        """The trainee, teacher, application or guardian whose data it is about.

        The enquiry itself where its writer is known by nothing else; None as long as nobody has said so,
        and once they are erased.
        """
        found = self.trainee or self.teacher or self.application or self.guardian
        return found or (self if self.identity_check and self.name else None)

    @property
    def has_deadline(self):
        """Whether the law gives a day until which it is answered, and it still waits."""
        return holds(HAS_DEADLINE, self)

    def is_overdue(self, today=None):
        """Whether that day is over (today)."""
        return holds(overdue_on(today or timezone.localdate()), self)
