from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LetterChannel(models.TextChoices):
    """How a letter goes."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class LetterState(models.TextChoices):
    """SENDING and DELIVERED are states of text messages alone: no mail server tells of the latter."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", pgettext_lazy("state of a message", "delivered")
    FAILED = "failed", _("failed")

    @classmethod
    def to_come(cls):
        """The states of a letter that is not done."""
        return [cls.WAITING, cls.SENDING]


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("ready")
    FAILED = "failed", _("not made")

    @classmethod
    def open(cls):
        """The states of a job that is still to be done."""
        return [cls.WAITING, cls.RUNNING]


class ImportState(models.TextChoices):
    """How far a list is that somebody puts in."""

    COLUMNS = "columns", _("the columns are to be named")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    WRITING = "writing", _("being written")
    DONE = "done", _("written")

    @classmethod
    def working(cls):
        """The states in which somebody works on it."""
        return [cls.CHECKING, cls.WRITING]


class RowState(models.TextChoices):
    """What a row of a list is, or has become."""

    NEW = "new", _("new")
    KNOWN = "known", _("on record")
    CHOOSE = "choose", _("to be chosen")
    WRONG = "wrong", _("wrong")
    SAME = "same", _("nothing to do")
    WRITTEN = "written", _("written into the record")

    @classmethod
    def writable(cls):
        return [cls.NEW, cls.KNOWN]


class Access(models.TextChoices):
    """What the access log records (DOMAIN.md §5, need to know)."""

    SEEN = "seen", _("record seen")
    FOUND_BY_NUMBER = "found by number", _("found by identity number")
    IDENTITY_SEEN = "identity seen", _("identity number seen")
    IDENTITY_RECORDED = "identity recorded", _("identity number recorded")
    IDENTITY_CORRECTED = "identity corrected", _("identity number corrected")
    SUPPORT_SEEN = "support seen", _("support need seen")
    SUPPORT_CHANGED = "support changed", _("support need changed")
    EXPORTED = "exported", _("exported")
    IMPORT_CHECKED = "import checked", _("list checked")
    IMPORTED = "imported", _("list imported")
    MERGED = "merged", _("merged")
    SEPARATED = "separated", _("merge undone")
    ERASED = "erased", _("erased")
    RESTRICTED = "restricted", _("stored only from now on")
    RESTRICTION_LIFTED = "restriction lifted", _("may be used again")
    PRINTED = "printed", _("printed")
    HANDED_OVER = "handed over", _("handed over")
    ROLES_CHANGED = "roles changed", _("roles changed")
    ACCOUNT_OPENED = "account opened", _("account opened")
    INVITED = "invited", _("invited")
    SECOND_STEP_DROPPED = "second step dropped", _("second step taken away")


class SealedDay(models.TextChoices):
    """What became of a day of the access log since it was sealed (izmek/acts/seals.py)."""

    HOLDS = "holds", _("as it was sealed")
    FEWER = "fewer", _("entries are missing")
    MORE = "more", _("there are more entries")
    CHANGED = "changed", _("an entry was changed")
    DESTROYED = "destroyed", _("destroyed after its time")


class SealOutside(models.TextChoices):
    """What the file outside the database says of a seal."""

    SAME = "same", _("written, the same")
    OTHER = "other", _("another is written there")
    MISSING = "missing", _("not written there")
    DESTROYED = "destroyed", _("destroyed after its time")
    UNREADABLE = "unreadable", _("the file cannot be read")


# The names of the protected data for the access log.
PROTECTED = {
    "record": _("personal record"),
    "identity_number": _("identity number"),
    "support": _("support need"),
    "makers": _("makers"),
    "names": _("names of trainees"),
}
