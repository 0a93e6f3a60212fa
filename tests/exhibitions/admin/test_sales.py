"""Selling from the desk of an exhibition: two taps there, two taps back, and the day sheet."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from exhibitions import services
from exhibitions.admin import sales
from exhibitions.models import Sale, Work
from izmek.accounts.roles import Role
from izmek.models import AccessLog
from tests import factories as make
from tests.exhibitions.admin.pages import page, work_data
from tests.exhibitions.pages import graph, read
from tests.forms import shown, typed
from tests.pdfs import assert_accessible, whole
from tests.spreadsheets import lines
from trainees.enums import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre("Akmeşe Kurs Merkezi")


@pytest.fixture
def work(centre):
    maker = make.trainee("Şule", "Kırkpınarlı")
    make.consent(maker, Purpose.NAME_LABEL)
    return make.work("Lale oyası", [maker], centre=centre, sale_status="for sale", price=1250)


@pytest.fixture
def fair(work, centre):
    made = make.exhibition("Büyük Sergi", [work, make.work("Satılık olmayan")])
    made.centres.add(centre)
    return made


def tab(fair):
    return reverse("admin:exhibitions_exhibition_sales", args=[fair.pk])


def sell(client, fair, work, **values):
    """The two taps: the button of the tab, then the form as it stands; returns its answer."""
    address = f"{page('work_act', work.pk, 'sell')}?tab=sales&exhibition={fair.pk}"
    assert address.replace("&", "&amp;") in read(client, tab(fair))
    return client.post(address, typed(client.get(address), **values))


def test_two_taps_sell_and_two_take_it_back(curator, fair, work):
    def cards():
        return [read(curator, at) for at in (fair.get_absolute_url(), reverse("works"))]

    assert not any("Satıldı" in page for page in cards())
    answer = sell(curator, fair, work)
    assert answer["Location"] == tab(fair)
    sale = Sale.objects.get()
    assert (sale.price, sale.date, sale.exhibition) == (1250, timezone.localdate(), fair)
    assert sale.paid_to == "maker"
    public = read(curator, work.get_absolute_url())
    assert all(">Satıldı</span>" in page for page in (public, *cards()))
    assert "1.250" not in public and "offers" not in graph(public)["VisualArtwork"]
    desk = read(curator, tab(fair))
    assert "1.250 TL" in desk and "Satışı geri al" in desk
    back = f"{page('work_act', work.pk, 'undo_sale')}?tab=sales&exhibition={fair.pk}"
    assert curator.post(back, shown(curator.get(back)))["Location"] == tab(fair)
    assert not Sale.objects.exists()
    assert ">Satılık</span>" in read(curator, work.get_absolute_url())
    assert not any("Satıldı" in page for page in cards())
    assert "satış" in read(curator, page("work_history", work.pk)).lower()


def test_a_work_is_found_by_number_or_title_and_the_act_leads_back_to_the_search(
    curator, fair, work, monkeypatch
):
    monkeypatch.setattr(sales, "ROWS", 1)
    other = make.work("Çini tabak", sale_status="for sale")
    make.show(other, fair)
    assert "Çini" not in read(curator, tab(fair)) and "Çini" in read(curator, f"{tab(fair)}?p=2")
    for asked in ("LALE", str(work.number)):
        page_found = read(curator, f"{tab(fair)}?q={asked}")
        assert "Lale oyası" in page_found and "Çini" not in page_found
    assert "Böyle bir eser" in read(curator, f"{tab(fair)}?q=yok")
    assert "10000000146" not in read(curator, f"{tab(fair)}?q=10000000146")
    many = "+".join(map(chr, range(0x4E00, 0x5200)))
    assert "Böyle bir eser" in read(curator, f"{tab(fair)}?q={many}")
    address = f"{page('work_act', other.pk, 'sell')}?tab=sales&exhibition={fair.pk}"
    for kept in ("q=%C3%A7ini", "p=2"):
        found = read(curator, f"{tab(fair)}?{kept}")
        assert f"{address}&{kept}".replace("&", "&amp;") in found
    answer = curator.post(f"{address}&q=%C3%A7ini", typed(curator.get(address), price="90"))
    assert answer["Location"] == f"{tab(fair)}?q=%C3%A7ini"
    assert "Satışı geri al" in read(curator, answer["Location"])


def test_bad_input_stays_at_its_field(curator, fair, work):
    for field, value in (("price", "-5"), ("price", "bin"), ("price", "0"), ("date", "01.01.2200")):
        answer = sell(curator, fair, work, **{field: value})
        assert list(answer.context["form"].errors) == [field]
        assert f'value="{value}"' in answer.content.decode()
    assert not Sale.objects.exists()
    sell(curator, fair, work, price="1.100,50", paid_to="centre")
    assert Sale.objects.get().price == Decimal("1100.50")


def test_an_officer_sells_what_is_of_her_centre_and_an_auditor_looks(client, fair, work, centre):
    client.force_login(make.user(Role.OFFICER, centres=[centre]))
    sell(client, fair, work)
    client.force_login(make.user(Role.OFFICER, centres=[make.centre()]))
    assert client.get(page("work_act", work.pk, "undo_sale")).status_code == 404
    client.force_login(make.user(Role.AUDITOR))
    assert "undo_sale" not in read(client, tab(fair))
    assert client.get(page("work_act", work.pk, "undo_sale")).status_code == 403
    assert "Lale oyası" in read(client, reverse("admin:exhibitions_sale_changelist"))


def test_the_page_of_the_work_neither_sells_nor_contradicts_a_sale(curator, fair, work):
    address = page("work_change", work.pk)
    assert 'value="sold"' not in read(curator, address)
    answer = curator.post(address, typed(curator.get(address), sale_status="sold"))
    assert "sale_status" in answer.context["adminform"].form.errors
    services.sell_work(work=work, price=Decimal(900), exhibition=fair, by=None)
    answer = curator.post(address, typed(curator.get(address), sale_status="reserved"))
    assert "satışı geri alın" in answer.content.decode()
    version = work.history.order_by("history_id").first()
    curator.post(reverse("admin:exhibitions_work_restore", args=[work.pk, version.pk]))
    assert Work.objects.get(pk=work.pk).sale_status == "sold"
    new = work_data(curator, sale_status="sold")
    assert "sale_status" in curator.post(page("work_add"), new).context["adminform"].form.errors


# --- The day sheet ------------------------------------------------------------------------------


def sheet(fair, kind="paper"):
    return reverse(f"admin:exhibitions_exhibition_{kind}", args=[fair.pk, "satis-cizelgesi"])


def test_the_day_sheet_sums_each_day_with_names_as_people_consent(curator, fair, work):
    today = timezone.localdate()
    other = make.work("Çini 🌷 tabak " + "uzunsözcük" * 6, sale_status="for sale", makers=["زهرة"])
    make.show(other, fair)
    services.sell_work(work=work, price=Decimal("1100.50"), exhibition=fair, by=None)
    services.sell_work(
        work=other,
        price=Decimal(400),
        exhibition=fair,
        date=today - timedelta(days=1),
        paid_to="centre",
        by=None,
    )
    pdf = curator.get(sheet(fair)).content
    assert_accessible(pdf, title="Büyük Sergi")
    text = whole(pdf).replace("\u00a0", " ")
    for said in ("1.100,50 TL", "400 TL", "1.500,50 TL", "Şule Kırkpınarlı", "1 / 1"):
        assert said in text
    assert text.index("Çini") < text.index("Lale oyası")
    one = whole(curator.get(sheet(fair), {"gun": today.isoformat()}).content)
    assert "Lale oyası" in one and "Çini" not in one
    rows = lines(curator.get(sheet(fair, "sheet"), {"gun": today.isoformat(), "form": "csv"}))
    assert [row[3:7] for row in rows[1:]] == [
        ["Lale oyası", "Şule Kırkpınarlı", "Akmeşe Kurs Merkezi", "1100,50"]
    ]
    assert AccessLog.objects.filter(object_id=str(fair.pk)).count() == 3
    assert curator.get(sheet(fair), {"gun": "dün"}).status_code == 404


def test_what_was_sold_stays_on_the_day_sheet_when_it_no_longer_hangs_there(curator, fair, work):
    other = make.work("Çini tabak", sale_status="for sale", makers=["Çini Grubu"])
    make.show(other, fair)
    for one, price in ((work, 500), (other, 250)):
        services.sell_work(work=one, price=Decimal(price), exhibition=fair, by=None)
    services.withdraw_work(work=work, reason="Geri istendi", by=None)
    fair.showings.get(work=other).delete()
    rows = lines(curator.get(sheet(fair, "sheet"), {"form": "csv"}))
    assert [[*row[3:5], row[6]] for row in rows[1:]] == [
        ["Lale oyası", "Şule Kırkpınarlı", "500,00"],
        ["Çini tabak", "Çini Grubu", "250,00"],
    ]
    text = whole(curator.get(sheet(fair)).content).replace("\u00a0", " ")
    assert "Lale oyası" in text and "750 TL" in text


def test_before_the_first_sale_the_day_sheet_is_empty_and_names_nobody(curator, fair):
    text = whole(curator.get(sheet(fair)).content)
    assert "Günlük satış çizelgesi" in text and "Kırkpınarlı" not in text
    assert not AccessLog.objects.exists()
