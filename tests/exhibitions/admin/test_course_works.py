"""The works of a course as a tab of its desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exhibitions.enums import WorkState
from izmek.accounts.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def works(client, course):
    return client.get(reverse("admin:courses_course_works", args=[course.pk]))


def test_the_works_of_a_course_stand_with_makers_state_and_exhibitions(client):
    course = make.course()
    client.force_login(make.user(Role.OFFICER, centres=[course.centre]))
    assert "Bu kurstan henüz eser yok" in works(client, course).content.decode()
    mine = {"course": course, "centre": course.centre}
    shown = make.work("Lale", makers=[make.trainee("Zeynep", "Ak")], **mine)
    make.exhibition("Bahar Sergisi", works=[shown])
    make.photo(work=shown)
    make.work("Karanfil", state=WorkState.RETURNED, **mine)
    make.work("Yabancı", centre=course.centre)
    html = works(client, course).content.decode()
    for told in ("Zeynep Ak", "Bahar Sergisi", "Karanfil", "fotoğraf yok", 'class="thumb" src="'):
        assert told in html
    assert "Yabancı" not in html


@pytest.mark.parametrize(
    ("role", "status", "adds"),
    [(Role.CURATOR, 200, True), (Role.AUDITOR, 200, False), (Role.OFFICER, 404, False)],
)
def test_who_sees_them_and_who_adds_one(client, role, status, adds):
    course = make.course()
    client.force_login(make.user(role))
    answer = works(client, course)
    assert answer.status_code == status
    add = reverse("admin:exhibitions_work_add") + f"?course={course.pk}"
    assert (add in answer.content.decode()) == adds


def test_forty_works_cost_as_many_queries_as_one(client):
    course = make.course()
    client.force_login(make.user(Role.OFFICER, centres=[course.centre]))

    def queries():
        with CaptureQueriesContext(connection) as caught:
            works(client, course)
        return len(caught)

    def one():
        work = make.work(makers=[make.trainee()], course=course, centre=course.centre)
        make.show(work, show)

    show = make.exhibition()
    one()
    queries()
    before = queries()
    for _number in range(20):
        one()
    assert queries() == before <= 12
