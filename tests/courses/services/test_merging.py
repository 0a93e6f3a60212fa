"""Places, programmes and teachers that were on record twice."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from courses import services
from courses.models import Module, Neighbourhood, Programme, Teacher
from izmek.acts.merging import undo
from tests import factories as make
from tests.refusals import refused
from trainees.enums import Purpose
from trainees.services import answers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make.user("yonetici")


def test_a_neighbourhood_takes_over_what_lies_in_the_other(manager):
    kept, other = make.neighbourhood("Akmeşe"), make.neighbourhood("Akmeşe Mah.")
    centre = make.centre(neighbourhood=other)
    people = [make.trainee(neighbourhood=other) for _n in range(3)]
    made = services.merge_neighbourhoods(kept=kept, other=other, by=manager)
    assert Neighbourhood.objects.get(folded__startswith="akmese") == kept
    assert kept.trainees.count() == 3
    assert [*kept.centres.all()] == [centre]
    assert people[0].history.latest().neighbourhood_id == kept.pk
    undo(merge=made, by=manager)
    assert other.trainees.count() == 3
    assert str(Neighbourhood.objects.get(pk=other.pk)) == "Akmeşe Mah."


def test_a_programme_keeps_its_modules_and_takes_the_courses(manager):
    kept, other = make.programme("İğne Oyası"), make.programme("İgne Oyası")
    for programme in (kept, other):
        Module.objects.create(programme=programme, name="Temel", hours=40)
    teacher = make.teacher()
    teacher.programmes.set([kept, other])
    course = make.course(programme=other)
    made = services.merge_programmes(kept=kept, other=other, by=manager, values=["name"])
    course.refresh_from_db()
    assert course.programme == kept
    assert str(Programme.objects.get(pk=kept.pk)) == "İgne Oyası"
    assert kept.modules.count() == 1
    assert [*teacher.programmes.all()] == [kept]
    undo(merge=made, by=manager)
    assert Programme.objects.get(pk=other.pk).modules.count() == 1
    assert teacher.programmes.count() == 2
    assert str(Programme.objects.get(pk=kept.pk)) == "İğne Oyası"


def test_running_courses_neither_lose_nor_get_marks(manager):
    kept, other = make.programme(module_based=False), make.programme()
    make.course(programme=other)
    assert "–" in refused("marks", services.merge_programmes, kept=kept, other=other, by=manager)


def test_a_teacher_takes_courses_lessons_works_and_consents(manager):
    kept, other = make.teacher("Hatice"), make.teacher("Hatice Nur", with_user=True)
    course = make.course(teacher=other)
    lesson = make.session(course, holds_teacher=other)
    work = make.work(makers=[other], course=course)
    centre = make.centre()
    other.centres.add(centre)
    make.consent(kept, Purpose.NAME_WEB, True)
    make.consent(other, Purpose.NAME_WEB, False)
    made = services.merge_teachers(kept=kept, other=other, by=manager)
    kept = Teacher.objects.get()
    assert kept.user == other.user
    course.refresh_from_db()
    lesson.refresh_from_db()
    work.refresh_from_db()
    assert course.teacher == lesson.holds_teacher == work.teacher == kept
    assert work.makers.get().teacher == kept
    assert [*kept.centres.all()] == [centre]
    assert answers_of(kept)[Purpose.NAME_WEB].answer is False
    undo(merge=made, by=manager)
    course.refresh_from_db()
    assert course.teacher == other
    assert Teacher.objects.get(pk=other.pk).user == other.user
    assert Teacher.objects.get(pk=kept.pk).user is None


def test_two_teachers_with_lessons_at_one_time_are_two(manager):
    kept, other = make.teacher(), make.teacher("Nur")
    day = timezone.localdate() + timedelta(days=1)
    for who in (kept, other):
        make.session(make.course(teacher=who), day, time(9), time(12), holds_teacher=who)
    refused("booked", services.merge_teachers, kept=kept, other=other, by=manager)
    assert Teacher.objects.count() == 2


def test_two_who_sign_in_are_two(manager):
    kept, other = (make.teacher(with_user=True) for _n in range(2))
    refused("users", services.merge_teachers, kept=kept, other=other, by=manager)


@pytest.mark.parametrize("table", ["neighbourhood", "programme", "teacher"])
def test_their_pages_find_show_and_merge(client, manager, table):
    from django.urls import reverse

    names = {"neighbourhood": ("Akmeşe", "Akmese M."), "programme": ("Ebru", "Ebru 2")}
    kept, other = (
        getattr(make, table)(name) for name in names.get(table, ("Hatice", "Hatice Nur"))
    )
    client.force_login(manager)
    address = f"admin:courses_{table}_merge"
    assert client.get(reverse(f"admin:courses_{table}_change", args=[kept.pk])).status_code == 200
    assert client.get(reverse(address, args=[kept.pk])).status_code == 200
    page = client.get(reverse(f"{address}_with", args=[kept.pk, other.pk]))
    form = page.context["form"]
    fields = {name: form[name].initial or "" for name in form.fields}
    answer = client.post(page.request["PATH_INFO"], fields | {"keep": "first"})
    assert answer.status_code == 302
    assert not type(kept).objects.filter(pk=other.pk).exists()
    assert client.get(reverse(f"admin:courses_{table}_history", args=[kept.pk])).status_code == 200
    client.force_login(make.user("merkez-sorumlusu"))
    assert client.get(reverse(address, args=[kept.pk])).status_code in (200, 404)
