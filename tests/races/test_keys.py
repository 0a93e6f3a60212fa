"""Both keys change while people work, on PostgreSQL with real threads: nothing fails, old ones may go."""

import threading
from contextlib import suppress

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connections

from izmek.acts.refusal import Conflict
from izmek.secrets import rotation
from izmek.secrets.identity import _check_digits, identity_hash
from tests import factories as make
from tests.races.together import Crowd, at_once
from trainees import services
from trainees.models import Identity, OutsideList, OutsideRow, Trainee

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROWS = 120


def number(place):
    digits = f"1{place:08d}"
    return digits + _check_digits(digits)


def recorded(place):
    trainee = make.trainee("Zeynep", f"Kardelenoğlu{place}")
    return services.record_identity(trainee=trainee, kind="tckn", number=number(place), by=None)


@pytest.fixture
def people():
    return [recorded(place) for place in range(ROWS)]


def new_keys(settings):
    """The keys while they change: newest first, the old ones behind them."""
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode(), *settings.IDENTITY_KEYS]
    settings.IDENTITY_HASH_KEY_OLD = settings.IDENTITY_HASH_KEY
    settings.IDENTITY_HASH_KEY = "another-hash-key-that-only-tests-use"


def test_both_keys_change_while_people_read_enrol_and_look_up(
    people, settings, monkeypatch, capsys
):
    course = make.course()
    kept = OutsideList.objects.create(course=course)
    row = OutsideRow.objects.create(
        list=kept, row=2, name="Z", number=number(1), hash=identity_hash("tckn", number(1))
    )
    monkeypatch.setattr(rotation, "BATCH", 7)
    new_keys(settings)
    over, done = threading.Event(), {"looked": 0, "read": 0, "registered": 0, "again": 0}

    def load(act):
        def worker():
            turn = 0
            while not over.is_set() or turn < 20:
                act(turn)
                turn += 1
            connections.close_all()
            return turn

        return worker

    def look_up(turn):
        place = turn * 17 % ROWS
        found = services.find_by_identity(kind="tckn", number=number(place), by=None)
        assert found == people[place]
        done["looked"] += 1

    def read(turn):
        place = turn * 29 % ROWS
        assert services.see_identity(trainee=people[place], reason="Sınav", by=None) == number(
            place
        )
        done["read"] += 1

    def register(turn):
        somebody = Trainee(first_name="Elif", last_name="Kaya")
        found = services.register_trainee(
            trainee=somebody, kind="tckn", number=number(1000 + turn), by=None
        )
        assert found is somebody
        done["registered"] += 1

    def register_again(turn):
        place = turn * 13 % ROWS
        somebody = Trainee(first_name="Elif", last_name="Kaya")
        found = services.register_trainee(
            trainee=somebody, kind="tckn", number=number(place), by=None
        )
        assert found == people[place]
        with pytest.raises(Conflict):
            services.record_identity(
                trainee=make.trainee(), kind="tckn", number=number(place), by=None
            )
        done["again"] += 1

    def change():
        try:
            call_command("rotate_keys")
        finally:
            over.set()
            connections.close_all()

    results = at_once(change, *map(load, (look_up, read, register, register_again)))
    assert [one for one in results if isinstance(one, Exception)] == []
    assert min(done.values()) >= 20
    assert f"trainees.Identity.hash: {ROWS}\n" in capsys.readouterr().out

    # The old keys are not needed any more.
    settings.IDENTITY_KEYS = settings.IDENTITY_KEYS[:1]
    settings.IDENTITY_HASH_KEY_OLD = ""
    for place, trainee in enumerate(people):
        assert services.find_by_identity(kind="tckn", number=number(place), by=None) == trainee
        assert Identity.objects.get(trainee=trainee).number == number(place)
    row.refresh_from_db()
    assert row.hash == identity_hash("tckn", number(1)) and row.number == number(1)
    assert Identity.objects.count() == ROWS + done["registered"]


def test_a_number_is_recorded_once_by_two_of_which_one_has_the_new_key_already(
    settings, monkeypatch
):
    """While processes start again one by one, some write under one key, some under the other."""
    people = [make.trainee(), make.trainee()]
    old, new = settings.IDENTITY_HASH_KEY, "another-hash-key-that-only-tests-use"
    own = threading.local()

    def keys():
        return (new, old) if own.begun else (old, new)

    class Settings:
        IDENTITY_KEYS = settings.IDENTITY_KEYS
        IDENTITY_HASH_KEY = property(lambda self: keys()[0])
        IDENTITY_HASH_KEY_OLD = property(lambda self: keys()[1])

    monkeypatch.setattr("izmek.secrets.identity.settings", Settings())

    def record(trainee, begun):
        own.begun = begun
        return services.record_identity(trainee=trainee, kind="tckn", number=number(5), by=None)

    with Crowd(2) as crowd:
        results = crowd.at_once(lambda: record(people[0], False), lambda: record(people[1], True))
    assert [type(one) for one in results if isinstance(one, Exception)] == [Conflict]
    assert Identity.objects.count() == 1


def test_it_goes_on_where_it_was_stopped(people, settings, monkeypatch):
    new_keys(settings)
    real, left = rotation.rotate, [40]

    def stops(token):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return real(token)

    monkeypatch.setattr(rotation, "rotate", stops)
    with suppress(KeyboardInterrupt):
        call_command("rotate_keys")
    monkeypatch.setattr(rotation, "rotate", real)
    assert dict(rotation.rotate_all())["trainees.Identity.number"]["done"] == ROWS - 39
    assert all(not counts for _what, counts in rotation.rotate_all())
