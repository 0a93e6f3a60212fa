"""Who may do what: one table for each app, act → role → the rows on which that role may do it.

    RIGHTS = Rights(
        enrol=Right({Role.OFFICER: courses_of_own_centres, Role.TEACHER: courses_taught_today}),
        merge=Right({}),
    )
    require, may, rows = RIGHTS.require, RIGHTS.may, RIGHTS.rows

A service asks `rights.require(by, "enrol", course)` before anything else; the buttons of the admin,
the teacher pages and the docs read the same table. `by=None` is the system, which may do everything;
a manager may do everything on every row (DESIGN.md §4).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from izmek.accounts.roles import Role
from izmek.acts.refusal import Refusal


class NotAllowed(Refusal, PermissionDenied):
    """The user has no role for this act, or not for this row. In a page it becomes a 403."""


def everything(user):
    """The scope of a role that may do an act on every row."""
    return Q(pk__isnull=False)


@dataclass(frozen=True)
class Right:
    """Who may do one act.

    `roles`: {role: its scope}, without the manager. A scope is a function from the user to a Q: the
    rows on which this user may do the act. `system`: whether `by=None` may do it; False for acts
    for which a person must be responsible. `sentence`: the message for users without the right.
    """

    roles: Mapping[Role, Callable]
    system: bool = True
    sentence: str | Promise = ""


class Rights(dict):
    """The table of an app: {name of the act: Right}."""

    def rows(self, by, act, rows):
        """Those of the rows (a QuerySet) on which `by` may do the act; can be part of a larger query.

        Each scope is asked what its role reaches alone: another role adds nothing to it.
        """
        right = self[act]
        if by is None:
            return rows if right.system else rows.none()
        if by.has_role(Role.MANAGER):
            return rows
        scopes = [scope(by.only(role)) for role, scope in right.roles.items() if by.has_role(role)]
        return rows.filter(reduce(or_, scopes)) if scopes else rows.none()

    def may(self, by, act, on=None):
        """Whether `by` may do the act on a row; without a row, whether on any row at all."""
        right = self[act]
        if by is None:
            return right.system
        if by.has_role(Role.MANAGER):
            return True
        scopes = [scope for role, scope in right.roles.items() if by.has_role(role)]
        if on is None or not scopes or everything in scopes:
            return bool(scopes)
        return self.rows(by, act, type(on)._default_manager.filter(pk=on.pk)).exists()

    def asks(self, act):
        """`may` for one act, for the admin's buttons: (user, row or None) → bool.

        Its `among(user, rows)` gives the keys of those of some rows on which the user may do it.
        """

        def asked(user, on=None):
            return self.may(user, act, on)

        asked.among = lambda user, rows: set(
            self.rows(user, act, rows).values_list("pk", flat=True)
        )
        return asked

    def acting(self, by, act):
        """The user with those of their roles alone that may do the act."""
        return by.only(Role.MANAGER, *self[act].roles)

    def require(self, by, act, on=None):
        """Raise NotAllowed unless `may` says yes; every service calls it first."""
        if not self.may(by, act, on):
            raise NotAllowed(
                self[act].sentence or _("You are not allowed to do this."), code="right"
            )
