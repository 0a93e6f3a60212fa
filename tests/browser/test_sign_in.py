"""Signing in with a real browser: app, backup code, passkey (a virtual authenticator), limits."""

import base64
import hmac
import re
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.server import PASSWORD

LOGIN, ACCOUNT, STEPS = "/hesap/login/", "/hesap/", "/hesap/iki-asama/"


def code_of(secret):
    """The six digits that an authenticator app shows now (RFC 6238)."""
    step = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), step, "sha1").digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@pytest.fixture
def page(browser, site):
    """A page at the site's name: browsers refuse passkeys to a number. Its console stays empty."""
    site = site.replace("127.0.0.1", "localhost")
    with browser.new_context(base_url=site, locale="tr-TR") as context:
        page = context.new_page()
        complaints = []
        page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        yield page
    # Chromium reports it as an error when only one of two pages asks for a view transition.
    assert [text for text in complaints if "Transition was" not in text] == []


def button(page, label):
    return page.get_by_role("main").get_by_role("button", name=label, exact=True)


def press(page, label):
    """Returns on the page that comes: what is asked next must not be asked of the one before."""
    with page.expect_navigation():
        button(page, label).click()


def follow(page, label):
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=label).click()


def sign_in(page, name):
    page.goto(LOGIN)
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    press(page, "Giriş yap")


def sign_out(page):
    page.goto(ACCOUNT)
    press(page, "Çıkış yap")
    page.get_by_text("Çıkış yaptınız.").wait_for()


def test_an_authenticator_app_and_a_backup_code(page):
    sign_in(page, "denetci")
    page.goto(ACCOUNT)
    follow(page, "İki aşamalı giriş")
    follow(page, "Uygulamayı kur")
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.get_by_label("Kod").fill(code_of(secret))
    press(page, "Kur")
    codes = page.locator("main li code").all_inner_texts()
    assert len(codes) == 10
    sign_out(page)

    sign_in(page, "denetci")
    page.get_by_label("Kod").fill("000 000")
    press(page, "Giriş yap")
    page.get_by_text("Kod yanlış").first.wait_for()
    page.get_by_label("Kod").fill(codes[0])
    press(page, "Giriş yap")
    page.wait_for_url("**/yonetim/")

    page.goto(STEPS)
    page.get_by_text("9 kod kaldı").wait_for()
    follow(page, "Uygulamayı kaldır")
    press(page, "Kaldır")
    page.get_by_text("Doğrulama uygulaması kaldırıldı.").wait_for()


def test_a_passkey(page):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    built_in = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": built_in})
    sign_in(page, "denetci")
    page.goto(STEPS)
    follow(page, "Geçiş anahtarı ekle")
    page.get_by_label("Ad", exact=False).first.fill("Bürodaki bilgisayar")
    press(page, "Geçiş anahtarı ekle")
    page.get_by_role("heading", name="Yedek kodlar").wait_for()

    page.goto(STEPS)
    follow(page, "Geçiş anahtarı ekle")
    button(page, "Geçiş anahtarı ekle").click()  # the same device again
    page.get_by_text("zaten bir geçiş anahtarı var").wait_for()
    sign_out(page)

    press(page, "Geçiş anahtarıyla giriş yap")  # nothing else: it is both steps
    page.wait_for_url("**/yonetim/")
    sign_out(page)

    sign_in(page, "denetci")
    press(page, "Geçiş anahtarını kullan")
    page.wait_for_url("**/yonetim/")

    page.goto(STEPS)
    follow(page, "Kaldır Bürodaki bilgisayar")
    press(page, "Kaldır")
    page.get_by_text("Geçiş anahtarı kaldırıldı.").wait_for()
    sign_out(page)

    # What this device still remembers opens nothing any more.
    press(page, "Geçiş anahtarıyla giriş yap")
    page.get_by_text("Kod yanlış").first.wait_for()
    page.goto(ACCOUNT)
    assert LOGIN in page.url


def test_without_javascript_nothing_dead_is_shown(browser, site):
    with browser.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(LOGIN)
        assert not page.locator("#passkey_button").is_visible()
        sign_in(page, "denetci")
        page.goto(f"{STEPS}webauthn/add/")
        assert not page.locator("#passkey_button").is_visible()
        follow(page, "Bunun yerine doğrulama uygulaması kurun.")
        assert page.locator("main img").is_visible()


def test_the_limit_on_wrong_passwords_holds_across_processes(site):
    """The server has two worker processes; what one counts the other knows."""

    def attempt():
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = browser.open(site + LOGIN).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        typed = {"csrfmiddlewaretoken": token, "login": "kimse-degil", "password": "x"}
        try:
            answer = browser.open(site + LOGIN, urllib.parse.urlencode(typed).encode())
        except urllib.error.HTTPError as refused:
            assert refused.code == 429
            answer = refused
        return answer.read().decode()

    answers = [attempt() for _time in range(12)]  # a slow machine sits out the first waits
    assert all("Çok sayıda" not in answer for answer in answers[:5])
    assert any("Çok sayıda yanlış deneme" in answer for answer in answers[5:])
