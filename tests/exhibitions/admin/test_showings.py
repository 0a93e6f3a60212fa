"""The order of the works of an exhibition in the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exhibitions import services
from exhibitions.models import Showing
from tests import factories as make
from tests.exhibitions.admin.desk import page
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def hung():
    """An exhibition with works A to D in this order, and their showings."""
    exhibition = make.exhibition(works=[make.work(title) for title in "ABCD"])
    return exhibition, {row.work.title: row for row in exhibition.showings.select_related("work")}


def order_of(exhibition):
    return "".join(
        exhibition.showings.order_by("order", "pk").values_list("work__title", flat=True)
    )


@pytest.mark.parametrize(
    ("moves", "order"),
    [
        ("B up", "BACD"),
        ("A up", "ABCD"),
        ("D down", "ABCD"),
        ("B down", "ACBD"),
        ("C first", "CABD"),
        ("A last", "BCDA"),
        ("D up, D up, A down, B first", "BDAC"),
        ("D first, C first, B first, A first, D first, C first, B first, A first", "ABCD"),
        ("A down, A down, A down, A up, A up, A up, D up", "ABDC"),
    ],
)
def test_buttons_move_a_work(curator, hung, moves, order):
    exhibition, rows = hung
    for step in moves.split(", "):
        title, move = step.split()
        answer = curator.post(page("exhibition_order", exhibition.pk), {move: rows[title].pk})
        assert answer["Location"].endswith(f"#{move}-{rows[title].pk}")
    assert order_of(exhibition) == order


def drop(client, exhibition, work, **where):
    data = {"work": work.pk} | {name: row.pk for name, row in where.items()}
    address = page("exhibition_order", exhibition.pk)
    return client.post(address, data, headers={"Accept": "application/json"})


def test_a_row_is_dropped_between_others(curator, hung):
    exhibition, rows = hung
    assert drop(curator, exhibition, rows["D"], before=rows["B"]).json() == {"place": 2}
    assert order_of(exhibition) == "ADBC"
    assert drop(curator, exhibition, rows["A"], after=rows["C"]).json() == {"place": 4}
    assert order_of(exhibition) == "DBCA"
    elsewhere = make.show(make.work(), make.exhibition())
    assert drop(curator, exhibition, elsewhere, before=rows["B"]).status_code == 404
    elsewhere.exhibition_id = exhibition.pk
    refused("gone", services.place_showing, showing=elsewhere, before=None, by=None)


@pytest.mark.parametrize("move", ["first", "up", "down", "last"])
def test_a_work_that_was_removed_meanwhile_is_not_moved(hung, move):
    exhibition, rows = hung
    Showing.objects.filter(pk=rows["C"].pk).delete()
    refused("gone", services.move_showing, showing=rows["C"], move=move, by=None)
    assert order_of(exhibition) == "ABD"


def test_a_drop_beside_a_row_that_was_removed_is_answered_in_a_sentence(curator, hung):
    exhibition, rows = hung
    gone = rows["C"]
    Showing.objects.filter(pk=gone.pk).delete()
    for dropped in ({"work": rows["A"], "before": gone}, {"work": gone, "before": rows["A"]}):
        answer = drop(curator, exhibition, dropped.pop("work"), **dropped)
        assert answer.status_code == 409
        assert "değişti" in answer.json()["problem"]
    told = curator.get(page("exhibition_order", exhibition.pk)).content.decode()
    assert "değişti" in told  # the script loads the page anew
    assert order_of(exhibition) == "ABD"
    plain = curator.post(page("exhibition_order", exhibition.pk), {"up": gone.pk}, follow=True)
    assert plain.status_code == 200 and "değişti" in plain.content.decode()


def test_one_move_writes_one_row_until_there_is_no_room(curator, hung):
    exhibition, rows = hung
    curator.post(page("exhibition_order", exhibition.pk), {"up": rows["D"].pk})
    changed = [row.order for row in exhibition.showings.order_by("pk")]
    assert changed == [10, 20, 30, 25]


def test_the_page_of_the_order_asks_the_same_for_each_work(curator):
    def asked(count):
        works = [make.work(makers=[make.trainee(last_name=f"S{n}")]) for n in range(count)]
        exhibition = make.exhibition(works=works)
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(page("exhibition_order", exhibition.pk)).status_code == 200
        return len(queries)

    asked(1)
    assert asked(1) == asked(3)
