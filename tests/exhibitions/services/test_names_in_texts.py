"""Names without consent in texts."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from exhibitions.tasks import look_for_names_left
from izmek.accounts.roles import Role
from izmek.models import Letter
from tests import factories as make
from tests.forms import shown
from trainees.enums import Purpose
from trainees.services import withdraw_consent

pytestmark = pytest.mark.django_db


def places_of(course):
    """(a row with a public text, its column) for a course and what it belongs to."""
    return [
        (course, "note"),
        (course, "group"),
        (course.centre, "text"),
        (course.centre, "hours"),
        (course.programme, "text_en"),
    ]


@pytest.mark.parametrize("who", ["trainee", "teacher", "later teacher"])
def test_no_text_of_a_course_a_centre_or_a_programme_names_somebody_without_consent(client, who):
    client.force_login(make.user(Role.MANAGER))
    course = make.course("planned", begin=timezone.localdate())
    person = (
        make.trainee("Nevbahar", "Kırkpınarlı")
        if who == "trainee"
        else make.teacher("Nevbahar", "Kırkpınarlı")
    )
    if who == "trainee":
        make.enrolment(person, course)
    elif who == "teacher":
        course.teacher = person
        course.save()
    else:
        course.teacher_changes.create(teacher=person, begins_on=course.begin)
    for row, column in places_of(course):
        address = reverse(f"admin:courses_{row._meta.model_name}_change", args=[row.pk])
        data = shown(client.get(address)) | {column: "Nevbahar Kırkpınarlı"}
        answer = client.post(address, data)
        assert answer.status_code == 200
        assert "Nevbahar Kırkpınarlı" in str(answer.context["errors"])
        row.refresh_from_db()
        assert not getattr(row, column)
        make.consent(person, Purpose.NAME_WEB)
        assert client.post(address, data).status_code == 302
        withdraw_consent(
            **{who.split()[-1]: person}, purpose=Purpose.NAME_WEB, channel="phone", by=None
        )
        type(row).objects.filter(pk=row.pk).update(**{column: ""})


def test_an_officer_hears_of_a_withdrawn_name_that_is_left_in_a_text_of_the_centre():
    make.user(Role.CURATOR, email="sergi@example.org")
    course = make.course(note="Nevbahar Kırkpınarlı ile.")
    course.centre.text = "Nevbahar Kırkpınarlı bizde."
    course.centre.save()
    make.user(Role.OFFICER, email="merkez@example.org", centres=[course.centre])
    who = make.trainee("Nevbahar", "Kırkpınarlı")
    make.enrolment(who, course)
    make.enrolment(who, make.course(note="Nevbahar gelir."))
    make.consent(who, Purpose.NAME_WEB)
    withdraw_consent(trainee=who, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    letter = Letter.objects.get(kind="name_left")
    assert letter.to == "merkez@example.org"
    assert f"/courses/course/{course.pk}/change/" in letter.text
    assert f"/courses/coursecentre/{course.centre_id}/change/" in letter.text
    assert letter.text.count("/yonetim/") == 2
    assert "Kırkpınarlı" not in letter.subject + letter.text


def test_with_a_worker_the_withdrawal_does_not_wait_for_the_look_through_the_texts(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    course = make.course(note="Nevbahar Kırkpınarlı ile.")
    make.user(Role.OFFICER, email="merkez@example.org", centres=[course.centre])
    who = make.trainee("Nevbahar", "Kırkpınarlı")
    make.enrolment(who, course)
    make.consent(who, Purpose.NAME_WEB)
    withdraw_consent(trainee=who, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    assert not Letter.objects.filter(kind="name_left").exists()
    (ordered,) = DBTaskResult.objects.all()
    look_for_names_left.call(*ordered.args_kwargs["args"])
    assert Letter.objects.get(kind="name_left").to == "merkez@example.org"
