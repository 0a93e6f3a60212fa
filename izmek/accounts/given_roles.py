"""Roles that are given and taken, accounts that are closed: noted in the access log, with who did it."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from izmek.accounts import rights
from izmek.accounts.roles import Role
from izmek.accounts.sessions import end_sessions
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.models import User


@transaction.atomic
def set_roles(*, user, roles, by):
    """Let a user have exactly these roles."""
    rights.require(by, "set_roles", user)
    before = _roles_of(user)
    user.groups.set(Group.objects.filter(name__in=[str(role) for role in roles]))
    note_change(user, before=before, after=_roles_of(user), by=by)


@transaction.atomic
def add_roles(*, user, roles, by):
    """Give a user these roles beside those that they have."""
    rights.require(by, "add_roles", user)
    set_roles(user=user, roles={*_roles_of(user), *map(str, roles)}, by=by)


def note_change(user, *, before, after, by):
    """Note what a user has got and lost: names of roles, or words; nothing where all stays as it was."""
    labels = dict(Role.choices)
    changes = [f"+ {labels.get(one, one)}" for one in sorted(set(after) - set(before), key=str)]
    changes += [f"− {labels.get(one, one)}" for one in sorted(set(before) - set(after), key=str)]
    if changes:
        log_access(Access.ROLES_CHANGED, user, by=by, fields=", ".join(changes))


@transaction.atomic
def save_account(*, user, by):
    """Save what was changed of an account, closed or opened again included.

    With an account its sessions end: once it is opened again, nobody is signed in by what was left of them.
    """
    rights.require(by, "save_account", user)
    before = User.objects.select_for_update().get(pk=user.pk)
    user.save()
    if user.is_active != before.is_active:
        said = _("opened again") if user.is_active else _("closed")
        fields = _("account: %(state)s") % {"state": said}
        log_access(Access.ROLES_CHANGED, user, by=by, fields=fields)
    if not user.is_active:
        end_sessions(user)


@transaction.atomic
def delete_account(*, user, by):
    """Delete an account that nothing in the record points to, such as one opened by mistake.

    Raises Django's ProtectedError where something does: of whoever did anything there is an entry in the
    access log, and one's own would be deleted by oneself. Such an account is closed (`save_account`).
    """
    rights.require(by, "delete_account", user)
    end_sessions(user)
    log_access(Access.ROLES_CHANGED, user, by=by, fields=_("account deleted"))
    user.delete()


def _roles_of(user):
    return set(user.groups.filter(name__in=Role.values).values_list("name", flat=True))
