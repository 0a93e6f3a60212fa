"""Who does something grave says once more who they are, and what they typed goes on by itself."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from courses.services import merge_neighbourhoods
from izmek.accounts.roles import Role
from izmek.models import AccessLog, User
from tests import factories as make
from tests.addresses import Town, addresses
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
    return reverse("admin:trainees_trainee_act", args=[trainee.pk, "see_identity"])


def reveals():
    return AccessLog.objects.filter(action="identity seen")


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
        assert not reveals().exists()
        assert REASON not in str([row.get_decoded() for row in Session.objects.all()])
        back = signed_in.post(asked.url, {"password": PASSWORD})
        shown = signed_in.get(back.url)
        assert shown.status_code == 200
        assert reveals().get().reason == REASON
        again = signed_in.get(back.url)  # a reload sends nothing twice
        assert again.url == reveal + "?from=list" and reveals().count() == 1


@pytest.mark.parametrize("query", ["?next=/yonetim/&q=a%20b", "?q=İnci", "?bos"])
def test_a_form_goes_on_however_its_address_is_written(signed_in, reveal, query):
    with later():
        asked = signed_in.post(reveal + query, {"reason": REASON})
        signed_in.get(signed_in.post(asked.url, {"password": PASSWORD}).url)
    assert reveals().get().reason == REASON


def test_a_form_that_was_given_up_is_never_sent(signed_in, reveal):
    with later():
        asked = signed_in.post(reveal, {"reason": REASON})
        waiting = parse_qs(urlsplit(asked.url).query)["next"][0]
        assert signed_in.get(waiting).url == reveal  # without saying who they are
        signed_in.post(reveal, {"reason": REASON})
        signed_in.post(signed_in.get(reveal).url, {"password": PASSWORD})  # for the page alone
        assert signed_in.get(reveal).status_code == 200
        assert signed_in.get(reveal + "?again=guessed").url == reveal
        assert not reveals().exists()


def test_the_form_is_looked_at_as_any_other(manager, reveal):
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    token = client.get(reveal).context["csrf_token"]
    with later():
        asked = client.post(reveal, {"reason": REASON, "csrfmiddlewaretoken": str(token)})
        form = {"password": PASSWORD, "csrfmiddlewaretoken": str(token)}
        back = client.post(asked.url, form)
        assert client.get(back.url).status_code == 200 and reveals().exists()
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


# Acts on one row that ask first: an act that shows, replaces or ends what is somebody's gets a line.
ASK_FIRST = {
    "izmek.merge": {"undo"},
    "izmek.user": {"invite_again", "drop_second_step"},
    "trainees.certificate": {"replace", "revoke"},
    "trainees.trainee": {"see_identity", "see_support", "correct_identity", "hand_over", "erase"},
    "trainees.application": {"hand_over", "erase"},
    "courses.course": {"send_news"},  # whom it reaches cannot be asked to forget it
    "courses.teacher": {"hand_over", "erase"},
    "exhibitions.enquiry": {"hand_over", "erase"},
}
# What is red, but shows nothing, is seen by all and can be mended: a seat is given again.
RED_ALL_THE_SAME = {
    ("courses.course", "cancel"),
    ("courses.course", "free_unseen"),
    ("courses.course", "reopen"),
    ("courses.session", "cancel"),
    ("exhibitions.enquiry", "close"),
    ("exhibitions.exhibition", "cancel"),
    ("exhibitions.visitornote", "refuse"),
    ("exhibitions.work", "withdraw"),
    ("trainees.application", "decline"),
    ("trainees.application", "refuse"),
    ("trainees.application", "withdraw"),
    ("trainees.enrolment", "remove"),
    ("trainees.enrolment", "withdraw"),
}


def acts(mark):
    """{table: names} of the acts of the admin that have the mark."""
    found = {}
    for model, shown in admin.site._registry.items():
        for name in shown.object_actions:
            if getattr(getattr(shown, name), mark, False):
                found.setdefault(model._meta.label_lower, set()).add(name)
    return found


def test_which_acts_ask_first():
    assert acts("confirmed") == ASK_FIRST
    red = {(table, name) for table, names in acts("danger").items() for name in names}
    asked = {(table, name) for table, names in ASK_FIRST.items() for name in names}
    assert red - asked == RED_ALL_THE_SAME


def test_nothing_about_people_is_fetched_or_merged_from_an_unlocked_screen(client, media):
    """Lists, the files of jobs, what an import gave back, two that become one: at every such address."""
    town = Town()
    client.force_login(town.users[Role.MANAGER])
    fetched = re.compile(r"/(export|file)/$|/geri\.|/merge/<path:other_id>")
    of_nobody = "yonetim/processing/file/"  # the record of processing itself
    grave = [
        one
        for one in addresses()
        if one[0].startswith("yonetim/") and fetched.search(one[0]) and one[0] != of_nobody
    ]
    assert len(grave) > 12
    with later():
        let_through = []
        for address, view in grave:
            filled = town.fill(address, view, Role.MANAGER, "own")
            if not client.get(filled).get("Location", "").startswith("/hesap/reauthenticate/"):
                let_through.append(filled)
    assert let_through == []


def test_a_merge_is_not_undone_from_an_unlocked_screen(signed_in, manager):
    kept, other = make.neighbourhood("Akmeşe"), make.neighbourhood("Akmeşe Mh.")
    merge = merge_neighbourhoods(kept=kept, other=other, by=manager)
    page = reverse("admin:izmek_merge_act", args=[merge.pk, "undo"])
    with later():
        asked = signed_in.post(page)
        assert asked.url.startswith("/hesap/reauthenticate/")
        merge.refresh_from_db()
        assert merge.undone_at is None
        signed_in.get(signed_in.post(asked.url, {"password": PASSWORD}).url)
    merge.refresh_from_db()
    assert merge.undone_by == manager


# --- Sessions that were left alone ------------------------------------------------------------


def test_a_screen_that_was_left_is_locked_and_nothing_typed_is_lost(signed_in, reveal, settings):
    settings.STAFF_IDLE_MINUTES = 60
    page = reverse("admin:trainees_trainee_changelist")
    with later(59):
        assert signed_in.get(page).status_code == 200  # which counts as a sign of life
    with later(59 + 61):
        asked = signed_in.post(reveal, {"reason": REASON})
        assert asked.url.startswith("/hesap/reauthenticate/")
        assert signed_in.get(page).url.startswith("/hesap/reauthenticate/")
        asked = signed_in.post(reveal, {"reason": REASON})
        back = signed_in.post(asked.url, {"password": PASSWORD})
        assert signed_in.get(back.url).status_code == 200
        assert reveals().get().reason == REASON
        assert signed_in.get("/").status_code == 200


def test_a_teacher_is_not_locked_out_of_a_lesson(client, settings):
    settings.STAFF_IDLE_MINUTES = 60
    client.force_login(make.user(Role.TEACHER))
    with later(5 * 60):
        assert client.get("/hesap/").status_code == 200


def test_a_sign_in_ends_after_its_hours_however_busy(signed_in, settings):
    settings.SESSION_COOKIE_AGE = 100 * 3600
    page = reverse("admin:trainees_trainee_changelist")
    for hours in (5, 10, 11.9):
        with later(hours * 60):
            assert signed_in.get(page).status_code == 200
    with later(12.1 * 60):
        assert signed_in.get(page).url.startswith("/hesap/login/")


# --- Networks ---------------------------------------------------------------------------------


def test_the_panel_is_open_from_named_networks_alone(signed_in, settings):
    settings.ADMIN_NETWORKS = ["10.20.0.0/16", "2001:db8::/32"]
    settings.TRUSTED_PROXY_COUNT = 1

    def status(address, page="/yonetim/"):
        return signed_in.get(page, headers={"X-Forwarded-For": address}).status_code

    assert [status(one) for one in ("10.20.3.4", "::ffff:10.20.3.4", "2001:db8::1")] == [200] * 3
    assert [status(one) for one in ("10.21.3.4", "2001:db9::1", "nonsense")] == [403] * 3
    assert status("10.20.3.4, 10.21.3.4") == 403  # only our own proxy's word counts
    assert status("10.21.3.4", "/hesap/") == 200
    assert Client().get("/yonetim/", headers={"X-Forwarded-For": "10.21.3.4"}).status_code == 403
