"""The form of a row: where saving leads, what is wrong, its parts, its words."""

import json
import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse

from tests import factories as make
from tests.forms import typed
from tests.markup import wrong_markup

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def manager(client):
    client.force_login(make.user("yonetici"))
    return client


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


# --- Saving -----------------------------------------------------------------------------------


def test_saving_stays_on_the_page_and_names_the_next_step(manager):
    course = make.course(state="planned")
    address = page("courses_course_change", course.pk)
    answer = manager.post(address, typed(manager.get(address), capacity="12"), follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert page("courses_course_act", course.pk, "open") in said(answer)
    course.refresh_from_db()
    assert course.capacity == 12


def test_a_new_row_is_open_once_it_is_saved(manager):
    add = page("courses_neighbourhood_add")
    form = typed(manager.get(add), name="Ortaburun")
    answer = manager.post(add, form, follow=True)
    assert answer.context["original"].name == "Ortaburun"
    assert "Kaydedildi" in said(answer)


def test_several_are_added_one_after_the_other(manager):
    add = page("courses_neighbourhood_add")
    form = manager.get(add)
    assert "Kaydet ve yenisini ekle" in form.content.decode()
    data = typed(form, name="Ortaburun") | {"_addanother": ""}
    answer = manager.post(add, data, follow=True)
    assert answer.redirect_chain == [(add, 302)]
    place = make.neighbourhood("Akmeşe")
    text = manager.get(page("courses_neighbourhood_change", place.pk)).content.decode()
    assert "_addanother" not in text


# --- What is wrong ----------------------------------------------------------------------------


def test_what_is_wrong_stands_first_with_links_to_the_fields(manager):
    centre = make.centre()
    room = make.room(centre, name="Atölye")
    address = page("courses_coursecentre_change", centre.pk)
    data = typed(manager.get(address), name="", rooms__0__name="", latitude="x")
    text = manager.post(address, data).content.decode()
    note = re.search(r'<div class="errornote".*?</div>', text, re.DOTALL).group()
    places = re.findall(r'href="#([^"]+)"', note)
    assert places == ["id_name", "id_latitude", "id_rooms-0-name"]
    for place in places:
        assert f'id="{place}"' in text
    assert "Derslikler, 1. satır: " in note
    assert "autofocus" in note
    room.refresh_from_db()
    assert room.name == "Atölye"


def test_a_folded_part_with_an_error_is_open(manager):
    programme = make.programme()
    address = page("courses_programme_change", programme.pk)
    form = manager.get(address)
    folded = r"<details><summary>\s*<h2[^>]*>İngilizcesi"
    assert re.search(folded, form.content.decode())
    answer = manager.post(address, typed(form, name_en="x" * 999))
    text = answer.content.decode()
    assert 'href="#id_name_en"' in text
    assert not re.search(folded, text)


def test_an_act_lists_what_is_wrong_as_well(manager):
    course = make.course(state="running")
    text = manager.post(page("courses_course_act", course.pk, "cancel"), {}).content.decode()
    assert 'href="#id_reason"' in text


# --- Parts and words --------------------------------------------------------------------------


def test_a_long_form_has_links_to_its_parts(manager):
    address = page("courses_coursecentre_change", make.centre().pk)
    text = manager.get(address).content.decode()
    nav = re.search(r'<nav class="sections".*?</nav>', text, re.DOTALL).group()
    anchors = re.findall(r'href="#([^"]+)"', nav)
    assert len(anchors) > 5
    assert all(f'id="{anchor}"' in text for anchor in anchors)
    short = manager.get(page("courses_neighbourhood_add")).content.decode()
    assert 'class="sections"' not in short


def test_days_are_typed_as_they_are_written(manager):
    course = make.course(state="planned")
    address = page("courses_course_change", course.pk)
    form = manager.get(address)
    text = form.content.decode()
    assert f'value="{course.begin:%d.%m.%Y}"' in text
    assert "gg.aa.yyyy" in text
    assert "DateTimeShortcuts" not in text


def test_the_button_below_a_table_says_what_it_adds(manager):
    text = manager.get(page("courses_course_add")).content.decode()
    tables = re.findall(r'data-inline-formset="([^"]+)"', text)
    said = [json.loads(unescape(table))["options"]["addText"] for table in tables]
    assert "Haftalık ders saati ekle" in said


def test_a_text_has_as_many_lines_as_it_needs(manager):
    programme = make.programme(text="Bir satır.\n" * 9)
    text = manager.get(page("courses_programme_change", programme.pk)).content.decode()
    assert re.search(r'<textarea name="text"[^>]*rows="9"', text)
    assert re.search(r'<textarea name="text_en"[^>]*rows="3"', text)


def test_all_lists_and_forms_are_valid(manager):
    make.exhibition()
    make.enrolment()
    make.work()
    looked_at = 0
    for model, found in admin.site._registry.items():
        addresses = [found.url("changelist")]
        addresses += [found.url("change", row.pk) for row in model._default_manager.all()[:1]]
        if found.has_add_permission(manager.get("/yonetim/").wsgi_request):
            addresses.append(found.url("add"))
        for address in addresses:
            answer = manager.get(address)
            if answer.status_code == 200:
                looked_at += 1
                assert wrong_markup(answer.content.decode()) == [], address
    assert looked_at > 40


# --- Lists ------------------------------------------------------------------------------------


def test_states_are_tags_in_lists_and_forms(manager):
    make.enrolment()
    course = make.course(state="running")
    tag = '<span class="tag tag--now">sürüyor</span>'
    answer = manager.get(page("courses_course_changelist"), {"year": "all"})
    assert tag in answer.content.decode()
    assert tag in manager.get(page("courses_course_change", course.pk)).content.decode()
    rows = manager.get(page("trainees_enrolment_changelist"), {"year": "all"}).content.decode()
    assert re.search(r'<a href="[^"]+"><span class="tag', rows)  # the state leads to the row


def test_an_empty_list_says_what_to_do(manager):
    address = page("courses_neighbourhood_changelist")
    text = manager.get(address).content.decode()
    assert "Burada henüz kayıt yok." in text
    assert text.count(page("courses_neighbourhood_add")) == 2
    make.neighbourhood("Akmeşe")
    text = manager.get(address, {"q": "yokboyle"}).content.decode()
    assert "Aramanıza ve süzmenize uyan kayıt yok." in text
    assert "Hepsini göster" in text


def test_a_filter_says_what_is_chosen(manager):
    make.course(state="running")
    answer = manager.get(page("courses_course_changelist"), {"state__exact": "running"})
    text = answer.content.decode()
    assert re.search(r"<summary class=\"chosen-filter\">[^<]*: <b>sürüyor</b>", text)
    assert "Süzmeyi kaldır" in text
