"""A link that opens once, followed by two people at once, on PostgreSQL with real threads."""

import re
from datetime import timedelta
from functools import partial
from threading import get_ident

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.invitations import invite
from izmek.accounts.roles import Role
from izmek.models import Letter, User
from tests import factories as make
from tests.races.together import Meeting, at_once, before_saving, without_locks
from trainees import services
from trainees.models import Application
from trainees.services import confirmation_code

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


# --- The link that confirms an application --------------------------------------------------------


def confirmed_by_two():
    """The answers to two who press the button of the link at once, and the application."""
    course = make.course("open", begin=timezone.localdate() + timedelta(days=30), capacity=2)
    application = services.apply(
        course=course,
        by=None,
        first_name="Ayşe",
        last_name="Işık",
        phone="05551234567",
        email="ayse@example.org",
        birth_year=1980,
    )
    address = reverse("confirm", args=[application.reference, confirmation_code(application)])
    meeting, met = Meeting(), set()

    def meet(sender, **kwargs):
        if get_ident() not in met:  # when it is confirmed, not when a seat is offered
            met.add(get_ident())
            meeting()

    with before_saving(Application, call=meet):
        answers = at_once(*(partial(Client().post, address) for _n in range(2)))
    application.refresh_from_db()
    return answers, application


def confirmations(application):
    letters = Letter.objects.exclude(kind="confirmation").count()
    times = application.history.filter(confirmed_at__isnull=False).values("confirmed_at")
    return letters, times.distinct().count()


def test_without_the_lock_two_would_confirm_one_application(monkeypatch):
    without_locks(monkeypatch)
    _answers, application = confirmed_by_two()
    assert confirmations(application) > (1, 1)


def test_one_confirms_the_application_and_the_other_finds_it_done():
    answers, application = confirmed_by_two()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (application.state, confirmations(application)) == ("offered", (1, 1))
