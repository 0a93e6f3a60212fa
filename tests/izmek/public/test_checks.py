"""A deployment's mistakes are told at the start."""

import pytest
from django.core.checks import run_checks


def test_an_identity_key_that_is_none_is_told(settings):
    settings.IDENTITY_KEYS = [*settings.IDENTITY_KEYS, "too short"]
    assert [error.id for error in run_checks() if error.id == "izmek.E001"] == ["izmek.E001"]


def test_good_keys_are_not_complained_of():
    assert "izmek.E001" not in [error.id for error in run_checks()]


def test_an_address_that_leads_nowhere_from_outside_is_told(settings):
    def told():
        return [error.id for error in run_checks(include_deployment_checks=True)]

    settings.SITE_URL = "https://izmek.example.org"
    assert "izmek.E002" not in told()
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert "izmek.E002" in told()


@pytest.mark.parametrize(("key", "told"), [("x", True), ("a" * 23, True), ("a" * 24, False)])
def test_a_key_of_numbers_that_can_be_guessed_is_told(settings, key, told):
    settings.IDENTITY_HASH_KEY = key
    errors = [error for error in run_checks() if error.id == "izmek.E007"]
    assert bool(errors) == told
    assert not [error for error in errors if f"'{key}'" in error.msg]


def test_photos_in_a_bucket_that_nginx_is_to_send_are_told(settings):
    def told():
        return [error.id for error in run_checks(include_deployment_checks=True)]

    settings.PHOTO_ACCEL_PREFIX = "/private-media"
    assert "izmek.E008" not in told()
    elsewhere = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": elsewhere}
    assert "izmek.E008" in told()
    settings.PHOTO_ACCEL_PREFIX = ""
    assert "izmek.E008" not in told()
