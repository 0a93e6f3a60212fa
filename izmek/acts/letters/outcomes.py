"""What becomes of an attempt to send a letter: sent, to be tried again, put off, or failed for good."""

import logging
import time
from datetime import datetime, timedelta
from datetime import time as time_of_day

from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from izmek.acts.enums import LetterChannel, LetterState
from izmek.acts.letters.kinds import kind_of
from izmek.acts.sms import GatewayAway, hours
from izmek.acts.smtp import MaybeSent
from izmek.models import Letter

# The pause after the first, second, … failed attempt. After the last one there are no more
# attempts.
PAUSES = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
MOST_ATTEMPTS = len(PAUSES) + 1
MOST_AWAY = 2  # times, one after another, that a server is away: it is not asked for the others

log = logging.getLogger(__name__)


class NotAsked(Exception):
    """The program itself holds it back: no server was asked."""


class OverLimit(NotAsked):
    """Today no more text messages are sent."""


class Night(NotAsked):
    """At this hour no text messages are sent."""


class Unwanted(NotAsked):
    """What has changed since it was written forbids it, or it is too late: it is not sent at all."""


def pause(tried):
    """How long a letter waits after so many attempts."""
    return PAUSES[min(tried, len(PAUSES)) - 1]


def record(letter, wrong, facts=None):
    """Write down what became of an attempt, even if the database is just being restarted."""
    if wrong is None:
        news = {"state": LetterState.SENT, "error": "", "sent_at": timezone.now(), **facts}
    elif isinstance(wrong, MaybeSent):
        news = {"state": LetterState.FAILED, "error": _maybe(letter)}
    elif isinstance(wrong, Unwanted):
        news = {"state": LetterState.FAILED, "error": str(wrong)}
    elif isinstance(wrong, Night):
        sentence = _("It is night: it is sent in the morning.")
        news = _put_off(letter, hours.opens(timezone.now()), sentence)
    elif isinstance(wrong, OverLimit):
        news = _over_limit(letter)
    else:
        news = _not_sent(letter, wrong)
    for seconds in (1, 5, None):
        try:
            note(letter, news)
            return
        except DatabaseError:
            if seconds is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(seconds)


def _maybe(letter):
    if letter.channel == LetterChannel.SMS:
        return _(
            "The gateway did not say whether it took the message: it may have arrived. Ask before you "
            "send it again."
        )
    return _(
        "The mail server broke off when it had the whole letter: it may have arrived. Ask before you "
        "send it again."
    )


def _over_limit(letter):
    """It waits for tomorrow, if that is not too late."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    if letter.until and letter.until <= tomorrow:
        error = _("The daily limit of text messages is reached, and tomorrow is too late.")
        return {"state": LetterState.FAILED, "error": error}
    begin = timezone.make_aware(datetime.combine(tomorrow, time_of_day.min))
    sentence = _("The daily limit of text messages is reached; it is sent tomorrow.")
    return _put_off(letter, hours.opens(begin), sentence)


def _put_off(letter, until, sentence):
    """It waits until a moment; it was no attempt."""
    return {
        "state": LetterState.WAITING,
        "error": sentence,
        "attempts": letter.attempts - 1,
        "next_try_at": until,
    }


def _not_sent(letter, wrong):
    wait = pause(letter.attempts)
    too_late = letter.until and timezone.localdate(timezone.now() + wait) > letter.until
    if letter.attempts >= MOST_ATTEMPTS or too_late:
        return {"state": LetterState.FAILED, "error": _error(wrong)}
    return {"state": LetterState.WAITING, "error": _error(wrong), "next_try_at": Now() + wait}


def _error(wrong):
    if isinstance(wrong, GatewayAway):
        return _("The gateway was not reached.") + f" ({wrong})"
    return str(wrong)[:500]


def note(letter, news, **still):
    """Write it into the row; of a text message that failed for good the app is told in the same step.

    `still`: what the row must be like.
    """
    with transaction.atomic():
        # The row may be gone: of somebody who was erased meanwhile.
        if not Letter.objects.filter(pk=letter.pk, **still).update(**news):
            return
        tell = kind_of(letter).failed
        if tell and letter.channel == LetterChannel.SMS and news.get("state") == LetterState.FAILED:
            letter.refresh_from_db()
            try:
                with transaction.atomic():
                    tell(letter)
            except DatabaseError:
                raise
            except Exception:  # the letter stands among those that failed all the same
                log.exception("nobody was told that letter %d failed", letter.pk)
