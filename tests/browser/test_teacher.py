"""A teacher on a cheap phone with a poor connection: what she does, and what goes wrong meanwhile.

All of it at 360 px over slow 3G, as Chromium slows it down. Hostile steps: the connection is cut in
the middle, a finger bounces, a button is pressed twice, she goes back, she reloads with taps that
are not saved, her session ends.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.crawling import violations

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SLOW_3G = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # ms, bytes/s
CLASS = 25  # as tests/browser/conftest.py fills it
BYTES_EMPTY, BYTES_WARM = 60_000, 15_000  # Today and the roll together


class Line:
    """The connection of a page: slow 3G, and cut when the test says so."""

    def __init__(self, page):
        self.client = page.context.new_cdp_session(page)
        self.client.send("Network.enable")
        self.join()

    def cut(self):
        self._be(offline=True)

    def join(self):
        self._be(offline=False)

    def _be(self, offline):
        self.client.send("Network.emulateNetworkConditions", {"offline": offline, **SLOW_3G})


@pytest.fixture
def phone(visit):
    """A page of the teacher's phone, on Today; `phone.line` is its connection."""
    page = visit("ogretmen", **PHONE)
    page.goto("/ogretmen/")  # once over a good line, as after signing in
    page.line = Line(page)
    page.goto("/ogretmen/")
    yield page
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def complaints_of(page):
    found = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def loads_of(page):
    """The pages that are loaded from now on."""
    found = []
    page.on(
        "request",
        lambda request: request.is_navigation_request() and found.append(request.url),
    )
    return found


def weigh(page):
    """A counter of the bytes that come over the network, as Chromium's log counts them."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    weight = {"bytes": 0}

    def count(event):
        weight["bytes"] += event["encodedDataLength"]

    client.on("Network.loadingFinished", count)
    return weight


def open_roll(page):
    """From Today to the roll of a lesson that is still to be called."""
    page.locator(".lessons a, .rows a[href*='/ders/']").first.click()
    page.wait_for_url("**/ders/**")
    present(page)


def boxes(page):
    return page.locator(".roll li > input")


def present(page):
    """Everyone is there again, so that each test begins alike."""
    for box in boxes(page).all():
        if box.is_checked():
            box.tap()
            page.wait_for_timeout(450)  # a second tap at once would be taken for a bounce
    expect(page.locator(".stamp:not(:empty)")).to_have_count(0)


# --- Roll call --------------------------------------------------------------------------------


def test_the_roll_takes_five_taps_and_one_page(phone):
    complaints = complaints_of(phone)
    open_roll(phone)
    phone.goto("/ogretmen/")
    loads = loads_of(phone)
    phone.locator(".lessons a, .rows a[href*='/ders/']").first.tap()  # 1
    phone.wait_for_url("**/ders/**")
    for place in (0, 2, 4):  # 2, 3, 4
        boxes(phone).nth(place).tap()
    phone.locator(".bar > .btn").tap()  # 5
    expect(phone.locator(".bar__state")).to_contain_text("Yoklama alındı: ")
    expect(phone.locator(".stamp:not(:empty)")).to_have_count(3)
    assert len(loads) == 1
    assert boxes(phone).count() >= CLASS
    phone.reload()
    assert [place for place, box in enumerate(boxes(phone).all()) if box.is_checked()] == [0, 2, 4]
    assert complaints == []


def test_a_cut_connection_is_said_and_what_was_tapped_is_saved_later(phone):
    open_roll(phone)
    phone.line.cut()
    for place in (0, 1):
        boxes(phone).nth(place).tap()
    phone.locator(".bar > .btn").tap()
    unsaved = phone.locator(".unsaved")
    expect(unsaved).to_be_visible()
    expect(unsaved).to_contain_text("Bekleyen: 3")
    expect(phone.locator("li .is-open")).to_have_count(2)
    phone.line.join()
    expect(unsaved).to_be_hidden(timeout=15_000)
    expect(phone.locator(".bar__state")).to_contain_text("Yoklama alındı: ")
    phone.reload()
    assert [boxes(phone).nth(place).is_checked() for place in (0, 1, 2)] == [True, True, False]


def test_a_tap_before_the_script_has_come_is_saved(phone):
    open_roll(phone)
    held = []
    phone.route(re.compile(r"/teacher.*\.js"), lambda route: held.append(route))
    phone.reload(wait_until="commit")
    boxes(phone).nth(5).tap()
    held[0].continue_()
    expect(phone.locator(".stamp:not(:empty)")).to_contain_text(",")
    phone.locator(".bar > .btn").tap()
    expect(phone.locator(".bar__state")).to_contain_text("Yoklama alındı: ")
    phone.unroute_all()
    phone.reload()
    assert boxes(phone).nth(5).is_checked()


def test_a_reload_with_unsaved_taps_loses_none(phone):
    open_roll(phone)
    phone.route("**/isaret/", lambda route: route.abort())
    boxes(phone).nth(3).tap()
    expect(phone.locator(".unsaved")).to_be_visible()
    phone.reload()
    assert boxes(phone).nth(3).is_checked()
    expect(phone.locator("li .is-open")).to_have_count(1)
    phone.unroute("**/isaret/")
    phone.locator(".unsaved button").tap()
    expect(phone.locator(".unsaved")).to_be_hidden(timeout=15_000)
    phone.reload()
    assert boxes(phone).nth(3).is_checked()


def test_a_double_tap_is_one_tap_and_the_back_button_shows_what_is_saved(phone):
    open_roll(phone)
    address = phone.url
    box = boxes(phone).nth(1)
    box.dblclick(delay=20)
    assert box.is_checked()
    expect(phone.locator(".stamp:not(:empty)")).to_contain_text(",")
    phone.locator(".nav a").first.tap()
    phone.wait_for_url("**/ogretmen/")
    phone.go_back()
    phone.wait_for_url(address)
    assert boxes(phone).nth(1).is_checked()


def test_signed_out_meanwhile_is_said_and_nothing_is_lost(phone):
    open_roll(phone)
    phone.context.clear_cookies()
    boxes(phone).nth(2).tap()
    expect(phone.locator(".unsaved")).to_contain_text("Oturumunuz kapandı")
    assert boxes(phone).nth(2).is_checked()
    assert phone.locator(".unsaved a").get_attribute("href").startswith("/hesap/login/?next=/ogr")


def test_the_roll_without_script(visit):
    page = visit("ogretmen", java_script_enabled=False, **PHONE)
    page.goto("/ogretmen/")
    page.locator(".lessons a, .rows a[href*='/ders/']").first.click()
    page.wait_for_url("**/ders/**")
    boxes(page).nth(1).set_checked(True)
    boxes(page).nth(0).set_checked(False)
    page.locator(".bar > .btn").click()
    expect(page.locator(".alert-success")).to_contain_text("Yoklama kaydedildi.")
    assert boxes(page).nth(1).is_checked() and not boxes(page).nth(0).is_checked()


def test_today_and_the_roll_are_light(visit):
    """Over gunicorn, compressed: both pages with all they need, first and again."""
    page = visit("ogretmen", **PHONE)
    page.goto("about:blank")
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    weight = weigh(page)
    for most in (BYTES_EMPTY, BYTES_WARM):
        weight["bytes"] = 0
        page.goto("/ogretmen/", wait_until="networkidle")
        page.locator(".lessons a, .rows a[href*='/ders/']").first.click()
        page.wait_for_url("**/ders/**", wait_until="networkidle")
        assert boxes(page).count() >= CLASS
        assert weight["bytes"] < most, weight


# --- Enrolment --------------------------------------------------------------------------------


def course_of(page):
    page.goto("/ogretmen/")
    page.locator(".rows a[href*='/kurs/']").first.click()
    page.wait_for_url("**/kurs/**")
    return page.url


def number_of(index):
    from izmek.site.demo.data.names import identity_number

    return identity_number(index)


PERSON = {
    "first_name": "Tuşlu",
    "last_name": "Denemeoğlu",
    "birth_date": "05061985",
    "phone": "0532 123 45 68",
    "education": "L",  # a select: the letter chooses
}


def enrol_new(page, number, name):
    page.locator("a[href$='/kayit/']").first.click()
    page.fill("[name=number]", number)
    page.locator("main .btn").first.click()
    page.wait_for_url("**/kayit/*/")
    page.fill("[name=first_name]", name)
    page.fill("[name=last_name]", "Denemeoğlu")
    page.fill("[name=birth_date]", "05061985")
    page.fill("[name=phone]", "0532 123 45 67")
    page.select_option("[name=education]", "4")


def test_a_new_trainee_with_an_error_on_the_way_and_a_double_click(phone):
    complaints = complaints_of(phone)
    course = course_of(phone)
    enrol_new(phone, number_of(90_001), "Çiftetık")
    phone.fill("[name=birth_date]", "31.02.1985")
    phone.get_by_role("button", name="Kaydet", exact=True).click()
    expect(phone.locator("main .alert-danger")).to_be_focused()
    expect(phone.locator("[name=first_name]")).to_have_value("Çiftetık")
    assert violations(phone) == []
    phone.fill("[name=birth_date]", "05.06.1985")
    phone.get_by_role("button", name="Kaydet", exact=True).dblclick()
    phone.wait_for_url(re.compile(r"/ogretmen/kayit/\d+/$"))
    expect(phone.locator("main")).to_contain_text("Çiftetık Denemeoğlu kaydedildi.")
    seat = phone.url
    phone.go_back()  # the form is over: she is led to the seat
    phone.wait_for_url(seat)
    phone.goto(course)
    expect(phone.get_by_role("link", name="Çiftetık Denemeoğlu", exact=True)).to_have_count(1)
    assert complaints == []


def test_a_known_trainee_in_three_screens(phone):
    course_of(phone)
    screens = loads_of(phone)
    phone.locator("a[href$='/kayit/']").first.click()
    phone.fill("[name=number]", number_of(450))
    phone.locator("main .btn").first.click()
    phone.wait_for_url("**/kayit/*/")
    expect(phone.locator("h1")).to_contain_text("***")
    phone.get_by_role("button", name="Kaydet", exact=True).click()
    expect(phone.locator(".alert-success")).to_contain_text("kaydedildi.")
    pages = {re.sub(r"\?.*", "", url) for url in screens}
    assert len(pages) <= 3, pages


# --- Marks ------------------------------------------------------------------------------------


def marks_of(page):
    page.goto(course_of(page) + "notlar/")
    return page.locator("td.now input")


def test_marks_are_saved_cell_by_cell_through_a_cut(phone):
    cells = marks_of(phone)
    cells.nth(0).fill("91")
    cells.nth(0).press("Enter")
    expect(phone.locator(".outcome").nth(0)).to_contain_text("91,0")
    phone.line.cut()
    cells.nth(1).fill("83")
    cells.nth(1).press("Enter")
    expect(phone.locator(".unsaved")).to_be_visible()
    phone.line.join()
    expect(phone.locator(".unsaved")).to_be_hidden(timeout=15_000)
    cells.nth(2).fill("101")
    cells.nth(2).press("Enter")
    expect(phone.locator("td.now .is-wrong")).to_contain_text("100")
    assert violations(phone) == []
    phone.locator("td.now .exempt").nth(3).tap()
    expect(phone.locator(".bar__state")).to_contain_text("Kaydedildi")
    phone.reload()
    cells = phone.locator("td.now input")
    assert [cells.nth(n).input_value() for n in (0, 1, 3)] == ["91", "83", "M"]


def test_a_wide_screen_has_the_whole_table(visit):
    page = visit("ogretmen", viewport={"width": 1280, "height": 900})
    marks_of(page)
    expect(page.locator(".modules")).to_be_hidden()
    heads = page.locator(".marks thead th")
    assert heads.count() == page.locator(".marks tbody tr").first.locator("td, th").count()
    expect(heads.nth(1)).to_be_visible()


def test_papers_are_seen_before_they_are_printed(visit):
    page = visit("ogretmen", **PHONE)
    course = course_of(page)
    seat = page.locator("main a[href*='/ogretmen/kayit/']").first.get_attribute("href")
    assert page.request.get(seat + "form/").body().startswith(b"%PDF")
    page.goto(course + "eserler/liste/")
    expect(page.locator(".sheet h1")).to_be_visible()
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


# --- Works ------------------------------------------------------------------------------------


def pictures(folder, count):
    made = []
    for number in range(count):
        path = Path(folder, f"foto-{number}.jpg")
        path.write_bytes(factories.picture(1600 + number, 1200).read())
        made.append(path)
    return made


def test_a_work_with_four_photos_and_the_connection_dropped_once(phone, tmp_path):
    complaints = complaints_of(phone)
    phone.goto(course_of(phone) + "eserler/yeni/")
    phone.get_by_role("button", name="Kaydet, fotoğraf ekle").click()
    expect(phone.locator("main .alert-danger")).to_be_focused()
    assert violations(phone) == []
    phone.fill("[name=title]", "Elibelinde denemesi")
    phone.locator(".makers [type=checkbox]").first.check()
    expect(phone.locator(".makers select").first).to_be_visible()
    phone.get_by_role("button", name="Kaydet, fotoğraf ekle").click()
    phone.wait_for_url(re.compile(r"/eser/\d+/"))

    phone.set_input_files("#gallery", pictures(tmp_path, 4))
    expect(phone.locator(".shots__list > li")).to_have_count(1, timeout=30_000)
    phone.line.cut()  # while the second one is on its way
    expect(phone.locator(".upload__list .is-open")).to_contain_text("Bağlantı yok ya da")
    assert violations(phone) == []
    phone.line.join()
    expect(phone.locator(".shots__list > li")).to_have_count(4, timeout=30_000)
    expect(phone.locator(".upload__list > li")).to_have_count(0)

    phone.get_by_role("button", name="Eseri teslim et").click()
    expect(phone.locator("main .alert-danger")).to_contain_text("4 fotoğrafın betimlemesi yok")
    rows = phone.locator(".shots__list > li")
    for place in range(3):
        field = rows.nth(place).locator("[data-describe]")
        field.fill(f"Kırmızı kilim, {place}")
        field.blur()
        expect(rows.nth(place).locator(".stamp")).to_contain_text("Kaydedildi")
    rows.nth(3).locator("[type=checkbox]").check()
    expect(rows.nth(3).locator(".stamp")).to_contain_text("Kaydedildi")
    assert violations(phone) == []
    phone.get_by_role("button", name="Eseri teslim et").click()
    expect(phone.locator(".alert-success")).to_contain_text("numarasıyla teslim edildi")
    assert complaints == []


def new_work(page, title):
    """Write a work down; its page, where photos are added."""
    page.goto(course_of(page) + "eserler/yeni/")
    page.fill("[name=title]", title)
    page.locator(".makers [type=checkbox]").first.check()
    page.get_by_role("button", name="Kaydet, fotoğraf ekle").click()
    page.wait_for_url(re.compile(r"/eser/\d+/"))


def test_a_photo_of_a_work_that_was_handed_in_meanwhile_is_given_up(phone, tmp_path):
    new_work(phone, "Kilim denemesi")
    sent = []
    phone.on("request", lambda request: request.url.endswith("/foto/") and sent.append(request.url))
    other = phone.context.new_page()
    other.goto(phone.url)
    other.get_by_role("button", name="Eseri teslim et").click()
    expect(other.locator(".alert-success")).to_contain_text("teslim edildi")

    phone.set_input_files("#gallery", pictures(tmp_path, 1))
    expect(phone.locator(".upload__list .is-wrong")).to_contain_text("artık düzenlenemiyor")
    phone.wait_for_timeout(6_000)  # it was tried again after five seconds
    assert len(sent) == 1
    assert phone.locator(".upload__list button").count() == 0
    asked = []
    phone.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    phone.goto("/ogretmen/")
    assert asked == []


def test_a_button_lives_again_after_the_page_was_stopped(phone):
    phone.goto(course_of(phone) + "eserler/yeni/")
    phone.fill("[name=title]", "Durdurulan kilim")
    phone.locator(".makers [type=checkbox]").first.check()
    button = phone.get_by_role("button", name="Kaydet, fotoğraf ekle")
    stopped = []
    phone.route("**/eserler/yeni/", lambda route: (stopped.append(1), route.abort("aborted")))
    button.click(no_wait_after=True)  # no page comes, and she presses Stop
    phone.wait_for_timeout(1_000)
    assert stopped and phone.locator("form[data-sent]").count() == 1
    phone.unroute("**/eserler/yeni/")
    phone.wait_for_timeout(8_000)
    button.click()
    phone.wait_for_url(re.compile(r"/eser/\d+/"))


# --- All of it by keyboard --------------------------------------------------------------------


def tab_to(page, target, key="Tab"):
    """Press the key until the target has the focus, and can be seen there."""
    for _press in range(250):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            expect(target).to_be_in_viewport()
            return
    raise AssertionError(f"The keyboard does not lead to {target}")


def press(page, target, key="Enter"):
    tab_to(page, target)
    page.keyboard.press(key)


def type_into(page, target, text):
    tab_to(page, target)
    page.keyboard.type(text)


def test_everything_by_keyboard_alone(phone, tmp_path):
    keys = phone.keyboard
    open_roll(phone)
    phone.goto("/ogretmen/")
    press(phone, phone.locator(".lessons a").first)
    phone.wait_for_url("**/ders/**")
    press(phone, boxes(phone).nth(1), "Space")
    press(phone, phone.locator(".roll summary:visible"))
    tab_to(phone, phone.locator(".roll select:visible"))
    keys.press("ArrowDown")
    press(phone, phone.locator(".bar > .btn"))
    expect(phone.locator(".bar__state")).to_contain_text("Yoklama alındı: ")
    expect(phone.locator(".stamp:not(:empty)")).to_have_count(1)

    press(phone, phone.locator(".nav a").first)
    phone.wait_for_url("**/ogretmen/")
    press(phone, phone.locator(".rows a[href*='/kurs/']").first)
    phone.wait_for_url("**/kurs/**")
    course = phone.url
    press(phone, phone.locator("a[href$='/kayit/']").first)
    type_into(phone, phone.locator("[name=number]"), number_of(90_002))
    keys.press("Enter")
    phone.wait_for_url("**/kayit/*/")
    for name, text in PERSON.items():
        type_into(phone, phone.locator(f"[name={name}]"), text)
    press(phone, phone.get_by_role("button", name="Kaydet", exact=True))
    phone.wait_for_url(re.compile(r"/ogretmen/kayit/\d+/$"))
    expect(phone.locator("main")).to_contain_text("Tuşlu Denemeoğlu kaydedildi.")

    phone.goto(course)
    press(phone, phone.locator(".ways a[href$='/notlar/']"))
    phone.wait_for_url("**/notlar/")
    type_into(phone, phone.locator("td.now input").nth(5), "77")
    keys.press("Tab")
    expect(phone.locator(".outcome").nth(5)).to_contain_text("77,0")

    press(phone, phone.locator(".ways a[href$='/eserler/']"))
    phone.wait_for_url("**/eserler/")
    press(phone, phone.locator("a[href$='/eserler/yeni/']"))
    phone.wait_for_url("**/yeni/")
    type_into(phone, phone.locator("[name=title]"), "Tuşla yazılan")
    press(phone, phone.locator(".makers [type=checkbox]").first, "Space")
    press(phone, phone.get_by_role("button", name="Kaydet, fotoğraf ekle"))
    phone.wait_for_url(re.compile(r"/eser/\d+/"))
    tab_to(phone, phone.locator("#gallery"))
    phone.set_input_files("#gallery", pictures(tmp_path, 1))  # what Enter opens is the browser's
    photo = phone.locator(".shots__list > li")
    expect(photo).to_have_count(1, timeout=30_000)
    tab_to(phone, photo.locator("[data-describe]"), "Shift+Tab")
    keys.type("Kırmızı kilim, önden")
    keys.press("Tab")
    expect(photo.locator(".stamp")).to_contain_text("Kaydedildi")
    press(phone, phone.get_by_role("button", name="Eseri teslim et"))
    expect(phone.locator(".alert-success")).to_contain_text("numarasıyla teslim edildi")
