"""A real server with the demo municipality, once per run, and pages of a real Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "izmek-demo"
ROLES = ("yonetici", "merkez", "ogretmen", "kurator", "denetci")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The address of a server of its own: SQLite in a file, production settings, demo data."""
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "CACHE_URL": "dbcache://izmek_cache",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "EMAIL_URL": "dummymail://",
    }

    def manage(*arguments):
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    manage("migrate", "--verbosity=0")
    manage("collectstatic", "--noinput", "--verbosity=0")
    manage("demo", "--force", "--small", f"--password={PASSWORD}")
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "izmek.wsgi", "--no-control-socket", "--threads=4"]
        + [f"--bind=127.0.0.1:{port}", "--log-level=warning"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"{address}/saglik/", timeout=2)
            break
        except OSError:
            time.sleep(0.1)
    else:
        pytest.fail("The server did not start:\n" + (folder / "server.log").read_text())
    yield address
    server.terminate()
    server.wait()


@pytest.fixture
def visit(browser, site):
    """`visit("merkez")` gives a page signed in as a role; `visit()` one of the public."""
    contexts = []

    def open_page(role=None, **options):
        context = browser.new_context(base_url=site, locale="tr-TR", **options)
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
