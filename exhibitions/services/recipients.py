"""Which staff members get a letter."""

from izmek.accounts.roles import Role
from izmek.models import User


def recipients_at(centre=None):
    """The addresses of the centre's officers, else those of the curators, else of the managers."""
    users = User.objects.filter(is_active=True).exclude(email="")
    officers = users.filter(groups__name=Role.OFFICER, offices__centre=centre)
    found = set(officers.values_list("email", flat=True)) if centre else set()
    for role in (Role.CURATOR, Role.MANAGER):
        found = found or set(users.filter(groups__name=role).values_list("email", flat=True))
    return sorted(found)
