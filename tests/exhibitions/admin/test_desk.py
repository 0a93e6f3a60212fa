"""The curator's desk: who may, photos, the preview, closing early."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
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
    "work_approval waiting": (302, 200, 403, 403, 200, 403),
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
        "waiting": make.work(centre=here, state="submitted").pk,
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


def test_the_next_step_of_an_exhibition_is_the_one_button(curator):
    waiting = make.work("Lale", state="submitted", makers=["Akmeşe grubu"])
    fair = make.exhibition("Bahar Sergisi", works=[make.work("Nergis")], state="draft")
    make.show(waiting, fair, approved_at=None)
    shown = curator.get(page("exhibition_desk", fair.pk), follow=True)
    assert shown.redirect_chain[-1][0] == page("exhibition_works", fair.pk)
    assert shown.context["desk"]["next"]["url"] == f"{page('work_approvals')}?exhibition={fair.pk}"
    assert [row.tag.label for row in shown.context["page"]] == ["onaylandı", "teslim edildi"]
    services.approve_work(work=waiting, exhibition=fair, by=None)
    shown = curator.get(page("exhibition_works", fair.pk))
    assert shown.context["desk"]["next"]["url"].startswith(
        page("exhibition_act", fair.pk, "publish")
    )
    services.publish_exhibition(exhibition=fair, by=None)
    assert curator.get(page("exhibition_works", fair.pk)).context["desk"]["next"] is None


def test_what_visitors_wrote_stands_on_a_tab_with_what_waits_first(curator):
    work = make.work("Lale")
    fair = make.exhibition(works=[work])
    for text, state in (("Bekliyor", "waiting"), ("Gösterildi", "shown")):
        VisitorNote.objects.create(exhibition=fair, text=text, state=state)
    asked = ask(work)
    ask(make.work("Başka"))
    shown = curator.get(page("exhibition_visitors", fair.pk))
    assert [note.text for note in shown.context["notes"]] == ["Bekliyor", "Gösterildi"]
    assert shown.context["enquiries"] == [asked]
    assert page("visitornote_act", shown.context["notes"][0].pk, "show") in shown.content.decode()


def test_a_tab_of_an_exhibition_asks_the_same_for_one_row_and_for_sixty(curator):
    def asked(count):
        maker = make.trainee(last_name=f"S{count}")
        works = [make.work(f"Oya {n}", makers=[maker]) for n in range(count)]
        fair = make.exhibition(works=works)
        for work in works:
            make.photo(exhibition=fair)
            VisitorNote.objects.create(exhibition=fair, text="Güzel")
            ask(work)
        found = {}
        for tab in ("works", "order", "gallery", "visitors"):
            with CaptureQueriesContext(connection) as queries:
                assert curator.get(page(f"exhibition_{tab}", fair.pk)).status_code == 200
            found[tab] = len(queries)
        return found

    asked(2)
    few = asked(2)
    assert asked(60) == few
    assert max(few.values()) <= 12, few
