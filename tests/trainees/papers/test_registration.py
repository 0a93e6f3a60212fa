"""The registration form on paper: one for everybody, and empty for the wall."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.papers.typst import pdf
from tests import factories as make
from tests.pdfs import assert_accessible, whole
from trainees.enums import NoticeKind
from trainees.models import NoticeText
from trainees.papers.registration import registration_form

pytestmark = pytest.mark.django_db


def test_of_a_child_the_guardian_signs_whatever_the_names_are():
    text = "Aydınlatma metni. " * 60
    for kind in (NoticeKind.REGISTRATION, NoticeKind.CONSENT):
        NoticeText.objects.create(kind=kind, version=3, language="tr", text=f"{text}\n\n{text}")
    child = make.trainee(
        "زهرة 🌷 " + "Ayşenurgülbahar" * 3,
        "Uzunsoyadlıoğulları",
        birth_date=timezone.localdate() - timedelta(days=12 * 366),
    )
    child.guardians.create(name="Ayla Yalçın", relation="anne", phone="+905551234567")
    seat = make.enrolment(child)
    made = pdf(registration_form(course=seat.course, enrolments=[seat], by="Nurhan Aydemir"))
    assert_accessible(made, title="Kesin kayıt formu")
    said = whole(made)
    for part in ("Veli: Ayla Yalçın", "Kaydı yapan: Nurhan Aydemir", "(sürüm 3)", "2 / 2"):
        assert part in said


def test_an_empty_one_belongs_to_the_course(client):
    course = make.course("open", programme=make.programme("Kilim Dokuma"))
    client.force_login(make.user(Role.OFFICER, centres=[course.centre]))
    address = reverse("admin:courses_course_form", args=[course.pk])
    papers = client.get(reverse("admin:courses_course_papers", args=[course.pk]))
    assert address in papers.content.decode()
    said = whole(client.get(address).content)
    assert "Kilim Dokuma" in said and "18 yaşından küçükse" in said
    client.force_login(make.user(Role.CURATOR))
    assert client.get(address).status_code == 403
