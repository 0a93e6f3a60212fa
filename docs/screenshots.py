"""`make screenshots`: the pictures of README and docs, taken anew from the demo municipality.

Starts a server of its own on a fresh database, so that the pictures never show anybody's data.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
PASSWORD = "izmek-demo"
AKMESE = "/sergiler/akmese-mahalle-konagi-yil-sonu-sergisi-2023/"
PAGES = {  # name: (address, who is signed in)
    "home": ("/", None),
    "exhibitions": ("/sergiler/", None),
    "exhibition": (AKMESE, None),
    "work": ("first work", None),
    "admin-list": ("/yonetim/courses/course/", "yonetici"),
    "404": ("/boyle-bir-sayfa-yok/", None),
}


def serve(folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SECRET_KEY": "only-for-the-screenshots-" + "x" * 40,
        "IDENTITY_KEYS": "ZmFrZS1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM=",
        "IDENTITY_HASH_KEY": "only-for-the-screenshots",
        "DEBUG": "off",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder}/shots.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
        "STATIC_ROOT": f"{folder}/static",
    }

    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)

    manage("migrate", "--verbosity=0")
    manage("collectstatic", "--noinput", "--verbosity=0")
    manage("demo", "--force", f"--password={PASSWORD}")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "izmek.wsgi", "--no-control-socket", "--threads=4"]
        + [f"--bind=127.0.0.1:{port}", "--log-level=warning"],
        cwd=ROOT,
        env=environment,
    )
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"{address}/saglik/", timeout=2)
            return server, address
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start.")


def take(browser, address, name, path, role):
    for theme in ("light", "dark"):
        context = browser.new_context(
            base_url=address,
            color_scheme=theme,
            locale="tr-TR",
            viewport={"width": 1280, "height": 900},
        )
        page = context.new_page()
        if role:
            page.goto("/hesap/login/")
            page.fill("input[name=login]", role)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
        if path == "first work":
            page.goto(AKMESE)
            path = page.locator("main .card a").first.get_attribute("href")
        page.goto(path)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900 if width == 1280 else 780})
            page.reload()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png")
        context.close()


def main():
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("Screenshots need Chromium (on Debian: apt install chromium).")
    with tempfile.TemporaryDirectory(prefix="izmek-shots-") as folder:
        server, address = serve(folder)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                for name, (path, role) in PAGES.items():
                    take(browser, address, name, path, role)
                    print(name)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
