from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("ready")
    FAILED = "failed", _("not made")

    @classmethod
    def open(cls):
        """The states of a job that is still to be done."""
        return [cls.WAITING, cls.RUNNING]


class Access(models.TextChoices):
    """What the access log records (DOMAIN.md §5, need to know)."""

    FOUND_BY_NUMBER = "found by number", _("found by identity number")
    IDENTITY_SEEN = "identity seen", _("identity number seen")
    IDENTITY_RECORDED = "identity recorded", _("identity number recorded")
    IDENTITY_CORRECTED = "identity corrected", _("identity number corrected")
    SUPPORT_SEEN = "support seen", _("support need seen")
    SUPPORT_CHANGED = "support changed", _("support need changed")
    EXPORTED = "exported", _("exported")
    MERGED = "merged", _("merged")
    ERASED = "erased", _("erased")


# The names of the protected data for the access log.
PROTECTED = {
    "identity_number": _("identity number"),
    "support": _("support need"),
    "makers": _("makers"),
}
