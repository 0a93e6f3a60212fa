"""The HTML of the public pages: it parses without an error, and keeps what every page keeps to."""

import re
from collections import Counter
from itertools import pairwise

import html5lib
import pytest

from exhibitions.enums import SaleStatus
from exhibitions.services import withdraw_work
from tests import factories as make
from tests.exhibitions.pages import days, full_exhibition, shown_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses():
    """One of each kind of page, with all that it may hold; {what it is: (address, status)}."""
    hall = full_exhibition(3, begin=days(1), end=days(3), title_en="Autumn", text="İlk.\n\nSon.")
    make.exhibition(begin=days(-900), end=days(-890), works=[shown_work()])
    make.exhibition(begin=days(-500), end=days(-490), works=[shown_work() for _ in range(26)])
    work, gone = hall.works.first(), make.work()
    work.sale_status, work.price, work.text, work.materials = (
        SaleStatus.FOR_SALE,
        90,
        "A & <b>",
        "ip",
    )
    work.save()
    make.photo(work=work, caption="Arkası", credit="Ayşe Er")
    make.show(gone, hall)
    withdraw_work(work=gone, reason="Yapanın isteği.", by=None)
    centre = work.centre
    centre.text, centre.phone, centre.latitude, centre.longitude = (
        "Metin",
        "+902623210000",
        40.8,
        30,
    )
    centre.save()
    course = make.course(centre=centre)
    exhibition, page = hall.get_absolute_url(), work.get_absolute_url()
    english = f"/en/exhibitions/{hall.slug}/"
    return {
        "home": ("/", 200),
        "home in English": ("/en/", 200),
        "exhibitions": ("/sergiler/", 200),
        "exhibitions of a year": (f"/sergiler/?yil={days(-900).year}&sayfa=7", 200),
        "exhibition": (exhibition, 200),
        "exhibition in English": (english, 200),
        "a choice of its works": (f"{exhibition}?teknik=igne-oyasi&merkez=yok&q={'a' * 200}", 200),
        "works": ("/eserler/", 200),
        "works in English": ("/en/works/?sayfa=2", 200),
        "a choice of works": ("/eserler/?teknik=igne-oyasi&satilik=1&q=oya", 200),
        "work": (page, 200),
        "work in English": (page.replace("/eserler/", "/en/works/"), 200),
        "withdrawn work": (gone.get_absolute_url(), 410),
        "centres": ("/merkezler/", 200),
        "centre": (centre.get_absolute_url(), 200),
        "courses": ("/kurslar/", 200),
        "course": (course.get_absolute_url(), 200),
        "search": ("/ara/?q=oya", 200),
        "search for nothing": ("/ara/?q=%3Cscript%3E", 200),
        "sign-in": ("/hesap/login/", 200),
        "no such page": ("/yok/", 404),
    }


def test_html_is_valid(client, addresses):
    """html5lib in strict mode, and what a parser cannot know."""
    wrong = []
    for name, (address, status) in addresses.items():
        answer = client.get(address)
        assert answer.status_code == status, name
        wrong += [f"{name}: {problem}" for problem in problems(answer.content.decode())]
    assert wrong == []


def problems(page):
    try:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    except html5lib.html5parser.ParseError as error:
        return [f"does not parse: {error}"]
    found = []
    elements = list(tree.iter())
    ids = Counter(one.get("id") for one in elements if one.get("id"))
    found += [f"id {key} stands {count} times" for key, count in ids.items() if count > 1]
    for label in tree.iter("label"):
        if label.get("for") and label.get("for") not in ids:
            found.append(f"a label for {label.get('for')}, which is not there")
    for one in elements:
        for name in ("aria-labelledby", "aria-describedby"):
            found += [f"{name} {key}" for key in (one.get(name) or "").split() if key not in ids]
    for image in tree.iter("img"):
        if image.get("alt") is None:
            found.append(f"no alt: {image.get('src')}")
        if not re.fullmatch(r"\d+ \d+", f"{image.get('width')} {image.get('height')}"):
            found.append(f"a photo that moves what stands below it: {image.get('src')}")
    levels = [int(one.tag[1]) for one in elements if re.fullmatch(r"h[1-6]", str(one.tag))]
    if levels[:1] != [1] or levels.count(1) != 1:
        found.append(f"headings {levels}")
    found += [f"h{one} before h{two}" for one, two in pairwise(levels) if two > one + 1]
    inside = {"a": ("a", "button", "input", "select"), "button": ("a", "button", "div", "p")}
    for tag, forbidden in inside.items():
        for one in tree.iter(tag):
            found += [
                f"{other} in {tag}" for other in forbidden for _ in one.iter(other) if _ is not one
            ]
    found += ["an empty address" for one in tree.iter("a") if not one.get("href")]
    for one in tree.iter("dl"):
        kinds = {child.tag for child in one}
        if not kinds <= {"dt", "dd"} and kinds != {"div"}:
            found.append(f"dl of {kinds}")
    for kind in ("ul", "ol"):
        found += [
            f"{kind} of {child.tag}"
            for one in tree.iter(kind)
            for child in one
            if child.tag != "li"
        ]
    return found
