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
from izmek.acts.prepared import prepared
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
        scopes = self.scopes(by, act)
        return rows.filter(_reach_of(by, scopes)) if scopes else rows.none()

    def may(self, by, act, on=None):
        """Whether `by` may do the act on a row; without a row, whether on any row at all."""
        right = self[act]
        if by is None:
            return right.system
        if self.everywhere(by, act):
            return True
        has_role = any(by.has_role(role) for role in right.roles)
        if on is None or not has_role:
            return has_role
        if on.pk is None:
            return False
        return bool(_reached(by=by, scopes=self.scopes(by, act), model=type(on), key=on.pk))

    def everywhere(self, by, act):
        """Whether the user may do the act on every row there is."""
        scopes = (scope for role, scope in self[act].roles.items() if by.has_role(role))
        return by.has_role(Role.MANAGER) or everything in scopes

    def asks(self, act):
        """`may` for one act, for the admin's buttons: (user, row or None) → bool.

        Its `among(user, rows)` gives the keys of those of some rows on which the user may do it, None where
        no row is out of reach; acts with the same `scopes` have the same.
        """

        def asked(user, on=None):
            return self.may(user, act, on)

        def among(user, rows):
            if self.everywhere(user, act):
                return None
            return set(self.rows(user, act, rows).values_list("pk", flat=True))

        asked.among = among
        asked.scopes = lambda user: self.scopes(user, act)
        return asked

    def scopes(self, by, act):
        """What decides on which rows `by` may do the act: acts of which it is the same share them."""
        if by.has_role(Role.MANAGER):
            return Role.MANAGER
        return frozenset((role, of) for role, of in self[act].roles.items() if by.has_role(role))

    def acting(self, by, act):
        """The user with those of their roles alone that may do the act."""
        return by.only(Role.MANAGER, *self[act].roles)

    def require(self, by, act, on=None):
        """Raise NotAllowed unless `may` says yes; every service calls it first."""
        if not self.may(by, act, on):
            raise NotAllowed(
                self[act].sentence or _("You are not allowed to do this."), code="right"
            )


def _reach_of(by, scopes):
    """A Q: the rows that a user reaches by these scopes, each asked of its role alone."""
    return reduce(or_, [scope(by.only(role)) for role, scope in scopes])


@prepared(by=("by", "scopes", "model"), kept=128)
def _reached(by, scopes, model, key):
    """The key of a row, if the user reaches it by one of these scopes."""
    rows = model._default_manager.filter(pk=key)
    return rows.filter(_reach_of(by, scopes)).values_list("pk", flat=True)


# --- How far somebody sees ----------------------------------------------------------------------

_reaches = []


def reaches_by(facts):
    """Register a function from the user to what the scopes of an app depend on, such as their centres."""
    _reaches.append(facts)


def reach(user):
    """What decides which rows the user sees: while it stays the same, a file of them may be handed out."""
    return [sorted(user.roles), *(facts(user) for facts in _reaches)]
