from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Gender(models.TextChoices):
    FEMALE = "female", _("woman")
    MALE = "male", _("man")


class AgeGroup(models.TextChoices):
    """Ages as they are published; the value is the age at which a group begins."""

    UNDER_18 = "0", _("under 18")
    FROM_18 = "18", _("18–24")
    FROM_25 = "25", _("25–34")
    FROM_35 = "35", _("35–44")
    FROM_45 = "45", _("45–54")
    FROM_55 = "55", _("55–64")
    FROM_65 = "65", _("65 and older")

    @property
    def youngest(self):
        """The full years at which the group begins."""
        return int(self.value)


class Alike(models.TextChoices):
    """Why two records may be of one person (`queries/same_person.py`)."""

    SAME_NAME = "same name", _("the same name")
    SPELLING = "spelling", _("the name is spelled another way")
    SLIP = "slip", _("the name differs by one letter")
    FIRST_NAME = "first name", _("the same first name, another last name")
    BIRTH_DATE = "birth date", _("the same date of birth")
    BIRTH_YEAR = "birth year", _("the same year of birth")
    NEAR_BIRTH_DATE = "near", _("the date of birth differs by one digit")
    PHONE = "phone", _("the same phone")
    EMAIL = "e-mail", _("the same e-mail address")
    NEIGHBOURHOOD = "neighbourhood", _("the same neighbourhood")


class Certainty(models.TextChoices):
    """How sure it is that two records are of one person; the value is the score from which on it is."""

    HIGH = "85", _("almost certain")
    LIKELY = "60", _("likely")
    POSSIBLE = "0", _("possible")

    @classmethod
    def of(cls, score):
        return next(one for one in cls if score >= int(one))


class ErasureReason(models.TextChoices):
    """Why somebody is erased; chosen, so that the access log names nobody whose name is to go."""

    ASKED = "asked", _("the person asks for it")
    GUARDIAN = "guardian", _("the guardian asks for it")
    MISTAKE = "mistake", _("recorded by mistake")
    ORDERED = "ordered", _("a court or the Board ordered it")
    OVER = "over", _("the period for which it is kept is over")


class Purpose(models.TextChoices):
    """What a consent is asked for; each one by itself (DOMAIN.md §5)."""

    NAME_LABEL = "name label", _("name on the label of a work")
    NAME_WEB = "name web", _("name on the web")
    PHOTO = "photo", _("recognisable on a photo")
    CONTACT = "contact", _("SMS and e-mail about future courses")


class Channel(models.TextChoices):
    """How a consent was given or withdrawn."""

    PAPER = "paper", _("signed on paper")
    IN_PERSON = "in person", _("in person")
    PHONE = "phone", _("by telephone")
    WRITTEN = "written", _("by letter or e-mail")
    WEB = "web", _("on the web site")


class NoticeKind(models.TextChoices):
    """Texts shown when data are collected. A notice informs; a consent text is answered."""

    REGISTRATION = "registration", _("notice at registration")
    APPLICATION = "application", _("notice at application")
    ENQUIRY = "enquiry", _("notice at an enquiry")
    NOTE = "note", _("notice at the visitor book")
    CONSENT = "consent", _("text of the consents")


class ApplicationState(models.TextChoices):
    RECEIVED = "received", _("received")
    OFFERED = "offered", _("seat offered")
    ENROLLED = "enrolled", _("enrolled")
    EXPIRED = "expired", _("offer expired")
    LAPSED = "lapsed", _("not confirmed in time")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REFUSED = "refused", _("refused")

    @classmethod
    def open(cls):
        """States of an application that still waits for something."""
        return (cls.RECEIVED, cls.OFFERED)


class CallAnswer(models.TextChoices):
    """What came of a telephone call, or of the text message before it."""

    REACHED = "reached", _("reached")
    NO_ANSWER = "no answer", _("no answer")
    WRONG_NUMBER = "wrong number", _("wrong number")
    SMS_FAILED = "sms failed", _("SMS not sent")

    @classmethod
    def of_a_call(cls):
        """What whoever has called may answer."""
        return (cls.REACHED, cls.NO_ANSWER, cls.WRONG_NUMBER)


class EnrolmentState(models.TextChoices):
    ENROLLED = "enrolled", _("enrolled")
    COMPLETED = "completed", _("completed")
    TRANSCRIPT = "transcript", _("some modules")
    FAILED = "failed", pgettext_lazy("outcome of a course", "failed")
    ABSENT = "absent", _("failed by absence")
    WITHDRAWN = "withdrawn", _("withdrew")
    REMOVED = "removed", _("removed")
    TRANSFERRED = "transferred", _("transferred")
    CANCELLED = "cancelled", pgettext_lazy("state of a seat", "course cancelled")
    MERGED = "merged", pgettext_lazy("state of a seat", "put together with another one")

    @classmethod
    def outcomes(cls):
        """States that finishing a course gives (DOMAIN.md §3)."""
        return (cls.COMPLETED, cls.TRANSCRIPT, cls.FAILED, cls.ABSENT)

    @classmethod
    def holding(cls):
        """States that hold a seat."""
        return (cls.ENROLLED, *cls.outcomes())

    @classmethod
    def left(cls):
        """States of a seat that was given up or lost; each has a day from which on it is free."""
        return (cls.WITHDRAWN, cls.REMOVED, cls.TRANSFERRED, cls.CANCELLED)

    @classmethod
    def with_day(cls):
        """States with a day from which on the trainee is not in the course.

        A seat that was put together with another one of the same person counts from no day on: the
        day is that of joining. `Enrolment.objects` leaves it out.
        """
        return (*cls.left(), cls.MERGED)


class AbsenceLevel(models.TextChoices):
    """How near someone is to the limit of absence; teachers are warned from HALF on."""

    FINE = "fine", _("less than half of the limit")
    HALF = "half", _("half of the limit")
    NEAR = "near", _("near the limit")
    OVER = "over", _("over the limit: can no longer pass")


class CertificateState(models.TextChoices):
    VALID = "valid", _("valid")
    REPLACED = "replaced", _("replaced")
    REVOKED = "revoked", _("revoked")


# What this app's letters are about; their wording is in `templates/letters/<kind>.<language>.txt`.
LETTERS = {
    "confirmation": _("application to be confirmed"),
    "application": _("application received"),
    "application_closed": _("application closed"),
    "offer": _("seat offered"),
    "offer_expired": _("offer expired"),
    "enrolled": _("enrolment confirmed"),
    "removed": _("enrolment ended"),
    "course_cancelled": _("course cancelled"),
    "session_cancelled": _("lesson cancelled"),
    "session_added": _("lesson added"),
    "lessons_changed": _("lessons changed"),
    "room_changed": _("room changed"),
    "certificate": _("certificate of participation"),
    "news": _("news of a course"),
}

# The letters whose news somebody without an e-mail address has to hear by telephone. The others are
# handed over in person, or follow from the application as it stands (`Application.objects.to_call`).
CALLED = (
    "application_closed",
    "course_cancelled",
    "lessons_changed",
    "removed",
    "room_changed",
    "session_added",
    "session_cancelled",
)

# What the course centre owes to those who attend or were offered a seat: told by text message to whom no
# e-mail goes, without a consent (DOMAIN.md §5). Who is not reached that way is called.
TEXTED = (*CALLED, "offer")

# What somebody has to know within hours: a text message goes beside the e-mail.
TEXTED_ANYWAY = ("session_cancelled",)

# Why somebody is called: by letter kinds, and for what an officer asks for by hand.
CALL_KINDS = {**{kind: LETTERS[kind] for kind in CALLED}, "paper": _("missing paper")}

# Beside these calls that wait somebody is called for what follows from an application or a certificate
# as it stands (`queries/calls.py`).
REASONS_TO_CALL = {
    **CALL_KINDS,
    "offer": LETTERS["offer"],
    "confirmation": LETTERS["confirmation"],
    "certificate": _("certificate not collected"),
}
