"""Who may do an act, asked by doing it: with every role, on a row of one's own and on a foreign one."""

import inspect
from unittest.mock import Mock

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from izmek.accounts.roles import Role
from izmek.acts.rights import NotAllowed
from tests import factories as make

EVERYONE = {None, *Role}
ALWAYS = {None, Role.MANAGER}  # the system and the manager


class World:
    """A user of each role; the officer runs the `own` centre, the teacher teaches the `own` course.

    `own` and `foreign` hold the same rows by the same names, for the acts to be done on.
    """

    def __init__(self):
        self.own, self.foreign = (
            {"course": make.course(teacher=make.teacher(with_user=True))} for _n in range(2)
        )
        for place in (self.own, self.foreign):
            place["centre"] = place["course"].centre
        self.users = {role: make.user(role) for role in Role} | {None: None}
        self.users[Role.OFFICER].offices.create(centre=self.own["centre"])
        self.users[Role.TEACHER] = self.own["course"].teacher.user

    def who_may(self, act, row):
        """The roles that do `act(row, by)` on the own row, and those on the foreign one.

        Each time the row is read anew and what was done is taken back.
        """
        return tuple(
            {role for role, by in self.users.items() if _does(act, place[row], by)}
            for place in (self.own, self.foreign)
        )

    def table_says(self, rights, act, row):
        """The same as the table of rights has it."""
        return tuple(
            {role for role, by in self.users.items() if rights.may(by, act, place[row])}
            for place in (self.own, self.foreign)
        )


def _does(act, row, by):
    """Whether the act was not forbidden; another refusal (it is done already …) comes after that."""
    try:
        with transaction.atomic():
            act(type(row).objects.get(pk=row.pk), by)
            transaction.set_rollback(True)
    except NotAllowed:
        return False
    except ValidationError:
        pass
    return True


def acts_of(*modules):
    """{name: function} of the public acts of some modules: what takes `by` and is at home there."""
    return {
        name: function
        for module in modules
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__.startswith(module.__name__)
        and not name.startswith("_")
        and "by" in inspect.signature(function).parameters
    }


def assert_asks_first(act, by, **more):
    """An act asks for the right before it looks at anything: nobody gets further than NotAllowed."""
    facts = {
        name: Mock()
        for name, parameter in inspect.signature(act).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    with pytest.raises(NotAllowed):
        act(**facts | more | {"by": by})
