"""A withdrawn consent is gone from every public address with the next request (DESIGN.md §6).

Several processes answer, their caches are warm, and the addresses are those of the site map, so that
a page that is added later is asked as well. The maker's surname is a word that stands nowhere else. Nor
does the name come back as the name of a group, in a text, at a photo or in the visitor book.
"""

import io
import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader

MAKER = """
from exhibitions.enums import NameForm
from exhibitions.models import Exhibition
from exhibitions.services import approve_work
from tests import factories as make
from trainees.enums import Purpose
maker = make.trainee("Nevbahar", "{surname}")
make.consent(maker, Purpose.NAME_WEB)
make.consent(maker, Purpose.NAME_LABEL)
work = make.work("Deneme eseri", makers=[maker], form=NameForm.FULL, state="draft")
open_now = Exhibition.objects.public().order_by("-begin").first()
approve_work(work=work, exhibition=open_now, by=None)
work.refresh_from_db()
print("MADE", work.get_absolute_url(), f"{{open_now.get_absolute_url()}}katalog.pdf", maker.pk)
"""
WITHDRAW = """
from trainees.enums import Purpose
from trainees.models import Trainee
from trainees.services import withdraw_consent
for purpose in (Purpose.NAME_WEB, Purpose.NAME_LABEL):
    withdraw_consent(
        trainee=Trainee.objects.get(pk={pk}), purpose=purpose, channel="paper", by=None
    )
"""

# Each door by which the name might come back; every one is refused.
BRING_BACK = """
from django.core.exceptions import ValidationError
from exhibitions import services
from exhibitions.models import Exhibition, Work
from tests import factories as make
from trainees.models import Trainee
name = "Nevbahar {surname}"
open_now = Exhibition.objects.public().order_by("-begin").first()
work = Work.objects.get(title="Deneme eseri")
maker = Trainee.objects.get(last_name="{surname}")
new = {{"state": "draft", "centre": work.centre}}
draft = make.work("Başka eser", makers=[name], **new)
note = open_now.notes.create(text=f"{{name}} eline sağlık")
doors = {{
    "group": (services.approve_work, {{"work": draft, "exhibition": open_now}}),
    "alt": (services.add_photo, {{"upload": make.picture(), "work": work, "alt": name}}),
    "caption": (
        services.add_photo,
        {{"upload": make.picture(), "exhibition": open_now, "alt": "Salon", "caption": name}},
    ),
    "note": (services.show_note, {{"note": note}}),
    "reason": (services.cancel_exhibition, {{"exhibition": open_now, "reason": name}}),
}}
for column in ("title", "text", "text_en", "materials"):
    other = make.work("Öteki", makers=[maker], **new)
    Work.objects.filter(pk=other.pk).update(**{{column: name}})
    doors[column] = (services.approve_work, {{"work": other, "exhibition": open_now}})
for door, (act, facts) in doors.items():
    try:
        act(by=None, **facts)
        print("OPEN", door)
    except ValidationError:
        pass
print("TRIED", len(doors))
"""


@pytest.fixture
def surname():
    return "Q" + secrets.token_hex(6).translate(str.maketrans("0123456789", "ghijklmnop"))


def answer(site, path):
    """What an address answers, as text; a PDF's as it is read."""
    try:
        response = urllib.request.urlopen(site + path, timeout=60)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        content = response.read()
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


def addresses(site, *more):
    """Every address of the site map, and what is beside it."""
    parts = re.findall(r"<loc>(.*?)</loc>", answer(site, "/sitemap.xml"))
    found = [
        urllib.parse.urlparse(loc).path
        for part in parts
        for loc in re.findall(r"<loc>(.*?)</loc>", answer(site, part.removeprefix(site)))
    ]
    beside = ["/sergiler/akis.atom", "/en/exhibitions/feed.atom", "/sergiler/takvim.ics"]
    return [*dict.fromkeys([*found, *beside, *more])]


def where(site, paths, surname):
    """Those of the addresses whose answer holds the surname."""
    paths = list(paths)
    with ThreadPoolExecutor(4) as pool:
        texts = pool.map(lambda path: answer(site, path), paths)
        return {path for path, text in zip(paths, texts, strict=True) if surname in text}


def is_found(site, surname):
    """Whether the search for the surname finds the work, in each language."""
    pages = [answer(site, f"{page}?q={surname}") for page in ("/ara/", "/en/search/")]
    return {"Deneme eseri" in page for page in pages}


def test_a_withdrawn_name_is_gone_from_every_address_at_once(site, surname):
    made = site.manage("shell", "-v0", "-c", MAKER.format(surname=surname))
    work, catalogue, pk = re.search(r"MADE (\S+) (\S+) (\d+)", made).groups()
    english = f"/en{work.replace('eserler', 'works')}"
    paths = addresses(site, work, english, catalogue)
    assert len(paths) > 100
    shown = where(site, paths, surname)
    assert {work, english, catalogue, "/sergiler/akis.atom"} <= shown
    assert is_found(site, surname) == {True}
    assert where(site, shown, surname) == shown  # and now from the caches
    site.manage("shell", "-v0", "-c", WITHDRAW.format(pk=pk))
    assert where(site, paths, surname) == set()
    assert is_found(site, surname) == {False}
    tried = site.manage("shell", "-v0", "-c", BRING_BACK.format(surname=surname))
    assert "OPEN" not in tried and "TRIED 9" in tried
    assert where(site, addresses(site, work, english, catalogue), surname) == set()
