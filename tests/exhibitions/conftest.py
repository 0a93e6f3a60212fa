"""Fixtures that several of these files share."""

import pytest

from tests import factories as make


@pytest.fixture
def patient(monkeypatch):
    """Time enough has passed since a form was opened."""
    monkeypatch.setattr("izmek.public.spam_checks.FASTEST", -1)


@pytest.fixture
def place():
    return make.centre("Akmeşe Kurs Merkezi", phone="+902623110000")


@pytest.fixture
def work(place):
    maker = make.trainee(phone="+905551234567")
    made = make.work(centre=place, makers=[maker])
    make.exhibition(works=[made])
    return made


@pytest.fixture
def officer(place):
    return make.user("merkez-sorumlusu", centres=[place], email="sorumlu@example.org")
