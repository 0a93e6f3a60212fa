"""Roles that are given and taken: each change stands in the access log, with who made it."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from izmek.accounts.roles import Role
from izmek.acts.audit import log_access
from izmek.acts.enums import Access


@transaction.atomic
def set_roles(*, user, roles, by):
    """Let a user have exactly these roles; for acts that check their own right."""
    before = _roles_of(user)
    user.groups.set(Group.objects.filter(name__in=[str(role) for role in roles]))
    note_change(user, before=before, after=_roles_of(user), by=by)


def add_roles(*, user, roles, by):
    """Give a user these roles beside those that they have."""
    set_roles(user=user, roles={*_roles_of(user), *map(str, roles)}, by=by)


def note_change(user, *, before, after, by):
    """Note what a user has got and lost: names of roles, or words; nothing where all stays as it was."""
    labels = dict(Role.choices)
    changes = [f"+ {labels.get(one, one)}" for one in sorted(set(after) - set(before), key=str)]
    changes += [f"− {labels.get(one, one)}" for one in sorted(set(before) - set(after), key=str)]
    if changes:
        log_access(Access.ROLES_CHANGED, user, by=by, fields=", ".join(changes))


def note_active(user, *, by):
    """Note that an account was closed or opened again."""
    said = _("opened again") if user.is_active else _("closed")
    log_access(Access.ROLES_CHANGED, user, by=by, fields=_("account: %(state)s") % {"state": said})


def _roles_of(user):
    return set(user.groups.filter(name__in=Role.values).values_list("name", flat=True))
