"""What a clerk does all day in the admin: find whoever calls, and look them up, by keyboard too."""

import pytest
from playwright.sync_api import expect

from tests.browser.crawling import WIDE, Watch

TABLET = 768
LOOKS = (("dark", TABLET), ("light", WIDE))


@pytest.fixture
def clerk(visit):
    page = visit("merkez")
    page.goto("/yonetim/")
    return page


def open_somebody(page):
    page.goto("/yonetim/trainees/trainee/")
    page.click("#result_list tbody tr:first-child th a")
    page.wait_for_url("**/summary/")
    return page.inner_text("h1")


def test_whoever_calls_is_found_from_half_a_name_on_any_page(clerk):
    name = open_somebody(clerk)
    clerk.goto("/yonetim/courses/course/")
    clerk.keyboard.press("/")
    clerk.keyboard.type(name[: len(name) - 2])
    clerk.keyboard.press("Enter")
    clerk.click(f".hits a:text-is('{name}')")
    expect(clerk.locator("h1")).to_have_text(name)


def test_a_slash_that_is_typed_into_a_field_stays_there(clerk):
    clerk.goto("/yonetim/trainees/trainee/add/")
    clerk.focus("#id_first_name")
    clerk.keyboard.type("a/b")
    assert clerk.input_value("#id_first_name") == "a/b"


def test_axe_finds_nothing_on_the_page_of_a_person(clerk, site):
    watch = Watch(clerk, site)
    clerk.goto("/yonetim/search/?q=a%C5%9F")
    watch.look(*LOOKS)
    clerk.goto("/yonetim/search/?q=akme")
    watch.look(*LOOKS)
    open_somebody(clerk)
    watch.look(*LOOKS)
    for tab in clerk.eval_on_selector_all(".desk-tabs a", "links => links.map(a => a.href)"):
        clerk.goto(tab)
        watch.look(*LOOKS)
    assert not watch.found, "\n".join(watch.found)


# --- Approving by keyboard --------------------------------------------------------------------


def approve_by_keyboard(page):
    """The title of the work, after the key of "approve" and the next page."""
    title = page.inner_text("h1")
    with page.expect_navigation():
        page.keyboard.press("o")
    return title


def turkish_key(page, key):
    """A key that Playwright's American keyboard lacks."""
    page.dispatch_event("body", "keydown", {"key": key, "bubbles": True})


def test_works_are_approved_and_returned_by_keyboard_alone(visit):
    curator = visit("kurator")
    curator.goto("/yonetim/exhibitions/work/approval/")
    assert curator.is_visible("kbd:text('O')")
    first = curator.inner_text("h1")
    with curator.expect_navigation():
        curator.keyboard.press("s")
    second = curator.inner_text("h1")
    assert second != first
    with curator.expect_navigation():
        turkish_key(curator, "ö")
    assert curator.inner_text("h1") == first
    assert approve_by_keyboard(curator) == first
    assert "onaylandı" in curator.inner_text(".messagelist")
    returned = curator.inner_text("h1")
    curator.keyboard.press("g")
    curator.keyboard.type("Ölçü sogö eksik")  # the keys of the page, typed into the note
    assert curator.input_value("#note") == "Ölçü sogö eksik"
    curator.keyboard.press("Tab")
    with curator.expect_navigation():
        curator.keyboard.press("Enter")
    assert f"{returned}" in curator.inner_text(".messagelist")
    assert curator.inner_text("h1") != returned


def test_single_keys_are_switched_off(visit):
    curator = visit("kurator")
    curator.goto("/yonetim/exhibitions/work/approval/")
    title = curator.inner_text("h1")
    curator.uncheck("[data-keys] input")
    for key in "osgö":
        turkish_key(curator, key)
    curator.reload()
    assert curator.inner_text("h1") == title
    assert curator.is_hidden("kbd:text('O')") and not curator.is_checked("[data-keys] input")
    curator.check("[data-keys] input")
    assert curator.is_visible("kbd:text('O')")
