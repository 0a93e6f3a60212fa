"""axe finds nothing on the pages that people open most, wide and light, narrow and dark.

`make audit` looks at every page of everyone (tests/browser/audit).
"""

import pytest

from tests.browser.crawling import NARROW, WIDE, Watch

# Addresses, or an address and the beginning of the link on it to follow.
PAGES = {
    None: [
        "/",
        "/sergiler/",
        ("/sergiler/", "/sergiler/"),
        ("/ara/?q=oya", "/eserler/"),
        "/kurslar/",
        ("/kurslar/", "/kurslar/"),
        ("/merkezler/", "/merkezler/"),
        "/en/",
        "/boyle-bir-sayfa-yok/",
        "/hesap/login/",
    ],
    "ogretmen": ["/ogretmen/", ("/ogretmen/", "/ogretmen/ders/")],
    "yonetici": ["/yonetim/", "/yonetim/courses/course/", "/yonetim/exhibitions/work/add/"],
}


@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing(visit, site, role):
    page = visit(role)
    watch = Watch(page, site)
    for address in PAGES[role]:
        start, link = (address, None) if isinstance(address, str) else address
        page.goto(start)
        if link:
            page.goto(page.get_attribute(f"main a[href^='{link}']:not([href='{start}'])", "href"))
        watch.look(("dark", NARROW), ("light", WIDE))
    assert not watch.found, "\n".join(watch.found)
