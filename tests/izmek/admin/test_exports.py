"""Lists taken out as files: what they hold, for whom, and what is noted of it."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.admin import exports
from izmek.models import AccessLog, Job
from tests import factories as make
from tests.forms import shown
from tests.spreadsheets import content, lines, sheets
from trainees import services
from trainees.models import Application, Trainee

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PHONE = "+905551234567"


def address(table="trainees_trainee", **asked):
    return f"{reverse(f'admin:{table}_export')}?{urlencode(asked)}"


def export(client, table="trainees_trainee", form="csv", columns=None, asked=None, **more):
    """Take out a list with the columns that are chosen at first, or others."""
    page = client.get(address(table, **(asked or {})))
    if columns is None:
        columns = page.context["form"].initial["columns"]
    sent = {"columns": columns, "form": form, **more}
    return client.post(address(table, **(asked or {})), sent)


@pytest.fixture
def manager(client):
    client.force_login(make.user("yonetici"))
    return client


@pytest.fixture
def people():
    return [
        make.trainee("Çiğdem", "İnce", phone=PHONE, birth_date=date(1990, 5, 4)),
        make.trainee("Ayşe", "Çelik", neighbourhood=make.neighbourhood("Ambarcı")),
        make.trainee("=1+1", "Işık"),
    ]


def test_the_page_as_a_browser_sends_it_gives_the_file(manager, people):
    page = manager.get(address())
    assert len(lines(manager.post(address(), shown(page) | {"form": "csv"}))) == 4
    page = manager.get(address())
    assert shown(page)["form"] == "csv"  # as chosen the last time
    manager.post(address(), shown(page) | {"form": "xlsx"})  # chosen in another window meanwhile
    assert len(lines(manager.post(address(), shown(page)))) == 4


def test_a_list_goes_out_as_it_is_filtered_and_sorted(manager, people):
    whole = lines(export(manager))
    assert whole[0] == [
        "Soyadı",
        "Ad",
        "Doğum tarihi",
        "Mahalle",
        "Telefon",
        "Şimdiki kurslar",
        "Kayıt no",
    ]
    assert [row[0] for row in whole[1:]] == ["Çelik", "Işık", "İnce"]
    assert whole[3] == [
        "İnce",
        "Çiğdem",
        "04.05.1990",
        "",
        "0555 123 45 67",
        "0",
        str(people[0].pk),
    ]
    key = people[1].neighbourhood_id
    found = lines(export(manager, asked={"neighbourhood__id__exact": key}))
    assert [row[0] for row in found[1:]] == ["Çelik"]
    assert [row[0] for row in lines(export(manager, asked={"q": "cigdem"}))[1:]] == ["İnce"]
    assert [row[0] for row in lines(export(manager, asked={"o": "-0"}))[1:]] == [
        "İnce",
        "Işık",
        "Çelik",
    ]


def test_xlsx_holds_texts_dates_and_no_formula(manager, people):
    answer = export(manager, form="xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].startswith('attachment; filename="kursiyerler-')
    assert "no-store" in answer["Cache-Control"]
    rows = sheets(answer)["Kursiyerler"]
    assert rows[2][1] == "=1+1"
    assert rows[3][2] == date(1990, 5, 4) and rows[3][4] == "0555 123 45 67"


def test_what_was_chosen_is_remembered_for_that_list_alone(manager, people):
    found = lines(export(manager, columns=["first_name", "email"]))
    assert found[0] == ["Ad", "E-posta"]
    form = manager.get(address()).context["form"]
    assert form.initial == {"columns": ["first_name", "email"], "form": "csv"}
    assert manager.get(address("courses_course")).context["form"].initial["form"] == "xlsx"


def test_no_column_is_said_at_the_field_and_a_strange_one_refused(manager, people):
    page = export(manager, columns=[]).content.decode()
    assert "En az bir sütun seçin." in page
    assert export(manager, columns=["password"]).status_code == 200  # the form again
    assert not AccessLog.objects.exists()


def test_each_export_is_noted_with_filter_and_number(manager, people):
    export(manager, asked={"q": "cigdem", "age": "adult"})
    entry = AccessLog.objects.get()
    assert (entry.action, entry.object_id) == (Access.EXPORTED, "")
    assert entry.content_type.model_class() is Trainee
    assert entry.reason == "1 satır · “cigdem”, yaş: 18 yaş ve üstü"
    assert "telefon" in entry.fields
    assert manager.get(reverse("admin:izmek_accesslog_changelist")).status_code == 200


def test_an_officer_takes_out_her_own_people_alone(client):
    here, there = make.course(), make.course()
    known, unknown = make.trainee("Ayşe", "Çelik"), make.trainee("Gül", "Öz")
    make.enrolment(known, here)
    make.enrolment(unknown, there)
    client.force_login(make.user("merkez-sorumlusu", centres=[here.centre]))
    assert [row[0] for row in lines(export(client))[1:]] == ["Çelik"]
    assert [row[0] for row in lines(export(client, "trainees_enrolment"))[1:]] == ["Çelik"]


def test_who_does_not_see_a_list_takes_nothing_out(client):
    client.force_login(make.user("sergi-sorumlusu"))
    assert client.get(address()).status_code == 403
    assert client.post(address(), {"columns": ["phone"], "form": "csv"}).status_code == 403
    assert client.get(address("exhibitions_work")).status_code == 200


def registered(person, number="10000000146"):
    services.record_identity(trainee=person, kind="tckn", number=number, by=None)


def test_full_numbers_want_a_reason_and_each_look_is_noted(manager, people):
    registered(people[0])
    page = export(manager, columns=["last_name", "full_number"]).content.decode()
    assert "Gerekçesini yazın." in page and not AccessLog.objects.exclude(by=None).exists()
    found = lines(export(manager, columns=["last_name", "full_number"], reason="HEM istedi"))
    assert ["İnce", "10000000146"] in found and ["Işık", ""] in found
    look = AccessLog.objects.get(action=Access.IDENTITY_SEEN)
    assert (look.object_id, look.reason) == (str(people[0].pk), "HEM istedi")
    assert look.fields == "identity_number"
    exported = AccessLog.objects.get(action=Access.EXPORTED)
    assert exported.reason.startswith("HEM istedi · 3 satır")
    # they are chosen anew each time
    assert manager.get(address()).context["form"].initial["columns"] == ["last_name"]


def test_without_the_right_there_are_masked_numbers_only(client, people):
    registered(people[0])
    client.force_login(make.user("denetci"))
    offered = dict(client.get(address()).context["form"].fields["columns"].choices)
    assert "masked_number" in offered and "full_number" not in offered
    found = lines(export(client, columns=["masked_number"]))
    assert ["100******46"] in found
    assert export(client, columns=["full_number"], reason="x").status_code == 200
    assert not AccessLog.objects.filter(action=Access.IDENTITY_SEEN).exists()


@pytest.fixture
def secrets():
    """A row in most tables, with contact data that an auditor reads masked everywhere."""
    person = make.trainee("Ayşe", "Çelik", phone=PHONE, email="ayse@example.org")
    here = make.course(teacher=make.teacher(phone=PHONE, email="ayse@example.org"))
    registered(person)
    make.enrolment(person, here)
    facts = {"first_name": "Gül", "last_name": "Er", "phone": PHONE, "email": "ayse@example.org"}
    Application.objects.create(course=here, birth_year=1980, reference="ABCDEFGH", **facts)
    make.work(makers=[person], course=here)
    make.session(here)


def tables():
    """Every list of the admin."""
    return sorted(
        (admin.site.get_model_admin(model) for model in admin.site._registry),
        key=lambda found: found.opts.label,
    )


def test_an_auditor_reads_no_secret_in_any_list(client, secrets):
    client.force_login(make.user("denetci"))
    seen = []
    for model_admin in tables():
        table = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
        page = client.get(address(table))
        if page.status_code == 403:
            continue
        offered = [name for name, _label in page.context["form"].fields["columns"].choices]
        text = content(export(client, table, columns=offered)).decode("utf-8-sig")
        seen.append(text)
        for secret in ("555 123", "5551234567", "ayse@example.org", "10000000146"):
            assert secret not in text, (table, secret)
    assert "*** ** 67" in "".join(seen) and "a***@***" in "".join(seen)


def test_every_list_goes_out_for_a_manager(manager, secrets):
    for model_admin in tables():
        table = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
        found = lines(export(manager, table))
        assert len({len(row) for row in found}) == 1, table
        assert len(found[0]) == len(set(found[0])), (table, found[0])
        assert not any("<" in cell for row in found for cell in row), table


@pytest.mark.parametrize(
    "table", ["trainees_trainee", "trainees_enrolment", "courses_course", "exhibitions_work"]
)
def test_a_list_costs_the_same_queries_for_one_row_and_for_three(manager, table):
    def row():
        person = make.trainee("Ayşe", "Çelik")
        here = make.course()
        make.enrolment(person, here)
        make.work(makers=[person], course=here)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert len(lines(export(manager, table))) > 1
        return len(asked)

    row()
    queries()  # content types are read once
    one = queries()
    row()
    row()
    assert queries() == one


# --- Many rows ----------------------------------------------------------------------------------


@pytest.fixture
def many(monkeypatch, media):
    """Two rows are many."""
    monkeypatch.setattr(exports, "AT_ONCE", 2)


@pytest.fixture
def order(manager, django_capture_on_commit_callbacks):
    def ordered(**more):
        with django_capture_on_commit_callbacks(execute=True):
            return export(manager, **more)

    return ordered


def test_many_rows_are_ordered_followed_and_fetched(manager, order, people, many):
    answer = order(asked={"o": "-0"})
    page = manager.get(answer.url)
    assert "Hazır." in page.content.decode() and not AccessLog.objects.exists()
    file = manager.get(page.context["file"])
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert [row[0] for row in lines(file)[1:]] == ["İnce", "Işık", "Çelik"]
    entry = AccessLog.objects.get()
    assert (entry.reason, entry.object_id) == ("3 satır", "")
    assert entry.content_type.model_class() is Trainee


def test_the_file_of_somebody_else_is_not_there(manager, order, people, many, client):
    address_of_job = order().url
    client.force_login(make.user("yonetici"))
    assert client.get(address_of_job).status_code == 404


def test_who_has_another_role_meanwhile_does_not_get_the_file(manager, order, people, many):
    job = manager.get(order().url).context["job"]
    job.by.groups.clear()
    assert manager.get(reverse("admin:job_file", args=[job.pk])).status_code == 403


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_numbers_of_many_lie_encrypted_and_each_download_is_noted(
    manager, order, people, many, media, form
):
    registered(people[0])
    wanted = {"columns": ["last_name", "full_number"], "reason": "HEM istedi", "form": form}
    page = manager.get(order(**wanted).url)
    (stored,) = media.rglob("jobs/*")
    assert b"10000000146" not in stored.read_bytes()
    assert not stored.read_bytes().startswith(b"PK")  # an XLSX file can be opened by anybody
    read = lines if form == "csv" else lambda answer: sheets(answer)["Kursiyerler"]
    for time in (1, 2):
        assert ["İnce", "10000000146"] in read(manager.get(page.context["file"]))
        assert AccessLog.objects.filter(action=Access.EXPORTED).count() == time
    entry = AccessLog.objects.latest("pk")
    assert entry.reason == "HEM istedi · 3 satır" and "kimlik" in entry.fields


def test_a_list_that_cannot_be_built_any_more_is_noted_all_the_same(
    manager, order, people, many, monkeypatch
):
    page = manager.get(order().url)
    monkeypatch.setattr(exports, "_taken", None)  # such as after a filter has gone
    assert manager.get(page.context["file"]).status_code == 200
    assert AccessLog.objects.get().reason == "3 satır"


def test_an_officer_taken_off_a_centre_does_not_get_its_people(
    client, many, django_capture_on_commit_callbacks
):
    here, there = make.course(), make.course()
    for course in (here, there, there):
        make.enrolment(make.trainee("Gül", "Öz"), course)
    officer = make.user("merkez-sorumlusu", centres=[here.centre, there.centre])
    client.force_login(officer)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(export(client).url)
    assert len(lines(client.get(page.context["file"]))) == 4
    there.centre.officers.filter(user=officer).delete()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.get(page.context["file"])
    assert answer.status_code == 302 and AccessLog.objects.count() == 1
    anew = client.get(answer.url).context["file"]
    assert anew != page.context["file"] and len(lines(client.get(anew))) == 2


def test_a_course_moved_to_another_centre_takes_its_people_along(
    client, many, django_capture_on_commit_callbacks
):
    here = make.course()
    for _person in range(3):
        make.enrolment(make.trainee("Gül", "Öz"), here)
    client.force_login(make.user("merkez-sorumlusu", centres=[here.centre]))
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(export(client).url)
    type(here).objects.filter(pk=here.pk).update(centre=make.course().centre)
    assert client.get(page.context["file"]).status_code == 302
    assert not AccessLog.objects.exists()


def test_a_new_course_elsewhere_takes_no_file_away(manager, order, people, many):
    page = manager.get(order().url)
    make.course()
    assert manager.get(page.context["file"]).status_code == 200


def test_after_somebody_was_erased_the_file_is_made_anew(manager, order, people, many):
    page = manager.get(order().url)
    log_access(Access.ERASED, people[0], by=None)
    people[0].delete()
    answer = manager.get(page.context["file"])
    assert answer.status_code == 302 and Job.objects.count() == 1


def test_a_search_for_an_identity_number_is_refused(manager, people):
    answer = manager.get(address(q="10000000146"))
    assert answer.status_code == 302 and "10000000146" not in answer.url


def test_a_wrong_filter_leads_back_to_the_list(manager, people):
    assert manager.get(address(neighbourhood__id__exact="x")).status_code == 302


def test_the_list_leads_to_its_export_with_its_filter(manager, people):
    page = manager.get(reverse("admin:trainees_trainee_changelist"), {"age": "adult"})
    assert f'href="{address()}age=adult"' in page.content.decode()
