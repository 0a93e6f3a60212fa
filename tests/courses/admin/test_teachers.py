"""A teacher's account hangs on her record: the invitation from the admin, and what it refuses."""

import re

import pytest
from django.core import mail

from courses.models import Teacher
from courses.services import invite_teacher
from izmek.accounts.roles import Role
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal
from izmek.models import AccessLog, User
from tests import factories as make
from tests.forms import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make.user(Role.MANAGER)


@pytest.fixture
def teacher():
    return make.teacher(first_name="Şükran", last_name="Işık", email="Sukran@izmek.example")


def invite_in_admin(client, teacher):
    return client.post(f"/yonetim/courses/teacher/{teacher.pk}/act/invite/", follow=True)


def test_a_teacher_is_invited_from_her_record(
    client, manager, teacher, django_capture_on_commit_callbacks
):
    client.force_login(manager)
    with django_capture_on_commit_callbacks(execute=True):
        page = invite_in_admin(client, teacher)
    assert "sukran@izmek.example" in page.content.decode()
    user = Teacher.objects.get(pk=teacher.pk).user
    assert user.roles == {Role.TEACHER}
    client.logout()
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    password = {"password1": "kilim dokur gibi", "password2": "kilim dokur gibi"}
    assert client.post(link, password).status_code == 302
    assert client.get("/hesap/").status_code == 200
    client.force_login(manager)
    assert (
        b"act/invite/" not in client.get(f"/yonetim/courses/teacher/{teacher.pk}/change/").content
    )


def test_the_record_says_who_linked_it(manager, teacher):
    invite_teacher(teacher=teacher, by=manager)
    assert Teacher.objects.get(pk=teacher.pk).history.latest().history_user == manager


def test_without_an_address_the_sentence_stands_in_the_form(client, manager):
    client.force_login(manager)
    page = invite_in_admin(client, make.teacher(email=""))
    assert "Önce e-posta adresini girin." in page.content.decode()
    assert User.objects.count() == 1


def test_someone_who_signs_in_already_gets_the_role(manager, teacher):
    officer = make.user(Role.OFFICER, email="sukran@izmek.example", password="kilim dokur gibi")
    assert invite_teacher(teacher=teacher, by=manager) == officer
    assert User.objects.get(pk=officer.pk).roles == {Role.OFFICER, Role.TEACHER}
    assert mail.outbox == []
    teacher.refresh_from_db()
    with pytest.raises(Refusal):
        invite_teacher(teacher=teacher, by=manager)


def test_an_account_belongs_to_one_teacher(manager, teacher):
    first = invite_teacher(teacher=teacher, by=manager)
    other = make.teacher(email=first.email)
    with pytest.raises(Refusal):
        invite_teacher(teacher=other, by=manager)
    assert Teacher.objects.get(pk=other.pk).user is None


def test_a_mistyped_address_is_mended(manager, teacher, django_capture_on_commit_callbacks):
    user = invite_teacher(teacher=teacher, by=manager)
    teacher.refresh_from_db()
    teacher.email = "sukran.isik@izmek.example"
    teacher.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert invite_teacher(teacher=teacher, by=manager) == user
    assert mail.outbox[-1].to == ["sukran.isik@izmek.example"]


def test_who_signs_in_as_a_teacher_is_noted(client, manager, teacher):
    """By the invitation and by the form: whoever does sees the trainees of the teacher."""

    def noted():
        rows = AccessLog.objects.filter(action=Access.ROLES_CHANGED, fields__contains="Şükran Işık")
        found = [(entry.object, entry.fields[0], entry.by) for entry in rows.order_by("pk")]
        return found

    first = invite_teacher(teacher=teacher, by=manager)
    assert noted() == [(first, "+", manager)]
    second = make.user(Role.TEACHER)
    client.force_login(manager)
    address = f"/yonetim/courses/teacher/{teacher.pk}/change/"
    for value in (second.pk, second.pk, ""):  # another, the same again, nobody
        page = client.get(address)
        assert client.post(address, typed(page, user=value)).status_code == 302
    assert noted()[1:] == [(first, "−", manager), (second, "+", manager), (second, "−", manager)]
