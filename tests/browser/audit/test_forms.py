"""Forms in error: axe finds nothing, each error is tied to its field, and what was typed is kept."""

import re

from playwright.sync_api import expect

from tests.browser.crawling import violations

NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}

# Of each field in error: what its description says, as a screen reader reads it out.
UNTIED = """() => [...document.querySelectorAll("main [aria-invalid=true], #content [aria-invalid=true]")]
    .filter((field) => {
      const said = [field, field.closest("fieldset")]
        .flatMap((part) => (part?.getAttribute("aria-describedby") || "").split(" "))
        .map((id) => id && document.getElementById(id)?.textContent.trim());
      return !said.some((text) => text);
    })
    .map((field) => field.name || field.id)"""
# Links of the error summary that lead to nothing that can be filled in.
ASTRAY = """() => [...document.querySelectorAll("main .alert-danger a[href^='#']")]
    .map((link) => link.getAttribute("href").slice(1))
    .filter((id) => !document.getElementById(id)?.matches("input, select, textarea"))"""


def send(page, button, **typed):
    """Fill in what is typed, send the form; what is wrong with the page that comes back."""
    for name, text in typed.items():
        _field(page, name).fill(text)
    with page.expect_navigation() as answer:
        button.click()
    where = page.url
    wrong = [f"{where}: {found}" for found in violations(page)]
    wrong += [f"{where}: says nothing at {name}" for name in page.evaluate(UNTIED)]
    wrong += [f"{where}: the summary leads astray to {name}" for name in page.evaluate(ASTRAY)]
    if not page.locator("[aria-invalid=true]").count():
        wrong.append(f"{where}: no field is in error")
    for name, text in typed.items():
        if _field(page, name).input_value() != text:
            wrong.append(f"{where}: {name} is lost")
    if "/yonetim/" not in where:
        if answer.value.status not in (200, 422):
            wrong.append(f"{where}: {answer.value.status}")
        if not page.locator("main .alert-danger").evaluate("e => e === document.activeElement"):
            wrong.append(f"{where}: the summary has not the focus")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{where}: scrolls sideways")
    return wrong


def _field(page, name):
    return page.locator(f"main [name={name}], #content [name={name}]").first


def main_button(page):
    return page.locator("main form:not(.search) button.btn[type=submit]").first


def follow(page, start, link):
    """Open the first page that a link of another leads to."""
    page.goto(start)
    page.goto(page.locator(f"main a[href*='{link}']").first.get_attribute("href"))
    return page.url


def test_the_publics_forms(visit):
    page = visit(viewport=NARROW)
    page.goto("/hesap/login/")
    wrong = send(page, main_button(page), login="yok-boyle-biri")
    page.goto("/belge/dogrula/")
    wrong += send(page, main_button(page), text="")
    page.goto("/belge/belgem/")
    wrong += send(page, main_button(page), code="bir kod")
    follow(page, "/kurslar/?yer=1", "/kurslar/")
    follow(page, page.url, "/basvuru/")
    page.wait_for_timeout(2100)  # as a person does (izmek.public.spam_checks)
    wrong += send(page, main_button(page), first_name="Ayşe", phone="12", email="olmaz")
    assert wrong == []


def test_the_teachers_forms(visit):
    page = visit("ogretmen", viewport=NARROW)
    course = follow(page, "/ogretmen/", "/ogretmen/kurs/")
    seat = page.locator("main a[href*='/ogretmen/kayit/']").first.get_attribute("href")
    wrong = []

    def check(address, **typed):
        page.goto(address)
        wrong.extend(send(page, main_button(page), **typed))

    check(course + "kayit/", number="12345678901")
    page.fill("[name=number]", "10000000146")
    page.locator("main .btn").first.click()
    page.wait_for_url("**/kayit/*/")
    young = {"first_name": "Ayşe", "birth_date": "05.06.2015", "phone": "12"}
    wrong += send(page, main_button(page), **young)
    check(seat + "ayrilma/", reason="")
    check(seat + "nakil/", reason="Taşındı")
    page.goto(seat + "izinler/")
    page.locator("main [type=radio]").first.check()
    page.locator("main [name=channel][value=paper]").check()
    wrong += send(page, main_button(page))
    check(course + "telafi/", lesson_hours="99")
    follow(page, course + "dersler/", "/iptal/")
    wrong += send(page, main_button(page), reason="")
    check(course + "eserler/yeni/", title="", materials="Yün")
    # Without its script the table of marks is a plain form.
    page.route(re.compile(r"/teacher.*\.js"), lambda route: route.abort())
    page.goto(course + "notlar/")
    cell = page.locator("td.now input").first.get_attribute("name")
    wrong += send(page, main_button(page), **{cell: "101"})
    assert wrong == []


def test_the_admins_forms(visit):
    page = visit("yonetici", viewport=WIDE)
    wrong = []

    def check(button="main form [type=submit].default, #content form [type=submit].default"):
        wrong.extend(send(page, page.locator(button).first))

    page.goto("/yonetim/trainees/trainee/add/")
    page.fill("#id_identity_number", "12345678901")
    check("[name=_save]")
    page.goto("/yonetim/courses/course/add/")
    page.get_by_role("link", name=re.compile("ekle", re.I)).last.click()
    check("[name=_save]")
    page.locator("#content .select2-selection").first.click()  # a list to choose from, open
    expect(page.locator(".select2-container--open .select2-search__field")).to_be_focused()
    wrong += violations(page)
    page.goto("/yonetim/trainees/application/?state__exact=offered&year=all")
    links = page.locator("#result_list tbody th a")
    offered = [link.get_attribute("href").partition("change/")[0] for link in links.all()]
    for application in offered:  # leads to the counter, for a new person with these fields
        page.goto(f"{application}act/accept/")
        if page.locator("[name=first_name]").count():
            break
    page.fill("[name=first_name]", "")
    check("[name=save]")
    page.goto(f"{offered[0]}act/refuse/")
    check()
    page.goto("/yonetim/courses/course/?state__exact=running")
    course = page.locator("#result_list tbody th a").first.get_attribute("href")
    course = course.replace("change/", "").partition("?")[0]
    for action in ("enrol", "add_session", "change_teacher", "cancel"):
        page.goto(f"{course}act/{action}/")
        if action == "enrol":  # leads to the counter
            page.fill("#who", "1")
        check("[data-counter] .search button" if action == "enrol" else ".default")
    page.goto(course + "act/finish/")
    wrong += violations(page)
    assert wrong == []
