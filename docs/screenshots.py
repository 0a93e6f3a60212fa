"""`make screenshots`: the pictures of README and docs, taken anew from the demo municipality.

Starts a server of its own on a fresh database, so that the pictures never show anybody's data.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.server import PASSWORD, serve

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
AKMESE = "/sergiler/akmese-mahalle-konagi-yil-sonu-sergisi-2023/"
PAGES = {  # name: (address, who is signed in)
    "home": ("/", None),
    "exhibitions": ("/sergiler/", None),
    "exhibition": (AKMESE, None),
    "work": ("first work", None),
    "admin-list": ("/yonetim/courses/course/", "yonetici"),
    "404": ("/boyle-bir-sayfa-yok/", None),
}


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
    with (
        tempfile.TemporaryDirectory(prefix="izmek-shots-") as folder,
        serve(folder) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (path, role) in PAGES.items():
            take(browser, address, name, path, role)
            print(name)


if __name__ == "__main__":
    main()
