"""The text of a certificate's QR: read here, and by the script of docs/ without us."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings

from izmek.secrets import signing
from tests.trainees.certificates import CONTENT
from trainees.certificate_text import Verdict, address, read, signed

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
OTHER = {**CONTENT, "code": "MNPR-TVYZ-3479-CDFG"}


@pytest.fixture
def qr():
    """What the paper carries."""
    return address(SimpleNamespace(code=CONTENT["code"], signed=signed(CONTENT)))


def test_the_code_leads_to_the_check_page_and_bears_out_the_paper(qr):
    where, _hash, text = qr.partition("#")
    assert where == f"{settings.SITE_URL}/belge/{CONTENT['code']}/"
    for given in (qr, text, f" {qr[:90]}\r\n{qr[90:]} ", qr.replace(settings.SITE_URL, "http://x")):
        assert (read(given).verdict, read(given).content) == (Verdict.GENUINE, CONTENT)
    # On a paper of 30 mm a code of 450 signs is still read by every telephone.
    assert len(qr) < 450


def test_what_does_not_fit_is_told(qr):
    swapped = qr.replace(CONTENT["code"], OTHER["code"])
    assert read(swapped).verdict == Verdict.OTHER_CODE
    assert read(swapped).content == CONTENT
    for text, verdict in {
        "https://example.org/": Verdict.NOT_OURS,
        "": Verdict.NOT_OURS,
        qr[:-90]: Verdict.NOT_OURS,
        qr[:-9]: Verdict.CHANGED,
        qr.replace("#v1.", "#v1.0"): Verdict.UNKNOWN_KEY,
    }.items():
        assert (read(text).verdict, read(text).content) == (verdict, None), text


def test_the_script_of_the_docs_needs_only_the_keys_and_the_text(qr, tmp_path, client):
    keys = tmp_path / "keys.txt"
    keys.write_text("\n".join(key.pem for key in signing.all_keys()))

    def script(text):
        program = [sys.executable, "-I", "docs/verify_certificate.py", str(keys), text]
        return subprocess.run(
            program, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
        )

    genuine = script(qr)
    assert genuine.returncode == 0, genuine.stderr
    assert genuine.stdout.split("\n") == ["GENUINE", *map(str, CONTENT.values()), ""]
    letter = "B" if qr[-100] != "B" else "C"
    changed = qr[:-100] + letter + qr[-99:]
    other = qr.replace(CONTENT["code"], OTHER["code"])
    # The last sign of a signature holds two bits: of the others' spellings ours alone is right.
    respelled = qr[:-1] + SIGNS[SIGNS.index(qr[-1]) + 1]
    for wrong in (changed, other, respelled, f"{qr}=", qr.replace("#v1.", "#v1.0"), qr[:-90], ""):
        assert read(wrong).verdict != Verdict.GENUINE
        answer = script(wrong)
        assert (answer.returncode, answer.stdout) == (1, ""), wrong
        assert "NOT GENUINE" in answer.stderr and "Traceback" not in answer.stderr
