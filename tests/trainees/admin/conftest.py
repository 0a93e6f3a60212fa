"""A class, and the officer of its centre, for the tests of the admin's pages."""

import pytest

from izmek.accounts.roles import Role
from tests import factories as make
from tests.classroom import Classroom


@pytest.fixture
def room():
    return Classroom(trainees=2, modules=2)


@pytest.fixture
def officer(client, room):
    """The officer of the class's centre, signed in."""
    user = make.user(Role.OFFICER, centres=[room.course.centre])
    client.force_login(user)
    return user
