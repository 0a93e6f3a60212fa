"""A deployment's mistakes are told at the start."""

from django.core.checks import run_checks


def test_an_identity_key_that_is_none_is_told(settings):
    settings.IDENTITY_KEYS = [*settings.IDENTITY_KEYS, "too short"]
    assert [error.id for error in run_checks() if error.id == "izmek.E001"] == ["izmek.E001"]


def test_good_keys_are_not_complained_of():
    assert "izmek.E001" not in [error.id for error in run_checks()]
