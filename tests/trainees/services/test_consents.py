"""The consents of an applicant: whose they are, and what becomes of them with the seat."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.refusals import refused
from trainees import services
from trainees.enums import Channel, Purpose
from trainees.queries.people import adulthood

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CONTACT = Purpose.CONTACT
ELIF = {"first_name": "Elif", "last_name": "Kaya", "phone": "+905321112233"}
AYLA = {"name": "Ayla Kaya", "relation": "anne", "phone": "+905331112200"}


@pytest.fixture
def to():
    return make.course(state="open", begin=timezone.localdate() + timedelta(days=30))


@pytest.fixture
def boss():
    return make.user("yonetici")


def said(yes, channel=Channel.PHONE, signed_on=None):
    return services.Answers({CONTACT: yes}, channel, signed_on)


def applied(to, by, answers=None, **more):
    """Somebody who gets 17 this year applies by telephone; the mother speaks."""
    facts = {"birth_year": timezone.localdate().year - 17, "guardian": AYLA, **more}
    return services.apply(course=to, answers=answers, by=by, **ELIF, **facts)


def ago(**time):
    return {"at": timezone.now() - timedelta(**time)}


def grew_up(days):
    """The trainee who became 18 so many days ago."""
    return make.trainee(**ELIF, birth_date=adulthood() - timedelta(days=days))


def seated(application, who, by):
    """The answer that the person has after the kesin kayıt; None if it has to be asked."""
    services.enrol(trainee=who, course=application.course, application=application, by=by)
    return services.answers_of(who)[CONTACT]


# --- Whose yes it was -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "days_ago", "becomes"), [(True, 20, None), (False, 20, False), (True, 2, True)]
)
def test_at_18_a_yes_from_before_is_asked_anew(to, boss, answer, days_ago, becomes):
    application = applied(to, boss)
    make.consent(application, CONTACT, answer, **ago(days=days_ago))
    taken = seated(application, grew_up(days=5), boss)
    assert (taken and taken.answer) is becomes and (taken and taken.guardian) is None


@pytest.mark.parametrize(
    ("names", "signer"), [(["AYLA KAYA", "Ali Kaya"], "AYLA KAYA"), (["Ali Kaya"], None)]
)
def test_under_18_the_guardian_who_said_yes_signs(to, boss, names, signer):
    application, who = applied(to, boss, said(True)), grew_up(days=-99)
    for name in names:
        who.guardians.create(name=name, relation="anne", permission_on=timezone.localdate())
    answer = seated(application, who, boss)
    assert (answer and answer.guardian.name) == signer


# --- What was withdrawn ---------------------------------------------------------------------------


@pytest.mark.parametrize(("signed", "counts"), [(9, False), (1, True)])
def test_an_older_paper_does_not_bring_back_what_was_withdrawn(to, boss, signed, counts):
    who, application = make.trainee(**ELIF), applied(to, boss)
    make.consent(who, CONTACT, False, channel="phone", **ago(days=5))
    paper = {"signed_on": timezone.localdate() - timedelta(days=signed), **ago(hours=1)}
    make.consent(application, CONTACT, **paper)
    assert seated(application, who, boss).answer is counts


def test_who_is_on_record_meanwhile_answers_there(to, boss):
    application = applied(to, boss, said(True))
    page = type(application).objects.get(pk=application.pk)
    assert seated(application, make.trainee(**ELIF), boss).answer is True
    facts = {"application": page, "purpose": CONTACT, "channel": "phone", "by": boss}
    refused("known", services.withdraw_consent, **facts)
    assert application.consents.count() == 1


# --- The form that comes again --------------------------------------------------------------------


def test_a_form_sent_again_adds_what_was_answered_meanwhile(to, boss):
    def sent(answers):
        application = applied(to, boss, answers, reference="R-1")
        return [one.answer for one in application.consents.order_by("pk")]

    assert [sent(None), sent(said(True)), sent(said(True))] == [[], [True], [True]]
    assert sent(said(False)) == [True, False]
    facts = {"course": to, "by": boss, "reference": "R-1", "guardian": AYLA, "answers": said(True)}
    year = timezone.localdate().year - 17
    refused("conflict", services.apply, birth_year=year, **ELIF, **facts)
