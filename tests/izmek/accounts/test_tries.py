"""Wrong passwords and codes: whoever guesses waits longer and longer, and the owner signs in."""

import re
import time

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from izmek.accounts.roles import Role
from izmek.accounts.tries import BY_NETWORK
from tests import factories as make
from tests.izmek.accounts.test_accounts import LOGIN, STEP, backup_codes, code_of, set_up_app

pytestmark = pytest.mark.django_db

PASSWORD = "kilim dokur gibi"
NEW = {"password1": "tezgah mekik tarak", "password2": "tezgah mekik tarak"}


@pytest.fixture(autouse=True)
def _networks(settings):
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None, "reauthenticate": None}
    settings.ACCOUNT_RATE_LIMITS |= {"change_password": None}


@pytest.fixture
def by_account(monkeypatch):
    """Without the limit by network, which ten quick guesses reach."""
    monkeypatch.setitem(BY_NETWORK, "times", 500)


@pytest.fixture
def clock():
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        yield clock


@pytest.fixture
def ayse():
    return make.user(Role.CURATOR, username="ayse", email="ayse@izmek.example", password=PASSWORD)


def somebody(number=1):
    return Client(headers={"x-forwarded-for": f"203.0.113.{number}"})


def sign_in(client, login="ayse", password=PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def known(ayse, number=99):
    """A browser in which Ayşe signed in once and signed out again."""
    client = somebody(number)
    assert sign_in(client).status_code == 302
    client.post("/hesap/logout/")
    return client


def guess(client, clock, times, login="ayse", address=LOGIN, sent=None):
    """Guess wrong so often, as soon as it is allowed; the seconds that each guess had to wait."""
    waited, asked = [], 0
    while len(waited) < times:
        answer = client.post(address, sent or {"login": login, "password": "x"})
        said = int(answer.get("Retry-After", 0))
        assert (answer.status_code == 429) == bool(said)
        if said:
            assert f"{said} saniye sonra" in answer.content.decode()
            clock.shift(said)
            asked = said
        else:
            waited.append(asked)
            asked = 0
    return waited


GROWING = [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


@pytest.mark.parametrize("login", ["ayse", "nobody", "nobody@izmek.example"])
def test_the_wait_grows_alike_for_an_account_and_for_none(ayse, clock, by_account, login):
    assert guess(somebody(), clock, 16, login) == GROWING


def test_after_the_wait_the_right_password_opens(ayse, clock):
    client = somebody()
    guess(client, clock, 9)
    early = sign_in(client)
    assert early.status_code == 429 and early["Retry-After"] == "16"
    assert 'value="ayse"' in early.content.decode()  # nothing typed is lost
    clock.shift(15.5)
    assert sign_in(client)["Retry-After"] == "1"
    clock.shift(0.6)
    assert sign_in(client).status_code == 302


def test_an_hour_later_it_is_forgotten(ayse, clock, by_account):
    client = somebody()
    guess(client, clock, 12)
    clock.shift(3601)
    assert guess(client, clock, 6) == [0, 0, 0, 0, 0, 1]


def test_user_name_and_address_are_counted_as_one_account(ayse, clock):
    client = somebody()
    for attempt in range(5):
        sign_in(client, ("ayse", "AYSE@izmek.example")[attempt % 2], "x")
    assert sign_in(client).status_code == sign_in(client, "ayse@izmek.example").status_code == 429


SPELLINGS = {
    "capitals": str.upper,
    "blanks": " {} ".format,
    "Kelvin's sign": lambda name: (
        f"\u212a{name[1:]}"
    ),  # a small k to Python, and none to a database
    "of no width": "\u200b{}".format,
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("ending", ["", "@izmek.example"])
def test_each_spelling_is_slowed_down_alike_for_an_account_and_for_none(clock, spelled, ending):
    make.user(Role.CURATOR, username="kemal", email="kemal@izmek.example", password=PASSWORD)
    said = []
    for network, name in enumerate((f"kemal{ending}", f"kemil{ending}")):
        client = somebody(network)
        guess(client, clock, 5, name)
        said.append(sign_in(client, spelled(name), "x").status_code)
    assert said[0] == said[1]


def test_the_dotless_letter_is_one_account_with_the_dotted_one(clock):
    make.user(Role.CURATOR, username="ziya", email="ziya@izmek.example", password=PASSWORD)
    client = somebody()
    guess(client, clock, 5, "ziya")
    assert sign_in(client, "zıya", "x").status_code == 429
    other = somebody(2)
    guess(other, clock, 5, "riya")
    assert sign_in(other, "rıya", "x").status_code == 429


def test_a_right_password_counts_for_nothing(ayse, clock):
    for _n in range(50):
        assert sign_in(somebody()).status_code == 302
    client = somebody()
    guess(client, clock, 7)
    clock.shift(4)
    assert sign_in(somebody()).status_code == 302
    assert guess(somebody(), clock, 1) == [0]


def test_a_stranger_does_not_slow_down_who_sits_elsewhere(ayse, clock):
    guess(somebody(1), clock, 10)
    assert sign_in(somebody(1)).status_code == 429
    assert sign_in(somebody(2)).status_code == 302


def test_many_networks_together_are_slowed_down_too(ayse, clock):
    for number in range(6):
        assert guess(somebody(number), clock, 5) == [0] * 5
        clock.shift(60)
    assert sign_in(somebody(77)).status_code == 302  # 30 are free, and this is right
    waited = [guess(somebody(100 + number), clock, 1)[0] for number in range(9)]
    assert waited == [0, 2, 4, 8, 16, 32, 60, 60, 60]


def test_one_network_tries_ten_accounts_a_minute(ayse, clock):
    client = somebody()
    for number in range(10):
        assert sign_in(client, f"kimse{number}", "x").status_code == 200
    assert sign_in(client).status_code == 429
    clock.shift(61)
    assert sign_in(client).status_code == 302


# --- Known devices ----------------------------------------------------------------------------


def test_a_known_browser_is_not_slowed_down_by_others_in_the_same_network(ayse, clock):
    mine = known(ayse, 1)
    guess(somebody(1), clock, 12)
    assert sign_in(somebody(1)).status_code == 429
    assert sign_in(mine).status_code == 302


def test_a_known_browser_has_a_count_of_its_own(ayse, clock):
    mine = known(ayse)
    assert guess(mine, clock, 7) == GROWING[:7]
    assert sign_in(mine).status_code == 429
    assert sign_in(somebody(99)).status_code == 302  # who is not known is counted apart


def test_the_cookie_names_nobody_and_is_for_the_sign_in_alone(ayse, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = somebody()
    sign_in(client)
    cookie = client.cookies["device"]
    assert (cookie["path"], cookie["samesite"]) == ("/hesap/", "Lax")
    assert cookie["httponly"] and cookie["secure"]
    assert cookie["max-age"] == settings.SIGN_INS_KEPT_DAYS * 86400
    assert re.fullmatch(r"[\w-]{22}\.[0-9a-f]{64}", cookie.value)
    assert cookie.value != known(ayse).cookies["device"].value


def test_it_is_given_only_after_the_second_step(ayse):
    owner = somebody()
    sign_in(owner)
    set_up_app(owner)
    codes = backup_codes(owner)
    client = somebody(2)
    assert sign_in(client).url == STEP
    assert "device" not in client.cookies
    client.post(STEP, {"code": codes[0]})
    assert "device" in client.cookies


def test_nor_to_whom_a_second_step_is_still_demanded(ayse, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client = somebody()
    assert sign_in(client).status_code == 302
    assert "device" not in client.cookies


def is_known(client, clock, network=50):
    """Whether a browser signs in while a stranger guesses from its network."""
    cache.clear()
    client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{network}"
    guess(somebody(network), clock, 8)
    return sign_in(client).status_code == 302


def test_a_new_password_forgets_all_browsers(ayse, clock):
    mine = known(ayse)
    assert is_known(mine, clock)
    ayse.set_password(PASSWORD)  # the same one, even
    ayse.save()
    mine.post("/hesap/logout/")
    assert not is_known(mine, clock)


def test_signing_out_everywhere_else_forgets_the_others_alone(ayse, clock):
    other, mine = known(ayse), somebody()
    sign_in(mine)
    mine.post("/hesap/oturumlar/", {"others": "1"})
    mine.post("/hesap/logout/")
    assert is_known(mine, clock) and not is_known(other, clock)


def test_nobody_makes_such_a_cookie(ayse, clock):
    mine, client = known(ayse), somebody()
    name, mark = mine.cookies["device"].value.split(".")
    make.user(Role.CURATOR, username="veli", email="v@izmek.example", password=PASSWORD)
    sign_in(client, "veli")
    theirs = client.cookies["device"].value
    for forged in (
        theirs,
        f"{'a' * 22}.{mark}",
        f"{name}.{'0' * 64}",
        name,
        f"{name}.",
        "ü",
        "." * 9,
    ):
        forger = somebody()
        forger.cookies["device"] = forged
        assert not is_known(forger, clock), forged


def test_one_browser_remembers_several_users(ayse, clock):
    client = known(ayse)
    for number in range(6):
        make.user(username=f"k{number}", email=f"k{number}@izmek.example", password=PASSWORD)
    for number in range(4):
        sign_in(client, f"k{number}")
        client.post("/hesap/logout/")
    assert is_known(client, clock)
    client.post("/hesap/logout/")
    for number in range(5):
        sign_in(client, f"k{number}")
        client.post("/hesap/logout/")
    assert not is_known(client, clock)


def test_who_reads_the_mail_of_an_account_is_not_slowed_down(
    ayse, clock, mailoutbox, django_capture_on_commit_callbacks
):
    client = somebody(50)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/hesap/password/reset/", {"email": "ayse@izmek.example"})
    link = re.search(r"https?://[^/]+(/\S+)", mailoutbox[0].body)[1]
    assert client.post(client.get(link).url, NEW).status_code == 302
    guess(somebody(50), clock, 8)
    assert sign_in(client, password=NEW["password1"]).status_code == 302


# --- Whoever is in, and the second step -----------------------------------------------------------


def test_confirming_and_changing_the_password_count_likewise_and_by_themselves(ayse, clock):
    client = somebody(1)
    sign_in(client)
    del client.cookies["device"]
    guess(somebody(1), clock, 8)  # a stranger in the same hall
    asked = "/hesap/reauthenticate/"
    assert guess(client, clock, 6, address=asked, sent={"password": "x"}) == GROWING[:6]
    change = client.post("/hesap/password/change/", {"oldpassword": "x", **NEW})
    assert change.status_code == 429 and "saniye sonra" in change.content.decode()
    clock.shift(2)
    assert client.post(asked, {"password": PASSWORD}).status_code == 302


def test_codes_of_the_second_step_are_slowed_down_and_nobody_is_locked_out(ayse):
    owner = somebody()
    sign_in(owner)
    secret = set_up_app(owner)
    codes = backup_codes(owner)
    owner.post("/hesap/logout/")
    with time_machine.travel(time.time() + 120, tick=False) as clock:
        thief = somebody(5)  # who knows the password
        sign_in(thief)
        wrong = {"code": "000000"}
        assert guess(thief, clock, 8, address=STEP, sent=wrong) == GROWING[:8]
        assert thief.post(STEP, {"code": codes[0]}).status_code == 429
        elsewhere = somebody(6)
        assert sign_in(elsewhere).url == STEP
        assert elsewhere.post(STEP, {"code": codes[0]}).status_code == 302
        sign_in(owner)
        assert owner.post(STEP, {"code": code_of(secret)}).status_code == 302


def test_wrong_codes_do_not_slow_down_passwords(ayse):
    owner = somebody()
    sign_in(owner)
    set_up_app(owner)
    client = somebody(5)
    sign_in(client)
    for _n in range(6):
        client.post(STEP, {"code": "000000"})
    assert sign_in(somebody(5)).status_code == 302
