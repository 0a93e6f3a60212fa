"""Calls: what came of them is noted here, one call for all that a person has to be told."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from izmek.acts.saving import save
from trainees import rights
from trainees.enums import TEXTED_ANYWAY, CallAnswer
from trainees.models import Application, Call, CallAttempt, Enrolment
from trainees.services.certificates import reminded_of_certificate
from trainees.services.confirmation import confirm_application
from trainees.services.letters import address_of
from trainees.services.waiting_list import stop_clock, told_by_phone

# {a number: where it is marked as wrong}. An applicant's guardian is no row of its own.
MARKS = {"phone": "wrong_phone", "guardian_phone": "guardian_wrong_phone"}


@transaction.atomic
def ask_for_call(*, enrolment, what, by, until=None):
    """Put the person of a seat on the list of people to call: `what` is the sentence to say.

    For what no letter tells, such as a missing paper. Who has an e-mail address is called too. The same
    sentence for the same person waits there once.
    """
    rights.require(by, "ask_for_call", enrolment)
    facts = {"course": enrolment.course, "kind": "paper", "what": what, "done_at": None}
    call, _made = Call.objects.get_or_create(
        enrolment=enrolment, **facts, defaults={"until": until, "text": what}
    )
    return call


@transaction.atomic
def call_after_message(letter):
    """A text message failed for good: its person has to be called, and the list tells why.

    Nobody to whom an e-mail went, too.
    """
    about = letter.object
    if not isinstance(about, (Application, Enrolment)):
        return  # erased meanwhile; or it was news, which nobody is owed
    seat = isinstance(about, Enrolment)
    has_email = letter.kind in TEXTED_ANYWAY and (address_of(about) if seat else about.email)
    if has_email or (about.trainee and about.trainee.restricted_at):
        return
    who = {"trainee": about.trainee} if seat else {"application": about}
    facts = {"phone": letter.phone, "answer": CallAnswer.SMS_FAILED, "reason": letter.error}
    CallAttempt.objects.create(**who, **facts)
    kind, what = letter.kind, letter.subject
    if kind == "offer":
        if stop_clock(about):
            return
        kind = "application_closed"
        what = gettext(
            "A seat was offered, but the message did not arrive, and the offer has ended."
        )
    Call.objects.get_or_create(
        **{"enrolment" if seat else "application": about},
        course=about.course,
        kind=kind,
        what=what,
        text=letter.text,
        done_at=None,
        defaults={"until": letter.until},
    )


@transaction.atomic
def tick_call(*, call, by):
    """Note that somebody was told. A repeat changes nothing; the first caller stays."""
    rights.require(by, "tick_call", call)
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.done_at is None:
        call.done_at, call.done_by = timezone.now(), by
        call.save(update_fields=["done_at", "done_by"])
    return call


@transaction.atomic
def reopen_call(*, call, by):
    """Take a tick back: the person has to be called after all."""
    rights.require(by, "reopen_call", call)
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    call.done_at = call.done_by = None
    call.save(update_fields=["done_at", "done_by"])
    return call


@transaction.atomic
def answer_calls(*, answer, by, calls=(), offers=(), confirmations=(), certificates=(), phone=""):
    """Note what came of one telephone call about all this of a person.

    `calls`: Calls, `offers` and `confirmations`: Applications, by what was to be said: that a seat is
    offered, or to ask whether it is still wanted; `certificates`: Certificates that nobody has collected.
    `answer`: a CallAnswer. Reached: calls are ticked, who has an offer knows of it from now on, who was
    asked has confirmed, who was told of a certificate is told again only after a while. Else all of it
    stays on the list, with the attempt. `phone`: the number that was dialled; a wrong one is marked
    wherever the person has it. Raises Refusal `state` when there is no such offer any more, or it is too
    late to confirm.
    """
    rights.require(by, "answer_calls")
    said = (("answer_calls", calls), ("told_by_phone", offers))
    said += (("confirm_application", confirmations), ("reminded_of_certificate", certificates))
    for act, things in said:
        for thing in things:
            rights.require(by, act, thing)
    holders = (one.enrolment.trainee for one in certificates)
    people = _by_record((*(call.who for call in calls), *offers, *confirmations, *holders))
    for (name, _pk), who in people.items():
        CallAttempt.objects.create(**{name: who}, phone=phone, answer=answer, by=by)
    if answer == CallAnswer.WRONG_NUMBER and phone:
        _mark_wrong(people.values(), phone, by)
    if answer != CallAnswer.REACHED:
        return
    for call in calls:
        tick_call(call=call, by=by)
    for application in offers:
        told_by_phone(application=application, by=by)
    for application in confirmations:
        confirm_application(application=application, by=by)
    for certificate in certificates:
        reminded_of_certificate(certificate=certificate, by=by)


def _by_record(people):
    """{("trainee" or "application", key): who}: each Trainee and Application once."""
    names = (("application" if isinstance(who, Application) else "trainee", who) for who in people)
    return {(name, who.pk): who for name, who in names}


def _mark_wrong(people, phone, by):
    """Mark the number at these people, the trainees whose applications they are, and the guardians."""
    known = [who.trainee for who in people if isinstance(who, Application) and who.trainee_id]
    for (name, _pk), who in _by_record((*known, *people)).items():
        for one in (who, *(who.guardians.all() if name == "trainee" else ())):
            marks = [
                mark
                for number, mark in MARKS.items()
                if getattr(one, number, "") == phone != getattr(one, mark)
            ]
            for mark in marks:
                setattr(one, mark, phone)
            if marks:
                save(one, by=by)
