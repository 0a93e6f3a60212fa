"""Choosing the makers of a work in the admin."""

import pytest
from django.urls import reverse

from exhibitions.models import Showing
from tests import factories as make
from tests.exhibitions.admin.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def choices(client, model, field, term):
    """What autocomplete offers at a field."""
    app, _dot, name = model.partition(".")
    answer = client.get(
        reverse("admin:autocomplete"),
        {"app_label": app, "model_name": name, "field_name": field, "term": term},
    )
    if answer.status_code != 200:
        return answer.status_code
    return [row["text"] for row in answer.json()["results"]]


def test_a_curator_chooses_makers_whose_pages_she_may_not_open(staff):
    ayse = make.trainee("Ayşe", "Işık", neighbourhood=make.neighbourhood("Akmeşe"))
    make.enrolment(ayse, make.course(programme=make.programme("Çini")))
    assert choices(staff, "exhibitions.maker", "trainee", "isik") == ["Ayşe Işık · Akmeşe · Çini"]
    address = reverse("admin:trainees_trainee_change", args=[ayse.pk])
    assert staff.get(address).status_code == 403
    assert choices(staff, "trainees.enrolment", "trainee", "isik") == 403
    staff.force_login(make.user("yonetici"))  # who may open it sees which one it is
    label = f"Ayşe Işık · {ayse.birth_date.year} · Akmeşe · Çini"
    assert choices(staff, "exhibitions.maker", "trainee", "isik") == [label]


def test_an_officer_is_offered_only_what_she_sees(client):
    mine = make.centre("Akmeşe Kurs Merkezi")
    make.centre("Ambarcı Kurs Merkezi")
    client.force_login(make.user("merkez-sorumlusu", centres=[mine]))
    assert choices(client, "courses.course", "centre", "kurs merkezi") == ["Akmeşe Kurs Merkezi"]
    assert choices(client, "courses.teacher", "user", "a") == 403


@pytest.mark.parametrize("key", ["abc", "\x00", "9" * 40, "²"])
def test_a_selection_that_names_no_row_selects_nothing(staff, key):
    make.work()
    chosen = {"action": "approve_selected", "_selected_action": [key], "index": "0"}
    assert staff.post(page("work_changelist"), chosen).status_code in (200, 302)


def test_a_work_without_makers_is_approved_when_that_is_meant(staff):
    exhibition, work = make.exhibition(), make.work("Kilim", state="submitted")
    address, data = page("work_act", work.pk, "approve"), {"exhibition": exhibition.pk}
    asked = staff.post(address, data).content.decode()
    assert 'id="id_without_makers_error"' in asked
    assert not Showing.objects.exists()
    staff.post(address, data | {"without_makers": "on"})
    assert Showing.objects.get(work=work).approved_at
    known = make.work("Oya", makers=["3-B Sınıfı"], state="submitted")
    address = page("work_act", known.pk, "approve")
    assert "without_makers" not in staff.get(address).content.decode()
