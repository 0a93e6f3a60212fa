"""Encryption of secrets at rest, with IDENTITY_KEYS: the newest encrypts, all of them decrypt."""

import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

# What people are told where a secret cannot be read; `doctor` tells the operator.
UNREADABLE = _(
    "It cannot be read: the key with which it was encrypted is missing. Tell the operator."
)


class Unreadable(Exception):
    """A stored secret that none of IDENTITY_KEYS opens; says nothing about its content."""

    def __init__(self):
        super().__init__("a stored value cannot be decrypted with any of IDENTITY_KEYS")


@functools.lru_cache(maxsize=4)
def _fernet(keys):
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text):
    """A token (ASCII) from which `decrypt` gives the text; another one at each call."""
    return _fernet(tuple(settings.IDENTITY_KEYS)).encrypt(text.encode()).decode()


def decrypt(token):
    """The text of a token of `encrypt`. Raises Unreadable, which carries neither of them."""
    try:
        return _fernet(tuple(settings.IDENTITY_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def encrypt_bytes(data):
    """A token (bytes) from which `decrypt_bytes` gives the data: for a file that lies in storage."""
    return _fernet(tuple(settings.IDENTITY_KEYS)).encrypt(data)


def decrypt_bytes(token):
    """The data of a token of `encrypt_bytes`. Raises Unreadable."""
    try:
        return _fernet(tuple(settings.IDENTITY_KEYS)).decrypt(token)
    except InvalidToken:
        raise Unreadable from None


def rotate(token):
    """The same text under the newest key. Raises Unreadable."""
    try:
        return _fernet(tuple(settings.IDENTITY_KEYS)).rotate(token.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def is_current(token):
    """Whether a token (text or bytes) is under the newest of IDENTITY_KEYS."""
    try:
        _fernet((settings.IDENTITY_KEYS[0],)).decrypt(token)
    except InvalidToken:
        return False
    return True


# --- Files that may be large --------------------------------------------------------------------

PIECE = 1 << 20  # bytes that are encrypted together, so that memory never holds the whole


def encrypt_file(source, target):
    """Write what a binary file holds to another, as tokens, one a line; `decrypt_file` reads them.

    The pieces are numbered and an empty one is the last: a file that was cut or patched is noticed.
    """
    number, piece = 0, None
    while piece != b"":
        piece = source.read(PIECE)
        target.write(encrypt_bytes(b"%d:%b" % (number, piece)) + b"\n")
        number += 1


def decrypt_file(source, target):
    """Write what was given to `encrypt_file` to a binary file. Raises Unreadable, then or half-way."""
    for number, token in enumerate(source):
        told, _colon, piece = decrypt_bytes(token.rstrip(b"\n")).partition(b":")
        if told != b"%d" % number:
            raise Unreadable
        if not piece:
            return
        target.write(piece)
    raise Unreadable
