"""Fixtures that several of these files share."""

import pytest

from tests import factories as make


@pytest.fixture
def manager(client):
    client.force_login(make.user("yonetici"))
    return client


@pytest.fixture
def akmese():
    return make.centre("Akmeşe Kurs Merkezi")
