"""The daily jobs by mouse: what docs/kullanim/README.md says of their clicks."""

import pytest
from playwright.sync_api import expect


class Hand:
    """A clerk's hand: each click of the mouse counts; the rest is typed."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, target):
        target = target if hasattr(target, "click") else self.page.locator(target)
        target.click()
        self.clicks += 1

    def type(self, *texts):
        """Texts one after another: a Tab leads from each to the next field.

        A click may still be on its way to the next page: a hand waits for the field, too.
        """
        expect(self.page.locator(":is(input, textarea, select):focus")).to_have_count(1)
        for number, text in enumerate(texts):
            if number:
                self.page.keyboard.press("Tab")
            self.page.keyboard.type(text)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def link(self, name):
        """The link in the head of every page."""
        return self.page.locator("#header").get_by_role("link", name=name)


@pytest.fixture
def hand(visit):
    page = visit("merkez", viewport={"width": 1280, "height": 900})
    page.goto("/yonetim/courses/course/")
    return Hand(page)


PEOPLE = """
from datetime import date
from trainees.models import Trainee
from trainees.services import register_trainee
for name, phone, number in {people}:
    facts = dict(phone=phone, birth_date=date(1980, 5, 5), education="4")
    who = Trainee(first_name=name, last_name="Tıkçı", **facts)
    register_trainee(trainee=who, kind="tckn", number=number, by=None)
"""


@pytest.fixture(scope="module")
def known(site):
    """People on record who attend nothing: "Sabiha Tıkçı" and "Perihan Tıkçı"."""
    people = [
        ("Sabiha", "+905329998871", "30123456712"),
        ("Perihan", "+905329998872", "30123457566"),
    ]
    site.manage("shell", "--no-imports", "--command", PEOPLE.format(people=people))


def test_a_known_walk_in_from_the_box_on_any_page_takes_three_clicks(hand, known):
    hand.click("#header-search-box")
    hand.type("sabiha tık")
    hand.click(hand.page.locator("#header-found .hits__act"))
    expect(hand.page.locator("#which")).to_be_focused()
    hand.type("kilim")
    expect(hand.page.locator("#found-which [data-hit]")).to_have_count(1)
    hand.click("#found-which button[name=save]")
    expect(hand.page.locator("h1")).to_have_text("Kaydedilen: Sabiha Tıkçı")
    assert hand.clicks == 3


def test_a_known_walk_in_from_the_link_in_the_head_takes_three_clicks(hand, known):
    hand.click(hand.link("Yeni kesin kayıt"))
    hand.type("perihan tık")
    hand.click(hand.page.locator("#found-who button", has_text="Perihan Tıkçı"))
    hand.type("kilim")
    expect(hand.page.locator("#found-which [data-hit]")).to_have_count(1)
    hand.click("#found-which button[name=save]")
    expect(hand.page.locator("h1")).to_have_text("Kaydedilen: Perihan Tıkçı")
    assert hand.clicks == 3


def test_a_minor_with_every_consent_takes_six_clicks(hand):
    page = hand.page
    hand.click(hand.link("Yeni kesin kayıt"))
    hand.type("Zeliha Tıkçıoğlu")
    hand.press("Enter")
    expect(page.locator("#which")).to_be_focused()
    hand.type("keçe b")
    hand.press("Enter")
    expect(page.locator("[name=identity_number]")).to_be_focused()
    hand.type("99000002336", "", "Zeliha", "Tıkçıoğlu", "05062010", "0532 765 43 29")
    expect(page.locator("[name=guardian_name]")).to_be_visible()  # under 18
    while page.evaluate("document.activeElement.name") != "guardian_name":
        hand.press("Tab")
    hand.type("Hale Tıkçıoğlu", "anne", "")
    hand.press("Tab", "Space")  # the permission
    for question in ("name_label", "name_web", "photo", "contact"):
        hand.click(page.locator(f"label:has([name=consent_{question}][value=yes])"))
    hand.click(page.locator("button[name=save]"))
    expect(page.locator("h1")).to_have_text("Kaydedilen: Zeliha Tıkçıoğlu")
    expect(page.locator(".hindrance")).to_have_count(0)  # nothing is left to ask
    assert hand.clicks == 6


def test_an_application_by_telephone_takes_three_clicks(hand):
    page = hand.page
    hand.click(hand.link("Yeni ön kayıt"))
    hand.type("Nermin Tıkçıgil 0532 765 43 28")
    hand.press("Enter")
    expect(page.locator("#which")).to_be_focused()
    hand.type("kilim")
    expect(page.locator("#found-which [data-hit]")).to_have_count(1)
    hand.click("#found-which button")
    expect(page.locator("[name=birth_year]")).to_be_visible()
    while page.evaluate("document.activeElement.name") != "birth_year":
        hand.press("Tab")
    hand.type("1979")
    hand.click(page.locator("button[name=save]"))
    expect(page.locator(".code")).to_be_visible()
    assert hand.clicks == 3


def test_whoever_calls_is_found_with_one_click_on_any_page(hand, known):
    hand.press("/")
    hand.type("perih tık")
    hand.click(hand.page.locator("#header-found a[data-hit]"))
    expect(hand.page.locator("h1")).to_have_text("Perihan Tıkçı")
    assert hand.clicks == 1


def test_the_list_below_the_box_goes_by_keyboard(hand, known):
    page = hand.page
    hand.press("/")
    hand.type("tıkçı")
    expect(page.locator("#header-found a[data-hit]").first).to_be_visible()
    expect(page.locator("#header-found-said")).to_contain_text("sonuç")
    hand.press("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp")
    expect(page.locator("#header-search-box")).to_be_focused()
    hand.press("ArrowDown", "Escape")
    expect(page.locator("#header-search-box")).to_be_focused()
    expect(page.locator("#header-found")).to_be_empty()


def test_a_new_course_takes_six_clicks_and_nine_values_and_is_refused_nothing(hand):
    """Every list is opened by mouse; one weekly time, for which the year may be too short."""
    page = hand.page
    page.goto("/yonetim/")
    hand.click(page.get_by_role("link", name="Yeni kurs", exact=True).first)
    values = 0
    for name, typed in (("programme", "keçe"), ("centre", "akme"), ("room", ""), ("teacher", "")):
        hand.click(page.locator(f"#id_{name} + .select2"))
        hand.type(typed)
        found = page.locator(".select2-results__option--highlighted")
        expect(found).to_have_attribute("aria-selected", "false")
        hand.press("Enter")
        values += 1
    for name, typed in (
        ("slots-0-weekday", "Sal"),
        ("slots-0-begin", "09.00"),
        ("slots-0-end", "12.00"),
    ):
        while page.evaluate("document.activeElement.name") != name:
            hand.press("Tab")
        hand.type(typed)
        values += 1
    hand.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_contain_text("Kaydedildi")
    expect(page.locator(".errornote")).to_have_count(0)
    assert hand.clicks <= 6 and values <= 9


def test_a_foreigner_takes_three_clicks_and_four_values(hand):
    page = hand.page
    hand.click(hand.link("Yeni kesin kayıt"))
    expect(page.locator("#who")).to_be_focused()
    hand.type("Rana Tıkçı 0532 765 43 27")
    hand.press("Enter")
    expect(page.locator("#which")).to_be_focused()
    hand.type("keçe b")
    expect(page.locator("#found-which [data-hit]")).to_have_count(1)
    hand.click("#found-which button")
    expect(page.locator("[name=identity_number]")).to_be_focused()
    hand.type("99000003180")
    while page.evaluate("document.activeElement.name") != "birth_date":
        hand.press("Tab")
    hand.type("05061990")
    hand.click(page.locator("button[name=save]"))
    expect(page.locator("h1")).to_have_text("Kaydedilen: Rana Tıkçı")
    assert hand.clicks == 3


def test_a_lesson_is_cancelled_and_made_up_for_with_two_clicks(hand):
    page = hand.page
    hand.click(page.locator("#result_list a", has_text="İğne Oyası").first)
    hand.click(page.locator(".desk-tabs").get_by_role("link", name="Dersler"))
    rows = page.locator("tr:has(.danger)")
    day = rows.last.locator("time, th").first.inner_text()
    hand.clicks = 0
    hand.click(rows.filter(has_text=day).get_by_text("Dersi iptal et"))
    expect(page.locator("[name=reason]")).to_be_focused()
    hand.type("Öğretmen hasta", "10.05.2027")
    hand.click(page.locator(".default"))
    expect(page.locator("ul.messagelist")).to_be_in_viewport()  # though the row is far below
    expect(page.locator("ul.messagelist")).to_contain_text("10.05.2027")
    assert hand.clicks == 2


def test_who_changed_a_telephone_and_what_happened_yesterday(hand, known):
    page = hand.page
    hand.press("/")
    hand.type("sabiha tık")
    hand.click("#header-found a[data-hit]")
    hand.click(page.locator(".desk-tabs").get_by_role("link", name="Geçmiş"))
    expect(page.locator("#change-history")).to_be_visible()
    assert hand.clicks == 2
    page.goto("/yonetim/")
    hand.click(page.get_by_role("link", name="Dün neler oldu"))
    expect(page.locator(".days [aria-current]")).to_have_text("Dün")
    assert hand.clicks == 3


def test_three_works_are_approved_with_four_clicks(visit, other_site):
    # On the site itself other tests need the works that wait, or have approved them.
    page = visit("kurator", viewport={"width": 1280, "height": 900}, base_url=other_site)
    page.goto("/yonetim/")
    hand = Hand(page)
    with page.expect_navigation():
        hand.click(page.get_by_role("link", name="Onay bekleyen eserler"))
    for _work in range(3):
        title = page.locator("h1").inner_text()
        hand.click("button[name=approve]")
        expect(page.locator(".messagelist")).to_contain_text(title)
    assert hand.clicks == 4
