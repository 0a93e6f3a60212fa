"""A deployment mistake found at the start: keys that cannot encrypt."""

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, register


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
