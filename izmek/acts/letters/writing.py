"""Writing letters, and sending one again."""

import re
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izmek.accounts import rights
from izmek.acts.after_commit import after_commit
from izmek.acts.enums import LetterChannel, LetterState
from izmek.acts.letters.kinds import KINDS, is_too_late, kind_of, why_unwanted
from izmek.acts.letters.sending import outboxes
from izmek.acts.refusal import Refusal
from izmek.acts.sms.signs import measure, plain
from izmek.models import Letter

JUST_NOW = timedelta(minutes=1)  # as long nobody sends a text message again


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

    It goes to the same address in the same words, unless what they say has changed (LetterKind, `again`).
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
    if why := why_unwanted(letter):
        raise Refusal(why, code="unwanted")
    if is_too_late(letter):
        letter.until = None  # whoever sends it has looked at it
    _write_anew(letter)
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
            "subject",
            "text",
            "parts",
        ]
    )
    _send_after_commit(letter)
    return letter


def _write_anew(letter):
    """Let it say what holds now, if its kind says something that changes; not of a row that is gone."""
    again = kind_of(letter).again
    if again is None or letter.object is None:
        return
    facts = again(letter)
    if letter.channel == LetterChannel.SMS:
        letter.text = render_text(letter.kind, facts.context, facts.language)
        letter.parts, letter.until = measure(letter.text).parts, facts.until
    else:
        letter.subject, letter.text = render(letter.kind, facts.context, facts.language)


def _went_just_now(letter):
    sent = letter.channel == LetterChannel.SMS and letter.state == LetterState.SENT
    return sent and letter.sent_at > timezone.now() - JUST_NOW


def _send_after_commit(letter):
    after_commit(outboxes[letter.channel].put, letter.pk)
