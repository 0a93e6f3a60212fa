"""Signed links by which people without an account look at an exhibition that is not public yet.

A link names the exhibition and how often it has been a draft, signed with the time. So it ends after
some days, and with the exhibition's publication: whoever has an old one learns nothing later, be it
taken off the site again. It is stored nowhere.
"""

from datetime import timedelta
from itertools import groupby

from django.core import signing

from exhibitions.enums import ExhibitionState
from exhibitions.models import Exhibition

LASTS = timedelta(days=14)
_signer = signing.TimestampSigner(salt="exhibitions.previews")


class Expired(Exception):
    """The link was good once."""


def token_for(exhibition):
    """The token of a new link."""
    return _signer.sign(f"{exhibition.pk}-{_turn(exhibition)}")


def exhibition_of(token):
    """The exhibition of a link, or None for a forged one. Raises Expired when its time is over."""
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
    """How often it was a draft; other columns, and the hour it waits for, may change meanwhile."""
    rows = exhibition.history.order_by("history_date", "history_id")
    states = [state for state, _run in groupby(rows.values_list("state", flat=True))]
    return states.count(ExhibitionState.DRAFT)
