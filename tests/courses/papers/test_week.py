"""The room plan of a week on paper."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from courses.models import Holiday
from izmek.accounts.roles import Role
from tests import factories as make
from tests.pdfs import assert_accessible, whole
from trainees.enums import Purpose

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)


def plan(centre):
    return reverse("admin:courses_coursecentre_week_paper", args=[centre.pk])


def test_rooms_and_days_with_course_hours_and_teacher(client):
    centre = make.centre("Akmeşe Kurs Merkezi")
    client.force_login(make.user(Role.OFFICER, centres=[centre]))
    week = {"date": "2026-11-18"}
    empty = whole(client.get(plan(centre), week).content)
    assert "Bu hafta ders yok" in empty and "Cumartesi" not in empty
    names = [
        "Uzuncaisimlendirilmişatölyeninadı Geleneksel 🌷 زهرة",
        *(f"Atölye {n}" for n in range(24)),
    ]
    for place, name in enumerate(names):
        teacher = make.teacher("Nurhan", f"Aydemir{place}")
        if place != 8:
            make.consent(teacher, Purpose.NAME_WEB)
        course = make.course(
            centre=centre,
            room=make.room(centre, name=name),
            teacher=teacher,
            programme=make.programme(f"Kilim Dokuma {place}"),
            begin=MONDAY,
        )
        make.session(course, MONDAY + timedelta(days=place % 6), time(9), time(12))
    Holiday.objects.create(name="Deprem tatbikatı", begin=MONDAY, end=MONDAY, centre=centre)
    pdf = client.get(plan(centre), week).content
    assert_accessible(pdf, title="Haftalık derslik planı")
    text = whole(pdf)
    for said in ("16–22 Kasım 2026", "Cumartesi", "09.00–12.00", "Aydemir7", "Deprem tatbikatı"):
        assert said in text
    assert "Aydemir8" not in text  # who did not agree to be named in public
    assert text.count("Derslik Pazartesi") > 1  # the head is on each page
    assert "1 / 2" in text or "1 / 3" in text
    client.force_login(make.user(Role.OFFICER, centres=[make.centre()]))
    assert client.get(plan(centre), week).status_code == 404
