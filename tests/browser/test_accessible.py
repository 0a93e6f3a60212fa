"""axe finds nothing on the first page of each of the three parts, nor where following links does not lead.

`make audit` follows the links of everyone and looks at every other kind of page (tests/browser/audit).
"""

import pytest

from tests.browser.crawling import NARROW, WIDE, Watch

PAGES = {
    None: ["/", "/belge/yok/"],
    "ogretmen": ["/ogretmen/"],
    "kurator": ["/yonetim/exhibitions/exhibition/6/"],
    "yonetici": [
        "/yonetim/",
        "/yonetim/courses/room/free/?weekdays=2&since=13.00&until=18.00&first=2027-02-02&weeks=9",
    ],
}


@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing(visit, site, role):
    page = visit(role)
    watch = Watch(page, site)
    for address in PAGES[role]:
        page.goto(address)
        watch.look(("dark", NARROW), ("light", WIDE))
    assert not watch.found, "\n".join(watch.found)
