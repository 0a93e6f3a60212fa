"""The kernel's own acts: a manager's, and the system's."""

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from izmek.accounts import given_roles, invitations, second_factor
from izmek.accounts.rights import RIGHTS
from izmek.accounts.roles import Role
from izmek.acts import letters, tasks
from izmek.acts.refusal import Refusal
from izmek.acts.rights import NotAllowed
from izmek.models import Letter, User
from tests import factories as make
from tests.rights import ALWAYS, acts_of, assert_asks_first

pytestmark = pytest.mark.django_db

SERVICES = acts_of(given_roles, invitations, second_factor, letters, tasks)
del SERVICES["note_change"]  # it writes down what another act has done
DONE = {
    "invite": lambda: {"email": "yeni@izmek.example"},
    "open_account": lambda: {"user": User(email="yeni@izmek.example")},
    "invite_first_manager": lambda: {"username": "ilk", "email": "ilk@izmek.example"},
    "send_invitation": lambda: {"user": make.user(email="yeni@izmek.example")},
    "drop_second_factor": lambda: {"user": make.user()},
    "set_roles": lambda: {"user": make.user(), "roles": [Role.CURATOR]},
    "add_roles": lambda: {"user": make.user(), "roles": [Role.CURATOR]},
    "save_account": lambda: {"user": make.user()},
    "delete_account": lambda: {"user": make.user()},
    "resend": lambda: {"letter": Letter.objects.create(kind="invitation", to="a@izmek.example")},
    "run_task_again": lambda: {"task": DBTaskResult(status="FAILED")},
}


def is_allowed(act, by):
    try:
        with transaction.atomic():
            SERVICES[act](**DONE[act](), by=by)
            transaction.set_rollback(True)
    except NotAllowed:
        return False
    except Refusal:
        pass
    return True


@pytest.mark.parametrize("act", RIGHTS)
def test_an_act_is_open_to_managers_alone(act):
    people = {role: make.user(role) for role in Role} | {None: None}
    assert {role for role, by in people.items() if is_allowed(act, by)} == ALWAYS
    assert {role for role, by in people.items() if RIGHTS.may(by, act)} == ALWAYS


@pytest.mark.parametrize("act", SERVICES)
def test_an_act_asks_for_the_right_first(act):
    assert_asks_first(SERVICES[act], by=make.user())


def test_the_table_names_every_act_and_nothing_else():
    assert set(RIGHTS) == set(SERVICES) == set(DONE)
