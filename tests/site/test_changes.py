"""Recent changes: who changed what on a day, within what the reader may see."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from izmek.acts.saving import save
from izmek.admin.versions import has_history, history_of
from tests import factories as make
from trainees.models import Guardian, Trainee

pytestmark = [pytest.mark.django_db, pytest.mark.both]
ADDRESS = "/yonetim/changes/"


@pytest.fixture
def manager(client):
    user = make.user("yonetici", first_name="Handan", last_name="Alkan")
    client.force_login(user)
    return user


def page(client, **asked):
    answer = client.get(ADDRESS, asked)
    assert answer.status_code == 200
    return answer


def rows(answer):
    """(table, name, what) of the changes on the page."""
    return [(c.table, c.name, c.version.what) for c in answer.context["changes"]]


def yesterday():
    for model in apps.get_models():
        if has_history(model):
            history_of(model).update(history_date=timezone.now() - timedelta(days=1))


def changed(who, by, **fields):
    for name, value in fields.items():
        setattr(who, name, value)
    save(who, by=by, reason="Telefonla söyledi")


def test_a_change_says_who_what_and_old_and_new(client, manager):
    ayse = make.trainee("Ayşe", "Ak", phone="+905551112233")
    changed(ayse, manager, phone="+905551112244")
    seen = page(client).content.decode()
    row = seen.partition("<tbody>")[2].partition("</tr>")[0]
    assert "Handan Alkan" in row and ">Ayşe Ak</a>" in row and "Telefonla söyledi" in row
    assert "<del>0555 111 22 33</del> → <ins>0555 111 22 44</ins>" in row
    assert reverse("admin:trainees_trainee_history", args=[ayse.pk]) in row


def test_what_happened_yesterday_is_two_clicks_away(client, manager):
    make.trainee("Ayşe", "Ak")
    yesterday()
    make.trainee("Fatma", "Öz")
    anywhere = client.get(reverse("admin:courses_course_changelist")).content.decode()
    assert f'href="{ADDRESS}"' in anywhere
    today = page(client)
    assert rows(today) == [("Kursiyer", "Fatma Öz", "eklendi")]
    day = timezone.localdate() - timedelta(days=1)
    address = f"?day={day.isoformat()}"
    assert f'href="{address}">Dün' in today.content.decode()
    assert rows(client.get(ADDRESS + address)) == [("Kursiyer", "Ayşe Ak", "eklendi")]
    assert f"{ADDRESS}{address}" in client.get("/yonetim/").content.decode()


def test_one_may_ask_for_a_person_or_a_table(client, manager):
    other = make.user("yonetici", first_name="Nurhan", last_name="Er")
    save(Trainee(first_name="Ayşe", last_name="Ak"), by=manager)
    save(Trainee(first_name="Fatma", last_name="Öz"), by=other)
    make.trainee("Can", "Ak")  # by the system
    make.neighbourhood("Ambarcı")

    def names(**asked):
        return {name for _table, name, _what in rows(page(client, **asked))}

    assert names(who=manager.pk) == {"Ayşe Ak"}
    assert names(who=0) == {"Can Ak", "Ambarcı"}
    assert names(who=0, table="courses.neighbourhood") == {"Ambarcı"}
    assert names(who=9**9) == set()
    assert "Nurhan Er (1)" in page(client).content.decode()


def test_a_day_of_many_changes_has_several_pages_and_no_row_twice(client, manager):
    for n in range(45):
        make.trainee(f"Ad{n}", "Ak")
        make.neighbourhood(f"Mahalle {n}")
    history_of(Trainee).update(history_date=timezone.now())  # all at one moment
    seen, address, pages = [], ADDRESS, 0
    while address:
        answer = client.get(address)
        seen += rows(answer)
        pages += 1
        address = answer.context["older"] and ADDRESS + answer.context["older"]
    assert pages == 3 and len(seen) == 90 == len(set(seen))


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "2026-11-27~1~1",
        "2026-11-27T10:00:00+03:00~1",
        "~~",
        "9" * 99,
        "0001-01-01T00:00:00+14:00~1~1",
        "9999-12-31T23:59:59-14:00~1~1",
    ],
)
def test_an_impossible_mark_is_the_first_page(client, manager, after):
    make.trainee("Ayşe", "Ak")
    assert len(rows(page(client, after=after))) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("asked", ["2026-13-45", "x", "0001-01-01", "9999-12-31", ""])
def test_an_impossible_day_is_today(client, manager, asked):
    assert page(client, day=asked).context["day"] == timezone.localdate()


@pytest.mark.sqlite
def test_a_day_without_changes_says_so(client, manager):
    assert "Bu gün bir değişiklik yapılmadı." in page(client).content.decode()


def test_what_was_deleted_is_named_and_has_no_link(client, manager):
    teacher = make.teacher("Hatice", "Demir")
    lesson = make.session(make.course(teacher=teacher))
    address = reverse("admin:courses_session_history", args=[lesson.pk])
    name = str(lesson)
    assert address in page(client).content.decode()
    lesson.delete()
    answer = page(client)
    assert ("Ders", name, "silindi") in rows(answer)
    assert address not in answer.content.decode()


def test_a_row_of_another_page_is_named_with_it(client, manager):
    child = make.minor("Elif", "Kaya")
    changed(child.guardians.get(), manager, phone="+905551112244")
    answer = page(client, table="trainees.guardian")
    assert rows(answer)[0][1] == "Ayla Kaya – Elif Kaya"
    assert reverse("admin:trainees_trainee_history", args=[child.pk]) in answer.content.decode()


# --- Who sees what ------------------------------------------------------------------------------


def test_an_officer_sees_the_changes_of_the_own_centre(client):
    mine, other = make.course(), make.course()
    for course, name in ((mine, "Ayşe"), (other, "Fatma")):
        make.enrolment(make.trainee(name, "Ak"), course)
    client.force_login(make.user("merkez-sorumlusu", centres=[mine.centre]))
    seen = page(client).content.decode()
    assert "Ayşe Ak" in seen and "Fatma" not in seen
    assert str(other.centre) not in seen
    assert "Fatma" not in page(client, table="trainees.enrolment").content.decode()


def test_a_curator_sees_no_trainees(client):
    make.trainee("Ayşe", "Ak")
    make.work("Karanfil")
    client.force_login(make.user("sergi-sorumlusu"))
    seen = page(client).content.decode()
    assert "Karanfil" in seen and "Ayşe" not in seen
    assert "Ayşe" not in page(client, table="trainees.trainee").content.decode()


def test_an_auditor_reads_masked_values(client):
    ayse = make.trainee("Ayşe", "Ak", phone="+905551112233", birth_date="1980-05-17")
    changed(ayse, None, phone="+905551112244", birth_date="1980-05-18", email="a@example.org")
    ayse.refresh_from_db()
    save(ayse, by=None, reason="Numarası 0555 111 22 44")
    guardian = Guardian.objects.create(trainee=ayse, name="Ayla", phone="+905551112255")
    changed(guardian, None, phone="+905551112266")
    client.force_login(make.user("denetci"))
    seen = page(client).content.decode()
    assert "Ayşe Ak" in seen and "*** ** 44" in seen and "**.**.1980" in seen
    for secret in ("111 22 44", "1112244", "1112266", "18.05", "18 May", "a@example"):
        assert secret not in seen


def test_a_teacher_and_a_stranger_see_nothing(client):
    assert client.get(ADDRESS).status_code == 302
    client.force_login(make.user("ogretmen"))
    assert client.get(ADDRESS).status_code == 403


def test_the_page_asks_as_often_for_forty_changes_as_for_one(client, manager):
    costs = []
    for n in (1, 39):
        for k in range(n):
            seat = make.enrolment(make.trainee(f"Ad{n}{k}", "Ak"), make.course())
            lesson = make.session(seat.course)
            changed(seat, manager, state="withdrawn", left_on=timezone.localdate())
            changed(lesson, manager, topic=f"Konu {n} {k}")
        asked = {"table": "trainees.enrolment"}
        client.get(ADDRESS, asked)
        with CaptureQueriesContext(connection) as queries:
            page(client, **asked)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12, costs
