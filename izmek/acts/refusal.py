"""How a service refuses an act."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

REASON_LENGTH = 250  # what most columns hold


class Refusal(ValidationError):
    """An act that the rules do not allow now; says why, and at which field of a form.

    `Refusal("…", field="capacity", code="full", params={…})`. `reason` is its code. A form shows it by
    `show_refusal(form, refusal)`.
    """

    def __init__(self, message, *, code=None, params=None, field=None):
        super().__init__(
            {field: ValidationError(message, code, params)} if field else message,
            code=None if field else code,
            params=None if field else params,
        )
        self.reason = code or ""


class Conflict(Refusal):
    """Somebody else was faster, or a time is taken twice; trying again may help."""


def given_text(text, *, field, length=REASON_LENGTH):
    """What someone typed beside an act, perhaps nothing; without the blanks around it.

    Raises Refusal at the field if its column, `length` letters long, cannot hold the text.
    """
    text = (text or "").strip()
    if len(text) > length:
        raise Refusal(
            _("Write at most %(length)d letters."),
            params={"length": length},
            field=field,
            code="long",
        )
    return text


def given_reason(text, *, length=REASON_LENGTH):
    """The reason that an act asks for. Raises Refusal at `reason` if there is none, or as `given_text`."""
    text = given_text(text, field="reason", length=length)
    if not text:
        raise Refusal(_("Give the reason."), field="reason", code="reason")
    return text


def show_refusal(form, refusal):
    """Write what a service refused (any ValidationError) on a form: at its field, or above the form where
    that has no such field."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
