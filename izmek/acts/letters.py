"""Letters (e-mails): stored first, sent after the commit, tried again, visible in the admin.

The text is in `templates/letters/<kind>.<language>.txt`, with the subject on the first line. If a
worker crashes or the mail server is down, the letter is still a row, and `manage.py send_letters`
sends all that are due. After a crash a letter may arrive twice, but it is never lost.
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

# The pause after the first, second, … failed attempt. After the last one there are no more
# attempts.
PAUSES = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
MOST_ATTEMPTS = len(PAUSES) + 1

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
    subject, _, text = whole.strip().partition("\n")
    return " ".join(subject.split())[:200], re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def resend(*, letter, by):
    """Send a letter again, whether it was sent or failed; its attempts start again from zero."""
    rights.require(by, "resend", letter)
    letter.state, letter.attempts, letter.error = LetterState.WAITING, 0, ""
    letter.next_try_at = Now()  # by the database's clock, which `due` uses too
    letter.save(update_fields=["state", "attempts", "error", "next_try_at"])
    _send_after_commit(letter)
    return letter


def send_due():
    """Send every letter that is due; returns how many were sent."""
    return sum(deliver(pk) for pk in list(Letter.objects.due().values_list("pk", flat=True)))


def deliver(pk):
    """Try to send one letter that is due; True when it was sent.

    The attempt is recorded before it is made. So two workers do not send the same letter, and no
    lock is held while the mail server answers.
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
    except Exception as error:  # any error of the mail server; it is stored for the staff to see
        # What the server said may repeat the address, and a log is erased for nobody.
        log.warning("letter %d could not be sent: %s", pk, type(error).__name__)
        letter.error = str(error)[:500]
        letter.state = LetterState.FAILED if tried >= MOST_ATTEMPTS else LetterState.WAITING
    else:
        letter.state, letter.error, letter.sent_at = LetterState.SENT, "", timezone.now()
    # The row may be gone: of somebody who was erased meanwhile.
    Letter.objects.filter(pk=pk).update(
        state=letter.state, error=letter.error, sent_at=letter.sent_at
    )
    return letter.state == LetterState.SENT


def _with_link(letter):
    make = _links.get(letter.kind)
    return letter.text.replace(LINK, make(letter)) if make else letter.text


@task()
def send(pk):
    """The task for one letter; `send_letters` tries failed ones again."""
    deliver(pk)


def _send_after_commit(letter):
    transaction.on_commit(partial(send.enqueue, letter.pk), robust=True)
