"""Sealed texts: what holds, what does not, and what becomes of a key."""

from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from izmek.secrets import signing

PAYLOAD = "Şükriye İğneci, 400".encode()


def told():
    return [error.msg for error in run_checks() if error.id == "izmek.E003"]


def rotated():
    """What the command prints, as the setting would have it."""
    out = StringIO()
    call_command("new_certificate_key", stdout=out)
    name, _sign, keys = out.getvalue().strip().partition("=")
    assert name == "CERTIFICATE_KEYS"
    return keys.split(",")


def test_what_was_sealed_comes_back():
    assert signing.unseal(signing.seal(PAYLOAD)) == PAYLOAD
    assert signing.seal(PAYLOAD) == signing.seal(PAYLOAD)  # printed again, it is the same QR


def test_whatever_sign_is_changed_is_noticed():
    text = signing.seal(PAYLOAD)
    for place, sign in enumerate(text):
        for other in {"A", "B", "-", "é"} - {sign}:
            with pytest.raises((signing.NotSealed, signing.UnknownKey, signing.Changed)):
                signing.unseal(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", signing.NotSealed),
        ("v1.abc", signing.NotSealed),
        ("v2.{id}.{payload}.{signature}", signing.NotSealed),
        ("v1.00000000.{payload}.{signature}", signing.UnknownKey),
        ("v1.{id}.{payload}.", signing.Changed),
        ("v1.{id}.{payload}.{signature}=", signing.Changed),
        ("v1.{id}.AAAA.{signature}", signing.Changed),
    ],
)
def test_each_fault_has_its_name(text, error):
    _version, key, payload, signature = signing.seal(PAYLOAD).split(".")
    with pytest.raises(error):
        signing.unseal(text.format(id=key, payload=payload, signature=signature))


def test_a_new_key_leaves_the_old_texts_valid_and_retires_the_old_key(settings):
    old = signing.seal(PAYLOAD)
    private = settings.CERTIFICATE_KEYS[0]
    settings.CERTIFICATE_KEYS = rotated()
    assert private not in settings.CERTIFICATE_KEYS and told() == []
    new = signing.seal(PAYLOAD)
    assert new.split(".")[1] != old.split(".")[1]
    settings.CERTIFICATE_KEYS = rotated()  # once more: the retired one stays in the list
    assert signing.unseal(old) == signing.unseal(new) == PAYLOAD
    assert [key.private is None for key in signing.all_keys()] == [False, True, True]
    settings.CERTIFICATE_KEYS = settings.CERTIFICATE_KEYS[:1]
    with pytest.raises(signing.UnknownKey):
        signing.unseal(old)


def test_keys_that_are_none_are_told_at_the_start(settings):
    good = settings.CERTIFICATE_KEYS[0]
    assert told() == []
    settings.CERTIFICATE_KEYS = [good, "too short"]
    assert "Key 2 of CERTIFICATE_KEYS" in told()[0]
    with pytest.raises(CommandError):
        rotated()
    settings.CERTIFICATE_KEYS = [signing.retired(good)]
    assert "retired" in told()[0]
    with pytest.raises(ValueError, match="retired"):
        signing.seal(PAYLOAD)
    settings.CERTIFICATE_KEYS = [good, signing.retired(good)]
    assert "twice" in told()[0]
