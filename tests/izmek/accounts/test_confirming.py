"""Who does something grave says once more who they are, and what they typed goes on by itself."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from izmek.accounts.roles import Role
from izmek.models import AccessLog, User
from tests import factories as make
from trainees.services import record_identity

pytestmark = pytest.mark.django_db
PASSWORD = "üç kelime yeter"
REASON = "Belge için arandı"


@pytest.fixture
def manager():
    return make.user(Role.MANAGER, username="ayse", email="ayse@example.com", password=PASSWORD)


@pytest.fixture
def signed_in(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def reveal():
    """The page on which somebody's number is shown."""
    trainee = make.trainee("Zeynep", "Kardelenoğlu")
    record_identity(trainee=trainee, kind="tckn", number="10000000146", by=None)
    AccessLog.objects.all().delete()
    return reverse("admin:trainees_trainee_act", args=[trainee.pk, "see_identity"])


def later(minutes=16):
    return time_machine.travel(time.time() + minutes * 60)


def test_a_sign_in_counts_for_a_quarter_of_an_hour(signed_in, reveal):
    assert signed_in.get(reveal).status_code == 200
    with later(14):
        assert signed_in.get(reveal).status_code == 200
    with later(16):
        asked = signed_in.get(reveal)
        assert asked.url.startswith("/hesap/reauthenticate/")
        assert "Parola yanlış" in signed_in.post(asked.url, {"password": "x"}).content.decode()
        assert signed_in.post(asked.url, {"password": PASSWORD}).url == reveal
        assert signed_in.get(reveal).status_code == 200
    with later(16 + 14):
        assert signed_in.get(reveal).status_code == 200


def test_what_was_typed_is_sent_by_itself_and_lies_nowhere_in_plain_text(signed_in, reveal):
    with later():
        asked = signed_in.post(reveal + "?from=list", {"reason": REASON})
        assert not AccessLog.objects.exists()
        assert REASON not in str([row.get_decoded() for row in Session.objects.all()])
        back = signed_in.post(asked.url, {"password": PASSWORD})
        shown = signed_in.get(back.url)
        assert shown.status_code == 200
        assert AccessLog.objects.get().reason == REASON
        again = signed_in.get(back.url)  # a reload sends nothing twice
        assert again.url == reveal + "?from=list" and AccessLog.objects.count() == 1


def test_a_form_that_was_given_up_is_never_sent(signed_in, reveal):
    with later():
        asked = signed_in.post(reveal, {"reason": REASON})
        waiting = parse_qs(urlsplit(asked.url).query)["next"][0]
        assert signed_in.get(waiting).url == reveal  # without saying who they are
        signed_in.post(reveal, {"reason": REASON})
        signed_in.post(signed_in.get(reveal).url, {"password": PASSWORD})  # for the page alone
        assert signed_in.get(reveal).status_code == 200
        assert signed_in.get(reveal + "?again=guessed").url == reveal
        assert not AccessLog.objects.exists()


def test_the_form_is_looked_at_as_any_other(manager, reveal):
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    token = client.get(reveal).context["csrf_token"]
    with later():
        asked = client.post(reveal, {"reason": REASON, "csrfmiddlewaretoken": str(token)})
        form = {"password": PASSWORD, "csrfmiddlewaretoken": str(token)}
        back = client.post(asked.url, form)
        assert client.get(back.url).status_code == 200 and AccessLog.objects.exists()
        assert client.post(reveal, {"reason": REASON}).status_code == 403


def test_who_may_not_is_refused_without_being_asked(client, reveal):
    client.force_login(make.user(Role.CURATOR, password=PASSWORD))
    with later():
        assert client.get(reveal).status_code == 403


def test_roles_and_accounts_change_only_by_somebody_who_is_there(signed_in, manager):
    other = make.user(Role.OFFICER, username="veli", first_name="Veli", email="veli@example.com")
    page = reverse("admin:izmek_user_change", args=[other.pk])
    with later():
        form = signed_in.get(page)  # reading asks nothing
        assert form.status_code == 200
        sent = {
            "username": "veli",
            "first_name": "Veli",
            "email": "veli@example.com",
            "is_active": "on",
            "roles": [Role.OFFICER, Role.MANAGER],
            "offices-TOTAL_FORMS": 0,
            "offices-INITIAL_FORMS": 0,
        }
        asked = signed_in.post(page, sent)
        assert asked.url.startswith("/hesap/reauthenticate/")
        assert User.objects.get(pk=other.pk).roles == {Role.OFFICER}
        signed_in.get(signed_in.post(asked.url, {"password": PASSWORD}).url)
        assert User.objects.get(pk=other.pk).roles == {Role.OFFICER, Role.MANAGER}


@pytest.mark.parametrize(
    "page",
    [
        "admin:trainees_trainee_export",
        "admin:izmek_user_export",
    ],
)
def test_a_list_is_not_taken_out_from_an_unlocked_screen(signed_in, page):
    with later():
        assert signed_in.get(reverse(page)).url.startswith("/hesap/reauthenticate/")


def test_two_people_are_not_merged_from_an_unlocked_screen(signed_in):
    one, two = make.trainee("Zeynep", "A"), make.trainee("Zeynep", "B")
    page = reverse("admin:trainees_trainee_merge_with", args=[one.pk, two.pk])
    assert signed_in.get(page).status_code == 200
    with later():
        assert signed_in.get(page).url.startswith("/hesap/reauthenticate/")
