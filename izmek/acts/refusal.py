"""How a service refuses an act."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

REASON_LENGTH = 250  # what the tables hold


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


def given_reason(text):
    """The reason that someone gave for an act. Raises Refusal at `reason` if there is none."""
    text = (text or "").strip()
    if not text:
        raise Refusal(_("Give the reason."), field="reason", code="reason")
    if len(text) > REASON_LENGTH:
        raise Refusal(
            _("Give the reason in at most %(length)d letters."),
            params={"length": REASON_LENGTH},
            field="reason",
            code="reason",
        )
    return text


def show_refusal(form, refusal):
    """Write what a service refused (any ValidationError) on a form: at its field, or above the form where
    that has no such field."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
