"""`make screenshots`: the pictures of README and docs, taken anew from the demo municipality.

`python -m docs.screenshots NAME …` takes those alone, and the states of pages in use.

Starts a server of its own on a fresh database, so that the pictures never show anybody's data.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.chromium import ARGUMENTS, chromium
from tests.server import PASSWORD, serve

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
AKMESE = "/sergiler/akmese-mahalle-konagi-yil-sonu-sergisi-2023/"
NARROW, WIDE = (360, 780), (1280, 900)
THEMES = ("light", "dark")
# name: (who is signed in, addresses or beginnings of links to follow one after the other)
PUBLIC = {
    "home": (None, "/"),
    "exhibitions": (None, "/sergiler/"),
    "exhibition": (None, AKMESE),
    "work": (None, AKMESE, "/eserler/2"),
    "admin-list": ("yonetici", "/yonetim/courses/course/"),
    "404": (None, "/boyle-bir-sayfa-yok/"),
}
TEACHER = {
    "teacher-today": ("ogretmen", "/ogretmen/"),
    "teacher-roll": ("ogretmen", "/ogretmen/", "/ogretmen/ders/"),
    "teacher-course": ("ogretmen", "/ogretmen/", "/ogretmen/kurs/"),
    "teacher-marks": ("ogretmen", "/ogretmen/", "/ogretmen/kurs/", "notlar/"),
    "teacher-work": ("ogretmen", "/ogretmen/", "/ogretmen/kurs/", "eserler/", "/ogretmen/eser/"),
}
MORE = {
    "works": (None, "/eserler/"),
    "figures": (None, "/rakamlarla/"),
    "course": (None, "/kurslar/", "/kurslar/"),
}
STAFF = {
    "admin-home": ("yonetici", "/yonetim/"),
    "admin-queue": ("yonetici", "/yonetim/courses/course/?q=igne+ambarci", "/change/", "/queue/"),
    "admin-exhibition": ("kurator", "/yonetim/exhibitions/exhibition/", "/change/"),
}


def go(page, role, start, *links):
    """Sign in, open an address, and follow the first link of the page that leads to each of `links`."""
    if role:
        page.goto("/hesap/login/")
        page.fill("input[name=login]", role)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
    page.goto(start)
    for link in links:
        found = page.locator(f"main a[href*='{link}']:not([href='{start}'])")
        page.goto(found.first.evaluate("link => link.href"))


def take(browser, address, name, way, sizes, themes):
    for theme in themes:
        context = browser.new_context(base_url=address, color_scheme=theme, locale="tr-TR")
        page = context.new_page()
        go(page, *way)
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            page.reload()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png")
        context.close()


def main():
    FOLDER.mkdir(exist_ok=True)
    if not chromium():
        sys.exit("Screenshots need Chromium (on Debian: apt install chromium-headless-shell).")
    with (
        tempfile.TemporaryDirectory(prefix="izmek-shots-") as folder,
        serve(folder) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for pages, sizes, themes in (
            (PUBLIC, (WIDE, NARROW), THEMES),
            (TEACHER, (NARROW,), ("light",)),
            (STAFF, (WIDE,), ("light",)),
            (MORE, (WIDE,), ("light",)),
        ):
            for name, way in pages.items():
                if sys.argv[1:] and name not in sys.argv[1:]:
                    continue
                take(browser, address, name, way, sizes, themes)
                print(name)
        take_states(browser, address)


def take_states(browser, address):
    """What a page looks like in use: a photo large, a form with an error."""
    page = browser.new_page(base_url=address, locale="tr-TR", color_scheme="light")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    go(page, *PUBLIC["work"])
    work = page.url
    page.locator("main a[data-zoom]").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"zoom-{WIDE[0]}-light.png")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.goto(work)
    page.locator("main a[href$='/sor/']").first.click()
    page.locator("main form textarea").fill("Bu eser hâlâ satılık mı?")
    page.wait_for_timeout(2500)  # faster than that only programs write
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"enquiry-error-{NARROW[0]}-light.png")
    page.close()


if __name__ == "__main__":
    main()
