"""A link that opens once, followed by two people at once, on PostgreSQL with real threads."""

import re
from functools import partial

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import mail
from django.test import Client

from izmek.accounts.invitations import invite
from izmek.accounts.roles import Role
from izmek.models import User
from tests import factories as make
from tests.races.together import Meeting, at_once, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PASSWORDS = ("tezgah mekik tarak", "kilim dokur gibi")


def link():
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def for_a_new_password():
    """The address of the form, and two browsers that have it open."""
    user = make.user(Role.TEACHER, email="ayse@izmek.example", password="Zeytin-Dali-42")
    both = Client(), Client()
    both[0].post("/hesap/password/reset/", {"email": user.email})
    forms = [one.get(link()).url for one in both]
    return user, both, forms[0]


def for_an_invitation():
    user = invite(email="ayse@izmek.example", roles=[Role.TEACHER], by=None)
    return user, (Client(), Client()), link()


KINDS = [for_a_new_password, for_an_invitation]


@pytest.fixture
def meeting(monkeypatch):
    """Where the two meet: when a password is about to be set."""
    met, set_password = Meeting(), AbstractBaseUser.set_password

    def meets(user, password):
        if password in PASSWORDS:
            met()
        set_password(user, password)

    monkeypatch.setattr(AbstractBaseUser, "set_password", meets)


def race(kind):
    """How many of the two set a password, and whether the one that counts is theirs."""
    user, both, address = kind()
    answers = at_once(
        *(
            partial(one.post, address, {"password1": password, "password2": password})
            for one, password in zip(both, PASSWORDS, strict=True)
        )
    )
    done = [answer.status_code == 302 for answer in answers]
    now = User.objects.get(pk=user.pk)
    return [now.check_password(one) for one in PASSWORDS], done


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_lock_both_would_set_one(kind, meeting, monkeypatch):
    without_locks(monkeypatch)
    _counts, done = race(kind)
    assert done == [True, True]


@pytest.mark.parametrize("kind", KINDS)
def test_one_sets_a_password_and_the_other_is_told(kind, meeting):
    counts, done = race(kind)
    assert sorted(done) == [False, True] and counts == done
