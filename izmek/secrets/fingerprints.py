"""What tells the keys of a server from others without showing them."""

from hashlib import sha256

from django.conf import settings

NAMES = ("IDENTITY_KEYS", "IDENTITY_HASH_KEY", "IDENTITY_HASH_KEY_OLD", "CERTIFICATE_KEYS")


def fingerprints():
    """{setting: eight digits of the hash of each of its keys, in their order}."""
    found = {}
    for name in NAMES:
        value = getattr(settings, name)
        keys = [value] if isinstance(value, str) else value
        found[name] = [
            sha256(f"izmek {name} {key}".encode()).hexdigest()[:8] for key in keys if key
        ]
    return found
