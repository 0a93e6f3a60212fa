"""Fixtures that several of these files share."""

import pytest

from tests import factories as make


@pytest.fixture
def curator(client):
    client.force_login(make.user("sergi-sorumlusu"))
    return client


@pytest.fixture
def draft():
    """A draft with an approved work, one that waits, and a photo of each."""
    willing, waiting = make.work("Karanfil"), make.work("Bekleyen", state="submitted")
    exhibition = make.exhibition("Gizli Sergi", works=[willing], state="draft")
    make.show(waiting, exhibition, approved_at=None)
    make.photo(files=True, work=willing)
    make.photo(files=True, work=waiting)
    return exhibition


@pytest.fixture
def boss():
    return make.user("sergi-sorumlusu")


@pytest.fixture
def staff(client, boss):
    client.force_login(boss)
    return client
