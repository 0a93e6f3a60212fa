"""Finding the site's pages by following links, and looking at one with axe."""

import re
from urllib.parse import urlparse

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from django.utils.translation import override
from playwright.sync_api import Error

WIDE, NARROW = 1280, 360
NOT_PAGES = re.compile(r"/gorsel/|/static/|\.(ics|atom|pdf|csv|json|xlsx|txt|xml)$|/hesap/logout")

# What moves is looked at where it comes to rest; what never rests is stopped.
END_ANIMATIONS = """document.getAnimations().forEach(animation => {
  try { animation.finish() } catch { animation.cancel() }
})"""


def kind_of(address):
    """What kind of page an address leads to: the name of its pattern, and its language.

    Lists and forms of the admin are looked at for every table; its history, deletion, copy … pages
    are the same template for all and count as one kind each.
    """
    path = urlparse(address).path
    english = path.startswith("/en/")
    try:
        with override("en" if english else "tr"):
            match = resolve(path)
    except Resolver404:
        return path
    name = match.view_name or match.route
    if path.startswith("/yonetim/") and not name.endswith(("_changelist", "_add", "_change")):
        name = name.rpartition("_")[2]
    return f"{name}|{english}"


def crawl(page, starts, within="/"):
    """Every kind of page that can be reached by links to addresses that begin with `within`.

    Yields address and answer once the page is open. An address that hands out a file is no page.
    """
    waiting, seen = list(starts), set()
    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        try:
            answer = page.goto(address)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            continue
        yield address, answer
        links = page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)")
        for link in links:
            parts = urlparse(link)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            ours = parts.netloc == urlparse(page.url).netloc and path.startswith(within)
            if ours and not NOT_PAGES.search(parts.path):
                waiting.append(path)


def violations(page):
    """What axe finds on the open page, no rule switched off: up to three places for each rule."""
    page.evaluate(END_ANIMATIONS)
    rules = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in rules for node in rule["nodes"][:3]]


class Watch:
    """A page being looked at: what is wrong with it, `found`, grows while it is used.

    Wrong is what its console complains of, a request to anyone but the site, what axe finds with no
    rule switched off, and – but for the admin's wide tables – having to scroll sideways.
    """

    def __init__(self, page, site):
        self.page, self.site = page, site
        self.found = []
        self._axe_runs = False
        page.on("console", lambda message: self._note(message.text))
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def look(self, *looks):
        """Look at the open page with axe in each (colour scheme, width)."""
        address = self.page.url.removeprefix(self.site)
        for scheme, width in looks:
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.set_viewport_size({"width": width, "height": 900})
            where = f"{address} {scheme} {width}"
            self.found += [f"{where}: {wrong}" for wrong in self._axe()]
            wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0 and not address.startswith("/yonetim/"):
                self.found.append(f"{where}: scrolls sideways by {wide}px")

    def _axe(self):
        self._axe_runs = True
        found = violations(self.page)
        self._axe_runs = False
        return found

    def _note(self, text):
        # axe tries inline styles, and Chromium itself writes of every answer that is no 200.
        if not self._axe_runs and not re.search(r"status of (403|404|410)", text):
            self.found.append(f"{self.page.url}: {text}")

    def _asked(self, url):
        if not url.startswith((self.site, "data:")):
            self.found.append(f"{self.page.url}: asks {url}")
