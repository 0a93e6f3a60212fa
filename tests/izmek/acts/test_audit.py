"""The access log only grows, and its seals tell what was done to it behind the program's back."""

import io
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.acts import append_only, audit, seals
from izmek.acts.append_only import AppendOnly, opened
from izmek.acts.enums import Access, SealedDay
from izmek.models import AccessLog, AccessSeal
from tests import factories as make
from trainees.models import Trainee

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def outside(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(seals, "SEALED_AFTER", timedelta(0))  # whatever the hour of the test
    settings.ACCESS_LOG_HEADS = str(tmp_path / "seals")
    return Path(settings.ACCESS_LOG_HEADS) / "heads.txt"


def entry(days_ago, reason="Telefonla sordu", **facts):
    at = timezone.now() - timedelta(days=days_ago)
    return AccessLog.objects.create(
        action=Access.IDENTITY_SEEN, at=at, reason=reason, fields="identity_number", **facts
    )


@pytest.fixture
def three_days():
    """Entries of three days that are over, and of today; sealed."""
    rows = [entry(days) for days in (4, 4, 3, 2, 2, 2, 0)]
    call_command("seal_access_log", stdout=io.StringIO())
    return rows


def behind_the_back(sql, *values, purpose="destroy"):
    """What somebody with all rights on the database can do: the triggers are no hindrance to them."""
    with opened(purpose), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def test_nothing_changes_or_deletes_an_entry():
    row = entry(1)
    row.reason = "anders"
    for change in (
        row.save,
        row.delete,
        AccessLog.objects.all().delete,
        lambda: AccessLog.objects.update(reason=""),
        lambda: AccessLog.objects.bulk_update([row], ["reason"]),
    ):
        with pytest.raises(AppendOnly):
            change()
    past_python = QuerySet(AccessLog)
    for change in (past_python.delete, lambda: past_python.update(reason="anders")):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()
    assert AccessLog.objects.get().reason == "Telefonla sordu"


@pytest.mark.postgres
def test_no_purpose_lets_more_through_than_it_needs():
    row = entry(1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE is refused for that
    for purpose, sql in (
        ("", "TRUNCATE izmek_accesslog"),
        ("forget", "DELETE FROM izmek_accesslog"),
        ("destroy", "UPDATE izmek_accesslog SET reason = ''"),
        ("forget", "UPDATE izmek_accesslog SET reason = 'anders'"),
        ("forget", "UPDATE izmek_accesslog SET by_id = 1, digest = repeat('0', 64)"),
    ):
        with pytest.raises(DatabaseError, match="only grows"), opened(purpose):
            connection.cursor().execute(sql)
    assert AccessLog.objects.get() == row


def test_the_seals_lie_outside_and_hold(three_days, outside):
    days = [line.split()[:2] for line in outside.read_text().splitlines()]
    assert [count for _day, count in days] == ["2", "1", "3", "0"]
    assert days[-1][0] == str(TODAY() - timedelta(days=1))
    assert seals.what_is_wrong() == []
    call_command("seal_access_log", stdout=io.StringIO())
    assert len(outside.read_text().splitlines()) == 4


def test_a_removed_and_a_changed_entry_show_with_their_day(three_days):
    behind_the_back("DELETE FROM izmek_accesslog WHERE id = %s", three_days[4].pk)
    (wrong,) = seals.what_is_wrong()
    assert wrong == f"{TODAY() - timedelta(days=2)}: 2 entries, and 3 were sealed"
    sql = "UPDATE izmek_accesslog SET reason = 'anders' WHERE id = %s"
    behind_the_back(sql, three_days[2].pk, purpose="forget")
    assert f"{TODAY() - timedelta(days=3)}: an entry was changed since it was sealed" in (
        seals.what_is_wrong()
    )


def test_whoever_seals_the_changed_log_anew_in_the_database_is_told_by_the_file(three_days):
    behind_the_back("DELETE FROM izmek_accesslog WHERE id = %s", three_days[0].pk)
    AccessSeal.objects.all().delete()
    call_command("seal_access_log", stdout=io.StringIO())
    wrong = seals.what_is_wrong()
    day = TODAY() - timedelta(days=4)
    assert f"{day}: its seal in the database is another than outside" in wrong
    assert f"{day}: 1 entries, and 2 were sealed" in wrong


def test_an_entry_before_the_first_seal_and_one_too_many_show(three_days):
    entry(9)
    entry(3)
    wrong = seals.what_is_wrong()
    assert f"{TODAY() - timedelta(days=3)}: 2 entries, and 1 were sealed" in wrong
    assert "1 entries are older than the first sealed day" in wrong


def test_a_missing_file_is_told_and_hinders_nobody(three_days, outside, settings):
    outside.unlink()
    assert "cannot be read" in seals.what_is_wrong()[0]
    entry(0)
    call_command("seal_access_log", stdout=io.StringIO())  # writes all of it again
    assert seals.what_is_wrong() == []
    settings.ACCESS_LOG_HEADS = "/dev/null/nowhere"
    AccessSeal.objects.first().delete()
    with pytest.raises(CommandError, match="outside nothing could be written"):
        call_command("seal_access_log", stdout=io.StringIO())


def test_days_that_nobody_seals_are_told():
    entry(5)
    (wrong,) = seals.what_is_wrong()
    assert wrong.startswith(f"not sealed since {TODAY() - timedelta(days=5)}")


def test_days_are_destroyed_whole_and_the_others_still_hold(three_days, outside):
    assert audit.destroy_days_before(TODAY() - timedelta(days=2)) == 3
    assert AccessLog.objects.count() == 4
    assert seals.what_is_wrong() == []
    assert audit.destroy_days_before(TODAY() - timedelta(days=2)) == 0
    assert audit.destroy_days_before(TODAY() + timedelta(days=1)) == 3  # today is not sealed yet
    behind_the_back("DELETE FROM izmek_accesslog WHERE id = %s", three_days[-1].pk)
    assert seals.what_is_wrong() == []


def test_what_is_destroyed_without_the_file_saying_so_shows(three_days, outside):
    audit.destroy_days_before(TODAY() - timedelta(days=2))
    lines = [line for line in outside.read_text().splitlines() if "destroyed" not in line]
    outside.write_text("\n".join(lines))
    assert f"{TODAY() - timedelta(days=3)}: 0 entries, and 1 were sealed" in seals.what_is_wrong()


def test_words_about_an_erased_person_go_and_the_seals_hold(three_days):
    person = make.trainee()
    audit.log_access(Access.IDENTITY_SEEN, person, by=None, reason="Zeynep Yılmaz aradı")
    sealed = AccessLog.objects.filter(pk__in=[three_days[0].pk, three_days[3].pk])
    assert audit.forget_details(sealed | AccessLog.objects.about_people(Trainee, [person.pk])) == 3
    for row in (*sealed, AccessLog.objects.about_people(Trainee, [person.pk]).get()):
        assert (row.reason, row.fields, row.salt) == ("", "", None) and row.digest
    assert seals.what_is_wrong() == []
    assert audit.forget_details(sealed) == 0


def test_an_auditor_reads_which_day_is_wrong(three_days, outside, client):
    client.force_login(make.user(Role.AUDITOR))
    page = reverse("admin:izmek_accessseal_changelist")

    def told():
        rows = client.get(page).context["cl"].result_list
        return [(row.day, row.proof.log.value, row.proof.outside.value) for row in rows]

    days = [TODAY() - timedelta(days=number) for number in (1, 2, 3, 4)]
    assert told() == [(day, "holds", "same") for day in days]
    behind_the_back("DELETE FROM izmek_accesslog WHERE id = %s", three_days[4].pk)
    sql = "UPDATE izmek_accesslog SET reason = 'anders' WHERE id = %s"
    behind_the_back(sql, three_days[2].pk, purpose="forget")
    entry(4)
    lines = outside.read_text().splitlines()
    outside.write_text("\n".join([f"{days[2]} 7 {'0' * 64}", *lines[2:]]) + "\n")
    assert told() == [
        (days[0], "holds", "same"),
        (days[1], "fewer", "same"),
        (days[2], "changed", "other"),
        (days[3], "more", "missing"),
    ]
    wrong = AccessSeal.objects.get(day=days[1])
    own = client.get(reverse("admin:izmek_accessseal_change", args=[wrong.pk])).content.decode()
    assert str(SealedDay.FEWER.label) in own and wrong.head in own
    outside.write_text("\n".join(lines) + "\n")
    audit.destroy_days_before(days[2])
    assert told()[2:] == [(days[2], "changed", "same"), (days[3], "destroyed", "same")]
    outside.unlink()
    assert {file for _day, _log, file in told()} == {"unreadable"}


def test_what_stands_in_a_triggers_place_is_no_trigger():
    """By its name alone a trigger refuses nothing."""
    table, trigger = append_only.TABLE, f"{append_only.TABLE}_no_delete"
    on_postgresql = connection.vendor == "postgresql"
    function = f"{table}_only_grows"
    empty = "LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"
    disarmed = (
        (
            f"ALTER TABLE {table} DISABLE TRIGGER {trigger}",
            f"ALTER TABLE {table} ENABLE REPLICA TRIGGER {trigger}",
            f"CREATE OR REPLACE TRIGGER {trigger} BEFORE DELETE ON {table} FOR EACH ROW"
            f" WHEN (OLD.id < 0) EXECUTE FUNCTION {function}()",
            f"CREATE OR REPLACE TRIGGER {trigger} AFTER DELETE ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION {function}()",
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger {empty}",
            f"DROP TRIGGER {trigger} ON {table}",
        )
        if on_postgresql
        else (
            f"CREATE TRIGGER {trigger} BEFORE DELETE ON {table} WHEN 0 BEGIN SELECT 1; END",
            None,
        )
    )
    for sql in disarmed:
        with connection.cursor() as cursor:
            if not on_postgresql:
                cursor.execute(f"DROP TRIGGER {trigger}")
            if sql:
                cursor.execute(sql)
        assert "DELETE" in append_only.missing_triggers(), sql
        assert any("DELETE" in sentence for sentence in seals.what_is_wrong())
        append_only.set_up()  # as after every `migrate`
        assert append_only.missing_triggers() == []
    row = entry(0)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        QuerySet(AccessLog).filter(pk=row.pk).delete()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_day_waits_for_who_still_writes_on_it(monkeypatch):
    """An entry that its writer commits after midnight is in the seal, or the day is not sealed yet."""
    monkeypatch.setattr(seals, "PATIENCE", 0.5)
    entry(2)
    written, over = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            entry(1)
            written.set()
            over.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    with pytest.raises(CommandError, match="writing to the access log"):
        call_command("seal_access_log", stdout=io.StringIO())
    assert not AccessSeal.objects.exists()
    over.set()
    thread.join()
    call_command("seal_access_log", stdout=io.StringIO())
    assert list(AccessSeal.objects.values_list("count", flat=True)) == [1, 1]
