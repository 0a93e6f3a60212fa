"""The curator's desk: who may, photos, the preview, closing early."""

import pytest
from django.test import Client
from django.utils import timezone

from exhibitions import services
from exhibitions.models import VisitorNote
from izmek.accounts.roles import Role
from tests import factories as make
from tests.exhibitions.admin.desk import ask, page
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


ROLES = (None, Role.MANAGER, Role.OFFICER, Role.TEACHER, Role.CURATOR, Role.AUDITOR)


MAY = {
    # address: status for anonymous, manager, officer, teacher, curator, auditor
    "enquiry_act here answer": (302, 200, 200, 403, 200, 403),
    "enquiry_act here route": (302, 200, 200, 403, 200, 403),
    "enquiry_act here close": (302, 200, 200, 403, 200, 403),
    "enquiry_act there answer": (302, 200, 404, 403, 200, 403),
    "enquiry_change here": (302, 200, 200, 403, 200, 200),
    "visitornote_act note show": (302, 200, 403, 403, 200, 403),
    "exhibition_order exhibition": (302, 200, 403, 403, 200, 403),
    "exhibition_preview exhibition": (302, 200, 403, 403, 200, 403),
    "exhibition_photos exhibition": (302, 200, 403, 403, 200, 403),
    "exhibition_act exhibition close_early": (302, 200, 403, 403, 200, 403),
    "work_photos work": (302, 200, 403, 403, 200, 403),
}


def test_who_may_open_what(client):
    here, there = make.centre(), make.centre()
    work = make.work(centre=here)
    exhibition = make.exhibition(works=[work])
    keys = {
        "here": ask(work).pk,
        "there": ask(make.work(centre=there)).pk,
        "note": VisitorNote.objects.create(exhibition=exhibition, text="Güzel").pk,
        "exhibition": exhibition.pk,
        "work": work.pk,
    }
    users = {role: make.user(role, centres=[here]) for role in ROLES if role}
    users[Role.TEACHER] = make.teacher(with_user=True).user
    found = {}
    for row in MAY:
        name, key, *act = row.split()
        found[row] = []
        for role in ROLES:
            visitor = Client()
            if role:
                visitor.force_login(users[role])
            found[row].append(visitor.get(page(name, keys[key], *act)).status_code)
    assert {row: tuple(statuses) for row, statuses in found.items()} == MAY


def test_an_exhibition_closes_before_its_time(curator):
    exhibition = make.exhibition()
    today = timezone.localdate()
    address = page("exhibition_act", exhibition.pk, "close_early")
    late = curator.post(address, {"last_day": f"{exhibition.end:%d.%m.%Y}"})
    assert "last_day" in late.context["errors"]
    curator.post(address, {"last_day": f"{today:%d.%m.%Y}", "note": "Salon gerekti."})
    exhibition.refresh_from_db()
    assert (exhibition.end, exhibition.date_note) == (today, "Salon gerekti.")
    draft = make.exhibition(state="draft")
    refused(
        "state",
        services.close_exhibition_early,
        exhibition=draft,
        last_day=today,
        note="",
        by=None,
    )
