"""The public at a phone: she finds a course near her, applies, sees where she stands, withdraws."""

import re

import icalendar
import pytest
from playwright.sync_api import expect

from tests.browser.crawling import Watch

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture(params=[False, True], ids=["without JavaScript", "with JavaScript"])
def phone(request, visit, site):
    """A page of a phone; where it runs JavaScript, `look()` adds what is wrong on it to `found`."""
    page = visit(java_script_enabled=request.param, **PHONE)
    watch = Watch(page, site)
    looks = [("light", 360), ("dark", 360)] if request.param else []
    page.look = lambda: watch.look(*looks)
    yield page
    assert watch.found == []


def open_course(page, name):
    """By the filters of the list: at Ambarcı, on weekday mornings."""
    page.goto("/kurslar/")
    page.get_by_label("Mahalle").select_option("ambarci")  # its label counts the courses
    page.get_by_label("Saat").select_option("sabah")
    page.get_by_role("button", name="Göster").tap()
    expect(page.locator(".places h2")).to_have_text(["İğne Oyası", "Keçe"])
    page.locator(".places").get_by_role("link", name=name).tap()
    expect(page.locator("h1")).to_have_text(name)


def fill(page, **fields):
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def send(page):
    """As a person does, who takes more than a moment (izmek.public.spam_checks)."""
    page.wait_for_timeout(2100)
    page.locator("main form button[type=submit]").tap()


def withdraw(page, link, digits):
    page.get_by_role("link", name=link).tap()
    fill(page, phone_digits="0000")
    page.locator("main form button[type=submit]").tap()
    expect(page.locator("#id_phone_digits_error")).to_be_visible()
    page.look()
    fill(page, phone_digits=digits)
    page.locator("main form button[type=submit]").tap()
    expect(page.locator(".lead")).to_have_text("Bu başvurudan vazgeçtiniz.")


def test_a_seat_on_a_weekday_morning(phone):
    """With an e-mail address; what is wrong stands at its field, and no word is lost on the way."""
    open_course(phone, "Keçe")
    expect(phone.locator(".tag")).to_have_text("Boş yer var")
    link = phone.get_by_role("link", name="Takvime ekle").get_attribute("href")
    calendar = icalendar.Calendar.from_ical(phone.request.get(link).body())
    assert {lesson.start.strftime("%a %H.%M") for lesson in calendar.events} == {
        "Tue 09.30",
        "Thu 09.30",
    }
    phone.get_by_role("link", name="Başvur", exact=True).tap()
    phone.look()

    fill(phone, first_name="Ayşe", last_name="Işık", phone="0555 11", email="ayse@")
    fill(phone, birth_year="85")
    send(phone)
    expect(phone.locator(".invalid-feedback")).to_have_count(4)
    phone.look()
    phone.get_by_role("button", name="English").tap()
    expect(phone.locator("h1")).to_have_text("Apply for a course")
    expect(phone.locator("[name=first_name]")).to_have_value("Ayşe")
    phone.get_by_label("No", exact=True).check()
    phone.get_by_role("button", name="Türkçe").tap()
    expect(phone.locator("[name=phone]")).to_have_value("0555 11")
    expect(phone.get_by_label("Hayır")).to_be_checked()

    fill(phone, phone="0555 111 22 33", email="ayse@example.org", birth_year="1985")
    phone.wait_for_timeout(2100)
    phone.locator("[name=birth_year]").press("Enter")  # sends the form; the language stays
    phone.wait_for_url("**/basvurum/**")
    expect(phone.locator(".lead")).to_contain_text("başvuru onaylandıktan sonra yer önerilir")
    # the whole number: three digits alone may stand in the port of the page's own address
    assert not re.search(r"Ayşe|Işık|ayse@|555\W*111", phone.content())
    phone.look()
    withdraw(phone, "Başvuruyu geri çek", "2233")


def test_the_waiting_list_of_a_full_course(phone):
    """Without an e-mail address; she is told before she applies, and then which place is hers."""
    open_course(phone, "İğne Oyası")
    expect(phone.locator(".tag")).to_have_text("Yedek liste")
    expect(phone.locator("aside")).to_contain_text("Dolu; yedek listede 4 kişi")
    phone.get_by_role("link", name="Yedek listeye başvur").tap()
    expect(phone.locator(".alert")).to_contain_text("Kurs dolu.")
    phone.look()
    fill(phone, first_name="Fatma", last_name="Çağ", phone="(0555) 111 22-44", birth_year="1970")
    phone.get_by_label("Hayır").check()
    send(phone)
    phone.wait_for_url("**/basvurum/**")
    expect(phone.locator("main")).to_contain_text("kurs merkezi sizi arar")
    expect(phone.locator("main")).to_contain_text("Sıranız: 5")
    reference = phone.locator(".code").inner_text()
    phone.goto(f"/basvurum/{reference.lower().replace('-', '')}/")  # as she typed it off
    phone.look()
    withdraw(phone, "Başvuruyu geri çek", "2244")
