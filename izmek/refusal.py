"""How a service refuses an act."""

from django.core.exceptions import ValidationError


class Refusal(ValidationError):
    """An act that the rules do not allow now; says why, and at which field of a form.

    `Refusal("…", field="capacity", code="full", params={…})`. Being a ValidationError, a form can
    take it as it is: `form.add_error(None, refusal)`.
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
