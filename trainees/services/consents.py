"""Consents: one for each purpose, append-only; the latest answer counts (DOMAIN.md §5)."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from trainees import rights
from trainees.enums import NoticeKind, Purpose
from trainees.models import Consent, NoticeText


@transaction.atomic
def give_consent(
    *, purpose, channel, by, trainee=None, teacher=None, guardian=None, signed_on=None
):
    """Record a person's consent to one purpose (DOMAIN.md §5); returns the Consent.

    Under 18 the guardian answers. Raises Refusal without a guardian or with another trainee's
    guardian, and for a paper signed (`signed_on`) before there was a text to sign, or before the
    consent was withdrawn.
    """
    _require(by, "give_consent", trainee, teacher)
    return put_answer(
        True,
        purpose=purpose,
        channel=channel,
        by=by,
        trainee=trainee,
        teacher=teacher,
        guardian=guardian,
        signed_on=signed_on,
    )


@transaction.atomic
def withdraw_consent(*, purpose, channel, by, trainee=None, teacher=None, signed_on=None):
    """Record the answer no.

    It is always possible and counts on every page from the next request on.
    """
    _require(by, "withdraw_consent", trainee, teacher)
    return put_answer(
        False,
        purpose=purpose,
        channel=channel,
        by=by,
        trainee=trainee,
        teacher=teacher,
        signed_on=signed_on,
    )


def _require(by, act, trainee, teacher):
    if trainee is not None:
        rights.require(by, act, trainee)
    else:
        rights.require(by, "answer_of_teacher", teacher)


def put_answer(answer, *, trainee=None, teacher=None, guardian=None, signed_on=None, **rest):
    """`give_consent` or `withdraw_consent` without a rights check, for acts that check their own."""
    if answer and trainee is not None:
        _check_guardian(trainee, guardian)
    if signed_on:
        _check_signing_day(signed_on, trainee)
    # Lock the person, so that their answers are saved one after another and the latest is clear.
    person = trainee or teacher
    type(person).objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if answer and signed_on:
        _check_not_withdrawn_since(signed_on, person, rest["purpose"])
    given = Consent(
        trainee=trainee,
        teacher=teacher,
        guardian=guardian,
        answer=answer,
        notice=_text_shown(signed_on, answer),
        signed_on=signed_on,
        **rest,
    )
    given.clean_fields(exclude=["by", "trainee", "teacher", "guardian", "notice"])  # just read
    given.save()
    return given


def _check_guardian(trainee, guardian):
    if trainee.is_minor() and guardian is None:
        raise Refusal(
            _("Under 18: the guardian has to consent."), field="guardian", code="guardian"
        )
    if guardian is not None and (guardian.trainee_id != trainee.pk or not trainee.is_minor()):
        raise Refusal(
            _("This guardian cannot answer for the trainee."), field="guardian", code="guardian"
        )


def _check_signing_day(day, trainee):
    if day > timezone.localdate():
        raise Refusal(_("This day is still to come."), field="signed_on", code="signed on")
    if trainee is not None and trainee.birth_date and day < trainee.birth_date:
        raise Refusal(
            _("The signing date lies before the date of birth, %(born)s."),
            params={"born": date_format(trainee.birth_date)},
            field="signed_on",
            code="signed on",
        )


def _check_not_withdrawn_since(day, person, purpose):
    """An older paper that is found later does not bring back what was withdrawn after it."""
    last = person.consents.filter(purpose=purpose).order_by("pk").last()
    if last is None or last.answer:
        return
    withdrawn_on = last.signed_on or timezone.localdate(last.at)
    if day < withdrawn_on:
        raise Refusal(
            _("The answer was no on %(day)s, after this paper was signed."),
            params={"day": date_format(withdrawn_on)},
            field="signed_on",
            code="withdrawn",
        )


def _text_shown(signed_on, answer):
    """The text that the person read: on a signed paper the one of that day, else the current one.

    Raises Refusal for a yes when there was no text yet; a no needs no text.
    """
    current = NoticeText.objects.current(NoticeKind.CONSENT)
    if signed_on is None or current is None or current.written_on <= signed_on:
        return current
    shown = NoticeText.objects.in_force_on(signed_on, NoticeKind.CONSENT)
    if shown is None and answer:
        first = NoticeText.objects.filter(kind=NoticeKind.CONSENT, language="tr")
        raise Refusal(
            _("The consent text is in force since %(day)s; it was not signed before."),
            params={"day": date_format(first.earliest("written_on").written_on)},
            field="signed_on",
            code="signed on",
        )
    return shown


def answers_of(person):
    """The latest answer of a trainee or teacher to each purpose: {Purpose: Consent or None}."""
    latest = {}
    for consent in person.consents.order_by("pk").select_related("guardian", "notice"):
        latest[consent.purpose] = consent
    return {purpose: latest.get(purpose) for purpose in Purpose}
