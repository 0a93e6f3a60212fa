"""Names as long as their columns, without a blank, on the narrowest phone (WCAG 1.4.10)."""

import pytest

from tests.browser.crawling import crawl
from tests.server import serve

NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LONG_NAMES = """
from tests.classroom import fill_classes, lengthen_names
fill_classes("ogretmen", 3)
lengthen_names("ogretmen")
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server of its own, whose names are as long as they can be."""
    with serve(tmp_path_factory.mktemp("narrow"), "--pictures=6", also=LONG_NAMES) as address:
        yield address


def test_no_teacher_page_is_wider_than_the_phone(visit):
    page = visit("ogretmen", **NARROW)
    wide, seen = {}, []
    for address, _status in crawl(page, ["/ogretmen/"], within="/ogretmen/"):
        seen.append(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address] = width
    assert len(seen) > 15
    assert wide == {}
