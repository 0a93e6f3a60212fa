from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class LetterKind(models.TextChoices):
    """What a letter is about; its wording is in `templates/letters/<kind>.<language>.txt`."""

    INVITATION = "invitation", _("invitation")
    PASSWORD_RESET = "password_reset", _("new password")
    ACCOUNT_NOTICE = "account_notice", _("change of an account")
    APPLICATION = "application", _("application received")
    APPLICATION_CLOSED = "application_closed", _("application closed")
    OFFER = "offer", _("seat offered")
    OFFER_EXPIRED = "offer_expired", _("offer expired")
    ENROLLED = "enrolled", _("enrolment confirmed")
    REMOVED = "removed", _("enrolment ended")
    COURSE_CANCELLED = "course_cancelled", _("course cancelled")
    SESSION_CANCELLED = "session_cancelled", _("lesson cancelled")
    SESSION_ADDED = "session_added", _("lesson added")
    ENQUIRY_NEW = "enquiry_new", _("new enquiry")
    ENQUIRY_RECEIVED = "enquiry_received", _("enquiry received")
    ENQUIRY_ANSWER = "enquiry_answer", _("answer to an enquiry")
    NAME_LEFT = "name_left", _("name left in a text")


class Access(models.TextChoices):
    """What the access log records (DOMAIN.md §5, need to know)."""

    IDENTITY_SEEN = "identity seen", _("identity number seen")
    IDENTITY_RECORDED = "identity recorded", _("identity number recorded")
    IDENTITY_CORRECTED = "identity corrected", _("identity number corrected")
    SUPPORT_SEEN = "support seen", _("support need seen")
    SUPPORT_CHANGED = "support changed", _("support need changed")
    EXPORTED = "exported", _("exported")
    MERGED = "merged", _("merged")
    ERASED = "erased", _("erased")


# What the access log says was seen or exported, in words.
PROTECTED = {
    "identity_number": _("identity number"),
    "support": _("support need"),
    "makers": _("makers"),
}
