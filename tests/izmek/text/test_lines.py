"""Texts of one line, as staff and teachers type them."""

import pytest
from django.urls import reverse

from exhibitions.models import Exhibition, Technique, Work
from izmek.accounts.roles import Role
from tests import factories as make
from tests.classroom import Classroom, signed_in
from tests.forms import typed

pytestmark = pytest.mark.django_db

INVISIBLE = ["\u200b", "\u202e\u200f", "\ufe0f", "\u3164", "\u2800 \u2066"]


def test_a_title_that_nobody_can_see_is_none(client):
    client.force_login(make.user(Role.MANAGER))
    for table, field in (("technique", "name"), ("exhibition", "title"), ("work", "title")):
        address = reverse(f"admin:exhibitions_{table}_add")
        page = client.get(address)
        for unseen in INVISIBLE:
            answer = client.post(address, typed(page, **{field: unseen}))
            assert f'id="id_{field}_error"' in answer.content.decode(), (table, unseen)
    assert not Exhibition.objects.exists() and not Work.objects.exists()


def test_direction_signs_are_taken_out_of_a_title(client):
    client.force_login(make.user(Role.MANAGER))
    address = reverse("admin:exhibitions_technique_add")
    data = typed(client.get(address), name="\u202eHüsn-i  hat\u202c: بسم الله\u200f")
    assert client.post(address, data).status_code == 302
    assert Technique.objects.filter(name="Hüsn-i hat: بسم الله").exists()


def test_a_text_of_paragraphs_is_not_turned_round(client):
    client.force_login(make.user(Role.MANAGER))
    at = make.exhibition()
    address = reverse("admin:exhibitions_exhibition_change", args=[at.pk])
    data = typed(client.get(address), text="Bir\u202e ters\u202c\r\n\r\niki\t👩\u200d🎨")
    assert client.post(address, data).status_code == 302
    at.refresh_from_db()
    assert at.text == "Bir ters\n\niki\t👩\u200d🎨"


def test_so_it_is_on_the_teachers_form(client):
    room = Classroom(trainees=1)
    signed_in(client, room.user)
    address = reverse("teacher-work-new", args=[room.course.pk])
    data = {"title": "\u200e", "group_name": "\u202e"}
    answer = client.post(address, typed(client.get(address), **data))
    assert answer.status_code == 422
    assert {"title", "group_name"} <= set(answer.context["form"].errors)
