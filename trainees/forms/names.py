"""Names of trainees and guardians in forms: how capitals are read depends on the identity number."""

from izmek.secrets.identity import FOREIGN
from izmek.text.names import NameFormField


def read_names(form, number_kind):
    """Read the names in a form (or form class) by the rule for this kind of number, None if unknown."""
    for field in (form.fields if hasattr(form, "fields") else form.base_fields).values():
        if isinstance(field, NameFormField):
            field.foreign = number_kind in FOREIGN


def kind_of_number(trainee):
    """The kind of the trainee's identity number, or None."""
    identity = getattr(trainee, "identity", None)
    return identity and identity.kind
