"""Tables of (address, role, status): out of scope is 404, a right not held is 403 (DESIGN.md §4)."""

import pytest
from django.urls import reverse

from izmek.accounts.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db

ANONYMOUS = None
SIGN_IN = 302


@pytest.fixture
def world():
    """Two centres with a course, a trainee and a work each; users of every role at the first."""
    here, there = make.centre("Akmeşe Kurs Merkezi"), make.centre("Kozluk Kurs Merkezi")
    teacher = make.teacher(with_user=True)
    mine = make.course(centre=here, teacher=teacher)
    other = make.course(centre=there)
    known = make.enrolment(make.trainee("Zeynep", "Yıldız"), mine)
    unknown = make.enrolment(make.trainee("Gül", "Öz"), other)
    work, elsewhere = make.work(centre=here, course=mine), make.work(centre=there, course=other)
    exhibition = make.exhibition(works=[work])
    return {
        "mine": mine.pk,
        "other": other.pk,
        "known": known.trainee.pk,
        "unknown": unknown.trainee.pk,
        "my seat": known.pk,
        "other seat": unknown.pk,
        "work": work.pk,
        "elsewhere": elsewhere.pk,
        "exhibition": exhibition.pk,
        "here": here.pk,
        "there": there.pk,
        "users": {
            Role.MANAGER: make.user(Role.MANAGER),
            Role.OFFICER: make.user(Role.OFFICER, centres=[here]),
            Role.TEACHER: teacher.user,
            Role.CURATOR: make.user(Role.CURATOR),
            Role.AUDITOR: make.user(Role.AUDITOR),
        },
    }


ORDER = (ANONYMOUS, Role.MANAGER, Role.OFFICER, Role.TEACHER, Role.CURATOR, Role.AUDITOR)
ADMIN = {
    # address: status for anonymous, manager, officer, teacher, curator, auditor
    "index": (302, 200, 200, 403, 200, 200),
    "courses_course_changelist": (302, 200, 200, 403, 200, 200),
    "courses_course_change mine": (302, 200, 200, 403, 200, 200),
    "courses_course_change other": (302, 200, 404, 403, 200, 200),
    "courses_course_history other": (302, 200, 404, 403, 200, 200),
    "courses_course_add": (302, 200, 200, 403, 403, 403),
    "courses_coursecentre_change there": (302, 200, 404, 403, 200, 200),
    "trainees_trainee_changelist": (302, 200, 200, 403, 403, 200),
    "trainees_trainee_change known": (302, 200, 200, 403, 403, 200),
    "trainees_trainee_change unknown": (302, 200, 404, 403, 403, 200),
    "trainees_trainee_merge known": (302, 200, 200, 403, 403, 200),
    "trainees_trainee_merge unknown": (302, 200, 404, 403, 403, 200),
    "trainees_lookalike_changelist": (302, 200, 200, 403, 403, 200),
    "izmek_merge_changelist": (302, 200, 200, 403, 403, 200),
    "trainees_enrolment_reconciliation": (302, 200, 200, 403, 403, 403),
    "courses_course_reconciliation mine": (302, 200, 200, 403, 403, 403),
    "courses_course_reconciliation other": (302, 200, 404, 403, 403, 403),
    "trainees_certificate_changelist": (302, 200, 200, 403, 403, 200),
    "trainees_certificate_papers": (302, 200, 200, 403, 403, 403),
    "trainees_enrolment_change other seat": (302, 200, 404, 403, 403, 200),
    "exhibitions_work_change work": (302, 200, 200, 403, 200, 200),
    "exhibitions_work_change elsewhere": (302, 200, 404, 403, 200, 200),
    "exhibitions_exhibition_add": (302, 200, 403, 403, 200, 403),
    "izmek_user_changelist": (302, 200, 403, 403, 403, 200),
    "izmek_user_add": (302, 200, 403, 403, 403, 403),
    "izmek_accesslog_changelist": (302, 200, 403, 403, 403, 200),
}


@pytest.mark.parametrize("role", ORDER)
def test_admin(client, world, role):
    if role:
        client.force_login(world["users"][role])
    answers = {}
    for row in ADMIN:
        name, _space, key = row.partition(" ")
        address = reverse(f"admin:{name}", args=[world[key]] if key else [])
        answers[row] = client.get(address).status_code
    assert answers == {row: statuses[ORDER.index(role)] for row, statuses in ADMIN.items()}


def test_the_auditor_changes_nothing(client, world):
    client.force_login(world["users"][Role.AUDITOR])
    address = reverse("admin:courses_course_change", args=[world["mine"]])
    assert client.post(address, {"capacity": 5}).status_code == 403


def test_public_pages_are_for_everyone_and_leave_no_cookie(client, world):
    for name in ("home", "exhibitions", "centres", "search"):
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_an_unknown_address_is_404_and_asks_nobody_to_sign_in(client, world):
    assert client.get("/boyle-bir-sayfa-yok/").status_code == 404
