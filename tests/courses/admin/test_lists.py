"""The lists of the courses app in the admin."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.courses.admin.pages import page

pytestmark = pytest.mark.django_db


def test_the_list_opens_on_the_current_year(manager):
    old = make.year(date(2022, 9, 12), name="2022-2023", end=date(2023, 6, 30))
    past = make.course(term=make.term(old), programme=make.programme("Eski Kurs"))
    make.course(programme=make.programme("Yeni Kurs"))
    now = manager.get(page("course_changelist")).content.decode()
    assert "Yeni Kurs" in now
    assert "Eski Kurs" not in now
    then = manager.get(page("course_changelist"), {"year": past.term.year_id}).content.decode()
    assert "Eski Kurs" in then
    assert "Yeni Kurs" not in then
    both = manager.get(page("course_changelist"), {"year": "all"}).content.decode()
    assert "Eski Kurs" in both
    assert "Yeni Kurs" in both


def test_names_are_sorted_in_turkish(manager):
    for name in ("Zeytin", "Çınar", "Cevizli", "İhsaniye", "Ihlamur", "Şirintepe", "Sapanca"):
        make.neighbourhood(name)
    rows = manager.get(page("neighbourhood_changelist")).context["cl"].result_list
    assert [row.name for row in rows] == [
        "Cevizli",
        "Çınar",
        "Ihlamur",
        "İhsaniye",
        "Sapanca",
        "Şirintepe",
        "Zeytin",
    ]
    rows = manager.get(page("neighbourhood_changelist"), {"o": "-0"}).context["cl"].result_list
    assert [row.name for row in rows][:2] == ["Zeytin", "Şirintepe"]


def test_the_filter_for_missing_rolls(manager):
    course, yesterday = make.course(), timezone.localdate() - timedelta(days=1)
    held = make.session(course, yesterday)
    make.session(course, timezone.localdate() + timedelta(days=1))
    rows = manager.get(page("session_changelist"), {"roll": "missing"}).context["cl"].result_list
    assert list(rows) == [held]
