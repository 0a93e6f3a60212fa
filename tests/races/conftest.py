"""What each race leaves as it found it."""

import pytest

from izmek.acts import prepared


@pytest.fixture(autouse=True)
def statements_with_their_locks():
    """A test may have made statements without (`without_locks`), which others must not find."""
    yield
    prepared.forget()
