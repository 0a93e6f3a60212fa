"""Two clerks at one course, person, exhibition or work: the old tab says so, and nothing is lost."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.acts.saving import save
from tests import factories as make
from tests.classroom import Classroom
from tests.forms import added, shown, typed
from trainees import services

pytestmark = [pytest.mark.both, pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def clerks():
    """Two people who work at the same time, in browsers of their own."""
    found = []
    for name in ("Handan", "Nurhan"):
        client = Client()
        client.force_login(make.user(Role.MANAGER, first_name=name, last_name="Alkan"))
        found.append(client)
    return found


def a_course():
    return make.course("planned", begin=timezone.localdate()), "note", "capacity"


def a_person():
    return make.trainee(), "phone", "email"


def an_exhibition():
    return make.exhibition(works=[make.work()]), "entry", "access"


def a_work():
    return make.work(), "materials", "text"


VALUES = {"capacity": "17", "phone": "0555 123 45 67", "email": "a@example.org"}


@pytest.mark.parametrize("kind", [a_course, a_person, an_exhibition, a_work])
def test_a_form_that_is_old_names_who_changed_what_and_keeps_what_was_typed(clerks, kind):
    first, second = clerks
    row, theirs, mine = kind()
    save(row, by=None)
    opts = row._meta
    page = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    old = first.get(page)
    value, other = (VALUES.get(name, f"Yeni {name}") for name in (mine, theirs))
    assert second.post(page, typed(second.get(page), **{theirs: other})).status_code == 302
    refused = first.post(page, typed(old, **{mine: value}))
    told = refused.content.decode()
    assert "Bu arada başka biri kaydetti" in told
    assert "Nurhan Alkan" in told and f"<ins>{other}</ins>" in told
    assert shown(refused)[mine] == value  # what was typed stands there
    assert shown(refused)[theirs].strip() == other  # and what was left alone as it was saved
    assert "Dokunmadığınız alanlar" in told
    row.refresh_from_db()
    before = row.history.count()
    deliberate = first.post(page, shown(refused) | {"_save": "Kaydet"})
    assert deliberate.status_code == 302
    row.refresh_from_db()
    stored = (str(getattr(row, mine)), str(getattr(row, theirs)))
    assert stored == (value, other)
    assert row.history.count() == before + 1


def test_a_guest_who_came_meanwhile_is_told(clerks):
    first, second = clerks
    fair = make.exhibition()
    page = reverse("admin:exhibitions_exhibition_change", args=[fair.pk])
    old = first.get(page)
    guest = added(shown(second.get(page)), "guests", {"name": "Ayşe", "office": "Muhtar"})
    assert second.post(page, guest).status_code == 302
    told = first.post(page, typed(old, entry="Ücretsiz")).content.decode()
    assert "Bu arada başka biri kaydetti" in told and "Nurhan Alkan" in told
    assert "Şu tabloların satırları" in told and "konuklar." in told


def test_an_act_that_somebody_has_done_already_says_so(clerks):
    first, second = clerks
    course = make.course("open")
    act = reverse("admin:courses_course_act", args=[course.pk, "cancel"])
    assert first.get(act).status_code == 200
    assert second.post(act, {"reason": "Yeterli kişi yok"}).status_code == 302
    late = first.post(act, {"reason": "Öğretmen ayrıldı"})
    assert late.status_code == 200 and late.context["errors"]
    course.refresh_from_db()
    assert course.state_reason == "Yeterli kişi yok"
    told = first.get(act, follow=True)
    assert "şu anda yapılamaz" in told.content.decode()


def test_a_mark_that_was_typed_elsewhere_is_not_overwritten(clerks):
    first, _second = clerks
    room = Classroom(trainees=1, modules=1)
    seat = room.seats[0]
    page = reverse("admin:courses_course_marks", args=[room.course.pk])
    old = first.get(page)
    services.set_mark(enrolment=seat, module=room.modules[0], value=80, by=None)
    cell = next(iter(json.loads(old.context["shown"])))
    late = first.post(page, {"shown": old.context["shown"], f"m{cell}": "60"})
    assert late.status_code == 422 and "80" in late.content.decode()
    assert seat.marks.get().value == 80
