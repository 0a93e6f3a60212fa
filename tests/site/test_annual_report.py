"""The year's statistics for the annual report: exact, for those who write it."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from courses.enums import CourseState
from courses.models import EducationYear
from exhibitions.services import sell_work
from izmek.accounts.roles import Role
from izmek.models import AccessLog
from izmek.site.figures import counted_through, told_sales
from tests import factories as make
from tests.spreadsheets import lines, sheets
from trainees.enums import EnrolmentState
from trainees.services import counts_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def in_autumn():
    with time_machine.travel("2026-10-20T12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def year():
    """A year with two people, too few for any public page."""
    of = make.year(date(2025, 9, 1), name="2025-2026", end=date(2026, 8, 31))
    course = make.course(
        CourseState.FINISHED,
        programme=make.programme("Ebru"),
        centre=make.centre("Akmeşe Kurs Merkezi"),
        term=make.term(of),
        begin=date(2025, 10, 6),
        end=date(2025, 12, 20),
    )
    for gender, state in (("female", EnrolmentState.COMPLETED), ("male", EnrolmentState.ABSENT)):
        make.enrolment(make.trainee(gender=gender), course, state=state)
    return of


def file(year):
    return reverse("admin:annual_report_file", args=[year.pk])


def test_the_numbers_are_exact_and_nothing_is_hidden(client, year):
    client.force_login(make.user(Role.MANAGER))
    found = sheets(client.get(file(year)))
    assert dict(row[:2] for row in found["Özet"])["Kursiyer (her kişi bir kez)"] == 2
    assert found["Kadın ve erkek"][1][:2] == ["Kadın", 1]
    assert ["Ebru", 1, 2, 2, 1, 1] in found["Programa göre"]
    assert ["Ekim 2025", 1, 2, 2, 1, 1] in next(
        rows for name, rows in found.items() if name.startswith("Başlangıç")
    )
    entry = AccessLog.objects.get()
    assert entry.object == EducationYear.objects.get() and "2025-2026" in entry.reason
    text = lines(client.get(file(year), {"form": "csv"}))
    assert ["Ebru", "1", "2", "2", "1", "1"] in text


def test_sales_are_told_by_the_rule_of_the_public_page(client, year):
    client.force_login(make.user(Role.MANAGER))

    def told():
        call_command("count_figures")
        found = sheets(client.get(file(year)))
        assert not any("850" in str(cell) for row in found["Sergiler"] for cell in row)
        summary = dict(row[:2] for row in found["Özet"])
        totals = counts_of(year=year, through=counted_through()).totals
        found = (summary["Satılan eser"], summary["Eser satış bedelleri (TL)"])
        assert found == told_sales(totals) or told_sales(totals) == (None, None)
        return found

    def sell():
        work = make.work(makers=[make.trainee()], year=year, sale_status="for sale")
        sell_work(work=work, price=Decimal("850.50"), date=date(2026, 5, 2), by=None)

    for _work in range(4):
        sell()
    assert told() == ("açıklanamayacak kadar az",) * 2
    sell()
    assert told() == (5, 4252)
    sell()
    assert told() == (5, 4252)


def test_the_page_leads_to_each_year(client, year):
    client.force_login(make.user(Role.AUDITOR))
    assert file(year) in client.get(reverse("admin:annual_report")).content.decode()
    assert client.get(file(year)).status_code == 200


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CURATOR, Role.TEACHER])
def test_others_get_neither(client, year, role):
    client.force_login(make.user(role))
    assert client.get(file(year)).status_code == 403
    assert client.get(reverse("admin:annual_report")).status_code == 403


def test_a_year_without_courses_has_no_file(client, year):
    client.force_login(make.user(Role.MANAGER))
    empty = make.year(date(2020, 9, 1), name="2020-2021", end=date(2021, 8, 31))
    assert client.get(file(empty)).status_code == 404
