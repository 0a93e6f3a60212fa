"""Two desks sell the same work at once, on PostgreSQL with real threads."""

from functools import partial

import pytest
from django.db import IntegrityError

from exhibitions import services
from exhibitions.models import Sale
from izmek.acts.refusal import Refusal
from tests import factories as make
from tests.races.together import Meeting, at_once, before_saving, without_locks

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def race():
    work = make.work(sale_status="for sale", price=900)
    sell = partial(services.sell_work, work=work, by=None)
    with before_saving(Sale, call=Meeting()):
        return at_once(partial(sell, price=800), partial(sell, price=850))


def test_without_the_lock_one_would_break(monkeypatch):
    without_locks(monkeypatch)
    assert any(isinstance(one, IntegrityError) for one in race())


def test_one_sells_and_the_other_is_told():
    results = race()
    assert sorted(type(one).__name__ for one in results) == ["Refusal", "Sale"]
    refusal = next(one for one in results if isinstance(one, Refusal))
    assert refusal.reason == "state" and Sale.objects.count() == 1
