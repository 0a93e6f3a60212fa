"""Enquiries and their answers."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from exhibitions import rights
from exhibitions.enums import AnswerChannel, EnquiryState
from exhibitions.models import Enquiry
from exhibitions.services.recipients import recipients_at
from izmek.acts.letters import write
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal, given_reason
from izmek.acts.saving import save
from izmek.acts.sent_once import save_once

# --- Enquiries --------------------------------------------------------------------------------


@transaction.atomic
def ask(
    *,
    kind,
    name,
    message,
    email="",
    phone="",
    topic="",
    work=None,
    exhibition=None,
    centre=None,
    language="tr",
    reference="",
    by=None,
):
    """Save an enquiry from a visitor; returns the Enquiry.

    It goes to the centre of the work, else to the only centre of the exhibition, else to the
    curators. The recipients get a letter, and so does the visitor who gave an e-mail address.
    `reference`: the code in the submitted form (by default a new one); the same form sent twice
    returns the same enquiry. Raises Refusal `contact` when there is no way to answer the visitor.
    """
    rights.require(by, "ask")
    if not email and not phone:
        raise Refusal(_("Give an e-mail address or a phone number."), field="email", code="contact")
    enquiry = Enquiry(
        kind=kind,
        topic=topic,
        work=work,
        exhibition=exhibition,
        centre=centre or _only_centre(exhibition if work is None else None),
        name=" ".join(name.split()),
        email=email,
        phone=phone,
        message=cleaned_text(message),
        language=language,
    )
    enquiry.clean_fields(exclude=["work", "exhibition", "centre"])
    known = save_once(enquiry, reference, by, same=("kind", "name", "email", "phone", "message"))
    if known:
        return known
    _write_to_staff(enquiry)
    _write_to_sender(enquiry, "enquiry_received")
    return enquiry


@transaction.atomic
def answer_enquiry(*, enquiry, answer, by):
    """Answer by e-mail; the answer is stored and sent. Raises Refusal when that is not possible."""
    rights.require(by, "answer_enquiry", enquiry)
    enquiry = open_enquiry(enquiry)
    if not enquiry.email:
        raise Refusal(_("There is no e-mail address. Call and note the answer."), code="email")
    _answered(enquiry, answer, AnswerChannel.EMAIL, by)
    _write_to_sender(enquiry, "enquiry_answer")
    return enquiry


@transaction.atomic
def note_answer(*, enquiry, answer, by, channel=AnswerChannel.PHONE):
    """Record an answer that was given by telephone, in person or by letter."""
    rights.require(by, "note_answer", enquiry)
    return _answered(open_enquiry(enquiry), answer, channel, by)


@transaction.atomic
def close_enquiry(*, enquiry, reason, by):
    """Close an enquiry that needs no answer (advertising, a duplicate), with the reason."""
    rights.require(by, "close_enquiry", enquiry)
    enquiry = open_enquiry(enquiry)
    enquiry.state, enquiry.state_reason = EnquiryState.CLOSED, given_reason(reason)
    return save(enquiry, by=by)


@transaction.atomic
def reopen_enquiry(*, enquiry, by):
    """Open an enquiry again after a bad answer or a mistake; its deadline stays the same."""
    rights.require(by, "reopen_enquiry", enquiry)
    enquiry = lock(enquiry)
    if enquiry.state == EnquiryState.NEW:
        raise Refusal(_("It is open already."), code="state")
    enquiry.state, enquiry.state_reason = EnquiryState.NEW, ""
    return save(enquiry, by=by)


@transaction.atomic
def route_enquiry(*, enquiry, centre, by):
    """Move an enquiry to another centre, whose officers get a letter."""
    rights.require(by, "route_enquiry", enquiry)
    enquiry = open_enquiry(enquiry)
    if enquiry.centre == centre:
        raise Refusal(_("It is there already."), field="centre", code="same")
    enquiry.centre = centre
    save(enquiry, by=by)
    _write_to_staff(enquiry)
    return enquiry


def open_enquiry(enquiry):
    """Lock the enquiry and read it again. Raises Refusal when it is already answered or closed."""
    enquiry = lock(enquiry)
    if enquiry.state != EnquiryState.NEW:
        raise Refusal(_("This enquiry was answered or closed already."), code="state")
    return enquiry


def _answered(enquiry, answer, channel, by):
    if not answer.strip():
        raise Refusal(_("Write the answer."), field="answer", code="answer")
    enquiry.state, enquiry.channel, enquiry.answer = (
        EnquiryState.ANSWERED,
        channel,
        cleaned_text(answer),
    )
    enquiry.answered_at, enquiry.answered_by = timezone.now(), by
    return save(enquiry, by=by)


def _only_centre(exhibition):
    centres = list(exhibition.centres.all()[:2]) if exhibition else []
    return centres[0] if len(centres) == 1 else None


def cleaned_text(typed):
    return typed.replace("\r\n", "\n").strip()


# --- Letters ----------------------------------------------------------------------------------


def _write_to_sender(enquiry, kind):
    """Write to the visitor. Their text is not in the letter: the form could be used to send spam."""
    context = {"enquiry": enquiry, "centre": enquiry.centre}
    if enquiry.reference:
        with override(enquiry.language):
            context["page"] = settings.SITE_URL + reverse("enquiry", args=[enquiry.reference])
    write(kind=kind, to=enquiry.email, about=enquiry, language=enquiry.language, context=context)


def _write_to_staff(enquiry):
    """Tell staff about a new enquiry, with a link; its text is not in the letter."""
    page = settings.SITE_URL + reverse("admin:exhibitions_enquiry_change", args=[enquiry.pk])
    for address in recipients_at(enquiry.centre):
        context = {"enquiry": enquiry, "page": page}
        write(kind="enquiry_new", to=address, about=enquiry, context=context)
