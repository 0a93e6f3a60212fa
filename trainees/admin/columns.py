"""Columns of people in exports, wherever a row leads to one (izmek/admin/exported.py)."""

from django.db.models import Case, Exists, F, OuterRef, When
from django.utils.translation import gettext_lazy as _

from izmek.acts.enums import Access
from izmek.admin.exported import Guard, Out
from izmek.secrets.encryption import Unreadable, decrypt
from izmek.secrets.identity import mask
from trainees.models import Trainee
from trainees.rights import RIGHTS


def name_columns(path=""):
    """Last and first name of the trainee to whom a path such as "trainee__" leads."""
    return (f"{path}last_name", f"{path}first_name")


def number_columns(path=""):
    """The identity number masked; and in full, for a reason, of those at whose the user may look."""
    number = f"{path}identity__number"

    def seen(user):
        people = Trainee.objects.filter(pk=OuterRef(f"{path}pk"))
        return Case(When(Exists(RIGHTS.rows(user, "see_identity", people)), then=F(number)))

    guard = Guard(RIGHTS.asks("see_identity"), Trainee, Access.IDENTITY_SEEN, "identity_number")
    return (
        Out(f"{path}masked_number", _("identity number, masked"), (number,), _masked),
        Out(
            f"{path}full_number",
            _("identity number"),
            (f"{path}id", seen, number),
            lambda _pk, seen, number: decrypt(seen) if seen else _masked(number),
            guard,
        ),
    )


def _masked(token):
    """A number out of its token; where a key is missing a page is shown all the same, and so is a list."""
    if not token:
        return ""
    try:
        return mask(decrypt(token))
    except Unreadable:
        return "*" * 11
