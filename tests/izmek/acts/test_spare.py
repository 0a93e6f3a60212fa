"""The shared cache is away: a small one of the process answers, and nobody waits for the other twice."""

import logging
import socket
import time

import pytest
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, RequestFactory

from izmek.accounts.limits import PROCESSES, limit, over
from izmek.accounts.roles import Role
from izmek.accounts.tries import BY_NETWORK
from izmek.acts import spare
from tests import factories as make

DATABASE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "no_such_table",
}


@pytest.fixture
def shared(settings):
    """Puts a cache in the place of the shared one."""

    def put(inner):
        settings.CACHES = {
            "default": {"BACKEND": "izmek.acts.spare.CacheWithSpare", "LOCATION": "shared"},
            "shared": inner,
        }
        spare._failed_at.clear()
        cache.spare.clear()
        if "LocMem" in inner["BACKEND"]:
            caches["shared"].clear()

    yield put
    spare._failed_at.clear()


@pytest.fixture
def frozen(shared):
    """A Redis that takes connections and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        shared(
            {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": f"redis://127.0.0.1:{silent.getsockname()[1]}/0",
                "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
            }
        )
        yield


def test_what_answers_is_asked(shared):
    shared({"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "there"})
    cache.set("a", 1)
    assert (cache.get("a"), cache.spare.get("a")) == (1, None)
    assert not spare.is_away()


def test_a_mistake_of_the_caller_is_none_of_the_server(shared):
    shared({"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "there"})
    with pytest.raises(ValueError):
        cache.incr("nothing")
    assert not spare.is_away()


def test_a_frozen_one_is_waited_for_once(frozen, caplog):
    began = time.monotonic()
    cache.set("a", 1)
    first = time.monotonic() - began
    assert cache.get("a") == 1
    assert cache.add("a", 2) is False
    assert cache.get_many(["a", "b"]) == {"a": 1}
    assert time.monotonic() - began - first < 0.1
    assert first < 0.6  # the timeout, on a busy machine
    assert spare.is_away()
    assert len(caplog.records) == 1


def test_who_hears_of_it_asks_it_no_more(frozen):
    """Whoever mails errors counts them in the cache."""
    found = []
    listener = logging.Handler()
    listener.emit = lambda _record: found.append((spare.is_away(), cache.add("b", 1)))
    spare.log.addHandler(listener)
    try:
        cache.set("a", 1)
    finally:
        spare.log.removeHandler(listener)
    assert found == [(True, True)]


def test_it_is_asked_again_after_its_rest(shared, monkeypatch):
    inner = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "there"}
    shared(inner)
    spare._failed_at["shared"] = time.monotonic()
    cache.set("a", 1)
    monkeypatch.setattr(spare, "REST", 0)
    assert cache.get("a") is None
    assert not spare.is_away()


def request():
    return RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")


def test_limits_hold_in_each_process_alone(frozen):
    """Neither open nor locked."""
    given = [limit(request(), "a", times=3 * PROCESSES, seconds=60) for _ in range(5)]
    assert given == [True, True, True, False, False]
    assert over(request(), "a", times=3 * PROCESSES, seconds=60)
    assert limit(request(), "b", times=1, seconds=60)


@pytest.mark.django_db
@pytest.mark.both
def test_without_its_table_the_transaction_around_goes_on(shared):
    shared(DATABASE)
    with transaction.atomic():
        assert cache.get("a") is None
        cache.set("a", 1)
        make.neighbourhood()
    assert cache.get("a") == 1


@pytest.mark.django_db
@pytest.mark.both
def test_the_table_of_the_shared_one_is_made(shared):
    shared({**DATABASE, "LOCATION": "made_for_a_test"})
    call_command("createcachetable", verbosity=0)
    cache.set("a", 1)
    assert "made_for_a_test" in connection.introspection.table_names()
    assert (cache.get("a"), cache.spare.get("a")) == (1, None)


@pytest.mark.django_db
def test_pages_and_sign_in_do_without(frozen, client, media):
    from izmek.public import cache as kept

    make.user(username="yonetici", password="izmek-demo")
    for address in ("/", "/sergiler/", "/kurslar/", "/hesap/login/"):
        kept.forget()
        assert client.get(address).status_code == 200
    assert not cache.spare._cache  # no page: they are large, and each process has its own
    answer = client.post("/hesap/login/", {"login": "yonetici", "password": "izmek-demo"})
    assert answer.status_code == 302
    ready = client.get("/hazir/")
    assert ready.status_code == 200
    assert "önbellek: yanıt vermiyor" in ready.content.decode()


@pytest.mark.django_db
def test_a_sign_in_is_neither_open_nor_locked_meanwhile(frozen, settings):
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for name in ("ayse", "veli"):
        make.user(Role.CURATOR, username=name, password="kilim dokur gibi")

    def sign_in(login, password, network):
        client = Client(headers={"x-forwarded-for": f"203.0.113.{network}"})
        return client.post("/hesap/login/", {"login": login, "password": password}).status_code

    cache.get("anything")
    assert spare.is_away()
    share = BY_NETWORK["times"] // PROCESSES
    assert [sign_in("ayse", "x", 1) for _n in range(share + 2)] == [200] * share + [429] * 2
    assert sign_in("ayse", "kilim dokur gibi", 1) == 429  # who guessed waits, whatever is typed
    assert sign_in("veli", "kilim dokur gibi", 2) == 302  # and nobody else does
    assert spare.is_away()
