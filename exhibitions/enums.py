from django.db import models
from django.utils.translation import gettext_lazy as _


class ExhibitionKind(models.TextChoices):
    CENTRE = "centre", _("exhibition of a centre")
    CLASS = "class", _("exhibition of a class")
    MIXED = "mixed", _("mixed exhibition")
    GENERAL = "general", _("general exhibition")
    ONLINE = "online", _("online exhibition")
    FASHION = "fashion", _("fashion show")


class ExhibitionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")

    @classmethod
    def public(cls):
        """States in which the page is public once its time has come; a postponed one says so."""
        return (cls.PUBLISHED, cls.POSTPONED, cls.CANCELLED)


class DatePrecision(models.TextChoices):
    """How exactly the dates are known; a month is never shown as a day."""

    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")


class Phase(models.TextChoices):
    """Where an exhibition stands on a day; computed, never stored."""

    SOON = "soon", _("Opening soon")
    NOW = "now", _("Open today")
    LAST = "last", _("Last days")
    PAST = "past", _("Closed")

    @classmethod
    def visitable(cls):
        """The phases in which one can go there."""
        return (cls.NOW, cls.LAST)


class SaleStatus(models.TextChoices):
    NOT_FOR_SALE = "not for sale", _("not for sale")
    FOR_SALE = "for sale", _("for sale")
    RESERVED = "reserved", _("reserved")
    SOLD = "sold", _("sold")
    TO_ORDER = "to order", _("made to order")

    @classmethod
    def with_price(cls):
        """States in which a price makes sense."""
        return (cls.FOR_SALE, cls.RESERVED, cls.SOLD, cls.TO_ORDER)

    @classmethod
    def typed(cls):
        """States that people set; a work is sold when its sale is recorded."""
        return [state for state in cls if state != cls.SOLD]

    @classmethod
    def to_be_had(cls):
        """States in which it makes sense to ask for the work."""
        return (cls.FOR_SALE, cls.TO_ORDER)


class PaidTo(models.TextChoices):
    """Who got the money for a sold work: a note, since nothing is paid in the software."""

    MAKER = "maker", _("the maker")
    CENTRE = "centre", _("the course centre, for the maker")


class WorkState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned")
    WITHDRAWN = "withdrawn", _("withdrawn")

    @classmethod
    def with_teacher(cls):
        """States in which its teacher changes it: not yet, or no longer, with the curator."""
        return (cls.DRAFT, cls.RETURNED)


class NameForm(models.TextChoices):
    """How a maker wishes to be named; what shows is the lesser of wish and consent (DESIGN.md §3)."""

    FULL = "full", _("full name")
    SHORT = "short", _("first name and initial")
    NONE = "none", _("without a name")


class Surface(models.TextChoices):
    """Where a name is printed: each asks a consent of its own."""

    LABEL = "label", _("label on the wall")
    WEB = "web", _("web")


class FocalPoint(models.TextChoices):
    """The part of a photo that a crop keeps; the value is the CSS class `focal-…`."""

    TOP_LEFT = "tl", _("top left")
    TOP = "t", _("top")
    TOP_RIGHT = "tr", _("top right")
    LEFT = "l", _("left")
    CENTRE = "c", _("centre")
    RIGHT = "r", _("right")
    BOTTOM_LEFT = "bl", _("bottom left")
    BOTTOM = "b", _("bottom")
    BOTTOM_RIGHT = "br", _("bottom right")

    @property
    def position(self):
        """(across, down) from (0, 0) upper left to (1, 1) lower right."""
        across = 0.0 if "l" in self.value else 1.0 if "r" in self.value else 0.5
        down = 0.0 if "t" in self.value else 1.0 if "b" in self.value else 0.5
        return across, down


class PeopleOn(models.TextChoices):
    """Who can be recognised on a photo."""

    NOBODY = "nobody", _("nobody")
    TRAINEES = "trainees", _("these trainees")
    GUESTS = "guests", _("guests in public office")


class EnquiryKind(models.TextChoices):
    QUESTION = "question", _("question about a work or an exhibition")
    PRIVACY = "privacy", _("request about personal data")
    FEEDBACK = "feedback", _("feedback")


class EnquiryTopic(models.TextChoices):
    """What a request about personal data, or a feedback, is about."""

    NAME = "name", _("My name")
    PHOTO = "photo", _("A photo that shows me")
    DATA = "data", _("My personal data")
    QUESTION = "question", _("A question")
    SUGGESTION = "suggestion", _("A suggestion or thanks")
    COMPLAINT = "complaint", _("A complaint")
    ACCESS = "access", _("Something on this site that I cannot use")
    OTHER = "other", _("Something else")

    @classmethod
    def of_privacy(cls):
        """What a request from the page of a work or an exhibition may be about."""
        return (cls.NAME, cls.PHOTO, cls.DATA, cls.OTHER)

    @classmethod
    def of_feedback(cls):
        """What may be written about from the contact page; DATA makes it a request."""
        return (cls.QUESTION, cls.SUGGESTION, cls.COMPLAINT, cls.ACCESS, cls.DATA)


class EnquiryState(models.TextChoices):
    NEW = "new", _("new")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class Wish(models.TextChoices):
    """What somebody asks about their own data (law 6698, article 11; DOMAIN.md §5)."""

    TOLD = "told", _("to be told what is on record")
    HAND_OVER = "hand over", _("to be handed over everything")
    CORRECT = "correct", _("to have something corrected")
    RESTRICT = "restrict", _("to have their data stored only")
    ERASE = "erase", _("to be erased or made anonymous")
    OTHER = "other", _("something else")


class CameBy(models.TextChoices):
    """How a request about personal data came in."""

    SITE = "site", _("by the site")
    COUNTER = "counter", _("at the counter")
    LETTER = "letter", _("by letter")
    EMAIL = "e-mail", _("by e-mail")

    @classmethod
    def entered(cls):
        """The ways of a request that staff enter."""
        return (cls.COUNTER, cls.LETTER, cls.EMAIL)


class IdentityCheck(models.TextChoices):
    """How we know that whoever asks is the person."""

    CARD = "card", _("identity card seen at the counter")
    SIGNED = "signed", _("secure electronic signature, registered e-mail (KEP) or notary")
    ON_RECORD = "on record", _("answered from the address or called at the number on record")
    PROXY = "proxy", _("a guardian, or somebody with a power of attorney")


class AnswerChannel(models.TextChoices):
    """How an enquiry was answered."""

    EMAIL = "email", _("by e-mail")
    PHONE = "phone", _("by telephone or in person")
    POST = "post", _("by letter")


class NoteState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SHOWN = "shown", _("shown")
    REFUSED = "refused", _("refused")


# What this app's letters are about; their wording is in `templates/letters/<kind>.<language>.txt`.
LETTERS = {
    "enquiry_new": _("new enquiry"),
    "enquiry_received": _("enquiry received"),
    "enquiry_answer": _("answer to an enquiry"),
    "name_left": _("name left in a text"),
}
