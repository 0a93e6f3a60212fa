"""Files that were ordered, of every kind: who may have them is asked again each time they are fetched."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from exhibitions.papers.wall import PAPERS
from izmek.accounts.given_roles import set_roles
from izmek.accounts.roles import Role
from izmek.acts import jobs
from izmek.models import AccessLog
from izmek.secrets.encryption import encrypt
from tests import factories as make
from trainees import services
from trainees.models import Trainee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

LISTED = {"query": "", "columns": ["last_name"], "form": "csv", "reason": ""}


def about_course():
    course = make.course()
    make.enrolment(make.trainee(), course)
    return course, {
        "courses": [course.pk],
        "papers": ["imza-listesi"],
        "form": "pdf",
        "blank": False,
    }


def about_year():
    course = make.course("finished")
    seat = make.enrolment(make.trainee(), course, state="completed")
    services.issue_certificates(course=course, enrolments=[seat], by=None)
    place = {"centre": None, "course": course.pk, "waiting": False, "offset": [0, 0]}
    return course.term.year, {"paper": "cagri-listesi", **place}


def about_exhibition():
    return make.exhibition(works=[make.work()]), {"paper": next(iter(PAPERS)), "centre": None}


def about_person():
    return make.trainee(), {"reason": "Dilekçe", "password": encrypt("gizli")}


def about_list():
    make.trainee()
    return ContentType.objects.get_for_model(Trainee), LISTED


KINDS = {
    "list": (about_list, Role.OFFICER, Role.CURATOR),
    "course_papers": (about_course, Role.MANAGER, Role.CURATOR),
    "certificates": (about_year, Role.MANAGER, Role.AUDITOR),
    "exhibition_paper": (about_exhibition, Role.CURATOR, Role.AUDITOR),
    "hand_over": (about_person, Role.MANAGER, Role.OFFICER),
}


def test_every_kind_of_file_is_tried():
    assert jobs.KINDS.keys() - {"town"} == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_is_given_to_who_lost_the_right(client, kind, django_capture_on_commit_callbacks):
    make_order, before, after = KINDS[kind]
    about, options = make_order()
    user = make.user(before)
    client.force_login(user)
    began = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.order(kind=kind, about=about, by=user, options=options)
    address = reverse("admin:job_file", args=[job.pk])
    answer = client.get(address)
    assert answer.status_code == 200 and b"".join(answer.streaming_content)
    noted = AccessLog.objects.filter(at__gte=began, by=user)
    assert noted.count() == 1
    set_roles(user=user, roles=[after], by=None)
    for page in ("job", "job_file"):
        assert client.get(reverse(f"admin:{page}", args=[job.pk])).status_code in (403, 404)
    assert noted.count() == 1
    client.force_login(make.user(before))
    assert client.get(address).status_code == 404  # ordered by somebody else
