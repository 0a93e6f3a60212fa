"""The signed text of a certificate, which its QR carries: checked on this site, and without it.

The QR is the address of the check page, and behind its `#` what was frozen at issue, sealed by
`izmek.secrets.signing`. Browsers keep what stands behind `#` to themselves: a server never gets the name
of the holder, whoever scans the paper sees it. static/js/certificate.js and docs/verify_certificate.py
read the same text; docs/operating.md describes it.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from izmek.secrets import signing
from izmek.text.codes import read_code

# In this order in the text. Dates as 2023-06-05, hours in lesson hours.
FIELDS = (
    "number",
    "code",
    "name",
    "programme",
    "field",
    "hours",
    "begin",
    "end",
    "centre",
    "year",
    "issued",
)
CODE_LENGTH = 16  # signs of a check code


class Verdict(StrEnum):
    """What reading a text came to."""

    GENUINE = "genuine"
    NOT_OURS = "not-ours"  # no text of a certificate, or not whole
    UNKNOWN_KEY = "unknown-key"
    CHANGED = "changed"
    OTHER_CODE = "other-code"  # genuine, but behind the address of another certificate


@dataclass(frozen=True)
class Reading:
    """`content`: what was signed, by the names of FIELDS; None where the signature does not bear it out."""

    verdict: Verdict
    content: dict | None = None


def signed(content):
    """The text (ASCII) that bears out the content of a certificate: a dict with just FIELDS."""
    values = [content[name] for name in FIELDS]
    payload = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return signing.seal(payload.encode())


def address(certificate):
    """What the QR of a certificate carries: the check page from outside, and the signed text."""
    return "#".join(filter(None, (check_address(certificate), certificate.signed)))


def check_address(certificate):
    """The address of the check page from outside, as it is printed for people."""
    with override("tr"):
        return settings.SITE_URL + reverse("certificate", args=[certificate.code])


def read(text):
    """The Reading of a scanned text: an address with a signed text, or the signed text alone.

    Blanks and ends of lines do not matter; scanners and mail programs add some.
    """
    before, _hash, sealed = "".join(text.split()).rpartition("#")
    try:
        content = dict(zip(FIELDS, json.loads(signing.unseal(sealed)), strict=True))
    except signing.NotSealed:
        return Reading(Verdict.NOT_OURS)
    except signing.UnknownKey:
        return Reading(Verdict.UNKNOWN_KEY)
    except signing.Changed:
        return Reading(Verdict.CHANGED)
    if before and _code_of(before) != content["code"]:
        return Reading(Verdict.OTHER_CODE, content)
    return Reading(Verdict.GENUINE, content)


def _code_of(address):
    """The code at the end of an address, or ""."""
    return read_code(re.sub(r"\?.*", "", address).rstrip("/").rpartition("/")[2], CODE_LENGTH)
