"""Sending letters: those that are due, one attempt at each."""

import logging
import smtplib
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import close_old_connections, connection
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from izmek.acts.background import Background
from izmek.acts.enums import LetterChannel, LetterState
from izmek.acts.letters.kinds import is_too_late, kind_of, why_unwanted, with_link
from izmek.acts.letters.outcomes import (
    MOST_AWAY,
    Night,
    NotAsked,
    OverLimit,
    Unwanted,
    pause,
    record,
)
from izmek.acts.letters.reports import FIRST_REPORT
from izmek.acts.sms import GatewayAway, NotSent, backend, hours, limit
from izmek.acts.smtp import MaybeSent
from izmek.models import Letter

HANDED_OVER = timedelta(minutes=10)  # longer no gateway takes for one message

log = logging.getLogger(__name__)


class ServerAway(Exception):
    """It was not reached or did not answer; the attempt is recorded."""


def send_due():
    """Send every letter that is due; returns how many were sent."""
    for letter in Letter.objects.left():
        mine = Letter.objects.left().filter(pk=letter.pk)
        if mine.update(next_try_at=Now() + HANDED_OVER):  # else another process writes it down
            record(letter, MaybeSent())
    due = Letter.objects.due().order_by("next_try_at", "pk")
    return sum(
        send_all(list(due.filter(channel=channel).values_list("pk", flat=True)))
        for channel in LetterChannel
    )


def send_all(keys):
    """Send one after another; returns how many. A server that is away is not asked for all of them."""
    sent = away = 0
    for pk in keys:
        if not connection.in_atomic_block:
            close_old_connections()
        try:
            sent, away = sent + deliver(pk), 0
        except ServerAway:
            away += 1
            if away == MOST_AWAY:
                break
    return sent


outboxes = {channel: Background(f"letters by {channel}", send_all) for channel in LetterChannel}


def deliver(pk):
    """Try to send one letter that is due; True when it was sent. Raises ServerAway.

    The attempt is recorded before it is made. So two processes do not send the same letter, and no
    lock is held while the server answers.
    """
    letter = Letter.objects.due().filter(pk=pk).first()
    if letter is None:
        return False
    send = _send_text if letter.channel == LetterChannel.SMS else _send_email
    tried = letter.attempts + 1
    # By the database's clock: by one that is slow it would be due again while it is being sent.
    now = {"attempts": tried, "next_try_at": Now() + pause(tried)}
    if letter.channel == LetterChannel.SMS:
        now |= {"state": LetterState.SENDING, "next_try_at": Now() + HANDED_OVER}
    if not Letter.objects.due().filter(pk=pk, attempts=letter.attempts).update(**now):
        return False  # another process was faster
    letter.attempts = tried
    wrong, facts = None, {}
    try:
        if why := why_unwanted(letter):
            raise Unwanted(why)
        if is_too_late(letter):
            raise Unwanted(_("It is too late for it now."))
        facts = send(letter)
    except NotAsked as why:
        wrong = why
    except Exception as error:  # any error of the server; it is stored for the staff to see
        # What the server said may repeat the address, and a log is erased for nobody.
        log.warning("letter %d was not sent: %s", pk, type(error).__name__)
        wrong = error
    record(letter, wrong, facts)
    if isinstance(wrong, (MaybeSent, GatewayAway, smtplib.SMTPServerDisconnected)) or (
        isinstance(wrong, OSError) and not isinstance(wrong, smtplib.SMTPException)
    ):
        raise ServerAway
    return wrong is None


def _send_email(letter):
    EmailMessage(
        letter.subject,
        with_link(letter),
        to=[letter.to],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
    return {}


def _send_text(letter):
    """Hand it over to the gateway; what fits no more today is not. Returns what to note of it."""
    day, gateway = timezone.localdate(), backend()
    if _waits_for_morning(letter):
        raise Night
    if not limit.take(letter.parts, day, half=kind_of(letter).gives_way):
        raise OverLimit
    try:
        name = gateway.send(letter.phone, with_link(letter))
    except NotSent:
        limit.give_back(letter.parts, day)
        raise
    except MaybeSent:
        raise
    except Exception as error:  # nobody knows how far it came
        raise MaybeSent(type(error).__name__) from error
    return {"gateway_id": name, "next_try_at": Now() + FIRST_REPORT}


def _waits_for_morning(letter):
    """Whether it is night and it can wait: what is about the next morning cannot."""
    now = timezone.now()
    morning = hours.opens(now)
    wakes = letter.until and letter.until <= timezone.localdate(morning)
    return morning > now and (kind_of(letter).by_day or not wakes)
