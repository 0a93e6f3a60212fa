"""The announcement of a course for the notice board: public data, a code to the page, long names."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import TimetableSlot
from izmek.accounts.roles import Role
from izmek.papers.typst import pictures
from tests import factories as make
from tests.exhibitions.papers.test_papers import codes
from tests.pdfs import assert_accessible, whole
from trainees.enums import Purpose
from trainees.papers.announcement import announcement

pytestmark = pytest.mark.django_db

LONG = "Uzuncaisimlendirilmişprogram Geleneksel 🌷 İğne Oyası ve زهرة"


@pytest.fixture
def course():
    centre = make.centre("Akmeşe Kurs Merkezi", phone="+902623210000", address="Meydan Sokağı 3")
    programme = make.programme(LONG, minimum_age=14, bring="İnce iğne\n\nve ipek iplik")
    begin = timezone.localdate() + timedelta(days=20)
    made = make.course("open", programme=programme, centre=centre, begin=begin, capacity=12)
    TimetableSlot.objects.create(
        course=made, weekday=1, begin=time(9), end=time(12), lesson_hours=4
    )
    return made


def paper(course):
    return reverse("admin:courses_course_announcement", args=[course.pk])


def test_it_says_what_the_public_page_says_and_its_code_leads_there(client, course, settings):
    client.force_login(make.user(Role.OFFICER, centres=[course.centre]))
    papers = client.get(reverse("admin:courses_course_papers", args=[course.pk]))
    assert paper(course) in papers.content.decode()
    pdf = client.get(paper(course)).content
    assert_accessible(pdf, title="Kurs duyurusu")
    text = whole(pdf)
    for said in (
        "Pazartesi 09.00–12.00",
        "Akmeşe Kurs Merkezi, Meydan Sokağı 3",
        "14 yaşından itibaren",
        "İnce iğne ve ipek iplik",
        "12 boş",
        "0262 321 00 00",
    ):
        assert said in text
    assert str(course.teacher) not in text
    make.consent(course.teacher, Purpose.NAME_WEB)
    contents = announcement(course.pk)
    assert {"label": "Öğretmen", "value": str(course.teacher)} in contents.data["facts"]
    pages = pictures(contents, ppi=110)
    assert len(pages) == 1
    assert codes(pages) == [f"{settings.SITE_URL}{course.get_absolute_url()}"]


def test_what_has_no_public_page_is_not_announced(client, course):
    client.force_login(make.user(Role.MANAGER))
    for state in ("planned", "cancelled", "finished"):
        course.state = state
        course.save()
        assert client.get(paper(course)).status_code == 404
    papers = client.get(reverse("admin:courses_course_papers", args=[course.pk]))
    assert paper(course) not in papers.content.decode()
