"""Deployment mistakes found at the start: keys that cannot encrypt, cannot sign or can be guessed."""

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, register

from izmek.secrets import signing

SHORTEST = 24  # signs of IDENTITY_HASH_KEY, of which nobody guesses all


@register
def identity_keys_are_usable(app_configs, **kwargs):
    """Every key of IDENTITY_KEYS is a Fernet key; a wrong one would show at the first enrolment."""
    wrong = [place for place, key in enumerate(settings.IDENTITY_KEYS, start=1) if not _is_key(key)]
    return [
        Error(
            f"Key {place} of IDENTITY_KEYS is no Fernet key (32 bytes, urlsafe base64).",
            hint="docs/operating.md tells how to make one.",
            id="izmek.E001",
        )
        for place in wrong
    ]


def _is_key(key):
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


@register
def hash_key_is_long(app_configs, **kwargs):
    """There are about 9·10⁸ identity numbers: who guesses the key finds the number behind each hash."""
    if len(settings.IDENTITY_HASH_KEY) >= SHORTEST:
        return []
    return [
        Error(
            f"IDENTITY_HASH_KEY can be guessed: it has fewer than {SHORTEST} signs.",
            hint="docs/operating.md tells how to make one, and how to put it in the place of another.",
            id="izmek.E007",
        )
    ]


@register
def certificate_keys_are_usable(app_configs, **kwargs):
    """Every key of CERTIFICATE_KEYS is one, no two are the same, and the first can sign."""
    read, wrong = [], []
    for place, written in enumerate(settings.CERTIFICATE_KEYS, start=1):
        try:
            read.append(signing.read_key(written))
        except ValueError:
            wrong.append(
                f"Key {place} of CERTIFICATE_KEYS is no Ed25519 key (32 bytes, urlsafe base64)."
            )
    if not wrong and read[0].private is None:
        wrong.append("The first key of CERTIFICATE_KEYS is retired: no certificate can be signed.")
    if len({key.id for key in read}) < len(read):
        wrong.append("A key stands twice in CERTIFICATE_KEYS.")
    hint = "docs/operating.md tells how to make and how to rotate one."
    return [Error(sentence, hint=hint, id="izmek.E003") for sentence in wrong]
