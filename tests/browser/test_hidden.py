"""No identity number leaves the browser in an address, whatever box it is typed into."""

import re

from playwright.sync_api import expect

NUMBER = "10000000146"


def test_an_identity_number_is_in_no_address_that_is_sent(visit):
    page = visit("merkez")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/yonetim/courses/course/add/")
    page.locator("#content .select2-selection").first.click()
    box = page.locator(".select2-container--open .select2-search__field")
    for written in (NUMBER, "100 000 001 46", f"8 {NUMBER} 2", "100/000/001/46"):
        box.fill(written)
        message = page.locator(".select2-container--open .select2-results__option[role=alert]")
        expect(message).to_contain_text("Kimlik numarası burada aranmaz")
    box.fill("a")
    expect(message).to_have_count(0)

    for table in ("courses/course", "trainees/enrolment", "trainees/trainee"):
        page.goto(f"/yonetim/{table}/")
        page.fill("#searchbar", NUMBER)
        page.press("#searchbar", "Enter")
        expect(page.locator(".messagelist")).to_contain_text(re.compile("kimlik numarası", re.I))
    page.goto("/yonetim/courses/course/")
    page.fill("#searchbar", "kilim")
    page.press("#searchbar", "Enter")
    page.wait_for_url(re.compile("q=kilim"))
    # The name of a static file holds digits of its own.
    assert not [address for address in asked if "146" in address and "/static/" not in address]
