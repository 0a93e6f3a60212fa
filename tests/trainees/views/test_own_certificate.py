"""The holder fetches the certificate again, by its code and the last digits of the phone."""

import pytest

from izmek.acts.enums import Access
from izmek.models import AccessLog
from tests import factories as make
from tests.trainees.certificates import make_certificate
from trainees.enums import CertificateState
from trainees.views import own_certificate as views

pytestmark = pytest.mark.django_db

ADDRESS = "/belge/belgem/"
PDF = b"%PDF-1.7 of the certificate"


@pytest.fixture
def certificate(monkeypatch):
    monkeypatch.setattr("trainees.views.own_certificate.pdf", lambda contents: PDF)
    return make_certificate(make.enrolment(make.trainee(phone="+905551234567")))


def ask(client, code, digits="4567"):
    return client.post(ADDRESS, {"code": code, "phone_digits": digits})


def refused(answer):
    assert answer.status_code in (200, 429)
    (sentence,) = answer.context["form"].non_field_errors()
    return sentence


def test_code_and_digits_give_the_paper_and_nobody_keeps_it(client, certificate):
    answer = ask(client, certificate.code.lower().replace("-", " "), " 45 67")
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert f"katilim-belgesi-{certificate.number}.pdf" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    entry = AccessLog.objects.get()
    assert (entry.action, entry.object, entry.by) == (Access.EXPORTED, certificate, None)
    assert ADDRESS in entry.reason


def test_what_is_wrong_cannot_be_told_from_what_is_unknown(client, certificate):
    silent = make_certificate(make.enrolment(make.trainee("Ayşe", "Ak")))  # no phone on record
    answers = [
        ask(client, certificate.code, "4568"),
        ask(client, "CCCC-DDDD-FFFF-GGGG"),
        ask(client, "kod"),
        ask(client, silent.code, "none"),
        ask(client, silent.code, "0000"),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({refused(answer) for answer in answers}) == 1


def test_who_is_under_age_or_has_no_phone_knows_that_of_a_guardian(client, certificate):
    young = make.minor(phone="+905551112222")
    young.guardians.update(phone="+905553334444")
    silent = make.trainee("Ayşe", "Ak")
    silent.guardians.create(name="Ali Ak", relation="baba", phone="+905555556666")
    theirs, its = (make_certificate(make.enrolment(one)) for one in (young, silent))
    certificate.enrolment.trainee.guardians.create(
        name="Oya Ak", relation="anne", phone="+905557778888"
    )
    given = [(theirs, "2222"), (theirs, "4444"), (its, "6666")]
    assert [ask(client, one.code, digits).content for one, digits in given] == [PDF] * 3
    unknown = refused(ask(client, "CCCC-DDDD-FFFF-GGGG"))
    assert refused(ask(client, certificate.code, "8888")) == unknown  # an adult has one's own
    assert refused(ask(client, its.code, "2222")) == unknown


def test_nothing_is_given_for_an_address_alone(client, certificate):
    answer = client.get(ADDRESS, {"kod": certificate.code, "phone_digits": "4567"})
    assert answer["Content-Type"].startswith("text/html")
    assert f'value="{certificate.code}"' in answer.content.decode()
    assert "10000000146" not in client.get(ADDRESS, {"kod": "10000000146"}).content.decode()


def test_digits_are_not_guessed(client, certificate):
    answers = [ask(client, certificate.code, f"{digits:04}") for digits in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    elsewhere = client.post(
        ADDRESS, {"code": certificate.code, "phone_digits": "4567"}, REMOTE_ADDR="203.0.113.9"
    )
    assert elsewhere.status_code == 429 and elsewhere["Retry-After"]  # counted by the code
    assert not AccessLog.objects.exists()


def test_wrong_digits_are_counted_for_a_month_and_right_ones_are_not(
    client, certificate, monkeypatch
):
    monkeypatch.setitem(views.WRONG, "times", 2)
    for digits in ("4567", "4567", "4567", "0000"):
        ask(client, certificate.code, digits)
    monkeypatch.setitem(views.GUESSES, "times", 100)
    assert ask(client, certificate.code).content == PDF
    assert ask(client, certificate.code, "0001").status_code == 200
    stopped = ask(client, certificate.code)
    assert stopped.status_code == 429 and "kurs merkezini arayın" in refused(stopped)


def test_one_that_is_revoked_while_its_paper_is_made_is_not_given(client, certificate, monkeypatch):
    def revoked_meanwhile(contents):
        certificate.state = CertificateState.REVOKED
        certificate.save()
        return PDF

    monkeypatch.setattr("trainees.views.own_certificate.pdf", revoked_meanwhile)
    assert refused(ask(client, certificate.code))


@pytest.mark.parametrize("state", [CertificateState.REVOKED, CertificateState.REPLACED])
def test_one_that_is_over_is_refused_in_words_to_its_holder_alone(client, certificate, state):
    certificate.state = state
    certificate.save()
    new = None
    if state == CertificateState.REPLACED:
        new = make_certificate(certificate.enrolment, replaces=certificate)
    unknown = refused(ask(client, certificate.code, "4568"))
    told = refused(ask(client, certificate.code))
    assert told != unknown
    if new:
        assert new.number in told and new.code not in told
