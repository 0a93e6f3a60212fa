"""A real server with the demo municipality, once per run, and pages of a real Chromium."""

import os
import time
from pathlib import Path

import pytest

from tests.server import PASSWORD, serve

# Playwright keeps an event loop running in this process; Django would then refuse the database to
# every test that comes after one in the browser.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FRESH = 5 * 60  # seconds; 15 minutes after signing in some pages ask for the password again
ROLES = ("yonetici", "merkez", "ogretmen", "kurator", "denetci")


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here / "audit" in item.path.parents:
            item.add_marker(pytest.mark.audit)
        elif here in item.path.parents:
            item.add_marker(pytest.mark.browser)


FULL_CLASSES = """
from django.db.models import F
from courses.models import Course
from tests.classroom import fill_classes

fill_classes('ogretmen', 25)
# Many tests give seats in these courses, and none of them is to find them full.
Course.objects.filter(teacher__user__username='ogretmen').update(capacity=F('capacity') + 15)
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The address of a server with the demo, barer of pictures, its teacher's classes of 25."""
    folder = tmp_path_factory.mktemp("site")
    with serve(folder, "--pictures=24", also=FULL_CLASSES) as address:
        yield address


# Names as long as their columns, without a blank; and three works that wait to be approved.
CHANGED = """
from exhibitions.enums import WorkState
from exhibitions.models import Work
from tests.classroom import lengthen_names
lengthen_names('ogretmen')
shown = Work.objects.filter(state=WorkState.APPROVED, photos__isnull=False).values('pk').distinct()
Work.objects.filter(pk__in=list(shown[:3].values_list('pk', flat=True))).update(state=WorkState.SUBMITTED)
"""


@pytest.fixture(scope="session")
def other_site(site, tmp_path_factory):
    """The address of a server with the same rows, but for CHANGED; what is done there, nobody else sees."""
    with serve(tmp_path_factory.mktemp("other"), also=CHANGED, like=site) as address:
        yield address


@pytest.fixture(scope="session")
def cookies_of(browser):
    """`cookies_of("merkez", address)`: of who has signed in there as a role; once for all pages."""
    kept = {}

    def cookies(role, address):
        since, found = kept.get((role, address), (0, None))
        if not found or time.monotonic() - since > FRESH:
            with browser.new_context(base_url=address, locale="tr-TR") as context:
                page = context.new_page()
                page.goto("/hesap/login/")
                page.fill("input[name=login]", role)
                page.fill("input[name=password]", PASSWORD)
                with page.expect_navigation():
                    page.click("main button[type=submit]")
                found = context.cookies()
            kept[role, address] = time.monotonic(), found
        return found

    return cookies


@pytest.fixture
def visit(browser, site, cookies_of):
    """`visit("merkez")` gives a page of who is signed in as a role; `visit()` one of the public."""
    contexts = []

    def open_page(role=None, **options):
        context = browser.new_context(**{"base_url": site, "locale": "tr-TR"} | options)
        contexts.append(context)
        if role:
            context.add_cookies(cookies_of(role, options.get("base_url", site)))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
