"""Letters (e-mails): stored first, sent after the act is committed, tried again, seen in the admin.

The wording is in `templates/letters/<kind>.<language>.txt`, the subject on the first line. Whether a
worker dies or the mail server is away: the letter is a row, and `manage.py send_letters` sends what
is due. A letter may so arrive twice after a crash, but never not at all.
"""

import logging
import re
from datetime import timedelta
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django_tasks import task

from izmek.accounts import rights
from izmek.acts.enums import LetterState
from izmek.models import Letter

# How long to wait after the first, second, … attempt that failed. After the last one no more.
PAUSES = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
MOST_ATTEMPTS = len(PAUSES) + 1

# A link that lets its owner in is never stored where letters are read. LINK stands for it in the
# text until the letter goes out; the function of the letter's kind (Letter → text) then makes it.
LINK = "[…]"
KINDS = {}  # kind → what such a letter is about, in words
_links = {}

log = logging.getLogger(__name__)


def register(kinds, links=None):
    """Make an app's kinds of letters known: {kind: its words}; and {kind: Letter → its link}."""
    KINDS.update(kinds)
    _links.update(links or {})


def write(*, kind, to, about, context, language="tr"):
    """Store a letter and send it once the surrounding transaction is committed.

    `kind` names its template, `about` is the row it concerns. Returns the Letter, or None when there
    is no address `to` write to. Raises LookupError for a kind that no app has registered.
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
        # Plain text: nothing is escaped.
        whole = template.render(Context(context, autoescape=False))
    subject, _, text = whole.strip().partition("\n")
    return " ".join(subject.split())[:200], re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def resend(*, letter, by):
    """Send a letter again, whether it was sent or failed; its attempts are counted anew."""
    rights.require(by, "resend", letter)
    letter.state, letter.attempts, letter.error = LetterState.WAITING, 0, ""
    letter.next_try_at = Now()  # by the database's clock, as `due` asks
    letter.save(update_fields=["state", "attempts", "error", "next_try_at"])
    _send_after_commit(letter)
    return letter


def send_due():
    """Send every letter whose time has come; returns how many went out."""
    return sum(deliver(pk) for pk in list(Letter.objects.due().values_list("pk", flat=True)))


def deliver(pk):
    """Try to send one letter that is due; True when it went out.

    The attempt is noted before it is made, so that two workers do not send the same letter and none
    is held by a lock while a mail server thinks.
    """
    letter = Letter.objects.due().filter(pk=pk).first()
    if letter is None:
        return False
    tried = letter.attempts + 1
    pause = PAUSES[min(tried, len(PAUSES)) - 1]
    mine = Letter.objects.due().filter(pk=pk, attempts=letter.attempts)
    if not mine.update(attempts=tried, next_try_at=timezone.now() + pause):
        return False  # another worker was faster
    letter.attempts = tried
    try:
        EmailMessage(
            letter.subject,
            _with_link(letter),
            to=[letter.to],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
    except Exception as error:  # whatever the mail server says is for the people who look
        log.warning("letter %d could not be sent: %s", pk, error)
        letter.error = str(error)[:500]
        letter.state = LetterState.FAILED if tried >= MOST_ATTEMPTS else LetterState.WAITING
    else:
        letter.state, letter.error, letter.sent_at = LetterState.SENT, "", timezone.now()
    letter.save(update_fields=["state", "error", "sent_at"])
    return letter.state == LetterState.SENT


def _with_link(letter):
    make = _links.get(letter.kind)
    return letter.text.replace(LINK, make(letter)) if make else letter.text


@task()
def send(pk):
    """The task of one letter; what fails is tried again by `send_letters`."""
    deliver(pk)


def _send_after_commit(letter):
    transaction.on_commit(partial(send.enqueue, letter.pk), robust=True)
