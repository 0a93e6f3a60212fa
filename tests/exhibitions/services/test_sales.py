"""Sales of works: what may be recorded, what it changes, and that no other way contradicts it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from exhibitions import services
from exhibitions.enums import ExhibitionState, NameForm, SaleStatus, WorkState
from exhibitions.models import Sale
from izmek.acts.refusal import Refusal
from tests import factories as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def work():
    return make.work(sale_status=SaleStatus.TO_ORDER, price=900)


@pytest.fixture
def fair(work):
    return make.exhibition(works=[work])


def sell(work, price=750, **facts):
    return services.sell_work(work=work, price=Decimal(price), by=None, **facts)


def save(work, state):
    """Save the teacher's form with this state of sale."""
    work.refresh_from_db()
    work.sale_status = state
    services.save_work(work=work, makers=[("Sınıf", NameForm.FULL)], by=None)


def status(work):
    work.refresh_from_db()
    return work.sale_status


def test_a_sale_and_the_state_of_the_work_go_together_there_and_back(work, fair):
    boss = make.user("sergi-sorumlusu")
    sale = services.sell_work(work=work, price=Decimal(750), exhibition=fair, by=boss)
    assert (status(work), work.price, sale.date) == ("sold", 900, timezone.localdate())
    assert sell(work, exhibition=fair) == sale  # sent twice
    services.undo_sale(work=work, by=boss)
    assert status(work) == SaleStatus.TO_ORDER and not Sale.objects.exists()
    assert [row.history_type for row in Sale.history.order_by("history_id")] == ["+", "-"]
    assert {row.history_user for row in Sale.history.all()} == {boss}
    refused("state", services.undo_sale, work=work, by=None)


def test_what_cannot_be_true_is_refused_at_its_field(work, fair):
    other = make.exhibition()
    draft = make.exhibition(works=[work], state=ExhibitionState.DRAFT)
    for field, facts in (
        ("price", {"price": 0}),
        ("price", {"price": -5}),
        ("date", {"date": timezone.localdate() + DAY}),
        ("date", {"date": fair.begin - DAY, "exhibition": fair}),
        ("date", {"date": work.year.begin - DAY}),
        ("exhibition", {"exhibition": other}),
        ("exhibition", {"exhibition": draft}),
    ):
        with pytest.raises(Refusal) as refusal:
            sell(work, **facts)
        assert list(refusal.value.error_dict) == [field], facts
    assert status(work) == SaleStatus.TO_ORDER


def test_what_is_sold_not_for_sale_or_withdrawn_is_not_sold(work, fair):
    sell(work)
    assert "750 TL" in refused("state", sell, work=work, price=800)
    refused("not for sale", sell, work=make.work())
    away = make.work(sale_status="for sale", state=WorkState.WITHDRAWN)
    refused("state", sell, work=away)


def test_what_was_called_sold_before_sales_were_recorded_gets_its_sale():
    work = make.work(sale_status=SaleStatus.SOLD)
    sell(work)
    services.undo_sale(work=work, by=None)
    assert status(work) == SaleStatus.FOR_SALE


def test_the_teachers_form_neither_sells_nor_takes_back():
    work = make.work(course=make.course(), state=WorkState.DRAFT, sale_status="for sale")
    refused("sold", save, work=work, state="sold")
    sell(work)
    refused("sold", save, work=work, state="for sale")
    save(work, "sold")  # what else is typed there is saved
    assert status(work) == "sold"
