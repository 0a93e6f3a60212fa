"""Several visitors who ask for figures that have to be counted, on PostgreSQL with real threads."""

from functools import partial

import pytest

from tests import factories as make
from tests.races.together import Crowd, Meeting
from trainees.models import CountedYear
from trainees.services import counts_of, figures

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def year():
    return make.enrolment().course.term.year


@pytest.fixture
def counting(monkeypatch):
    """The years counted so far; whoever counts waits for a second one to come as well."""
    counted, meeting, real = [], Meeting(), figures._count

    def count(year, day, before):
        counted.append(day)
        meeting()
        return real(year, day, before)

    monkeypatch.setattr(figures, "_count", count)
    return counted


def ask(year, times=3):
    with Crowd(times) as crowd:
        return crowd.at_once(*[partial(counts_of, year=year, through=year.end)] * times)


def test_the_first_counts_for_all(year, counting):
    assert len({found.pk for found in ask(year)}) == 1
    assert counting == [year.end]


def test_who_asks_while_somebody_counts_again_is_given_what_there_is(year, counting):
    counts_of(year=year, through=year.end)
    CountedYear.objects.update(through=year.begin)
    assert {found.through for found in ask(year)} == {year.begin, year.end}
    assert counting == [year.end] * 2
