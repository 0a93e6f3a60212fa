"""Letters (e-mails and text messages): stored first, sent after the commit, tried again, seen in the admin.

The text is in `templates/letters/<kind>.<language>.txt`, with the subject on the first line; that of a text
message in `<kind>.sms.<language>.txt`. A thread of the process that wrote it sends it, one for e-mail and
one for SMS, so neither a request nor other work waits for a server. If the process ends or the server is
down, the letter is still a row, and `manage.py send_letters` sends all that are due.

After a crash an e-mail may arrive twice, but it is never lost. A text message never goes twice unless
somebody decides so: it is marked before it is handed over. What may have arrived – the server broke off
when it had the whole letter – is not sent again until somebody decides so.

What has waited is looked at again before it goes: an app tells whether it may still be sent, and nobody is
woken by a text message. An app is told of those that failed for good: somebody has to call those people.
"""

import logging
import re
import smtplib
import time
from datetime import datetime, timedelta
from datetime import time as time_of_day

from django.core.mail import EmailMessage
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection, transaction
from django.db.models.functions import Now
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izmek.accounts import rights
from izmek.acts.after_commit import after_commit
from izmek.acts.background import Background
from izmek.acts.enums import LetterChannel, LetterState
from izmek.acts.refusal import Refusal
from izmek.acts.sms import GatewayAway, NotSent, backend, hours, limit
from izmek.acts.sms.signs import measure, plain
from izmek.acts.smtp import MaybeSent
from izmek.models import Letter

# The pause after the first, second, … failed attempt. After the last one there are no more
# attempts.
PAUSES = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
MOST_ATTEMPTS = len(PAUSES) + 1
MOST_AWAY = 2  # letters, one after another, for which the server is away: the others wait
HANDED_OVER = timedelta(minutes=10)  # longer no gateway takes for one message
JUST_NOW = timedelta(minutes=1)  # as long nobody sends a text message again
# A gateway is asked for its report after two minutes, then in ever longer pauses, for three days.
FIRST_REPORT, LAST_REPORT = timedelta(minutes=2), timedelta(days=3)
REPORTS_AT_ONCE = 200

# A link that signs its owner in must not be stored where letters can be read. LINK replaces it in
# the stored text. When the letter is sent, the function of the letter's kind (Letter → text) makes
# the real link.
LINK = "[…]"
KINDS = {}  # kind → its description for people
_links = {}
_failed = {}
_unwanted = {}
_give_way = set()
_not_at_night = set()

log = logging.getLogger(__name__)


def register(kinds, links=None, failed=None, unwanted=None):
    """Register an app's kinds of letters: {kind: description}; and {kind: Letter → its link}.

    `failed(letter)` is called when a text message of these kinds has failed for good. `unwanted(letter)`
    is asked before each attempt: a sentence that says why the letter is not sent after all, or "".
    """
    KINDS.update(kinds)
    _links.update(links or {})
    _failed.update(dict.fromkeys(kinds, failed) if failed else {})
    _unwanted.update(dict.fromkeys(kinds, unwanted) if unwanted else {})


def give_way(*kinds):
    """Text messages of these kinds take no more than half of the daily limit: the others come first."""
    _give_way.update(kinds)


def not_at_night(*kinds):
    """Text messages of these kinds wait for the hours of SMS_HOURS even if that is their last day."""
    _not_at_night.update(kinds)


def write(*, kind, to, about, context, language="tr"):
    """Store a letter and send it after the current transaction is committed.

    `kind` names its template, `about` is the row it is about. Returns the Letter, or None when `to`
    is empty. Raises LookupError for a kind that no app has registered.
    """
    if kind not in KINDS:
        raise LookupError(f"no app has registered letters of the kind {kind!r}")
    if not to:
        return None
    subject, text = render(kind, context, language)
    letter = Letter.objects.create(kind=kind, to=to, subject=subject, text=text, object=about)
    _send_after_commit(letter)
    return letter


def write_text(*, kind, phone, about, context, language="tr", until=None):
    """The same as a text message to a PhoneNumber. `until`: the day from whose end on it is too late."""
    if kind not in KINDS:
        raise LookupError(f"no app has registered letters of the kind {kind!r}")
    text = render_text(kind, context, language)
    letter = Letter.objects.create(
        kind=kind,
        channel=LetterChannel.SMS,
        phone=phone,
        subject=render(kind, context, "tr")[0],  # the staff read it, not the person
        text=text,
        parts=measure(text).parts,
        until=until,
        object=about,
    )
    _send_after_commit(letter)
    return letter


def render(kind, context, language):
    """The subject and the text of a letter, in a language ("tr", "en")."""
    whole = _render(f"letters/{kind}.{language}.txt", context, language)
    subject, _end, text = whole.strip().partition("\n")
    return " ".join(subject.split())[:200], re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def render_text(kind, context, language):
    """The text of a text message, as it is sent: one line."""
    text = plain(" ".join(_render(f"letters/{kind}.sms.{language}.txt", context, language).split()))
    # A reason may end with a full stop of its own, or be cut off.
    return re.sub(r"\.{4,}", "...", re.sub(r"(?<!\.)\.\.(?!\.)", ".", text))


def _render(name, context, language):
    with translation.override(language):
        # Plain text: no HTML escaping.
        return get_template(name).template.render(Context(context, autoescape=False))


@transaction.atomic
def resend(*, letter, by):
    """Send a letter again, whether it was sent or failed; its attempts start again from zero.

    Raises Refusal `sending` while a text message is being handed over or has just been, and `unwanted` if
    what has changed since it was written forbids it.
    """
    rights.require(by, "resend", letter)
    # Read again: it may be in the hands of another process since the page was shown.
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if letter.state == LetterState.SENDING:
        raise Refusal(_("It is being sent at this moment."), code="sending")
    if _went_just_now(letter):  # the button was pressed twice
        raise Refusal(_("It has just been sent."), code="sending")
    if why := _why_unwanted(letter):
        raise Refusal(why, code="unwanted")
    if _is_too_late(letter):
        letter.until = None  # whoever sends it has looked at it
    letter.state, letter.attempts, letter.error = LetterState.WAITING, 0, ""
    letter.next_try_at = Now()  # by the database's clock, which `due` uses too
    letter.gateway_id, letter.delivered_at = "", None
    letter.save(
        update_fields=[
            "state",
            "attempts",
            "error",
            "next_try_at",
            "gateway_id",
            "delivered_at",
            "until",
        ]
    )
    _send_after_commit(letter)
    return letter


def _went_just_now(letter):
    sent = letter.channel == LetterChannel.SMS and letter.state == LetterState.SENT
    return sent and letter.sent_at > timezone.now() - JUST_NOW


class ServerAway(Exception):
    """It was not reached or did not answer; the attempt is recorded."""


class NotAsked(Exception):
    """The program itself holds it back: no server was asked."""


class OverLimit(NotAsked):
    """Today no more text messages are sent."""


class Night(NotAsked):
    """At this hour no text messages are sent."""


class Unwanted(NotAsked):
    """What has changed since it was written forbids it, or it is too late: it is not sent at all."""


# --- Sending --------------------------------------------------------------------------------------


def send_due():
    """Send every letter that is due; returns how many were sent."""
    for letter in Letter.objects.left():
        mine = Letter.objects.left().filter(pk=letter.pk)
        if mine.update(next_try_at=Now() + HANDED_OVER):  # else another process writes it down
            _record(letter, MaybeSent())
    due = Letter.objects.due().order_by("next_try_at", "pk")
    return sum(
        _send_all(list(due.filter(channel=channel).values_list("pk", flat=True)))
        for channel in LetterChannel
    )


def _send_all(keys):
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


_outboxes = {channel: Background(f"letters by {channel}", _send_all) for channel in LetterChannel}


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
    now = {"attempts": tried, "next_try_at": Now() + _pause(tried)}
    if letter.channel == LetterChannel.SMS:
        now |= {"state": LetterState.SENDING, "next_try_at": Now() + HANDED_OVER}
    if not Letter.objects.due().filter(pk=pk, attempts=letter.attempts).update(**now):
        return False  # another process was faster
    letter.attempts = tried
    wrong, facts = None, {}
    try:
        if why := _why_unwanted(letter):
            raise Unwanted(why)
        if _is_too_late(letter):
            raise Unwanted(_("It is too late for it now."))
        facts = send(letter)
    except NotAsked as why:
        wrong = why
    except Exception as error:  # any error of the server; it is stored for the staff to see
        # What the server said may repeat the address, and a log is erased for nobody.
        log.warning("letter %d was not sent: %s", pk, type(error).__name__)
        wrong = error
    _record(letter, wrong, facts)
    if isinstance(wrong, (MaybeSent, GatewayAway, smtplib.SMTPServerDisconnected)) or (
        isinstance(wrong, OSError) and not isinstance(wrong, smtplib.SMTPException)
    ):
        raise ServerAway
    return wrong is None


def _why_unwanted(letter):
    ask = _unwanted.get(letter.kind)
    return ask(letter) if ask else ""


def _is_too_late(letter):
    return bool(letter.until) and timezone.localdate() > letter.until


def _pause(tried):
    return PAUSES[min(tried, len(PAUSES)) - 1]


def _send_email(letter):
    EmailMessage(
        letter.subject,
        _with_link(letter),
        to=[letter.to],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
    return {}


def _send_text(letter):
    """Hand it over to the gateway; what fits no more today is not. Returns what to note of it."""
    day, gateway = timezone.localdate(), backend()
    if _waits_for_morning(letter):
        raise Night
    if not limit.take(letter.parts, day, half=letter.kind in _give_way):
        raise OverLimit
    try:
        name = gateway.send(letter.phone, _with_link(letter))
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
    return morning > now and (letter.kind in _not_at_night or not wakes)


# --- What became of it ----------------------------------------------------------------------------


def _record(letter, wrong, facts=None):
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
    for pause in (1, 5, None):
        try:
            _note(letter, news)
            return
        except DatabaseError:
            if pause is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)


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
    pause = _pause(letter.attempts)
    too_late = letter.until and timezone.localdate(timezone.now() + pause) > letter.until
    if letter.attempts >= MOST_ATTEMPTS or too_late:
        return {"state": LetterState.FAILED, "error": _error(wrong)}
    return {"state": LetterState.WAITING, "error": _error(wrong), "next_try_at": Now() + pause}


def _error(wrong):
    if isinstance(wrong, GatewayAway):
        return _("The gateway was not reached.") + f" ({wrong})"
    return str(wrong)[:500]


def _note(letter, news, **still):
    """Write it into the row; of a text message that failed for good the app is told in the same step.

    `still`: what the row must be like.
    """
    with transaction.atomic():
        # The row may be gone: of somebody who was erased meanwhile.
        if not Letter.objects.filter(pk=letter.pk, **still).update(**news):
            return
        tell = _failed.get(letter.kind)
        if tell and letter.channel == LetterChannel.SMS and news.get("state") == LetterState.FAILED:
            letter.refresh_from_db()
            try:
                with transaction.atomic():
                    tell(letter)
            except DatabaseError:
                raise
            except Exception:  # the letter stands among those that failed all the same
                log.exception("nobody was told that letter %d failed", letter.pk)


def ask_reports():
    """Ask the gateway what became of sent text messages; returns of how many it told."""
    try:
        gateway = backend()
    except NotSent:
        return 0
    if not gateway.reports:
        return 0
    told = away = 0
    asked = Letter.objects.without_report().order_by("next_try_at")
    for letter in list(asked[:REPORTS_AT_ONCE]):
        age = timezone.now() - letter.sent_at
        if age > LAST_REPORT:
            Letter.objects.filter(pk=letter.pk).update(gateway_id="")
            continue
        mine = Letter.objects.without_report().filter(pk=letter.pk, next_try_at=letter.next_try_at)
        if not mine.update(next_try_at=Now() + max(FIRST_REPORT, age)):
            continue  # another process asks
        try:
            report = gateway.report(letter.gateway_id)
        except GatewayAway:
            away += 1
            if away == MOST_AWAY:
                break
            continue
        if report:
            told += 1
            # Not if it was sent again meanwhile.
            still = {"state": LetterState.SENT, "gateway_id": letter.gateway_id}
            _note(letter, _reported(report), **still)
    return told


def _reported(report):
    if report.delivered:
        return {"state": LetterState.DELIVERED, "delivered_at": timezone.now()}
    error = _("The gateway tells that it was not delivered.")
    if report.reason:
        error += f" ({report.reason})"
    return {"state": LetterState.FAILED, "error": error}


def _with_link(letter):
    make = _links.get(letter.kind)
    return letter.text.replace(LINK, make(letter)) if make else letter.text


def _send_after_commit(letter):
    after_commit(_outboxes[letter.channel].put, letter.pk)
