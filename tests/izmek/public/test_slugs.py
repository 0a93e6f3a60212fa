"""Addresses of public pages that are made from names."""

from datetime import date

import pytest
from django.urls import reverse

from courses.models import CourseCentre
from exhibitions.models import Technique
from izmek.accounts.roles import Role
from tests import factories as make
from tests.forms import errors, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(make.user(Role.MANAGER))
    return client


def add(client, table, **fields):
    address = reverse(f"admin:{table}_add")
    return client.post(address, typed(client.get(address), **fields))


def change(client, row, **fields):
    address = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    return client.post(address, typed(client.get(address), **fields))


@pytest.mark.parametrize("names", [["Kece", "Kéçe", "Keçé"], ["خط", "刺繍", "🧶"]])
def test_techniques_of_one_spelling_have_an_address_each(manager, names):
    for name in names:
        assert add(manager, "exhibitions_technique", name=name).status_code == 302
    slugs = set(Technique.objects.filter(name__in=names).values_list("slug", flat=True))
    assert len(slugs) == 3 and "" not in slugs


def test_an_emptied_address_is_made_again(manager):
    row = Technique.objects.get(name="Keçe")
    assert change(manager, row, slug="").status_code == 302
    row.refresh_from_db()
    assert row.slug == "kece"
    centre = make.centre("خط")
    assert change(manager, centre, slug="").status_code == 302
    assert CourseCentre.objects.get(pk=centre.pk).slug == "coursecentre"


def test_nobody_takes_the_former_address_of_another_page(manager, client):
    first = make.exhibition("Bahar Sergisi", slug="", begin=date(2026, 5, 2), end=date(2026, 5, 9))
    old = first.get_absolute_url()
    assert first.slug == "bahar-sergisi-2026"
    assert change(manager, first, slug="el-emegi-2026").status_code == 302
    second = make.exhibition("Bahar Sergisi", slug="", begin=first.begin, end=first.end)
    assert second.slug == "bahar-sergisi-2026-2"
    answer = change(manager, second, slug="bahar-sergisi-2026")
    assert list(errors(answer)) == ["slug"]
    assert client.get(old)["Location"].endswith("/el-emegi-2026/")
    assert change(manager, first, slug="bahar-sergisi-2026").status_code == 302  # its own
    assert client.get(old).status_code == 200


@pytest.mark.parametrize("title", ["Sergi " * 26, "Sergi 2025", "S" * 150, "خط", "2026"])
def test_the_address_of_an_exhibition_ends_in_the_year(title):
    row = make.exhibition(title, slug="", begin=date(2026, 5, 2), end=date(2026, 5, 9))
    assert row.slug.endswith("-2026") and len(row.slug) <= 60
