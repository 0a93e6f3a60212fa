"""Signed links that show a draft exhibition to people without an account.

The link holds the exhibition, how many times it has been a draft, and the time, all signed. It
expires after some days and when the exhibition is published. An old link stays invalid even if the
exhibition becomes a draft again. Links are not stored.
"""

from datetime import timedelta
from itertools import groupby

from django.core import signing

from exhibitions.enums import ExhibitionState
from exhibitions.models import Exhibition

LASTS = timedelta(days=14)
_signer = signing.TimestampSigner(salt="exhibitions.previews")


class Expired(Exception):
    """The link was valid once."""


def token_for(exhibition):
    """The token of a new link."""
    return _signer.sign(f"{exhibition.pk}-{_turn(exhibition)}")


def exhibition_of(token):
    """The exhibition of a link, or None for a forged one. Raises Expired for an expired one."""
    try:
        key, _dash, turn = _signer.unsign(token, max_age=LASTS).partition("-")
    except signing.SignatureExpired:
        raise Expired from None
    except signing.BadSignature:
        return None
    drafts = Exhibition.objects.exclude(pk__in=Exhibition.objects.public().values("pk"))
    exhibition = drafts.filter(pk=key).first()
    if exhibition is None or _turn(exhibition) != int(turn):
        raise Expired
    return exhibition


def _turn(exhibition):
    """How many times it was a draft; changes of other fields do not make the link invalid."""
    rows = exhibition.history.order_by("history_date", "history_id")
    states = [state for state, _run in groupby(rows.values_list("state", flat=True))]
    return states.count(ExhibitionState.DRAFT)
