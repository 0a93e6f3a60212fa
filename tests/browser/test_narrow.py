"""Names as long as their columns, without a blank, on the narrowest phone (WCAG 1.4.10)."""

from tests.browser.crawling import crawl

NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


def test_no_teacher_page_is_wider_than_the_phone(visit, other_site):
    page = visit("ogretmen", **NARROW, base_url=other_site)
    wide, seen = {}, []
    for address, _answer in crawl(page, ["/ogretmen/"], within="/ogretmen/"):
        seen.append(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address] = width
    assert len(seen) > 15
    assert wide == {}
