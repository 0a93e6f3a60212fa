"""The photos of a work, large: with the keyboard, with a finger, and without a script."""

import pytest

from tests.browser.crawling import violations


@pytest.fixture
def work(visit):
    """The page of a work with more than one photo; of the works that the barer demo draws first."""

    def open_page(**options):
        page = visit(**options)
        page.goto("/sergiler/akmese-mahalle-konagi-yil-sonu-sergisi-2023/?sayfa=1")
        for address in page.eval_on_selector_all(".card a", "links => links.map(a => a.href)"):
            page.goto(address)
            if page.locator("a[data-zoom]").count() > 1:
                return page
        pytest.fail("no work with two photos")

    return open_page


def test_by_keyboard(work):
    page = work(viewport={"width": 1280, "height": 900})
    first, second = page.locator("a[data-zoom]").all()[:2]
    dialog = page.get_by_role("dialog")
    first.focus()
    page.keyboard.press("Enter")
    dialog.wait_for()
    close = dialog.get_by_role("button", name="Kapat")
    assert close.evaluate("one => one === document.activeElement")
    assert dialog.get_by_role("status").inner_text().startswith("1 / ")
    assert dialog.get_by_role("img").get_attribute("alt") == first.locator("img").get_attribute(
        "alt"
    )
    page.keyboard.press("ArrowRight")
    assert dialog.get_by_role("status").inner_text().startswith("2 / ")
    picture = dialog.locator("img")
    assert picture.get_attribute("src").endswith(second.get_attribute("href"))
    # The whole photo is in the window, and closer it is larger than that.
    picture.evaluate("photo => photo.decode()")
    assert violations(page) == []
    assert picture.bounding_box()["height"] <= 900
    near = dialog.get_by_role("button", name="Yakınlaştır")
    near.click()
    assert near.get_attribute("aria-pressed") == "true"
    assert picture.bounding_box()["width"] > 2 * 1280
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert second.evaluate("one => one === document.activeElement")  # where the eye was last


def test_with_a_finger_on_a_small_phone(work):
    page = work(viewport={"width": 320, "height": 640}, has_touch=True)
    page.locator("a[data-zoom]").first.tap()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    for name in ("Önceki", "Sonraki", "Yakınlaştır", "Kapat"):
        box = dialog.get_by_role("button", name=name).bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    dialog.get_by_role("button", name="Kapat").tap()
    dialog.wait_for(state="hidden")


def test_without_a_script_a_photo_is_a_link(work):
    page = work(java_script_enabled=False)
    assert not page.get_by_role("button", name="Adresi kopyala").is_visible()
    assert not page.get_by_role("dialog").is_visible()
    large = page.locator("a[data-zoom]").first.get_attribute("href")
    assert page.request.get(large).headers["content-type"] == "image/webp"
    page.locator("a[data-zoom]").first.click()
    page.wait_for_url(f"**{large}")
