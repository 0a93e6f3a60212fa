"""`destroy_expired`: what is over goes, the figures stay, and the log says what was done."""

import re
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, Teacher
from exhibitions.models import Enquiry
from exhibitions.services import answer_enquiry
from izmek.accounts.roles import Role
from izmek.models import DestructionLog, Letter, Override, User
from izmek.privacy import destruction
from izmek.privacy.terms import RESTRICTED
from izmek.public.areas import note_change
from tests import factories
from trainees.models import (
    Application,
    Enrolment,
    Guardian,
    Identity,
    OutsideList,
    OutsideRow,
    Trainee,
)
from trainees.services import counts_of, lift_restriction, recount, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BEGIN = date(2012, 9, 17)
LONG_AGO = timezone.now() - timedelta(days=365 * 12)


def run(**options):
    out = StringIO()
    call_command("destroy_expired", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def old_year():
    """An education year that is over for more than ten years, with people of several ages."""
    year = factories.year(BEGIN)
    term = factories.term(year)
    course = factories.course("finished", term=term, begin=BEGIN, end=date(2013, 5, 31))
    born = (date(1994, 9, 17), date(1994, 9, 18), date(1953, 1, 5), date(1988, 12, 31), None)
    for number, day in enumerate(born):
        her = factories.trainee(
            f"Ayşe{number}", birth_date=day, phone="+905551239876", gender="female"
        )
        her.neighbourhood = factories.neighbourhood()
        her.save()
        Guardian.objects.create(trainee=her, name="Fatma", relation="anne")
        factories.enrolment(her, course, state="completed")
    Trainee.objects.update(created_at=LONG_AGO)
    return year


def counts(year):
    found = counts_of(year=year, through=year.end)
    return found.people, found.places, found.totals


def published(client, year):
    """All that is published of a year, or reported: the page, the open data, the report."""
    recount(year=year, through=year.end)
    note_change()
    report = reverse("admin:annual_report_file", args=[year.pk])
    asked = (
        f"/rakamlarla/?yil={year}",
        f"/en/figures/?yil={year}",
        f"/rakamlarla/veri.csv?yil={year}",
        f"/rakamlarla/veri.json?yil={year}",
        f"{report}?form=csv",
    )
    answers = [client.get(address) for address in asked]
    assert {answer.status_code for answer in answers} == {200}
    return [b"".join(answer) for answer in answers]


@pytest.fixture
def two_at_once(monkeypatch):
    for key in ("people", "contact"):
        kind = replace(destruction._kinds[key], at_once=2)
        monkeypatch.setitem(destruction._kinds, key, kind)


def test_people_are_anonymised_and_the_published_figures_stay(client, old_year, two_at_once):
    client.force_login(factories.user("yonetici"))
    before, pages = counts(old_year), published(client, old_year)
    assert before[2]["trainees"] == 5
    run()
    assert {str(her) for her in Trainee.objects.all()} == {"Anonim"}
    assert not Trainee.objects.filter(anonymised_at=None).exists()
    assert not Guardian.objects.exists()
    assert published(client, old_year) == pages
    assert counts(old_year) == before


def test_counting_changes_nothing_and_a_second_run_finds_nothing(old_year):
    assert "5 people" in run(dry_run=True)
    assert Trainee.objects.filter(anonymised_at=None).count() == 5
    run()
    assert "Nothing is over." in run()


def test_the_log_says_what_went_and_nothing_of_anybody(old_year):
    run()
    entry = DestructionLog.objects.get(kind="people")
    assert entry.counts["trainees.Trainee"] == 5
    assert (entry.kept, entry.before.year) == ("10 yıl", timezone.localdate().year - 10)
    assert "Ayşe" not in str(list(DestructionLog.objects.values()))
    assert DestructionLog.objects.runs().count() >= 1


def test_who_waits_for_an_answer_or_exhibits_now_is_not_anonymised(old_year):
    asking, shown, *_others = Trainee.objects.order_by("pk")
    facts = {"kind": "privacy", "name": str(asking), "email": "a@example.org", "message": "?"}
    Enquiry.objects.create(trainee=asking, **facts)
    factories.exhibition(works=[factories.work(makers=[shown])])
    run()
    left = Trainee.objects.filter(anonymised_at=None)
    assert set(left.exclude(phone="").values_list("pk", flat=True)) == {asking.pk, shown.pk}
    assert Enquiry.objects.count() == 1


def test_what_somebody_wrote_goes_once_it_is_answered_and_one_time():
    """What is open hinders no run; the line in the register stays."""
    facts = {"name": "Ayla Kaya", "email": "a@example.org", "message": "?"}
    waits, answered = Enquiry.objects.create(**facts), Enquiry.objects.create(**facts)
    answer_enquiry(enquiry=answered, answer="Evet", by=None)
    Enquiry.objects.update(received_at=LONG_AGO)
    assert "destroyed: 1 exhibitions.Enquiry" in run()
    waits.refresh_from_db(), answered.refresh_from_db()
    assert (waits.name, answered.name, answered.message) == ("Ayla Kaya", "", "")
    assert answered.answered_at and not Enquiry.history.filter(id=answered.pk, name="Ayla Kaya")
    assert "Nothing is over." in run()


def test_an_account_goes_with_its_address_and_its_roles():
    user = factories.user(Role.OFFICER, first_name="Ayla", last_name="Kaya")
    user.emailaddress_set.create(email="ayla@example.org", verified=True)
    young = factories.user(Role.OFFICER)
    User.objects.update(date_joined=LONG_AGO, last_login=None, is_active=False)
    User.objects.filter(pk=young.pk).update(last_login=timezone.now())
    run()
    user.refresh_from_db(), young.refresh_from_db()
    assert (str(user), user.email, young.first_name == "Anonim") == ("Anonim", "", False)
    assert not user.emailaddress_set.exists() and not user.groups.exists()
    assert "Nothing is over." in run()


def test_contact_data_go_before_the_results(old_year, settings):
    settings.RESULTS_KEPT_YEARS = 30
    run()
    her = Trainee.objects.first()
    assert str(her).startswith("Ayşe")
    assert (her.phone, her.guardians.count()) == ("", 0)
    assert "Nothing is over." in run()


def test_an_application_without_a_seat_goes_one_with_a_seat_stays(old_year, settings):
    settings.RESULTS_KEPT_YEARS = settings.CONTACT_KEPT_YEARS = 30
    seat = Enrolment.objects.first()
    made = {
        name: Application.objects.create(
            course=seat.course,
            first_name=name,
            phone="+905551239876",
            birth_year=1990,
            reference=name,
            state="expired",
        )
        for name in ("Elif", "Selin")
    }
    Enrolment.objects.filter(pk=seat.pk).update(application=made["Selin"])
    run()
    assert list(Application.objects.values_list("first_name", flat=True)) == ["Selin"]
    assert not Application.history.filter(first_name="Elif").exists()


def test_what_is_young_stays():
    her = factories.enrolment().trainee
    Letter.objects.create(kind="enrolled", to="a@example.org", subject="x", text="x", state="sent")
    Enquiry.objects.create(name="Ayla", email="a@example.org", message="?")
    run()
    assert Letter.objects.count() == Enquiry.objects.count() == 1
    her.refresh_from_db()
    assert her.anonymised_at is None


def test_six_months_without_it_are_told(client):
    today = timezone.localdate()
    DestructionLog.objects.all().delete()
    old = timezone.now() - timedelta(days=200)
    DestructionLog.objects.create(begun_at=old, ended_at=old)
    assert DestructionLog.objects.due(today).exists()
    assert destruction.standing()[1] < today
    run()
    assert not DestructionLog.objects.due(today).exists()
    assert destruction.standing()[1] > today


def test_it_is_the_act_by_which_staff_erase_somebody(old_year):
    """Rows that no key leads to go as well, and whoever has something open waits."""
    gone, waits = Trainee.objects.order_by("pk")[:2]
    young = factories.course("running")
    Identity.objects.create(trainee=gone, kind="tc", number="10000000146", hash="a" * 64)
    OutsideRow.objects.create(
        list=OutsideList.objects.create(course=young), row=1, name="A", hash="a" * 64
    )
    set_aside = Override.objects.create(
        object=young, act="x", reason=f"{gone} was there", by=factories.user()
    )
    Enquiry.objects.create(name=str(waits), phone=waits.phone, message="?")  # linked to nobody
    said = run()
    assert not OutsideRow.objects.exists()
    set_aside.refresh_from_db()
    assert set_aside.reason == ""
    waits.refresh_from_db()
    assert waits.anonymised_at is None
    assert "left until what is open is done: 1 people" in said
    entry = DestructionLog.objects.get(kind="people")
    assert (entry.counts["left"], entry.counts["trainees.Trainee"]) == (1, 4)


def test_a_teacher_goes_who_has_neither_taught_nor_signed_in_for_long(old_year):
    old, young, signed_in = (
        factories.teacher(f"Zeynep{number}", user=factories.user(f"ogretmen{number}"))
        for number in range(3)
    )
    Course.objects.update(teacher=old)
    factories.course("finished", teacher=young)
    Teacher.history.update(history_date=LONG_AGO)
    User.objects.update(date_joined=LONG_AGO, last_login=None)
    User.objects.filter(pk=signed_in.user_id).update(last_login=timezone.now())
    account = old.user
    run()
    assert {str(one) for one in Teacher.objects.all()} >= {"Anonim", str(young), str(signed_in)}
    old.refresh_from_db(), account.refresh_from_db()
    assert (str(old), old.user, account.is_active) == ("Anonim", None, False)
    assert account.username == f"anonim-{account.pk}"
    assert "Nothing is over." in run()


# --- How a run goes -------------------------------------------------------------------------------


def break_at(monkeypatch, key, error):
    """Let destroying the `people` with this key raise the error."""
    kind = destruction._kinds["people"]

    def destroy(keys):
        counts = kind.destroy(keys)
        if key in keys:
            raise error
        return counts

    monkeypatch.setitem(destruction._kinds, "people", replace(kind, destroy=destroy))


def test_a_run_that_is_killed_goes_on_where_it_stopped(old_year, two_at_once, monkeypatch):
    keys = list(Trainee.objects.order_by("pk").values_list("pk", flat=True))
    DestructionLog.objects.all().delete()
    with monkeypatch.context() as patch:
        break_at(patch, keys[2], KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            run()
    anonymised = Trainee.objects.exclude(anonymised_at=None)
    assert set(anonymised.values_list("pk", flat=True)) == set(keys[:2])
    assert DestructionLog.objects.get(kind="people").counts["trainees.Trainee"] == 2
    assert not DestructionLog.objects.runs().exists()
    assert "3 people" in run()
    assert anonymised.count() == 5
    logged = DestructionLog.objects.filter(kind="people")
    assert [one.counts["trainees.Trainee"] for one in logged.order_by("pk")] == [2, 3]
    assert DestructionLog.objects.runs().count() == 1


def test_one_that_cannot_be_destroyed_keeps_no_other(old_year, monkeypatch, caplog):
    broken = Trainee.objects.order_by("pk")[1]
    DestructionLog.objects.all().delete()
    break_at(monkeypatch, broken.pk, ValueError)
    with pytest.raises(CommandError, match="1 rows could not be destroyed"):
        run()
    assert list(Trainee.objects.filter(anonymised_at=None)) == [broken]
    assert f"people {broken.pk} could not be destroyed" in caplog.text
    assert str(broken) not in caplog.text
    assert not DestructionLog.objects.runs().exists()  # the six months go on


def test_one_kind_alone_is_no_periodic_destruction(old_year):
    DestructionLog.objects.all().delete()
    assert "contact" not in run(only="people")
    assert not Trainee.objects.filter(anonymised_at=None).exists()
    assert not DestructionLog.objects.runs().exists()


def test_hundreds_cost_the_database_as_much_as_one(old_year):
    """A run of four people asks nothing more often than a run of one: each table once for all."""
    first = Trainee.objects.earliest("pk")
    for her in Trainee.objects.all():
        Identity.objects.create(trainee=her, kind="tckn", number="10000000146", hash=f"{her.pk}")
    Trainee.objects.exclude(pk=first.pk).update(created_at=timezone.now())
    asked = []
    for _people in (1, 4):
        with CaptureQueriesContext(connection) as queries:
            run(only="people")
        # A version of each guardian is written, and goes.
        told = [one["sql"] for one in queries if 'INTO "trainees_historicalg' not in one["sql"]]
        told = [re.sub(r'"_django_curs\w+"', "", sql) for sql in told if "SAVEPOINT" not in sql]
        asked.append([" ".join(sql.split()[:5]) for sql in told])
        Trainee.objects.update(created_at=LONG_AGO)
    assert not Trainee.objects.filter(anonymised_at=None).exists()
    assert asked[1] == asked[0]


def test_what_two_share_goes_when_both_go(old_year):
    """Of a batch nobody is somebody else: the phone of two sisters is nobody's afterwards."""
    Letter.objects.create(kind="x", to="a@example.org", subject="x", text="0555 123 98 76 aranacak")
    run()
    assert not Letter.objects.exists()


# --- Data that may be stored only -----------------------------------------------------------------


def test_nothing_goes_of_whose_data_are_stored_only(old_year):
    manager = factories.user("yonetici")
    kept = Trainee.objects.earliest("pk")
    seat = kept.enrolments.get()
    restrict(trainee=kept, reason="Mahkeme", by=manager)
    about = {
        "kind": "enrolled",
        "state": "sent",
        "to": "a@example.org",
        "subject": "x",
        "text": "x",
    }
    theirs, other = (Letter.objects.create(object=of, **about) for of in (seat, old_year))
    Letter.objects.update(created_at=LONG_AGO)
    assert "4 people" in run(dry_run=True)
    run()
    assert list(Trainee.objects.filter(anonymised_at=None)) == [kept]
    kept.refresh_from_db()
    assert kept.phone and kept.guardians.exists()
    assert list(Letter.objects.values_list("pk", flat=True)) == [theirs.pk] != [other.pk]
    lift_restriction(trainee=kept, reason="Karar", by=manager)
    run()
    assert not Trainee.objects.filter(anonymised_at=None).exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("address", ["/aydinlatma/", "/en/privacy/", "admin"])
def test_it_is_said_what_is_stored_only(client, address):
    client.force_login(factories.user("denetci"))
    page = client.get(reverse("admin:processing") if address == "admin" else address)
    assert str(RESTRICTED) in page.content.decode() or "stored only" in page.content.decode()
