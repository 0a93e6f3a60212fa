"""Every kind of page that anyone can reach, found by following links, as everyone sees it.

A page that is added later is looked at without a line here. axe finds nothing on it, whatever it
answers, its forms are valid HTML, the browser's console stays empty, and no third party is asked.
"""

import pytest

from tests.browser.conftest import ROLES
from tests.browser.crawling import NARROW, WIDE, Watch, crawl, kind_of
from tests.markup import wrong_markup

STARTS = ["/", "/en/", "/hesap/login/", "/hesap/password/reset/", "/boyle-bir-sayfa-yok/"]
STAFF = ("/yonetim/", "/ogretmen/", "/hesap/")
LOOKS = [("dark", NARROW), ("light", WIDE)]
MORE_LOOKS = [("dark", WIDE), ("light", NARROW), *LOOKS]
ANSWERS = (200, 403, 404, 410)


@pytest.fixture(scope="module")
def known():
    """Kinds of pages that somebody else was shown before."""
    return set()


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_page_is_in_order(visit, site, known, role):
    """The public's pages in each theme and width; staff pages dark and narrow, light and wide.

    A kind that somebody else on the staff was shown is looked at once more, dark and narrow. Staff
    see the public's pages as the public does: they touch no session.
    """
    page = visit(role)
    watch = Watch(page, site)
    for address, answer in crawl(page, STAFF if role else STARTS, within=STAFF if role else "/"):
        if answer.status not in ANSWERS:
            watch.found.append(f"{address} answers {answer.status}")
        watch.found += [f"{address}: {wrong}" for wrong in wrong_markup(answer.text())]
        looks = LOOKS[:1] if kind_of(address) in known else LOOKS
        watch.look(*(looks if role else MORE_LOOKS))
        known.add(kind_of(address))
    assert not watch.found, "\n".join(watch.found)
