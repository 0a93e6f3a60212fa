"""The statements of a public body: accessibility, personal data, cookies, contact (DOMAIN.md §6)."""

import pytest

from tests import factories as make
from trainees.models import NoticeText

pytestmark = [pytest.mark.django_db, pytest.mark.both]

ADDRESSES = {
    "/erisilebilirlik/": "/en/accessibility/",
    "/aydinlatma/": "/en/privacy/",
    "/cerezler/": "/en/cookies/",
    "/iletisim/": "/en/contact/",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_is_found_from_every_page_and_read_without_a_cookie(client, address):
    assert f'href="{address}"' in client.get("/").content.decode()
    for language in (address, ADDRESSES[address]):
        answer = client.get(language)
        assert answer.status_code == 200
        assert not answer.cookies
        assert client.post(language).status_code == 405
    assert ADDRESSES[address] in client.get(address).content.decode()


def test_the_notices_in_force_are_shown_with_their_version(client):
    for version, text in ((1, "Eski metin"), (2, "Yeni metin")):
        NoticeText.objects.create(kind="enquiry", version=version, language="tr", text=text)
    NoticeText.objects.create(kind="application", version=1, language="tr", text="Ön kayıt")
    NoticeText.objects.create(kind="application", version=1, language="en", text="Applying")
    told = client.get("/aydinlatma/").content.decode()
    assert "Yeni metin" in told
    assert "Eski metin" not in told
    assert "Sürüm 2" in told
    english = client.get("/en/privacy/").content.decode()
    assert "Applying" in english
    assert 'lang="tr"><p>Yeni metin' in english


def test_the_contact_page_names_the_centres_in_use(client):
    make.centre("Akmeşe Kurs Merkezi", phone="+902623110000", hours="Hafta içi 08.30-17.30")
    make.centre("Kapalı Merkez", in_use=False)
    told = client.get("/iletisim/").content.decode()
    assert "0262 311 00 00" in told
    assert "Hafta içi" in told
    assert "Kapalı Merkez" not in told
    assert "/iletisim/yaz/" in told


def test_the_cookies_end_when_the_settings_say(client, settings):
    settings.SESSION_HOURS, settings.SIGN_INS_KEPT_DAYS = 9, 77
    for address in ("/cerezler/", "/en/cookies/"):
        told = client.get(address).content.decode()
        assert "9 saat sonra" in told or "9 hours after" in told
        assert "77 gün" in told or "77 days" in told
