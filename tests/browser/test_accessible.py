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
        "/belge/",
        "/belge/dogrula/",
        "/belge/belgem/",
        "/belge/yok/",
        "/kurslar/",
        ("/kurslar/", "/kurslar/"),
        ("/merkezler/", "/merkezler/"),
        "/en/",
        "/boyle-bir-sayfa-yok/",
        "/hesap/login/",
    ],
    "ogretmen": ["/ogretmen/", ("/ogretmen/", "/ogretmen/ders/")],
    "merkez": [
        "/yonetim/changes/",
        "/yonetim/trainees/call/desk/",
        "/yonetim/tables/",
        "/yonetim/yardim/1-baslarken/",
    ],
    "kurator": [
        "/yonetim/exhibitions/work/approval/",
        "/yonetim/exhibitions/exhibition/6/",
    ],
    "yonetici": [
        "/yonetim/",
        "/yonetim/courses/course/",
        "/yonetim/courses/course/add/",
        "/yonetim/courses/course/copy/",
        "/yonetim/courses/coursecentre/week/",
        "/yonetim/courses/educationyear/new/",
        "/yonetim/courses/room/free/?weekdays=2&since=13.00&until=18.00&first=2027-02-02&weeks=9",
        "/yonetim/exhibitions/work/add/",
    ],
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
