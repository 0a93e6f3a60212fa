"""Letters (e-mails): stored first, sent after the commit, tried again, visible in the admin.

The text is in `templates/letters/<kind>.<language>.txt`, with the subject on the first line. A thread of
the process that wrote it sends it, so neither a request nor other work waits for a mail server. If the
process ends or the server is down, the letter is still a row, and `manage.py send_letters` sends all that
are due.
After a crash a letter may arrive twice, but it is never lost. If the server broke off when it had the whole
letter, it may have arrived: it is not sent again until somebody decides so.
"""

import logging
import re
import smtplib
import time
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.db.models.functions import Now
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izmek.accounts import rights
from izmek.acts.after_commit import after_commit
from izmek.acts.background import Background
from izmek.acts.enums import LetterState
from izmek.acts.smtp import MaybeSent
from izmek.models import Letter

# The pause after the first, second, … failed attempt. After the last one there are no more
# attempts.
PAUSES = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
MOST_ATTEMPTS = len(PAUSES) + 1
MOST_AWAY = 2  # letters, one after another, for which the mail server is away: the others wait

# A link that signs its owner in must not be stored where letters can be read. LINK replaces it in
# the stored text. When the letter is sent, the function of the letter's kind (Letter → text) makes
# the real link.
LINK = "[…]"
KINDS = {}  # kind → its description for people
_links = {}

log = logging.getLogger(__name__)


def register(kinds, links=None):
    """Register an app's kinds of letters: {kind: description}; and {kind: Letter → its link}."""
    KINDS.update(kinds)
    _links.update(links or {})


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


def render(kind, context, language):
    """The subject and the text of a letter, in a language ("tr", "en")."""
    template = get_template(f"letters/{kind}.{language}.txt").template
    with translation.override(language):
        # Plain text: no HTML escaping.
        whole = template.render(Context(context, autoescape=False))
    subject, _end, text = whole.strip().partition("\n")
    return " ".join(subject.split())[:200], re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def resend(*, letter, by):
    """Send a letter again, whether it was sent or failed; its attempts start again from zero."""
    rights.require(by, "resend", letter)
    letter.state, letter.attempts, letter.error = LetterState.WAITING, 0, ""
    letter.next_try_at = Now()  # by the database's clock, which `due` uses too
    letter.save(update_fields=["state", "attempts", "error", "next_try_at"])
    _send_after_commit(letter)
    return letter


class MailServerAway(Exception):
    """It was not reached or did not answer; the attempt is recorded."""


def send_due():
    """Send every letter that is due; returns how many were sent."""
    return _send_all(list(Letter.objects.due().values_list("pk", flat=True)))


def _send_all(keys):
    """Send one after another; returns how many. A server that is away is not asked for all of them."""
    sent = away = 0
    for pk in keys:
        if not connection.in_atomic_block:
            close_old_connections()
        try:
            sent, away = sent + deliver(pk), 0
        except MailServerAway:
            away += 1
            if away == MOST_AWAY:
                break
    return sent


_outbox = Background("letters", _send_all)


def deliver(pk):
    """Try to send one letter that is due; True when it was sent. Raises MailServerAway.

    The attempt is recorded before it is made. So two processes do not send the same letter, and no
    lock is held while the mail server answers.
    """
    letter = Letter.objects.due().filter(pk=pk).first()
    if letter is None:
        return False
    tried = letter.attempts + 1
    pause = PAUSES[min(tried, len(PAUSES)) - 1]
    mine = Letter.objects.due().filter(pk=pk, attempts=letter.attempts)
    if not mine.update(attempts=tried, next_try_at=timezone.now() + pause):
        return False  # another process was faster
    letter.attempts = tried
    wrong = None
    try:
        EmailMessage(
            letter.subject,
            _with_link(letter),
            to=[letter.to],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
    except Exception as error:  # any error of the mail server; it is stored for the staff to see
        # What the server said may repeat the address, and a log is erased for nobody.
        log.warning("letter %d could not be sent: %s", pk, type(error).__name__)
        wrong = error
    _record(pk, tried, wrong)
    if isinstance(wrong, (MaybeSent, smtplib.SMTPServerDisconnected)) or (
        isinstance(wrong, OSError) and not isinstance(wrong, smtplib.SMTPException)
    ):
        raise MailServerAway
    return wrong is None


def _record(pk, tried, wrong):
    """Write down what became of an attempt, even if the database is just being restarted."""
    if wrong is None:
        news = {"state": LetterState.SENT, "error": "", "sent_at": timezone.now()}
    elif isinstance(wrong, MaybeSent):
        maybe = _(
            "The mail server broke off when it had the whole letter: it may have arrived. Ask before you "
            "send it again."
        )
        news = {"state": LetterState.FAILED, "error": maybe}
    else:
        state = LetterState.FAILED if tried >= MOST_ATTEMPTS else LetterState.WAITING
        news = {"state": state, "error": str(wrong)[:500]}
    for pause in (1, 5, None):
        try:
            # The row may be gone: of somebody who was erased meanwhile.
            Letter.objects.filter(pk=pk).update(**news)
            return
        except DatabaseError:
            if pause is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)


def _with_link(letter):
    make = _links.get(letter.kind)
    return letter.text.replace(LINK, make(letter)) if make else letter.text


def _send_after_commit(letter):
    after_commit(_outbox.put, letter.pk)
