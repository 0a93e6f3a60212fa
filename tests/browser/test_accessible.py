"""axe finds nothing on any page that answers 200, for anyone, in light and dark, wide and narrow.

The pages are found by following links from the start page, one example of each kind of address, so
a page that is added later is looked at without a line here. No rule is switched off.
"""

import re
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from tests.browser.conftest import ROLES

STARTS = {None: ["/", "/en/", "/hesap/login/", "/hesap/password/reset/", "/boyle-bir-sayfa-yok/"]}
NOT_PAGES = re.compile(r"/gorsel/|/static/|\.(ics|atom|pdf|csv|json|xlsx|txt|xml)$|/hesap/logout")


def kind_of(address):
    """What kind of page an address leads to: the name of its pattern, and its language.

    Lists and forms of the admin are looked at for every table; its history, deletion, copy … pages
    are the same template for all and count as one kind each.
    """
    path = urlparse(address).path
    try:
        match = resolve(path)
    except Resolver404:
        return path
    name = match.view_name or match.route
    if path.startswith("/yonetim/") and not name.endswith(("_changelist", "_add", "_change")):
        name = name.rpartition("_")[2]
    return f"{name}|{path.startswith('/en/')}"


def crawl(page, starts, seen):
    """Every kind of page that can be reached; yields the address once the page is open."""
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        response = page.goto(address)
        if response.status not in (200, 404, 403):
            pytest.fail(f"{address} answers {response.status}")
        yield address
        links = page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)")
        for link in links:
            parts = urlparse(link)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == urlparse(page.url).netloc and not NOT_PAGES.search(parts.path):
                waiting.append(path)


def violations(page):
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]


@pytest.fixture(scope="module")
def seen():
    """Kinds of pages that another role's run has looked at."""
    return set()


@pytest.mark.parametrize("role", [None, *ROLES])
def test_axe_finds_nothing(visit, seen, role):
    """Everyone's front page, and every kind of page that nobody before her could open."""
    page = visit(role, viewport={"width": 1280, "height": 900})
    wrong, looked_at = [], 0
    starts = STARTS.get(role) or [urlparse(page.url).path, "/yonetim/", "/ogretmen/"]
    seen -= {kind_of(start) for start in starts}
    for address in crawl(page, starts, seen):
        looked_at += 1
        wrong += look_at(page, address, "light", 1280)
        # The admin's pages share one sheet: some of them stand for all in the dark and on a phone.
        if not address.startswith("/yonetim/") or looked_at <= 12:
            wrong += look_at(page, address, "dark", 360)
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
    assert looked_at
    assert wrong == []


def look_at(page, address, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    where = f"{address} {scheme} {width}"
    wrong = [f"{where}: {violation}" for violation in violations(page)]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0 and not address.startswith("/yonetim/"):
        wrong.append(f"{where}: scrolls sideways by {wide}px")
    return wrong


def test_no_page_breaks_the_content_policy_or_asks_a_third_party(visit, site):
    """The browser's console stays empty and every request goes to the site itself."""
    page = visit("yonetici")
    complaints, elsewhere = [], []
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda request: request.url.startswith((site, "data:")) or elsewhere.append(request.url),
    )
    for _address in crawl(page, ["/", "/yonetim/"], set()):
        page.wait_for_load_state()
        complaints[:] = [text for text in complaints if "404" not in text]
    assert complaints == []
    assert elsewhere == []
