"""A real server with the demo municipality, once per run, and pages of a real Chromium."""

import os
from pathlib import Path

import pytest

from tests.server import PASSWORD, serve

# Playwright keeps an event loop running in this process; Django would then refuse the database to
# every test that comes after one in the browser.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

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


@pytest.fixture
def visit(browser, site):
    """`visit("merkez")` gives a page signed in as a role; `visit()` one of the public."""
    contexts = []

    def open_page(role=None, **options):
        context = browser.new_context(**{"base_url": site, "locale": "tr-TR"} | options)
        contexts.append(context)
        page = context.new_page()
        if role:
            page.goto("/hesap/login/")
            page.fill("input[name=login]", role)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_load_state()
        return page

    yield open_page
    for context in contexts:
        context.close()
