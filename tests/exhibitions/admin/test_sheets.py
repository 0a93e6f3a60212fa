"""The lists of works of an exhibition as spreadsheets."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from izmek.accounts.roles import Role
from izmek.models import AccessLog
from tests import factories as make
from tests.spreadsheets import lines, sheets
from trainees.enums import Purpose
from trainees.services import withdraw_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker():
    person = make.trainee("Şule", "Kırkpınarlı")
    make.consent(person, Purpose.NAME_LABEL)
    return person


@pytest.fixture
def fair(maker):
    here = make.centre("Akmeşe Kurs Merkezi", phone="+902623110000")
    sold = {"sale_status": "for sale", "price": Decimal("1250.50")}
    works = [
        make.work("Bir", [maker], centre=here, **sold),
        make.work("=İki", centre=here),
        make.work("Üç"),
    ]
    made = make.exhibition("Büyük Sergi", works)
    made.centres.add(here)
    return made


def address(exhibition, slug="eserler"):
    return reverse("admin:exhibitions_exhibition_sheet", args=[exhibition.pk, slug])


def test_the_works_in_the_order_of_the_hall_with_names_as_people_consent(curator, fair, maker):
    (rows,) = sheets(curator.get(address(fair))).values()
    assert [row[2] for row in rows[1:]] == ["Bir", "=İki", "Üç"]
    assert rows[1][3] == "Şule Kırkpınarlı" and rows[1][13] == 1250.5
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_LABEL, channel="paper", by=None)
    (rows,) = sheets(curator.get(address(fair))).values()
    assert rows[1][3] == "İZMEK kursiyeri"
    assert AccessLog.objects.filter(object_id=str(fair.pk)).count() == 2


def test_the_sale_list_has_what_is_for_sale(curator, fair):
    found = lines(curator.get(address(fair, "satis-listesi"), {"form": "csv"}))
    assert [row[1] for row in found[1:]] == ["Bir"]
    assert found[1][5:8] == ["0262 311 00 00", "1250,50", "Satılık"]


def test_an_officer_takes_out_the_works_of_her_centre(client, fair):
    centre = fair.showings.first().work.centre
    client.force_login(make.user(Role.OFFICER, centres=[centre]))
    (rows,) = sheets(client.get(address(fair))).values()
    assert [row[2] for row in rows[1:]] == ["Bir", "=İki"]


def test_the_papers_lead_to_the_lists(curator, fair):
    page = curator.get(reverse("admin:exhibitions_exhibition_papers", args=[fair.pk]))
    assert f'href="{address(fair)}"' in page.content.decode()


def test_what_is_no_list_and_who_gets_none(client, curator, fair):
    assert curator.get(address(fair, "x")).status_code == 404
    client.force_login(make.user(Role.AUDITOR))
    assert client.get(address(fair)).status_code == 403


def test_three_works_ask_as_much_as_one(curator, fair):
    def queries(of):
        with CaptureQueriesContext(connection) as found:
            curator.get(address(of))
        return len(found)

    one = make.exhibition(works=[make.work()])
    queries(one)
    assert queries(fair) <= queries(one) + 1  # who made them, where anybody did
