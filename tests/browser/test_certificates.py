"""Whoever holds the paper: the browser verifies what was scanned, without asking anybody."""

import pytest
from playwright.sync_api import expect

from tests.browser.crawling import violations

MAKE = """
from tests.trainees.certificates import make_certificate
from trainees.models import Enrolment
for seat in Enrolment.objects.filter(certificates=None)[:2]:
    made = make_certificate(seat)
    print("MADE", made.code, made.signed)
"""
REVOKE = """
from trainees.models import Certificate
Certificate.objects.get(code="{code}").delete()
"""
# As in browsers before Chromium 137, Firefox 129 and Safari 17.
NO_ED25519 = (
    "crypto.subtle.importKey = async () => { throw new DOMException('', 'NotSupportedError') }"
)
NAME = "Şükriye İğneci"
GENUINE, CHANGED = "İmza geçerli.", "İmza uymuyor"


@pytest.fixture(scope="module")
def papers(site):
    """Two certificates: (code, signed text)."""
    lines = site.manage("shell", "-v0", "--no-imports", "-c", MAKE).splitlines()
    return [line.split()[1:] for line in lines if line.startswith("MADE")]


def changed(text):
    letter = "B" if text[-100] != "B" else "C"
    return text[:-100] + letter + text[-99:]


def verify(page, text):
    page.get_by_label("Karekodun metni").fill(text)
    page.get_by_role("button", name="Doğrula").click()


def test_without_a_connection(visit, papers):
    page = visit(viewport={"width": 360, "height": 740})
    page.goto("/belge/dogrula/", wait_until="networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    answer = page.get_by_role("status")
    code, text = papers[0]
    verify(page, f"https://izmek.example.org/belge/{code}/#{text[:60]}\n{text[60:]}")
    expect(answer).to_contain_text(GENUINE)
    for fact in (NAME, "400", "3 Ekim 2022", "Akmeşe Kurs Merkezi"):
        expect(answer).to_contain_text(fact)
    assert violations(page) == []
    verify(page, changed(text))
    expect(answer).to_contain_text(CHANGED)
    expect(answer).not_to_contain_text(NAME)
    for wrong, said in {
        text[:-90]: "metni değil",
        text.replace("v1.", "v1.0"): "anahtarı",
        f"https://izmek.example.org/belge/{papers[1][0]}/#{text}": "iki ayrı belgeye ait",
    }.items():
        verify(page, wrong)
        expect(answer).to_contain_text(said)
    assert asked == []


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {}])
def test_where_the_browser_cannot_the_site_gives_the_same_answer(visit, papers, options):
    page = visit(**options)
    page.add_init_script(NO_ED25519)
    page.goto("/belge/dogrula/")
    code, text = papers[0]
    verify(page, text)
    answer = page.get_by_role("status")
    expect(answer).to_contain_text(GENUINE)
    expect(answer).to_contain_text(NAME)
    expect(answer.get_by_role("link")).to_have_attribute("href", f"/belge/{code}/")
    verify(page, changed(text))
    expect(answer).to_contain_text(CHANGED)


def test_the_qr_leads_to_what_the_site_and_the_signature_say(visit, site, papers):
    page = visit(viewport={"width": 360, "height": 740})
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    (code, text), (other, another) = papers
    answer = page.get_by_role("status")
    page.goto(f"/belge/{code.lower()}/#{text}")  # typed by hand up to the #: a redirect keeps it
    expect(answer).to_contain_text("Belge ile bu sayfa aynı")
    expect(answer).to_contain_text(NAME)
    assert violations(page) == []
    page.goto(f"/belge/{code}/#{changed(text)}")
    expect(answer).to_contain_text(CHANGED)
    page.goto(f"/belge/{code}/#{another}")
    expect(answer).to_contain_text("iki ayrı belgeye ait")
    site.manage("shell", "-v0", "--no-imports", "-c", REVOKE.format(code=other))
    page.goto(f"/belge/{other}/#{another}")
    expect(answer).to_contain_text("bu sitede kayıtlı değil")
    assert violations(page) == []
    # Playwright tells of the fragment only what the browser would: no address that was asked holds it.
    assert not any(text[:40] in address.partition("#")[0] for address in sent)
    for hash in ("icerik", ""):  # the link over the header is no signature: no name stays beside it
        page.goto(f"/belge/{code}/#{text}")
        expect(answer).to_contain_text(NAME)
        page.evaluate("hash => { location.hash = hash }", hash)
        expect(answer).to_be_empty()
