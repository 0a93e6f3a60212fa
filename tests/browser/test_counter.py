"""A clerk with a headset: an application and a seat, typed by the keyboard alone while somebody talks."""

import pytest
from playwright.sync_api import expect

from tests.browser.crawling import Watch

LOOKS = [("light", 1280), ("dark", 768)]


@pytest.fixture
def clerk(visit, site):
    """A page of an officer that looks at itself; `found` has to stay empty."""
    page = visit("merkez", viewport={"width": 1280, "height": 900})
    watch = Watch(page, site)
    page.look = lambda: watch.look(*LOOKS)
    yield page
    # The page answers 422 when something is missing, and Chromium writes that down.
    assert [wrong for wrong in watch.found if "status of 422" not in wrong] == []


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def send(page):
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_counter(page, name):
    """The only click: the link in the head of every page."""
    page.goto("/yonetim/")
    page.locator("#header").get_by_role("link", name=name).click()
    expect(page.locator("#who")).to_be_focused()


def test_an_application_by_telephone_with_the_keyboard_alone(clerk):
    open_counter(clerk, "Yeni ön kayıt")
    clerk.keyboard.type("Nazan Denizci 0532 765 43 21")
    send(clerk)
    expect(clerk.locator("#which")).to_be_focused()
    clerk.keyboard.type("kilim")
    expect(clerk.locator("#found-which button")).to_have_count(1)
    clerk.look()
    press(clerk, "ArrowDown")
    send(clerk)
    expect(clerk.locator("[name=first_name]")).to_be_focused()
    expect(clerk.locator("[name=first_name]")).to_have_value("Nazan")
    send(clerk)  # the year is missing: what has to be mended has the focus
    expect(clerk.get_by_role("alert")).to_be_focused()
    clerk.look()
    press(clerk, "Tab")
    press(clerk, "Enter")
    expect(clerk.locator("[name=birth_year]")).to_be_focused()
    clerk.keyboard.type("1979")
    send(clerk)
    expect(clerk.locator(".code")).to_be_visible()
    expect(clerk.locator(".submit-row a").first).to_be_focused()
    clerk.look()
    send(clerk)  # the next caller
    expect(clerk.locator("#who")).to_be_focused()


def test_a_minor_with_every_consent_takes_one_click(clerk):
    """The link in the head; the rest is typed and answered with the keyboard."""
    open_counter(clerk, "Yeni kesin kayıt")
    clerk.keyboard.type("Elif Denizci")
    expect(clerk.locator("#found-who button").last).to_contain_text("Yeni kişi")
    press(clerk, "ArrowDown")
    press(clerk, "Escape")  # back to the box: nobody of them is meant
    expect(clerk.locator("#who")).to_be_focused()
    expect(clerk.locator("#found-who button")).to_have_count(0)
    press(clerk, "Space")  # she types on: the list comes again
    expect(clerk.locator("#found-who button").last).to_contain_text("Yeni kişi")
    send(clerk)
    clerk.keyboard.type("keçe b")
    send(clerk)
    expect(clerk.locator("[name=identity_number]")).to_be_focused()
    clerk.keyboard.type("99000000110")
    press(clerk, "Tab", "Tab", "Tab", "Tab")
    clerk.keyboard.type("05062010")
    press(clerk, "Tab")
    expect(clerk.locator("[name=guardian_name]")).to_be_visible()  # under 18
    clerk.keyboard.type("0532 765 43 22")
    clerk.locator("[name=guardian_name]").focus()
    clerk.keyboard.type("Nazan Denizci")
    press(clerk, "Tab")
    clerk.keyboard.type("anne")
    press(clerk, "Tab", "Tab", "Space", "Tab")  # past the guardian's phone; the permission
    for _question in range(4):
        press(clerk, "Tab", "Space")
    assert clerk.locator("[name^=consent_][value=yes]:checked").count() == 4
    clerk.look()
    send(clerk)
    expect(clerk.locator("h1")).to_have_text("Kaydedilen: Elif Denizci")
    clerk.look()
