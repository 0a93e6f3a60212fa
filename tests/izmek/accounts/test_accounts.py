"""Signing in: by whom, how often, with which second factor; invitations, passwords, sessions."""

import base64
import hmac
import io
import logging
import re
import struct
import time

import pytest
import time_machine
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.sessions.middleware import SessionMiddleware
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, resolve, reverse

from izmek.accounts.adapters import NEW_PASSWORD_LETTERS
from izmek.accounts.given_roles import delete_account, save_account
from izmek.accounts.invitations import invite, send_invitation
from izmek.accounts.roles import STAFF, Role
from izmek.accounts.second_factor import drop_second_factor
from izmek.acts.letters import resend
from izmek.acts.refusal import Refusal
from izmek.models import AccessLog, Letter, User
from tests import factories as make
from tests.forms import typed

pytestmark = pytest.mark.django_db

PASSWORD = "kilim dokur gibi"
LOGIN, SET_UP, STEP = "/hesap/login/", "/hesap/iki-asama/", "/hesap/iki-asama/authenticate/"
APP, CODES = "/hesap/iki-asama/totp/activate/", "/hesap/iki-asama/recovery-codes/"


@pytest.fixture
def person():
    """`person("ayse", Role.TEACHER)`: a user with the password above."""

    def make(name="ayse", *roles):
        user = User.objects.create_user(name, f"{name}@izmek.example", PASSWORD)
        user.groups.set(Group.objects.filter(name__in=roles))
        return user

    return make


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """What waits for the commit is done at the end of the block, as outside of tests."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def sign_in(client, login="ayse", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def code_of(secret):
    """The six digits that an authenticator app shows now (RFC 6238)."""
    step = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), step, "sha1").digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def set_up_app(client):
    """Set up an authenticator app as a person does; returns its secret."""
    page = client.get(APP).content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    assert client.post(APP, {"code": code_of(secret)}).url == CODES
    return secret


def backup_codes(client):
    page = client.get(CODES).content.decode()
    return [code.replace(" ", "") for code in re.findall(r"<code>(\d{4} \d{4})</code>", page)]


def link_in(letter):
    return re.search(r"https?://[^/]+(/\S+)", letter.body)[1]


# --- The sign-in ------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["ayse", "ayse@izmek.example"])
def test_sign_in_by_name_or_address(client, person, login):
    person("ayse", Role.CURATOR)
    assert sign_in(client, login).url == "/yonetim/"


def test_an_address_is_found_however_it_was_written(client, person):
    user = person()
    user.email = "Ayse.Yilmaz@Izmek.Example"
    user.save()
    assert sign_in(client, "AYSE.yilmaz@izmek.example").status_code == 302


@pytest.mark.parametrize("role", STAFF)
def test_staff_go_to_the_admin(client, person, role):
    person("ayse", role)
    assert sign_in(client).url == "/yonetim/"


def test_a_teacher_goes_to_her_day(client, person):
    person("ayse", Role.TEACHER)
    assert sign_in(client).url == "/ogretmen/"


def test_who_has_no_role_goes_to_her_account(client, person):
    person()
    assert sign_in(client).url == "/hesap/"


def test_the_way_one_came_is_kept_but_leads_nowhere_else(client, person):
    person("ayse", Role.CURATOR)
    wanted = "/hesap/oturumlar/"
    asked = client.get(wanted)
    assert asked.url == f"{LOGIN}?next={wanted}"
    assert sign_in(client, next=wanted).url == wanted
    assert sign_in(Client(), next="https://elsewhere.example/").url == "/yonetim/"


def test_the_answer_to_a_wrong_password_tells_nothing(client, person):
    person()
    errors = {
        str(sign_in(client, login, "wrong").context["form"].non_field_errors())
        for login in ("ayse", "ayse@izmek.example", "nobody", "nobody@izmek.example")
    }
    assert len(errors) == 1


@pytest.mark.both
@pytest.mark.parametrize("ending", ["", "@izmek.example"])
def test_a_name_as_long_as_a_book_is_told_at_its_field(client, ending):
    answer = sign_in(client, 60_000 * "a" + ending)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["login"])


@pytest.mark.both
@pytest.mark.parametrize(
    "key", [r"\000abcdefghijklmnopqrstuvwxyz01234", r"abcdefgh\000", "ş" * 32, 8000 * "a"]
)
def test_a_session_that_cannot_be_is_none(client, person, key):
    said = {"cookie": f'sessionid="{key}"'.encode().decode("latin-1")}
    for address in ("/hesap/", "/yonetim/", "/ogretmen/"):
        assert "/login/?next=" in client.get(address, headers=said).url
    assert client.get(LOGIN, headers=said).status_code == 200
    assert client.get(f"/gorsel/{32 * '0'}/620.jpg", headers=said).status_code == 404
    person()
    sent = {"login": "ayse", "password": PASSWORD}
    assert client.post(LOGIN, sent, headers=said).status_code == 302


def test_a_closed_account_stays_closed(client, person):
    user = person()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert sign_in(client).url == "/hesap/inactive/"
    assert client.get("/hesap/").status_code == 302


def test_a_failed_sign_in_is_logged_without_what_was_typed(client, person, caplog):
    user = person()
    with caplog.at_level(logging.INFO):
        sign_in(client, "ayse", "her-own-secret")
        sign_in(client, "a-password-in-the-wrong-field", "x")
    lines = [record.getMessage() for record in caplog.records if record.name == "izmek.accounts"]
    assert lines == [
        f"sign-in failed: wrong password for user {user.pk}, from 127.0.0.1",
        "sign-in failed: no such account, from 127.0.0.1",
    ]
    assert "secret" not in caplog.text
    assert "a-password" not in caplog.text


def test_the_admin_has_no_sign_in_of_its_own(client, person):
    person("ayse", Role.MANAGER)
    last, _status = client.get("/yonetim/", follow=True).redirect_chain[-1]
    assert last == f"{LOGIN}?next=/yonetim/"
    answer = client.post("/yonetim/login/", {"username": "ayse", "password": PASSWORD})
    assert answer.url.startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def addresses(patterns=None, prefix="/"):
    """(address, whether it is public) of every page under /hesap/ that takes no argument."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if address.startswith("/hesap/"):
                yield from addresses(pattern.url_patterns, address)
        elif "<" not in address and "^" not in address and address.startswith("/hesap/"):
            yield address, pattern.callback.access == "public"


def test_no_account_page_stays_in_a_cache(client, person):
    person()
    sign_in(client)
    listed = list(addresses())
    assert len(listed) > 15
    for address, _public in listed:
        answer = client.get(address)
        assert answer.status_code == 404 or "no-store" in answer.headers["Cache-Control"], address


def test_account_pages_ask_for_the_sign_in(client):
    private = [address for address, is_public in addresses() if not is_public]
    assert "/hesap/" in private
    assert SET_UP in private
    for address in private:
        assert client.get(address).url.startswith(LOGIN), address


# --- Passwords --------------------------------------------------------------------------------


def test_a_forgotten_password_is_renewed_by_letter(client, person, at_once):
    person()
    elsewhere = Client()
    sign_in(elsewhere)
    with at_once():
        answer = client.post("/hesap/password/reset/", {"email": "AYSE@izmek.example"})
    [letter] = mail.outbox
    assert letter.to == ["ayse@izmek.example"]
    link = link_in(letter)
    form = client.get(link).url
    new = {"password1": "tezgah mekik tarak", "password2": "tezgah mekik tarak"}
    differ = client.post(form, new | {"password2": "tezgah mekik"}).content.decode()
    assert "İki parola birbirinden farklı." in differ and "şifre" not in differ
    assert client.post(form, new).status_code == 302
    assert client.get(answer.url).status_code == 200
    assert elsewhere.get("/hesap/").url.startswith(LOGIN)
    assert sign_in(client, password="tezgah mekik tarak").status_code == 302
    assert "geçerli değil" in Client().get(link).content.decode()  # once only


def test_a_stranger_does_not_learn_who_has_an_account(client, person, at_once):
    person()
    with at_once():
        known = client.post("/hesap/password/reset/", {"email": "ayse@izmek.example"})
        unknown = client.post("/hesap/password/reset/", {"email": "nobody@izmek.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert known.headers.keys() == unknown.headers.keys()
    assert [letter.to for letter in mail.outbox] == [["ayse@izmek.example"]]


def test_no_letter_in_the_admin_holds_a_key(client, person, at_once):
    manager = person("yonetici", Role.MANAGER)
    person()
    with at_once():
        client.post("/hesap/password/reset/", {"email": "ayse@izmek.example"})
        invite(email="yeni@izmek.example", roles=[Role.MANAGER], by=manager)
    assert Letter.objects.count() == len(mail.outbox) == 2
    for letter, sent in zip(Letter.objects.order_by("pk"), mail.outbox, strict=True):
        assert link_in(sent) not in letter.text
        assert "/hesap/" not in letter.text


def test_a_new_password_ends_the_other_sessions(client, person, at_once):
    person()
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    new = {"password1": "tezgah mekik tarak", "password2": "tezgah mekik tarak"}
    wrong = client.post("/hesap/password/change/", {"oldpassword": "wrong", **new})
    assert "Şimdiki parolanız bu değil" in wrong.content.decode()
    with at_once():
        client.post("/hesap/password/change/", {"oldpassword": PASSWORD, **new})
    assert client.get("/hesap/").status_code == 200
    assert elsewhere.get("/hesap/").status_code == 302
    assert mail.outbox[0].subject == "Parolanız değişti"


# --- The second factor ------------------------------------------------------------------------


@pytest.fixture
def demanded(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.parametrize("role", STAFF)
def test_staff_are_led_to_the_second_factor_and_nowhere_else(client, person, demanded, role):
    person("ayse", role)
    sign_in(client)
    for address in ("/yonetim/", "/hesap/", "/hesap/oturumlar/", "/hesap/password/change/"):
        assert client.get(address).url == SET_UP, address
    assert client.get(SET_UP).status_code == 200
    assert client.get("/").status_code == 200  # public pages do not ask
    set_up_app(client)
    assert client.get("/yonetim/").status_code == 200


def test_who_has_yet_to_set_it_up_can_sign_out(client, person, demanded):
    person("ayse", Role.MANAGER)
    sign_in(client)
    client.post("/hesap/logout/")
    assert client.get(SET_UP).url.startswith(LOGIN)


def test_a_teacher_may_do_without(client, person, demanded):
    person("ayse", Role.TEACHER)
    sign_in(client)
    assert client.get("/hesap/").status_code == 200
    assert client.get(SET_UP).status_code == 200


def test_the_demand_can_be_switched_off(client, person):
    person("ayse", Role.MANAGER)
    sign_in(client)
    assert client.get("/yonetim/").status_code == 200


def test_public_pages_do_not_look_at_the_session(client, person, demanded):
    person("ayse", Role.MANAGER)
    sign_in(client)
    assert "Cookie" not in client.get("/").headers.get("Vary", "")


def test_an_app_is_asked_at_the_next_sign_in(client, person, demanded):
    person("ayse", Role.MANAGER)
    sign_in(client)
    secret = set_up_app(client)
    other = Client()
    with time_machine.travel(time.time() + 120):
        assert sign_in(other).url == STEP
        assert other.get("/yonetim/").status_code == 302  # not in yet
        assert "Kod yanlış" in other.post(STEP, {"code": "000000"}).content.decode()
        now = code_of(secret)
        assert other.post(STEP, {"code": now}).url == "/yonetim/"
        assert other.get("/yonetim/").status_code == 200
        third = Client()
        sign_in(third)
        assert "Kod yanlış" in third.post(STEP, {"code": now}).content.decode()
    with time_machine.travel(time.time() + 150):  # still within the tolerance of the app's clock
        assert "Kod yanlış" in third.post(STEP, {"code": now}).content.decode()


def test_wrong_codes_are_limited(client, person):
    person("ayse", Role.MANAGER)
    sign_in(client)
    secret = set_up_app(client)
    other = Client()
    with time_machine.travel(time.time() + 120):
        sign_in(other)
        for _attempt in range(5):
            other.post(STEP, {"code": "000000"})
        answer = other.post(STEP, {"code": code_of(secret)})
        assert answer.status_code == 429 and "saniye sonra" in answer.content.decode()


def test_a_backup_code_opens_once(client, person):
    person("ayse", Role.MANAGER)
    sign_in(client)
    set_up_app(client)
    codes = backup_codes(client)
    assert len(codes) == 10
    other = Client()
    sign_in(other)
    assert other.post(STEP, {"code": codes[0]}).url == "/yonetim/"
    assert codes[0] not in backup_codes(client)
    third = Client()
    sign_in(third)
    assert "Kod yanlış" in third.post(STEP, {"code": codes[0]}).content.decode()
    file = client.get("/hesap/iki-asama/recovery-codes/download/").content.decode()
    assert f"{codes[1][:4]} {codes[1][4:]}" in file


def test_without_the_last_factor_she_is_led_back(client, person, demanded):
    person("ayse", Role.MANAGER)
    sign_in(client)
    set_up_app(client)
    client.post("/hesap/iki-asama/totp/deactivate/")
    assert client.get("/yonetim/").url == SET_UP


def test_an_old_sign_in_is_asked_who_it_is(client, person):
    person()
    sign_in(client)
    with time_machine.travel(time.time() + 16 * 60):
        asked = client.get(APP)
        assert asked.url.startswith("/hesap/reauthenticate/")
        assert "Parola yanlış" in client.post(asked.url, {"password": "x"}).content.decode()
        assert client.post(asked.url, {"password": PASSWORD}).url == APP
        assert client.get(APP).status_code == 200


def test_the_first_factor_ends_sessions_that_began_without(client, person, at_once):
    person()
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    with at_once():
        set_up_app(client)
    assert client.get("/hesap/").status_code == 200
    assert elsewhere.get("/hesap/").status_code == 302
    assert mail.outbox[0].subject == "İki aşamalı girişiniz değişti"


def test_a_key_that_does_not_fit_is_told_at_the_code(client, person, settings):
    person()
    sign_in(client)
    secret = set_up_app(client)
    settings.IDENTITY_KEYS = ["bmV3LWtleS1mb3ItdGVzdHMtb25seS1vZi0zMi1ieXQ="]
    other = Client()
    with time_machine.travel(time.time() + 120):
        sign_in(other)
        answer = other.post(STEP, {"code": code_of(secret)})
    assert answer.status_code == 200 and "anahtar eksik" in answer.content.decode()


def test_the_secrets_of_apps_are_stored_encrypted_and_rotate(client, person, settings):
    person()
    sign_in(client)
    secret = set_up_app(client)
    codes = backup_codes(client)
    stored = {row.type: row.data for row in Authenticator.objects.all()}
    assert secret not in str(stored)
    new = "bmV3LWtleS1mb3ItdGVzdHMtb25seS1vZi0zMi1ieXQ="
    settings.IDENTITY_KEYS = [new, *settings.IDENTITY_KEYS]
    call_command("rotate_keys", verbosity=0)
    settings.IDENTITY_KEYS = [new]
    assert backup_codes(client) == codes
    other = Client()
    with time_machine.travel(time.time() + 120):
        sign_in(other)
        assert other.post(STEP, {"code": code_of(secret)}).status_code == 302


def test_a_lost_factor_is_taken_away_by_a_manager(client, person, demanded, at_once):
    manager, user = person("yonetici", Role.MANAGER), person("ayse", Role.OFFICER)
    sign_in(client)
    set_up_app(client)
    with at_once():
        drop_second_factor(user=user, by=manager)
    assert client.get("/hesap/").url.startswith(LOGIN)
    sign_in(client)
    assert client.get("/yonetim/").url == SET_UP
    assert mail.outbox[-1].to == ["ayse@izmek.example"]
    with pytest.raises(Refusal):
        drop_second_factor(user=user, by=manager)


# --- Invitations ------------------------------------------------------------------------------


@pytest.fixture
def invited(at_once):
    """A curator just invited, and her link."""
    with at_once():
        user = invite(
            email="Gul.Isik@izmek.example",
            first_name="Gül",
            last_name="Işık",
            roles=[Role.CURATOR],
            by=None,
        )
    return user, link_in(mail.outbox[-1])


def accept(client, link, password=PASSWORD):
    return client.post(link, {"password1": password, "password2": password})


def test_an_invitation_leads_to_password_and_second_factor(client, invited, demanded):
    user, link = invited
    assert (user.username, user.email) == ("gul.isik", "gul.isik@izmek.example")
    assert "Gül Işık" in client.get(link).content.decode()
    assert "çok kısa" in accept(client, link, "12345").content.decode()
    assert accept(client, link).url == "/yonetim/"
    assert client.get("/yonetim/").url == SET_UP
    set_up_app(client)  # without being asked for the password that was just chosen
    assert client.get("/yonetim/").status_code == 200
    assert sign_in(Client(), "gul.isik").status_code == 302


def test_an_invitation_is_used_once(client, invited):
    _user, link = invited
    accept(client, link)
    late = Client()
    assert late.get(link).status_code == 410
    assert accept(late, link, "another password").status_code == 410
    assert sign_in(late, "gul.isik").status_code == 302


def test_an_invitation_ends(client, invited, settings):
    _user, link = invited
    with time_machine.travel(time.time() + settings.INVITATION_DAYS * 86400 - 60):
        assert client.get(link).status_code == 200
    with time_machine.travel(time.time() + settings.INVITATION_DAYS * 86400 + 60):
        assert client.get(link).status_code == 410


def test_a_second_invitation_voids_the_first(client, invited, at_once):
    user, link = invited
    with at_once():
        send_invitation(user=user, by=None)
    assert client.get(link).status_code == 410
    assert client.get(link_in(mail.outbox[-1])).status_code == 200


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "else@izmek.example"}])
def test_an_invitation_dies_with_the_account_or_address(client, invited, change):
    user, link = invited
    User.objects.filter(pk=user.pk).update(**change)
    assert client.get(link).status_code == 410


def first_manager(*arguments):
    out = io.StringIO()
    call_command("first_manager", *arguments, stdout=out)
    return out.getvalue().split()[-1].removeprefix("http://127.0.0.1:8000")


def test_the_first_manager_gets_a_link_and_no_password(client):
    older = first_manager("ayse", "Ayse@izmek.example")
    link = first_manager("ayse", "ayse@izmek.example")  # the installer was run again
    assert client.get(older).status_code == 410
    assert accept(client, link).url == "/yonetim/"
    user = User.objects.get()
    assert (user.roles, user.email) == ({Role.MANAGER}, "ayse@izmek.example")
    with pytest.raises(CommandError, match="yönetici"):
        first_manager("fatma", "fatma@izmek.example")
    assert User.objects.count() == 1


def test_a_wrong_address_opens_no_account():
    with pytest.raises(CommandError, match="posta"):
        first_manager("ayse", "no address")
    assert not User.objects.exists()


def test_a_forged_invitation_opens_nothing(client, invited):
    _user, link = invited
    assert client.get(link[:-3] + "xx/").status_code == 410


def test_an_invitation_resent_after_the_address_changed_goes_nowhere(invited, at_once):
    user, _link = invited
    letter = Letter.objects.get(kind="invitation")
    User.objects.filter(pk=user.pk).update(email="else@izmek.example")
    sent = len(mail.outbox)
    with at_once():
        resend(letter=letter, by=None)
    assert len(mail.outbox) == sent


def test_inviting_someone_who_signs_in_adds_the_role_without_a_letter(person, at_once):
    user = person("ayse", Role.OFFICER)
    with at_once():
        assert invite(email="ayse@izmek.example", roles=[Role.CURATOR], by=None) == user
    assert User.objects.get(pk=user.pk).roles == {Role.OFFICER, Role.CURATOR}
    assert mail.outbox == []
    with pytest.raises(Refusal):
        send_invitation(user=user, by=None)


def test_user_names_do_not_collide(at_once):
    names = [
        invite(email=f"{n}@izmek.example", first_name="Şükrü", last_name="İnce", by=None).username
        for n in range(3)
    ]
    assert names == ["sukru.ince", "sukru.ince2", "sukru.ince3"]


# --- Sessions ---------------------------------------------------------------------------------

PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36"
)
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Edg/130.0"


@pytest.fixture
def two_devices(person):
    person()
    office, phone = Client(HTTP_USER_AGENT=OFFICE), Client(HTTP_USER_AGENT=PHONE)
    sign_in(office)
    sign_in(phone)
    return office, phone


def test_sessions_are_listed_in_words(two_devices):
    office, _phone = two_devices
    page = office.get("/hesap/oturumlar/").content.decode()
    assert "Chrome, Android" in page
    assert "Edge, Windows" in page
    assert page.count("Bu cihaz") == 1


def test_one_session_is_ended(two_devices):
    office, phone = two_devices
    page = office.get("/hesap/oturumlar/").content.decode()
    [number] = re.findall(r'name="session" value="(\d+)"', page)
    office.post("/hesap/oturumlar/", {"session": number})
    assert phone.get("/hesap/").status_code == 302
    assert office.get("/hesap/").status_code == 200


def test_all_other_sessions_are_ended(two_devices):
    office, phone = two_devices
    phone.post("/hesap/oturumlar/", {"others": "1"})
    assert office.get("/hesap/").status_code == 302
    assert phone.get("/hesap/").status_code == 200


@pytest.mark.parametrize("typed", ["", "x", "99999999"])
def test_only_ones_own_session_is_ended(two_devices, person, typed):
    office, _phone = two_devices
    other = person("baska")
    stranger = Client()
    sign_in(stranger, "baska")
    number = typed or other.usersession_set.get().pk
    assert office.post("/hesap/oturumlar/", {"session": number}).status_code == 404
    assert stranger.get("/hesap/").status_code == 200


def test_the_note_on_a_session_goes_with_it(two_devices, person):
    _office, phone = two_devices
    phone.post("/hesap/logout/")
    person("baska")
    sign_in(Client(), "baska")
    user = User.objects.get(username="ayse")
    assert [session.user_agent for session in user.usersession_set.all()] == [OFFICE]


# --- In the admin -----------------------------------------------------------------------------


@pytest.fixture
def as_manager(client, person):
    client.force_login(person("yonetici", Role.MANAGER))
    return client


NO_OFFICES = {"offices-TOTAL_FORMS": 0, "offices-INITIAL_FORMS": 0}


def test_a_manager_invites_staff(as_manager, at_once):
    new = {"first_name": "Gül", "last_name": "Işık", "email": "gul@izmek.example", **NO_OFFICES}
    with at_once():
        as_manager.post("/yonetim/izmek/user/add/", {**new, "roles": [Role.CURATOR]})
    user = User.objects.get(email="gul@izmek.example")
    assert user.roles == {Role.CURATOR}
    assert accept(Client(), link_in(mail.outbox[0])).url == "/yonetim/"
    assert sign_in(Client(), "gul.isik").status_code == 302


def test_nobody_is_invited_twice_or_without_an_address(as_manager, person):
    person()
    new = {"first_name": "Ayşe", "last_name": "Kaya", "roles": [Role.CURATOR], **NO_OFFICES}
    for email in ("", "AYSE@izmek.example"):
        answer = as_manager.post("/yonetim/izmek/user/add/", {**new, "email": email})
        assert answer.context["adminform"].form.errors
    assert User.objects.count() == 2


def test_a_manager_invites_again_and_takes_a_second_step_away(as_manager, invited, at_once):
    user, first = invited
    page = f"/yonetim/izmek/user/{user.pk}"
    with at_once():
        as_manager.post(f"{page}/act/invite_again/")
    other = Client()
    assert other.get(first).status_code == 410
    accept(other, link_in(mail.outbox[-1]))
    set_up_app(other)
    assert b"act/invite_again/" not in as_manager.get(f"{page}/change/").content
    as_manager.post(f"{page}/act/drop_second_step/")
    assert other.get("/hesap/").status_code == 302
    assert not Authenticator.objects.exists()


def test_nobody_sets_the_password_of_another(as_manager, person):
    user = person()
    page = f"/yonetim/izmek/user/{user.pk}"
    assert as_manager.get(f"{page}/password/", follow=True).status_code == 404
    mine = {"username": "ayse2", "first_name": "", "last_name": "", "email": user.email}
    typed = {"password": "x", "password1": "x", "is_superuser": "on", "is_active": "on"}
    assert as_manager.post(f"{page}/change/", mine | typed | NO_OFFICES).status_code == 302
    user.refresh_from_db()
    assert (user.username, user.is_superuser) == ("ayse2", False)
    assert user.check_password(PASSWORD)


# --- Time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["ayse@izmek.example", "nobody@izmek.example"])
def test_the_answer_about_a_forgotten_password_waits_for_no_letter(
    client, person, at_once, monkeypatch, email
):
    """Neither the letter nor its row is made before the answer is sent and closed."""
    person()
    made = []
    monkeypatch.setattr("izmek.accounts.adapters.write", lambda **letter: made.append(letter["to"]))
    request = RequestFactory().post("/hesap/password/reset/", {"email": email})
    SessionMiddleware(lambda request: None).process_request(request)
    with context.request_context(request):
        answer = resolve("/hesap/password/reset/").func(request)
    assert (answer.status_code, made) == (302, [])
    answer.close()
    assert made == ([email] if email.startswith("ayse") else [])


def test_each_change_of_role_is_noted_with_who_made_it(client):
    boss, user = make.user(Role.MANAGER), make.user(Role.TEACHER, email="ayse@example.org")
    client.force_login(boss)
    place = make.centre("Akmeşe")
    address = reverse("admin:izmek_user_change", args=[user.pk])
    sent = typed(client.get(address)) | {
        "roles": [Role.CURATOR.value],
        "offices-TOTAL_FORMS": "1",
        "offices-0-centre": place.pk,
        "is_active": "",
    }
    assert client.post(address, sent).status_code == 302
    changes = AccessLog.objects.filter(action="roles changed", by=boss, object_id=str(user.pk))
    assert set(changes.values_list("fields", flat=True)) == {
        "+ Sergi sorumlusu, − Öğretmen",
        f"+ {user} – {place}",
        "hesap: kapandı",
    }
    opened = User.objects.create_superuser("kurulum", password="x")
    assert AccessLog.objects.get(action="account opened").object == opened


def test_with_an_account_its_sessions_end_for_good(client, person):
    user, boss = person(), make.user(Role.MANAGER)
    sign_in(client)
    for state, status in ((False, 302), (True, 302)):
        user.refresh_from_db()
        user.is_active = state
        save_account(user=user, by=boss)
        assert client.get("/hesap/").status_code == status
    assert sign_in(client).status_code == 302 and client.get("/hesap/").status_code == 200


def test_an_account_opened_by_mistake_is_deleted_and_nobody_deletes_their_own(client):
    boss, user = make.user(Role.MANAGER), make.user(Role.TEACHER, email="ayse@example.org")
    client.force_login(boss)
    for one in (boss, user):
        address = reverse("admin:izmek_user_delete", args=[one.pk])
        client.post(address, {"post": "yes"})
        with pytest.raises(ProtectedError):
            delete_account(user=boss, by=boss)
    assert [one.pk for one in User.objects.all()] == [boss.pk]
    noted = AccessLog.objects.get(object_id=str(user.pk), fields="hesap silindi")
    assert noted.by == boss


def test_nobody_fills_the_mailbox_of_somebody_else(
    person, mailoutbox, settings, django_capture_on_commit_callbacks
):
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": None}
    user = person()
    said = set()
    for number in range(9):
        client = Client(headers={"x-forwarded-for": f"203.0.113.{number}"})
        with django_capture_on_commit_callbacks(execute=True):
            said.add(client.post("/hesap/password/reset/", {"email": user.email}).url)
    assert len(mailoutbox) == NEW_PASSWORD_LETTERS["times"] < 9 and len(said) == 1
    assert NEW_PASSWORD_LETTERS["seconds"] <= settings.PASSWORD_RESET_TIMEOUT / 2


def test_nothing_lies_between_user_name_and_password(client):
    """Who types both goes from one to the other by Tab."""
    page = client.get("/hesap/login/").content.decode()
    stops = re.findall(r'<(?:a|input|button)\b[^>]*?(?:href="/hesap[^"]*|name="\w+")', page)
    shown = [stop for stop in stops if 'type="hidden"' not in stop]
    places = [
        next(place for place, stop in enumerate(shown) if part in stop)
        for part in ('name="login"', 'name="password"', "/password/reset/")
    ]
    assert places[1] == places[0] + 1 < places[2]
