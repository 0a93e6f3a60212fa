"""Desks: the head that stays, its acts, and tabs with an address of their own."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from courses.admin.courses import CourseAdmin
from izmek.accounts.roles import Role
from izmek.admin import Tab, extend
from tests import factories as make

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"admin:courses_course_{name}", args=args)


def head(answer):
    """The HTML of the head, without tabs and what follows."""
    return answer.content.decode().partition('class="desk-head"')[2].partition("<nav")[0]


@pytest.fixture
def officer(client):
    course = make.course(programme=make.programme("İğne Oyası"), group="B")
    client.course = course
    client.force_login(make.user(Role.OFFICER, centres=[course.centre]))
    return client


def test_a_list_leads_to_the_desk_and_the_desk_to_its_first_tab(officer):
    course = officer.course
    assert f'href="{page("desk", course.pk)}' in officer.get(page("changelist")).content.decode()
    answer = officer.get(page("desk", course.pk), follow=True)
    first = CourseAdmin.tabs[0]
    assert answer.request["PATH_INFO"] == page(first.slug, course.pk)
    assert f'<a href="{page(first.slug, course.pk)}" aria-current="page"' in answer.content.decode()


@pytest.mark.parametrize("tab", ["change", "history"])
def test_the_head_stands_over_the_form_and_the_history(officer, tab):
    told = head(officer.get(page(tab, officer.course.pk)))
    for said in ("İğne Oyası B", "sürüyor", str(officer.course.centre), "0/20 dolu · 20 boş"):
        assert said in told


def test_one_act_is_the_next_step_and_dangerous_ones_stand_apart(officer):
    planned = make.course(state="planned", centre=officer.course.centre)
    told = head(officer.get(page("change", planned.pk)))
    assert re.findall(r'class="button next-step" href="([^"]*)"', told) == [
        page("act", planned.pk, "open") + "?tab=change"
    ]
    dangers = told.partition("menu__dangers")[2]
    assert "act/cancel/" in dangers and "act/make_sessions/" not in dangers


def test_an_act_leads_back_to_the_tab_that_it_was_opened_from(officer):
    act = page("act", officer.course.pk, "cancel") + "?tab=history"
    assert f'href="{page("history", officer.course.pk)}" class="closelink"' in (
        officer.get(act).content.decode()
    )
    assert officer.post(act, {"reason": "Az"})["Location"] == page("history", officer.course.pk)


def test_somebody_elses_course_and_an_unknown_tab_are_404(officer):
    other = make.course()
    for address in (page("desk", other.pk), page("history", other.pk)):
        assert officer.get(address).status_code == 404
    assert officer.get(page("desk", officer.course.pk) + "nowhere/").status_code == 404


def test_a_second_role_adds_no_act_on_a_course_of_another_centre(client):
    mine, other = make.course(), make.course()
    client.force_login(make.user(Role.OFFICER, Role.CURATOR, centres=[mine.centre]))
    assert "act/cancel/" in head(client.get(page("change", mine.pk)))
    assert "act/cancel/" not in head(client.get(page("change", other.pk)))


@pytest.mark.parametrize(
    ("tab", "before"), [(Tab("change", "Again"), "history"), (Tab("new", "New"), "nowhere")]
)
def test_a_tab_that_is_there_or_has_no_place_is_a_mistake_of_the_code(tab, before):
    with pytest.raises(ImproperlyConfigured):
        extend(CourseAdmin, tabs=[tab], before=before)
