"""How a service refuses an act."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

REASON_LENGTH = 250  # characters; the length of most reason columns


class Refusal(ValidationError):
    """An act that the rules do not allow now; it says why, and for which field of a form.

    `Refusal("…", field="capacity", code="full", params={…})`. `reason` is its code. A form shows it
    with `show_refusal(form, refusal)`.
    """

    def __init__(self, message, *, code=None, params=None, field=None):
        super().__init__(
            {field: ValidationError(message, code, params)} if field else message,
            code=None if field else code,
            params=None if field else params,
        )
        self.reason = code or ""


class Conflict(Refusal):
    """Someone else was faster, or a time is already taken; trying again may help."""


def given_text(text, *, field, length=REASON_LENGTH):
    """An optional text that someone typed for an act, without spaces around it.

    Raises Refusal at the field if the text is longer than `length`, the size of its column.
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
    """The reason for an act. Raises Refusal at `reason` if it is empty, or as `given_text` does."""
    text = given_text(text, field="reason", length=length)
    if not text:
        raise Refusal(_("Give the reason."), field="reason", code="reason")
    return text


def show_refusal(form, refusal):
    """Show a service's refusal (any ValidationError) on a form.

    It appears at its field, or above the form when the form has no such field. One about rights is
    raised again: nothing in the form mends it, and the page is a 403.
    """
    _pass_on(refusal)
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def sentence_of(refusal):
    """What a service's refusal says, for a message; one about rights is raised again."""
    _pass_on(refusal)
    return " ".join(refusal.messages)


def _pass_on(refusal):
    if isinstance(refusal, PermissionDenied):
        raise refusal
