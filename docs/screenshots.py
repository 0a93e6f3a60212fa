"""`make screenshots`: the pictures of README and docs, taken anew from the demo municipality.

`python -m docs.screenshots NAME …` takes those alone.

Starts a server of its own on a fresh database, so that the pictures never show anybody's data.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.chromium import ARGUMENTS, chromium
from tests.server import PASSWORD, serve

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
GUIDE_FOLDER = ROOT / "docs" / "kullanim" / "pictures"
COURSE = "/yonetim/courses/course/?q=igne+akmese"
ROW = "#result_list tbody th a"  # the first row of a list in the admin
COLOURS = 256  # of a picture in the guide: a third of the bytes, and no eye sees it
AKMESE = "/sergiler/akmese-mahalle-konagi-yil-sonu-sergisi-2023/"
NARROW, WIDE = (360, 780), (1280, 900)
STATES = {"zoom", "enquiry-error"}  # pages in use
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
# Of the guide for staff, which shows them inside the admin too.
GUIDE = {
    "first-page": ("merkez", "/yonetim/"),
    "week": ("merkez", "/yonetim/courses/coursecentre/week/"),
    "course-trainees": ("merkez", COURSE, ROW),
    "course-lessons": ("merkez", COURSE, ROW, "/lessons/"),
    "reconciliation": ("merkez", COURSE, ROW, "/reconciliation/"),
    "queue": ("yonetici", "/yonetim/courses/course/?q=igne+ambarci", ROW, "/applications/"),
    "counter": ("merkez", "/yonetim/trainees/trainee/", ROW, "/enrolment/counter/"),
    "calls": ("merkez", "/yonetim/trainees/call/desk/"),
    "person": ("merkez", COURSE, ROW, "/trainees/trainee/"),
    "approval": ("kurator", "/yonetim/exhibitions/work/approval/"),
    "exhibition": ("kurator", "/yonetim/exhibitions/exhibition/", ROW),
    "sales": ("kurator", "/yonetim/exhibitions/exhibition/?q=ilmek", ROW, "/sales/"),
    "changes": ("yonetici", "/yonetim/changes/"),
    "status": ("yonetici", "/yonetim/status/"),
    "course-papers": ("merkez", COURSE, ROW, "/papers/"),
    "certificates": ("yonetici", "/yonetim/trainees/certificate/"),
    "ceremony": ("yonetici", "/yonetim/trainees/certificate/papers/"),
}


def go(page, role, start, *links):
    """Sign in, open an address, and follow the first link of the page that leads to each of `links`.

    ROW stands for the first row of a list.
    """
    if role:
        page.goto("/hesap/login/")
        page.fill("input[name=login]", role)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
    page.goto(start)
    for link in links:
        found = page.locator(
            link if link == ROW else f"main a[href*='{link}']:not([href='{start}'])"
        )
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


def take_for_guide(browser, address, name, way):
    """One picture, 1280 px wide in the light, of few colours."""
    page = browser.new_page(base_url=address, color_scheme="light", locale="tr-TR")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    go(page, *way)
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    picture.save(GUIDE_FOLDER / f"{name}.png", optimize=True)
    page.close()


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
            (MORE, (WIDE,), ("light",)),
        ):
            for name, way in pages.items():
                if sys.argv[1:] and name not in sys.argv[1:]:
                    continue
                take(browser, address, name, way, sizes, themes)
                print(name)
        for name, way in GUIDE.items():
            if not sys.argv[1:] or name in sys.argv[1:]:
                take_for_guide(browser, address, name, way)
                print(name)
        if not sys.argv[1:] or STATES & set(sys.argv[1:]):
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
