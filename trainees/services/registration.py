"""Kesin kayıt in person, with the identity card, as one act."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from izmek.acts.refusal import Conflict
from izmek.acts.saving import save
from izmek.text.fold import fold
from trainees import rights
from trainees.enums import Channel, Purpose
from trainees.services.applications import put_on_waiting_list
from trainees.services.confirmation import confirm_application
from trainees.services.consents import answers_of, put_answer
from trainees.services.people import (
    lock_person,
    put_guardian,
    put_identity,
    put_support,
    register_trainee,
)
from trainees.services.seats import put_in_seat


@dataclass
class Answers:
    """The answers to the consent questions: {Purpose: bool}.

    A question that was not asked is missing.
    """

    given: dict[Purpose, bool] = field(default_factory=dict)
    channel: Channel = Channel.PAPER
    signed_on: date | None = None


@transaction.atomic
def record_answers(*, trainee, answers, by, guardian=None):
    """Record Answers one by one (DOMAIN.md §5). Under 18 the `guardian` gives the consent.

    An answer that is the same as the latest one is not recorded again.
    """
    rights.require(by, "record_answers", trainee)
    how = {"channel": answers.channel, "signed_on": answers.signed_on, "by": by}
    before = answers_of(trainee)
    for purpose, yes in answers.given.items():
        last = before[purpose]
        if last and (last.answer, last.channel, last.signed_on, last.guardian) == (
            yes,
            answers.channel,
            answers.signed_on,
            guardian if yes else None,
        ):
            continue
        signer = guardian if yes else None
        put_answer(yes, trainee=trainee, purpose=purpose, guardian=signer, **how)


@transaction.atomic
def enrol_in_person(
    *,
    course,
    trainee,
    by,
    changes=None,
    identity=None,
    guardian=None,
    support="",
    answers=None,
    application=None,
    not_theirs=False,
    waiting=False,
    joined_on=None,
    override=None,
):
    """Register a person and give them a seat, all in one transaction; a repeat changes nothing.

    `trainee`: a new record as typed, or a known trainee. `changes`: {field: value} typed for a
    known trainee. `identity`: {kind, number, country}; for a known trainee only if it was asked.
    `guardian`: the arguments of `record_guardian`. `answers`: their Answers. `waiting`: put them on
    the waiting list instead; who stands there already is confirmed. `not_theirs`, `joined_on`,
    `override`: see `enrol`.

    Returns the Enrolment or the Application. Raises the refusals of `enrol`, `put_on_waiting_list`
    and the other acts used here.
    """
    rights.require(by, "enrol_in_person", course)
    if trainee.pk is None:
        typed, trainee = trainee, register_trainee(trainee=trainee, by=by, **identity)
        if fold(str(typed)) != fold(str(trainee)):
            raise Conflict(
                _(
                    "Somebody has registered this identity number meanwhile. Begin again with the card."
                ),
                code="known",
            )
    else:
        trainee = _record_changes(trainee, changes or {}, by)
        if identity:
            put_identity(trainee=trainee, by=by, **identity)
    who_signs = put_guardian(trainee=trainee, by=by, **guardian) if guardian else None
    if support:
        put_support(trainee=trainee, support=support, by=by)
    if waiting and application:
        row = confirm_application(application=application, by=by)
    elif waiting:
        row = put_on_waiting_list(trainee=trainee, course=course, not_theirs=not_theirs, by=by)
    else:
        row = put_in_seat(
            trainee=trainee,
            course=course,
            application=application,
            not_theirs=not_theirs,
            joined_on=joined_on,
            override=override,
            by=by,
        )
    if answers:
        signer = who_signs or trainee.guardians.last() if trainee.is_minor() else None
        record_answers(trainee=trainee, answers=answers, guardian=signer, by=by)
    return row


@transaction.atomic
def apply_in_person(
    *, course, trainee, by, changes=None, answers=None, already_certified=False, not_theirs=False
):
    """A known trainee asks staff for a seat, by telephone or at the counter (ön kayıt).

    Returns the Application, which is confirmed. `changes`, `answers`: as in `enrol_in_person`. The
    others, and the refusals: as in `put_on_waiting_list`.
    """
    rights.require(by, "apply_in_person", course)
    trainee = _record_changes(trainee, changes or {}, by)
    row = put_on_waiting_list(
        trainee=trainee,
        course=course,
        already_certified=already_certified,
        not_theirs=not_theirs,
        by=by,
    )
    if answers:
        signer = trainee.guardians.last() if trainee.is_minor() else None
        record_answers(trainee=trainee, answers=answers, guardian=signer, by=by)
    return row


def _record_changes(trainee, changes, by):
    """Lock the trainee and change these fields; changes of other fields by others stay."""
    trainee = lock_person(trainee)
    changes = {name: new for name, new in changes.items() if getattr(trainee, name) != new}
    for name, new in changes.items():
        setattr(trainee, name, new)
    return save(trainee, by=by) if changes else trainee
