"""Texts that anyone can check without us: signed by Ed25519 with CERTIFICATE_KEYS, newest first.

The newest key signs. All of them are published and verify, and each is known by an id that follows from
its public half, so that a sealed text says with which one to look. A key has three spellings, each 32
bytes as urlsafe base64 (43 signs):

    <private half>           signs, or has signed
    trial:<private half>     the same, of a trial; refused in production (izmek/environment.py)
    public:<public half>     retired: what it signed stays valid, and nobody can sign with it any more

A sealed text is `v1.<key id>.<payload>.<signature>`, the last two as urlsafe base64 without padding. The
signature is over all that stands before its dot, as ASCII: neither version nor key can be exchanged.
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

VERSION = "v1"
TRIAL, RETIRED = "trial:", "public:"


class NotSealed(ValueError):
    """The text is none of ours, or not whole."""


class UnknownKey(ValueError):
    """None of CERTIFICATE_KEYS has the id that stands in the text."""


class Changed(ValueError):
    """The signature does not fit: something was changed after the text was sealed."""


@dataclass(frozen=True)
class Key:
    """`private` is None for a retired key."""

    public: Ed25519PublicKey
    private: Ed25519PrivateKey | None = None

    @property
    def raw(self):
        """The public half, 32 bytes."""
        return self.public.public_bytes_raw()

    @property
    def id(self):
        """Eight hexadecimal digits."""
        return hashlib.sha256(self.raw).hexdigest()[:8]

    @property
    def pem(self):
        return self.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_key(written):
    """The Key that stands in one of the three spellings. Raises ValueError."""
    text = written.removeprefix(TRIAL)
    half = unpacked(text.removeprefix(RETIRED))
    if text.startswith(RETIRED):
        return Key(Ed25519PublicKey.from_public_bytes(half))
    private = Ed25519PrivateKey.from_private_bytes(half)
    return Key(private.public_key(), private)


def new_key():
    """A new private half as CERTIFICATE_KEYS has it; any 32 random bytes are one."""
    return packed(secrets.token_bytes(32))


def retired(written):
    """How CERTIFICATE_KEYS names the same key once nobody is to sign with it any more."""
    return RETIRED + packed(read_key(written).raw)


@lru_cache(maxsize=4)
def _read(written):
    return tuple(read_key(each) for each in written)


def all_keys():
    """All Keys, newest first. Raises ValueError where one is none (`izmek.secrets.checks` tells first)."""
    return _read(tuple(settings.CERTIFICATE_KEYS))


def seal(payload):
    """The sealed text (ASCII) of some bytes. The same bytes give the same text, as long as the key stays.

    Raises ValueError where the newest key is a retired one.
    """
    newest = all_keys()[0]
    if newest.private is None:
        raise ValueError("the newest of CERTIFICATE_KEYS is retired: it cannot sign")
    text = f"{VERSION}.{newest.id}.{packed(payload)}"
    return f"{text}.{packed(newest.private.sign(text.encode()))}"


def unseal(text):
    """The bytes that were sealed. Raises NotSealed, UnknownKey or Changed."""
    if not text.isascii() or text.count(".") != 3 or not text.startswith(f"{VERSION}."):
        raise NotSealed
    signed, _dot, signature = text.rpartition(".")
    _version, key_id, payload = signed.split(".")
    known = next((key for key in all_keys() if key.id == key_id), None)
    if known is None:
        raise UnknownKey
    try:
        known.public.verify(unpacked(signature), signed.encode())
        return unpacked(payload)
    except (InvalidSignature, ValueError):
        raise Changed from None


def packed(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unpacked(text):
    """The bytes behind `packed`. Raises ValueError for every other spelling of the same bytes."""
    if not re.fullmatch(r"[\w-]+", text, re.ASCII):
        raise ValueError("no urlsafe base64")
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if packed(data) != text:
        raise ValueError("no urlsafe base64 as it is written here")
    return data
