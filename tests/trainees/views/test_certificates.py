"""Whoever checks a certificate: by its code, by its signature, with the published keys."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from izmek.secrets import signing
from tests import factories as make
from tests.markup import wrong_markup
from tests.trainees.certificates import CONTENT, make_certificate
from trainees.certificate_text import signed
from trainees.enums import CertificateState
from trainees.views import certificates as views

pytestmark = pytest.mark.django_db

UNKNOWN = "CCCC-DDDD-FFFF-GGGG"


@pytest.fixture
def certificate():
    return make_certificate(make.enrolment())


def shown(answer):
    """What the page tells: {name of the fact: text}."""
    return {name: value for name, _label, value in answer.context["facts"]}


def end(certificate, state):
    certificate.state = state
    certificate.save()


# --- By the code ----------------------------------------------------------------------------------


def test_the_page_tells_what_an_employer_needs_and_nothing_of_the_person(client, certificate):
    answer = client.get(f"/belge/{certificate.code}/")
    assert answer.status_code == 200 and wrong_markup(answer.content.decode()) == []
    assert shown(answer) == {
        "number": certificate.number,
        "programme": "İğne Oyası",
        "hours": 400,
        "begin": "3 Ekim 2022",
        "end": "31 Mayıs 2023",
        "issued": "5 Haziran 2023",
        "initials": "Ş. İ.",
    }
    text = answer.content.decode()
    assert "Geçerli" in text and 'name="robots" content="noindex' in text
    for hidden in ("Şükriye", "İğneci", str(certificate.enrolment.trainee)):
        assert hidden not in text
    assert answer["Referrer-Policy"] == "no-referrer" and not answer.cookies
    english = client.get(f"/en/certificate/{certificate.code}/").content.decode()
    assert "3 October 2022" in english and '<dd data-fact="programme" lang="tr">' in english


@pytest.mark.parametrize("typed", ["{code}", "{small}", " {bare} ", "{dashes}", "{spaced}"])
def test_however_the_code_is_typed_it_is_found(client, certificate, typed):
    code = certificate.code
    typed = typed.format(
        code=code,
        small=code.lower(),
        bare=code.replace("-", ""),
        dashes=code.replace("-", "–"),
        spaced=code.replace("-", " "),
    )
    answer = client.get("/belge/", {"kod": typed}, follow=True)
    assert answer.redirect_chain == [(f"/belge/{code}/", 302)]
    assert shown(answer)["number"] == certificate.number


def test_a_wrong_code_and_an_unknown_one_are_answered_alike(client, certificate):
    """The same words, the same status, the same question to the database; and no trace in a kept page."""
    client.get("/belge/")
    answers = []
    for typed in (UNKNOWN, "WXQ", "2023-0142", "O0I1-S5Z2-B8G6-AAAA", "x" * 300):
        for address in (f"/belge/{typed}/", f"/belge/?kod={typed}"):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            text = answer.content.decode().replace(typed, "…").replace(typed[:40], "…")
            selects = [query["sql"] for query in asked if "trainees_certificate" in query["sql"]]
            assert len(selects) == 1, address
            answers.append((answer.status_code, "?" in address, text, len(asked)))
    assert len(set(answers)) == 2  # one that has the form's text in it again, one that has not
    assert {status for status, *_rest in answers} == {404}


def test_what_stands_in_the_address_is_not_repeated_where_it_may_be_a_number(client):
    assert "10000000146" not in client.get("/belge/?kod=10000000146").content.decode()
    found = client.get("/belge/10000000146/")
    assert found.status_code == 404
    assert 'value="10000000146"' not in found.content.decode()


def test_a_revocation_shows_with_the_next_visit(client, certificate):
    address = f"/belge/{certificate.code}/"
    before = client.get(address)
    assert client.get(address).content == before.content
    end(certificate, CertificateState.REVOKED)
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200 and "Geçersiz kılındı" in after.content.decode()
    assert after.context["is_valid"] is False


def test_a_replaced_one_names_the_next_by_its_number_alone(client, certificate):
    end(certificate, CertificateState.REPLACED)
    new = make_certificate(certificate.enrolment, replaces=certificate)
    text = client.get(f"/belge/{certificate.code}/").content.decode()
    assert new.number in text and new.code not in text


def test_who_guesses_is_stopped_whatever_is_found_and_a_page_that_is_kept_is_not(
    client, certificate
):
    address, other = f"/belge/{certificate.code}/", make_certificate(make.enrolment())
    client.get(address)
    statuses = [client.get(f"/belge/?kod={UNKNOWN}").status_code for _ in range(61)]
    assert statuses.count(404) == 60 and statuses[60] == 429
    for code in (UNKNOWN, other.code):  # so nothing is learned beyond the limit
        for place in (f"/belge/{code}/", f"/belge/?kod={code}"):
            stopped = client.get(place)
            assert stopped.status_code == 429 and stopped["Retry-After"] == "600"
    assert client.get(address).status_code == 200


def test_a_hall_that_scans_its_certificates_is_never_stopped(client, certificate, monkeypatch):
    monkeypatch.setitem(views.MISSES, "times", 2)
    for _ in range(2):
        typed = client.get(f"/belge/?kod={certificate.code.lower()}", follow=True)
        assert typed.status_code == 200
    for _ in range(2):
        one = make_certificate(certificate.enrolment, state=CertificateState.REVOKED)
        assert client.get(f"/belge/{one.code}/").status_code == 200
    answers = [client.get(f"/belge/{UNKNOWN}/").status_code for _ in range(3)]
    assert answers == [404, 404, 429]


def test_it_is_in_the_menu_and_in_the_footer_and_leads_to_the_ministrys_page(client):
    text = client.get("/belge/").content.decode()
    menu, footer = text.partition('<ul class="nav">')[2], text.partition("<footer")[2]
    assert '<a href="/belge/" aria-current="page">' in menu.partition("</ul>")[0]
    assert footer.count('href="/belge/"') == 1
    assert "https://www.turkiye.gov.tr/meb-sertifika-bilgileri-sorgulama" in text


# --- By the signature -----------------------------------------------------------------------------


def verified(client, text):
    answer = client.post("/belge/dogrula/", {"text": text})
    assert answer.status_code == 200
    return answer


def test_without_a_script_the_site_verifies(client, certificate):
    text = signed(CONTENT)
    answer = verified(client, text)
    assert answer.context["verdict"] == "genuine"
    assert shown(answer)["name"] == "Şükriye İğneci" and shown(answer)["end"] == "31 Mayıs 2023"
    assert "no-store" in answer["Cache-Control"]
    letter = "B" if text[-100] != "B" else "C"
    changed = verified(client, text[:-100] + letter + text[-99:])
    assert changed.context["verdict"] == "changed" and shown(changed) == {}
    assert "Şükriye" not in changed.content.decode().replace(text, "")


def test_nothing_to_verify_is_said_at_the_field_and_a_long_text_is_not_looked_at(client):
    for text in ("", "v1." * 2000):
        answer = client.post("/belge/dogrula/", {"text": text})
        assert answer.context["form"].errors["text"]


def test_a_certificate_of_a_retired_key_stays_genuine(client, settings):
    old = signed(CONTENT)
    settings.CERTIFICATE_KEYS = [signing.new_key(), signing.retired(settings.CERTIFICATE_KEYS[0])]
    assert verified(client, old).context["verdict"] == "genuine"
    settings.CERTIFICATE_KEYS = settings.CERTIFICATE_KEYS[:1]
    assert verified(client, old).context["verdict"] == "unknown-key"


def test_the_keys_are_published_with_their_ids_and_without_their_private_halves(client, settings):
    retired = signing.retired(signing.new_key())
    settings.CERTIFICATE_KEYS = [*settings.CERTIFICATE_KEYS, retired]
    told = json.loads(client.get("/belge/anahtarlar.json").content)
    text = client.get("/belge/anahtarlar.txt").content.decode()
    assert [key["signs"] for key in told["keys"]] == [True, False]
    assert told["keys"][0]["id"] == signed(CONTENT).split(".")[1]
    assert f"public:{told['keys'][1]['public']}" == retired
    for key in told["keys"]:
        assert f"Key {key['id']}" in text
    for private in settings.CERTIFICATE_KEYS[:1]:
        assert private not in text and private not in json.dumps(told)
