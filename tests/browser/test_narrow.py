"""Names as long as their columns, without a blank, on the narrowest phone (WCAG 1.4.10)."""

import pytest

from tests.browser.crawling import crawl
from tests.server import serve

NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LONG_NAMES = "from tests.classroom import lengthen_names; lengthen_names('ogretmen')"


@pytest.fixture
def stretched(site, tmp_path):
    """The same site, whose names are as long as they can be."""
    with serve(tmp_path, also=LONG_NAMES, like=site) as address:
        yield address


def test_no_teacher_page_is_wider_than_the_phone(visit, stretched):
    page = visit("ogretmen", **NARROW, base_url=stretched)
    wide, seen = {}, []
    for address, _answer in crawl(page, ["/ogretmen/"], within="/ogretmen/"):
        seen.append(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address] = width
    assert len(seen) > 15
    assert wide == {}
