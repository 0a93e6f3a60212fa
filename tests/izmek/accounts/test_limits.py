"""The limiter: at most so many acts in so much time, by client, on any cache (DESIGN.md §6)."""

import threading

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import RequestFactory
from django.test.utils import override_settings

from izmek.accounts import limits
from izmek.accounts.clients import client_address, client_network
from izmek.accounts.limits import limit


def request(address="203.0.113.7", **headers):
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def test_so_many_and_no_more():
    assert [limit(request(), "a", times=2, seconds=60) for _ in range(3)] == [True, True, False]
    assert limit(request("203.0.113.8"), "a", times=2, seconds=60)
    assert limit(request(), "b", times=2, seconds=60)


def test_each_place_is_free_again_after_its_own_time(monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: now[0])
    monkeypatch.setattr("django.core.cache.backends.base.time.time", lambda: now[0])
    assert limit(request(), "a", times=2, seconds=60)
    now[0] += 40
    assert limit(request(), "a", times=2, seconds=60)
    now[0] += 30  # the first is 70 seconds ago, the second 30
    assert limit(request(), "a", times=2, seconds=60)
    assert not limit(request(), "a", times=2, seconds=60)


def test_somebody_else_than_the_address_may_be_counted():
    assert limit(request(), "a", times=1, seconds=60, who="K7RC-3VTD-MZ4P")
    assert not limit(request("198.51.100.9"), "a", times=1, seconds=60, who="K7RC-3VTD-MZ4P")
    assert limit(request(), "a", times=1, seconds=60)


def test_neither_address_nor_phone_is_stored(monkeypatch):
    keys = []
    add = limits.cache.add
    monkeypatch.setattr(limits.cache, "add", lambda key, *rest: keys.append(key) or add(key, *rest))
    limit(request(), "a", times=1, seconds=60)
    limit(request(), "a", times=1, seconds=60, who="+905551112233")
    assert len(keys) == 2
    assert not any("203.0.113" in key or "5551112233" in key for key in keys)


def test_a_crowd_at_the_same_moment_gets_no_more_places():
    given = []

    def ask():
        given.append(limit(request(), "a", times=5, seconds=60))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given.count(True) == 5


@pytest.mark.django_db
def test_the_database_cache_counts_alike(settings, monkeypatch):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "izmek_cache",
        }
    }
    call_command("createcachetable", verbosity=0)
    monkeypatch.setattr(limits, "cache", caches["default"])
    assert [limit(request(), "a", times=2, seconds=60) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "203.0.113.7"),  # nobody of ours wrote that
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),  # the client made up the first one
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "203.0.113.7"),
        (1, "", ""),
    ],
)
def test_only_our_own_proxies_are_believed(proxies, forwarded, address):
    with override_settings(TRUSTED_PROXY_COUNT=proxies):
        asked = request(**{"x-forwarded-for": forwarded})
        assert client_address(asked) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
    ],
)
def test_of_ipv6_the_household_counts(address, network):
    assert client_network(request(address)) == network
