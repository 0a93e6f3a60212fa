"""Consents: one for each purpose, append-only; the latest answer counts (DOMAIN.md §5)."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from izmek.acts.refusal import Conflict, Refusal
from izmek.text.fold import fold
from trainees import rights
from trainees.enums import NoticeKind, Purpose
from trainees.models import Consent, NoticeText
from trainees.services.people import lock_person


@transaction.atomic
def give_consent(
    *,
    purpose,
    channel,
    by,
    trainee=None,
    teacher=None,
    application=None,
    guardian=None,
    signed_on=None,
):
    """Record a person's consent to one purpose (DOMAIN.md §5); returns the Consent.

    `application`: that of somebody who is not on record; Conflict if they are by now.

    Under 18 the guardian answers. Raises Refusal without a guardian or with another trainee's
    guardian, and for a paper signed (`signed_on`) before there was a text to sign, or before the
    consent was withdrawn.
    """
    _require(by, "give_consent", trainee, teacher, application)
    return put_answer(
        True,
        purpose=purpose,
        channel=channel,
        by=by,
        trainee=trainee,
        teacher=teacher,
        application=application,
        guardian=guardian,
        signed_on=signed_on,
    )


@transaction.atomic
def withdraw_consent(
    *, purpose, channel, by, trainee=None, teacher=None, application=None, signed_on=None
):
    """Record the answer no.

    It is always possible and counts on every page from the next request on.
    """
    _require(by, "withdraw_consent", trainee, teacher, application)
    return put_answer(
        False,
        purpose=purpose,
        channel=channel,
        by=by,
        trainee=trainee,
        teacher=teacher,
        application=application,
        signed_on=signed_on,
    )


def _require(by, act, trainee, teacher, application):
    if trainee is not None:
        rights.require(by, act, trainee)
    elif application is not None:
        rights.require(by, "answer_of_applicant", application)
    else:
        rights.require(by, "answer_of_teacher", teacher)


def put_answer(
    answer,
    *,
    trainee=None,
    teacher=None,
    application=None,
    guardian=None,
    signed_on=None,
    **rest,
):
    """`give_consent` or `withdraw_consent` without a rights check, for acts that check their own."""
    # Lock the person, so that their answers are saved one after another and the latest is clear.
    if trainee is not None:
        person = trainee = lock_person(trainee)
    else:
        person = teacher or application
        locked = type(person).objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
        if application is not None and locked.trainee_id:
            raise Conflict(
                _("The applicant is on record by now: record the answer on the person's page."),
                code="known",
            )
    if answer and trainee is not None:
        _check_guardian(trainee, guardian)
    if signed_on:
        _check_signing_day(signed_on, trainee)
    if answer and signed_on:
        _check_not_withdrawn_since(signed_on, person, rest["purpose"])
    given = Consent(
        trainee=trainee,
        teacher=teacher,
        application=application,
        guardian=guardian,
        answer=answer,
        notice=_text_shown(signed_on, answer),
        signed_on=signed_on,
        **rest,
    )
    just_read = ["by", "trainee", "teacher", "application", "guardian", "notice"]
    given.clean_fields(exclude=just_read)
    given.save()
    return given


def take_over_answers(*, application, trainee):
    """What an applicant answered becomes the trainee's, with its day, text and who recorded it.

    Whoever has answered since keeps that. A yes from before the 18th birthday was the guardian's: it
    counts while the trainee is a minor, if the guardian of the application is on record; else it is
    asked anew.
    """
    answers = list(application.consents.order_by("pk"))
    signer = _guardian_of(application, trainee) if answers else None
    for given in answers:
        guardians = given.answer and trainee.is_minor(given.answered_on)
        if _answered_since(given, trainee) or (guardians and signer is None):
            continue
        kept = ("purpose", "answer", "notice", "channel", "signed_on", "at", "by")
        facts = {name: getattr(given, name) for name in kept}
        Consent(trainee=trainee, guardian=signer if guardians else None, **facts).save()


def _guardian_of(application, trainee):
    """The guardian on record whom the application names, if the trainee is a minor still; else None."""
    if not trainee.is_minor():
        return None
    named = fold(application.guardian_name)
    same = [one for one in trainee.guardians.order_by("pk") if fold(one.name) == named]
    return same[-1] if same else None


def _answered_since(given, trainee):
    """Whether the trainee has answered this purpose after what the applicant said or signed."""
    if trainee.consents.filter(purpose=given.purpose, at__gte=given.at).exists():
        return True
    on_paper = given.answer and given.signed_on
    return bool(on_paper and _withdrawn_since(given.signed_on, trainee, given.purpose))


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
    if withdrawn_on := _withdrawn_since(day, person, purpose):
        raise Refusal(
            _("The answer was no on %(day)s, after this paper was signed."),
            params={"day": date_format(withdrawn_on)},
            field="signed_on",
            code="withdrawn",
        )


def _withdrawn_since(day, person, purpose):
    """The day, after this one, on which the person's last answer was no; else None."""
    last = person.consents.filter(purpose=purpose).order_by("pk").last()
    withdrawn = last is not None and not last.answer and day < last.answered_on
    return last.answered_on if withdrawn else None


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
    """The latest answer of a trainee, teacher or applicant to each purpose: {Purpose: Consent or None}."""
    latest = {}
    for consent in person.consents.order_by("pk").select_related("guardian", "notice"):
        latest[consent.purpose] = consent
    return {purpose: latest.get(purpose) for purpose in Purpose}
