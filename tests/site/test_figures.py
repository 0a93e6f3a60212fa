"""The year in figures: what is counted, what is kept back, the plots, tables and files."""

import csv
import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from courses.enums import CourseState
from courses.models import EducationYear
from exhibitions.enums import ExhibitionState
from exhibitions.models import Sale
from exhibitions.services import sell_work, undo_sale, withdraw_work
from izmek.site import figures
from izmek.templatetags import plots
from tests import factories as make
from tests.exhibitions.pages import graph, main, queries, read
from tests.site.test_pages_html import problems
from trainees.enums import EnrolmentState
from trainees.models import CountedYear
from trainees.services import recount

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOW = "2026-10-20T12:00:00+03:00"  # counted up to 30 September 2026
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def in_autumn():
    with time_machine.travel(NOW, tick=False):
        yield


def past_year(begin=2025):
    return make.year(date(begin, 9, 1), name=f"{begin}-{begin + 1}", end=date(begin + 1, 8, 31))


def course(name="Ebru", seats=0, of=None, begin=date(2025, 10, 6), done=None, **fields):
    """A course with so many people of its own; `done` of them completed it, the others were absent."""
    state = CourseState.RUNNING if done is None else CourseState.FINISHED
    programme = fields.pop("programme", None) or make.programme(name)
    made = make.course(
        state,
        programme=programme,
        term=make.term(of or past_year()),
        begin=begin,
        end=begin + 90 * DAY,
        **fields,
    )
    for place in range(seats):
        enrolment = make.enrolment(
            of=made,
            state=EnrolmentState.ENROLLED
            if done is None
            else EnrolmentState.COMPLETED
            if place < done
            else EnrolmentState.ABSENT,
        )
        enrolment.trainee.gender = "female"
        enrolment.trainee.save()
    return made


def told(name="2025-2026"):
    cache.clear()
    year = EducationYear.objects.get(name=name)
    return figures.figures_of(year, figures.counted_through())


def rows(of, key):
    """{name: count} of a table, None when it is kept back."""
    table = next((table for table in of.tables if table.key == key), None)
    return table and {row.label: row.count for row in table.rows}


def numbers(of):
    return {figure.key: figure.value for figure in of.headline}


# --- What is counted --------------------------------------------------------------------------


def test_the_year_in_large_numbers(client):
    ebru = course("Ebru", 10, done=9)
    course("Çini", 5, done=5)
    course("Olmadı", 9).__class__.objects.filter(programme__name="Olmadı").update(state="cancelled")
    make.session(ebru, date(2025, 10, 7), lesson_hours=4)
    make.session(ebru, date(2025, 10, 8), lesson_hours=3, state="cancelled")
    work = make.work(year=past_year())
    make.exhibition(works=[work], year=past_year(), begin=date(2026, 5, 2), end=date(2026, 5, 9))
    make.exhibition(year=past_year(), begin=date(2026, 5, 2), state=ExhibitionState.DRAFT)
    assert numbers(told()) == {
        "trainees": 15,
        "courses": 2,
        "centres": 2,
        "programmes": 2,
        "hours": 4,
        "places": 15,
        "works": 1,
        "exhibitions": 1,
    }  # no completion: one of fifteen was absent
    page = main(read(client, "/rakamlarla/"))
    assert re.search(r"<dt>kursiyer</dt><dd>15</dd>", page)


def test_completion_counts_those_who_stayed_to_the_end():
    course("Ebru", 40, done=35)
    course("Yeni", 10)
    assert numbers(told())["completion"] == 87.5
    assert next(row.text for row in told().headline if row.key == "completion") == "%87,5"
    assert rows(told(), "outcome") == {"Tamamladı": 35, "Tamamlamadı": 5, "Kursu sürüyor": 10}


def test_a_person_counts_once_and_a_seat_that_was_given_up_not_at_all():
    first, second = course("Ebru", 10), course("Çini")
    for enrolment in first.enrolments.all()[:5]:
        make.enrolment(enrolment.trainee, second)
    gone = make.enrolment(of=first)
    gone.state, gone.left_on = EnrolmentState.WITHDRAWN, date(2025, 11, 1)
    gone.save()
    assert (numbers(told())["trainees"], numbers(told())["places"]) == (10, 15)
    assert rows(told(), "programme") == {"Ebru": 10, "Çini": 5}
    assert rows(told(), "gender") == {"Kadın": 10, "Erkek": 0}


def test_a_running_year_moves_at_the_end_of_a_month_only(client):
    year = past_year(2026)
    running = course("Ebru", 9, of=year, begin=date(2026, 9, 21))
    make.enrolment(of=running, joined_on=date(2026, 10, 2))
    left = make.enrolment(of=running)
    left.state, left.left_on = EnrolmentState.REMOVED, date(2026, 10, 5)
    left.save()
    course("Ekim", 9, of=year, begin=date(2026, 10, 5))
    make.session(running, date(2026, 9, 22))
    make.session(running, date(2026, 10, 1))
    assert numbers(told(year.name)) == {
        "trainees": 10, "courses": 1, "centres": 1, "programmes": 1, "hours": 4, "places": 10,
    }  # fmt: skip
    assert "son sayım tarihi: 30 Eylül 2026" in main(read(client, "/rakamlarla/"))


def test_ages_on_the_first_day_of_the_year():
    first = course("Ebru", 5)  # all born in 1980
    for born in (date(2007, 9, 1), date(2007, 9, 2), date(1960, 9, 1)):
        for _ in range(5):
            make.enrolment(make.trainee(birth_date=born), first)
    assert {age: count for age, count in rows(told(), "age").items() if count} == {
        "18 yaşından küçük": 5, "18–24": 5, "45–54": 5, "65 yaş ve üstü": 5,
    }  # fmt: skip


def test_months_without_a_beginning_stand_between():
    course("Ebru", 10)
    course("Çini", 5, begin=date(2026, 1, 12))
    assert list(rows(told(), "month").items()) == [
        ("Ekim 2025", 10), ("Kasım 2025", 0), ("Aralık 2025", 0), ("Ocak 2026", 5),
    ]  # fmt: skip


# --- What is kept back ------------------------------------------------------------------------


@pytest.mark.sqlite
def test_small_groups_stand_together_with_their_names(client):
    for name, seats in (("Ahşap", 3), ("Bakır", 9), ("Ebru", 12), ("Çini", 2)):
        course(name, seats)
    # One course each, so they lie by name: every small one takes in the next, the pairs are one row.
    assert rows(told(), "programme") == {"Diğerleri (4)": 25}
    page = main(read(client, "/rakamlarla/"))
    assert ">Ahşap, Bakır, Çini, Ebru</th><td>25</td>" in page


def test_a_single_small_group_takes_one_along():
    for name, seats in (("Ahşap", 3), ("Bakır", 9), ("Ebru", 12)):
        course(name, seats)
    assert rows(told(), "programme") == {"Ebru": 10, "Ahşap, Bakır": 10}


def test_both_languages_put_the_same_groups_together():
    """Else the one page less the other would tell of the three: groups that differ by it."""
    for name, english, seats in (("Ahşap", "Wood", 3), ("Bakır", "Copper", 9), ("Ebru", "Art", 12)):
        course(programme=make.programme(name, name_en=english), seats=seats)
    assert rows(told(), "programme") == {"Ebru": 10, "Ahşap, Bakır": 10}
    with override("en"):
        assert rows(told(), "programme") == {"Art": 10, "Copper, Wood": 10}


HISTORY = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.booleans()), min_size=1, max_size=40
)


@pytest.mark.sqlite
@given(HISTORY)
def test_two_published_states_never_differ_by_fewer_than_five(changes):
    """People come and leave, one at a time; every state is published as a table would be."""
    counts, told = [3, 7, 12, 30], []
    for place, many, leave in changes:
        counts[place] = max(0, counts[place] + (-many if leave else many))
        cells = [figures.Cell(f"Mahalle {n}", count) for n, count in enumerate(counts)]
        table = figures._table("neighbourhood", "", "", cells, named=True)
        if table:
            told.append([table.total, *(row.count for row in table.rows)])
    numbers = sorted({number for state in told for number in state})
    assert all(other - one >= 5 for one, other in pairwise(numbers))


def test_one_who_came_between_two_months_is_in_no_difference(client):
    year = past_year(2026)
    course("Ebru", 57, of=year, begin=date(2026, 9, 7))
    states = []
    for month in (10, 11, 12):
        with time_machine.travel(f"2026-{month}-20T12:00:00+03:00", tick=False):
            cache.clear()
            states.append(client.get(f"/rakamlarla/veri.json?yil={year.name}").json())
            late = make.enrolment(
                make.trainee(gender="male", birth_date=date(1995, 5, 5)),
                year.terms.get().courses.get(),
                joined_on=date(2026, month, 2),
            )
    assert late.pk
    people = [
        number
        for state in states
        for number in (
            state["figures"]["trainees"],
            state["figures"]["places"],
            *(row["count"] for table in state["tables"].values() for row in table["rows"]),
            *(table["total"] for table in state["tables"].values()),
        )
    ]
    assert all(number % 5 == 0 for number in people)
    assert states[0]["rounded_to"] == 5


def test_what_is_larger_by_a_few_people_is_kept_back():
    """10 trainees beside 12 places would tell of two people; so the places are not told."""
    first, second = course("Ebru", 9), course("Çini")
    for enrolment in first.enrolments.all()[:2]:
        make.enrolment(enrolment.trainee, second)
    assert "places" not in numbers(told())
    assert told().places == []
    assert rows(told(), "gender")


def test_fewer_than_five_people_are_not_told_of(client):
    course("Ebru", 4)
    assert "trainees" not in numbers(told())
    assert told().tables == []
    page = main(read(client, "/rakamlarla/"))
    assert "<table" not in page
    assert "<dt>kurs</dt><dd>1</dd>" in page


# --- The page ---------------------------------------------------------------------------------


def test_nothing_to_count_yet(client):
    assert "Henüz sayılacak bir şey yok" in main(read(client, "/rakamlarla/"))
    assert "<svg" not in main(read(client, "/rakamlarla/"))
    assert client.get("/rakamlarla/veri.csv").status_code == 404


def test_the_latest_complete_year_unasked_and_the_others_by_name(client):
    course("Eski", 6, of=past_year(2024), begin=date(2024, 10, 7))
    course("Ebru", 7)
    course("Yeni", 8, of=past_year(2026), begin=date(2026, 9, 7))
    page = read(client, "/rakamlarla/")
    assert "<h1>Rakamlarla 2025-2026</h1>" in page
    assert re.findall(r'href="(/rakamlarla/\?yil=[^"]*)"', main(page)) == [
        "/rakamlarla/?yil=2026-2027", "/rakamlarla/?yil=2024-2025",
    ]  # fmt: skip
    old = read(client, "/rakamlarla/?yil=2024-2025")
    assert "<h1>Rakamlarla 2024-2025</h1>" in old
    assert 'rel="canonical" href="http://testserver/rakamlarla/?yil=2024-2025"' in old
    unknown = read(client, "/rakamlarla/?yil=1999-2000")
    assert "O yılın rakamları yok" in unknown
    assert "<h1>Rakamlarla 2025-2026</h1>" in unknown


@pytest.mark.sqlite
def test_every_plot_is_a_named_image_with_its_table(client):
    course("Ebru <b>", 10, done=5)
    course("Çini", 5, done=5)
    page = main(read(client, "/rakamlarla/"))
    plots = re.findall(r'<svg class="plot" role="img".*?</article>', page, re.S)
    assert len(plots) == len(told().tables) == 7
    for plot in plots:
        title, said = re.search(r'aria-labelledby="(\S+) (\S+)"', plot).groups()
        assert re.search(
            rf'<title id="{title}">[^<]+</title><desc id="{said}">[^<]+\.</desc>', plot
        )
        assert plot.count('<th scope="col">') == 3
        assert '<th scope="row"' in plot and "<details>" in plot and "<tfoot>" in plot
    assert "style=" not in page and "<b>" not in page
    assert 'width="78.00%"' in page and 'width="39.00%"' in page  # 10 and 5


@pytest.mark.sqlite
def test_a_plot_draws_the_largest_and_the_table_holds_all():
    cells = [figures.Cell(f"Kurs {n}", n, weight=1) for n in (2, 3, *range(5, 20))]
    many = figures._table("programme", "A", "A", cells, named=True)
    drawn = plots.bars(many)
    assert drawn.count("<rect") == plots.MOST_BARS
    assert "Kurs 19" in drawn and "Kurs 7<" not in drawn and "pooled" not in drawn
    assert plots.left_out(many) == len(many.rows) - plots.MOST_BARS > 0
    assert many.rows[-1].parts == ("Kurs 2", "Kurs 3", "Kurs 5")


@pytest.mark.sqlite
@pytest.mark.parametrize("address", ["/rakamlarla/", "/en/figures/?yil=2025-2026"])
def test_html_is_valid(client, address):
    course("Ebru", 30, done=20)
    course("Çini", 3)
    assert problems(read(client, address)) == []


@pytest.mark.sqlite
def test_numbers_are_written_as_in_turkish():
    year = past_year()
    many = figures._table("a", "A", "A", [figures.Cell("X", 35201), figures.Cell("Y", 5029)])
    assert [row.share for row in many.rows] == ["%87,5", "%12,5"]
    assert figures._figure("trainees", 35201).text == "35.201"
    assert year.name == "2025-2026"


@pytest.mark.sqlite
def test_english(client):
    ebru = make.programme("Ebru", name_en="Paper marbling")
    course(programme=ebru, seats=10)
    course("Kırkyama", 5)
    page = read(client, "/en/figures/")
    assert '<html lang="en">' in page and "2025-2026 in figures" in page
    assert '<th scope="row">Paper marbling</th>' in page
    assert '<th scope="row" lang="tr">Kırkyama</th>' in page
    assert "66.7%" in page


@pytest.mark.sqlite
def test_search_engines_learn_of_a_dataset(client):
    course("Ebru", 8)
    node = graph(read(client, "/rakamlarla/"))["Dataset"]
    assert node["temporalCoverage"] == "2025-09-01/2026-08-31"
    assert [one["encodingFormat"] for one in node["distribution"]] == [
        "text/csv", "application/json",
    ]  # fmt: skip
    for one in node["distribution"]:
        assert client.get(one["contentUrl"]).status_code == 200


def latest(begin=2025):
    through = figures.counted_through()
    return EducationYear.objects.get(name=f"{begin}-{begin + 1}"), through


def test_a_year_is_counted_once(django_assert_num_queries):
    course("Ebru", 10)
    year, through = latest()
    first = figures.figures_of(year, through)
    with django_assert_num_queries(6):  # the counts, three kinds of names, and works
        assert figures.figures_of(year, through) == first
    with django_assert_num_queries(1):
        assert figures.headline(year, through)[0].value == 10
    with time_machine.travel("2026-11-01T00:10:00+03:00", tick=False):  # over: nothing to count on
        assert figures.headline(year, figures.counted_through())[0].value == 10
        assert CountedYear.objects.get().through == year.end


def test_a_correction_in_a_past_year_arrives_with_the_night():
    ebru = course("Ebru", 10)
    assert numbers(told())["trainees"] == 10
    for _late in range(5):
        make.enrolment(of=ebru)
    assert numbers(told())["trainees"] == 10
    call_command("count_figures")
    assert numbers(told())["trainees"] == 15


# --- What works brought in ----------------------------------------------------------------------


def sells(count, fair=None, price=100, makers=None, day=date(2026, 5, 3)):
    """So many works sold at an exhibition of the year, each made by somebody else."""
    fair = fair or make.exhibition(year=past_year(), begin=date(2026, 5, 2), end=date(2026, 5, 9))
    for _work in range(count):
        work = make.work(
            makers=makers or [make.trainee()], year=past_year(), sale_status="for sale"
        )
        make.show(work, fair)
        sell_work(work=work, price=price, date=day, exhibition=fair, by=None)
    return fair


def test_what_works_brought_in_is_told_of_five_more_people_at_a_time(client):
    course("Ebru", 10)
    fair = sells(4)
    assert not {"sold", "earned"} & set(numbers(told()))
    sells(1, fair, price=Decimal("300.50"))
    call_command("count_figures")
    assert (numbers(told())["sold"], numbers(told())["earned"]) == (5, 700)  # half to the even one
    sells(3, fair, price=1000)
    sells(3, fair, price=1000, makers=[make.trainee()])  # whose income that is, one would know
    call_command("count_figures")
    assert numbers(told())["sold"] == 5
    page = main(read(client, "/rakamlarla/"))
    assert "<dt>satılan eser</dt><dd>5</dd>" in page
    sells(1, fair, price=1000)
    call_command("count_figures")
    assert (numbers(told())["sold"], numbers(told())["earned"]) == (12, 7700)
    file = json.loads(client.get("/rakamlarla/veri.json").content)
    assert (file["figures"]["earned"], file["units"]["earned"]) == (7700, "TRY")
    text = client.get("/rakamlarla/veri.csv").content.decode("utf-8-sig")
    assert ";12;" in text and ";7700;" in text


@pytest.mark.parametrize("over", [True, False])
def test_what_is_inserted_or_taken_back_shows_nobodys_income(over):
    """Whatever is changed and published, the sum stays until five new works by five people came."""
    course("Ebru", 10)
    through = date(2026, 9 if over else 5, 30)

    def shown():
        recount(year=past_year(), through=through)
        found = numbers(figures.figures_of(past_year(), through))
        return found.get("sold"), found.get("earned")

    fair = sells(5)
    first, *others = [sale.work for sale in Sale.objects.order_by("pk")]
    assert shown() == (5, 500)
    sells(1, fair, price=7000, day=date(2026, 5, 2))  # before all others
    assert shown() == (5, 500)
    undo_sale(work=first, by=None)
    assert shown() == (5, 500)
    for work in others:  # recorded anew, so that the seventh would make five
        undo_sale(work=work, by=None)
        sell_work(work=work, price=100, date=date(2026, 5, 4), exhibition=fair, by=None)
        assert shown() == (5, 500)
    sells(3, fair, price=1000)
    assert shown() == (5, 500)
    sells(1, fair, price=1000)
    assert shown() == (9, 400 + 7000 + 4000)


def test_a_sale_is_of_the_year_of_its_exhibition_or_else_of_its_day():
    of, before = past_year(), past_year(2024)
    fair = sells(1)
    late = make.work(year=of, sale_status="for sale")
    make.show(late, fair)
    sell_work(work=late, price=70, date=date(2026, 9, 4), exhibition=fair, by=None)
    away = make.work(year=before, sale_status="for sale")
    sell_work(work=away, price=50, date=date(2025, 9, 3), by=None)
    assert sorted(Sale.objects.of_year(of, of.end).values_list("price", flat=True)) == [50, 70, 100]
    during = Sale.objects.of_year(of, date(2026, 4, 30))
    assert [sale.price for sale in during] == [50]
    assert not Sale.objects.of_year(before, before.end)
    between = make.work(year=of, sale_status="for sale")
    sell_work(work=between, price=30, date=of.end + 40 * DAY, by=None)
    assert Sale.objects.of_year(of, of.end).filter(price=30).exists()


def test_without_a_timer_old_counts_are_counted_again_by_whoever_asks():
    ebru = course("Ebru", 10)
    assert numbers(told())["trainees"] == 10
    for _late in range(5):
        make.enrolment(of=ebru)
    with time_machine.travel("2026-10-23T12:00:00+03:00", tick=False):
        assert numbers(told())["trainees"] == 15


def test_a_running_year_is_counted_on_when_a_month_has_ended():
    running = course("Ebru", 10, of=past_year(2026), begin=date(2026, 9, 7))
    year, through = latest(2026)
    assert figures.headline(year, through)[0].value == 10
    for _late in range(5):
        make.enrolment(of=running, joined_on=date(2026, 10, 5))
    with time_machine.travel("2026-11-01T00:10:00+03:00", tick=False):
        year, through = latest(2026)
        assert figures.headline(year, through)[0].value == 15
        assert CountedYear.objects.get().through == through == date(2026, 10, 31)


def test_a_programme_that_was_deleted_since_is_not_named():
    course("Ebru", 10)
    gone = course("Olmadı")
    assert numbers(told())["programmes"] == 2
    gone.delete()
    gone.programme.delete()
    assert rows(told(), "programme") == {"Ebru": 10}


def test_a_new_name_and_a_withdrawn_work_count_at_once(client):
    ebru = course("Ebru", 8)
    work = make.work(year=past_year())
    make.exhibition(works=[work], year=past_year(), begin=date(2026, 5, 2), end=date(2026, 5, 9))
    page = main(read(client, "/rakamlarla/"))
    assert "Ebru" in page and "sergilenen eser" in page
    for row in (ebru.programme, ebru.centre, ebru.enrolments.first().trainee.neighbourhood):
        if row is not None:
            row.name = f"Yeni {row.pk} {row._meta.model_name}"
            row.save()
    withdraw_work(work=work, reason="İstek üzerine", by=None)
    page = main(read(client, "/rakamlarla/"))
    assert f"Yeni {ebru.programme.pk} programme" in page
    assert f"Yeni {ebru.centre.pk} coursecentre" in page
    assert "Ebru" not in page and "sergilenen eser" not in page


# --- The files --------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_csv_opens_in_a_turkish_spreadsheet(client):
    course("=1+1", 35, done=30)
    course("Çini", 5, done=5)
    answer = client.get("/rakamlarla/veri.csv?yil=2025-2026")
    assert answer["Content-Disposition"] == 'attachment; filename="izmek-2025-2026.csv"'
    assert answer.content.startswith("\ufeffEğitim yılı;Tablo;Satır;".encode())
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {len(line) for line in lines} == {5}
    assert ["2025-2026", "Yılın tümü", "kursunu tamamlayan", "", "87,5"] in lines
    assert ["2025-2026", "Programa göre", "'=1+1", "35", "87,5"] in lines
    assert ["2025-2026", "Programa göre", "Toplam", "40", "100,0"] in lines
    content = client.get("/rakamlarla/veri.json?yil=2025-2026").json()
    assert content["figures"]["completion"] == 87.5 and content["units"] == {
        "completion": "percent"
    }
    assert any("kaynak gösterilerek" in line[2] for line in lines)


@pytest.mark.sqlite
def test_json_says_the_same_and_the_terms(client, settings):
    settings.OPEN_DATA_TERMS = "CC BY 4.0"
    for name, seats in (("Ahşap", 3), ("Bakır", 9), ("Ebru", 12)):
        course(name, seats)
    content = json.loads(client.get("/rakamlarla/veri.json").content)
    assert content["terms"] == "CC BY 4.0"
    assert content["figures"]["trainees"] == content["tables"]["centre"]["total"] == 25
    assert content["tables"]["programme"]["rows"][-1] == {
        "name": "Ahşap, Bakır", "count": 10, "together": ["Ahşap", "Bakır"],
    }  # fmt: skip
    assert client.get("/rakamlarla/veri.json?yil=1999-2000").status_code == 404


def test_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    course("Ebru", 5)
    url = "/rakamlarla/?yil=2025-2026"
    first = queries(client, url, django_assert_max_num_queries, 12)
    for number in range(3):
        at = make.centre(neighbourhood=make.neighbourhood(f"Mahalle {number}"))
        made = course(f"Kurs {number}", 6, centre=at, begin=date(2025, 11 + number % 2, 3), done=5)
        make.session(made, date(2025, 12, 1))
        past_year(2020 + number)
        make.exhibition(works=[make.work(year=past_year())], year=past_year())
    assert queries(client, url, django_assert_max_num_queries, 12) == first
