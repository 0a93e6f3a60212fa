"""Lists of the admin: what a long one counts, sorts, finds and does."""

import pytest
from django.urls import reverse

from izmek.admin import lists
from tests import factories as make
from trainees.models import Trainee

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NAMES = ["Çelik", "Işık", "Cömert", "İnce", "Zorlu", "Çakır", "Ilgaz"]
IN_TURKISH = ["Cömert", "Çakır", "Çelik", "Ilgaz", "Işık", "İnce", "Zorlu"]


@pytest.fixture
def manager(client):
    client.force_login(make.user("yonetici"))
    for name in NAMES:
        make.trainee(last_name=name)
    return client


@pytest.fixture
def long(monkeypatch):
    """Three rows make a list long, and every table is large."""
    monkeypatch.setattr(lists, "LONG", 2)
    monkeypatch.setattr(lists, "LARGE", 0)
    monkeypatch.setattr(lists, "estimate", lambda rows: rows.order_by().count())
    monkeypatch.setattr("izmek.admin.base.ModelAdmin.list_per_page", 3)


def listed(client, table="trainees_trainee", **asked):
    answer = client.get(reverse(f"admin:{table}_changelist"), asked)
    assert answer.status_code == 200
    return answer, [str(row) for row in answer.context["cl"].result_list]


def last_names(client, **asked):
    return [name.split()[-1] for name in listed(client, **asked)[1]]


@pytest.mark.parametrize("is_long", [False, True])
def test_pages_follow_each_other_in_turkish_order(manager, request, is_long):
    if is_long:
        request.getfixturevalue("long")
    pages = listed(manager)[0].context["cl"].paginator.page_range
    assert [name for page in pages for name in last_names(manager, p=page)] == IN_TURKISH


def test_a_long_list_says_that_its_number_is_an_estimate(manager, long, monkeypatch):
    monkeypatch.setattr(lists, "estimate", lambda rows: 1_234_567)
    assert "yaklaşık 1.230.000 sonuç" in listed(manager)[0].content.decode()


def test_a_bad_estimate_neither_hides_nor_repeats_a_row(manager, long, monkeypatch):
    monkeypatch.setattr(lists, "LARGE", 10)
    monkeypatch.setattr(lists, "estimate", lambda rows: 1_000)
    answer, _names = listed(manager)
    assert "7 sonuç" in answer.content.decode()
    pages = answer.context["cl"].paginator.page_range
    assert [name for page in pages for name in last_names(manager, p=page)] == IN_TURKISH


def test_a_list_that_is_not_long_is_counted(manager):
    page = listed(manager)[0].content.decode()
    assert "7 sonuç" in page
    assert "yaklaşık" not in page


def test_what_no_index_serves_sorts_no_long_list_and_says_why(manager, long):
    columns = listed(manager)[0].context["cl"].list_display
    answer, _names = listed(manager, o=columns.index("neighbourhood"))
    assert "sıralanamayacak kadar uzun" in answer.content.decode()
    assert last_names(manager, o=columns.index("neighbourhood")) == IN_TURKISH[:3]


def test_what_is_computed_sorts_a_list(manager):
    often = Trainee.objects.get(last_name="Zorlu")
    for course in (make.course(state="running"), make.course(state="running")):
        make.enrolment(often, course)
    columns = listed(manager)[0].context["cl"].list_display
    assert last_names(manager, o=f"-{columns.index('courses_now')}")[0] == "Zorlu"
    columns = listed(manager, "trainees_enrolment")[0].context["cl"].list_display
    found = listed(manager, "trainees_enrolment", year="all", o=columns.index("absence"))[1]
    assert len(found) == 2


@pytest.mark.parametrize("is_long", [False, True])
def test_a_search_finds_the_same_rows(manager, request, is_long):
    seat = make.enrolment(make.trainee("Ayşe", "Keskin"), make.course())
    named = make.course(programme=make.programme("Keskin Uçlu Aletler"))
    other = make.enrolment(Trainee.objects.order_by("pk")[0], named)
    make.enrolment(Trainee.objects.order_by("pk")[1], make.course())
    if is_long:
        request.getfixturevalue("long")
    found = listed(manager, "trainees_enrolment", q="keskin")[1]
    assert sorted(found) == sorted(map(str, (seat, other)))
    assert listed(manager, "trainees_enrolment", q="ayse keskin")[1] == [str(seat)]
    assert listed(manager, "trainees_enrolment", q="keskin yoktur")[1] == []


@pytest.mark.parametrize("often", [20_000, 0])
def test_a_search_over_several_tables_finds_each_row_once(client, monkeypatch, often):
    monkeypatch.setattr("izmek.admin.search.MOST_KEYS", often)
    client.force_login(make.user("yonetici"))
    ayse, fatma = make.trainee("Ayşe", "Keskin"), make.trainee("Fatma", "Keskin")
    both = make.work("Keskin Mavi", makers=[ayse, fatma])
    by_name, named = make.work("Sarı", makers=[ayse]), make.work("Keskin Örtü")
    make.work("Yeşil")

    def works(text):
        return sorted(listed(client, "exhibitions_work", year="all", q=text)[1])

    assert works("keskin") == sorted(map(str, (by_name, both, named)))
    assert works("keskin mavi") == [str(both)]
    assert works("ayse sari") == [str(by_name)]
    assert works("yoktur") == []


def test_who_is_typed_in_is_seen_by_officers_until_somebody_has_them(client):
    client.force_login(make.user("merkez-sorumlusu", centres=[make.centre()]))
    person = make.trainee("Ayşe", "Keskin")
    assert listed(client)[1] == ["Ayşe Keskin"]
    make.enrolment(person, make.course())
    assert listed(client)[1] == []
    person.save()  # an old form, which still thinks that nobody has them
    assert listed(client)[1] == []
