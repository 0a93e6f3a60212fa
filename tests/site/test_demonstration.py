"""What an auditor and a manager are shown of personal data, by the doors that they use.

The rest of it stands where its feature is tested:

- handed over, then erased, and nothing found in database, files, cache, tasks and logs: test_erased.py;
- a row of the access log deleted by SQL: here by `doctor`, the page of the seals in
  tests/izmek/acts/test_audit.py;
- both keys rotated while people work, nothing fails: tests/races/test_keys.py;
- `check --deploy` without a warning: tests/lint.py, part of `make lint`.
"""

import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from izmek.accounts.roles import Role
from izmek.acts.append_only import opened
from izmek.acts.enums import Access
from izmek.models import AccessLog
from tests import factories as make
from trainees import services

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NUMBER = "17291716060"
# Each in UTC, which is three hours behind: the first and the last minute of May here.
BEFORE, FIRST = datetime(2026, 4, 30, 20, 59, tzinfo=UTC), datetime(2026, 4, 30, 21, 1, tzinfo=UTC)
LAST, AFTER = datetime(2026, 5, 31, 20, 59, tzinfo=UTC), datetime(2026, 5, 31, 21, 1, tzinfo=UTC)


@pytest.fixture
def world():
    """E.Y. is looked up around May, by two managers, and so is somebody else."""
    manager = make.user(Role.MANAGER, first_name="Sevgi", last_name="Arar")
    second = make.user(Role.MANAGER, first_name="Kerim", last_name="Bulut")
    person, other = make.trainee("Elif", "Yurt"), make.trainee("Zeynep", "Başkası")
    looks = (
        (BEFORE, person, manager, "Nisanda sordu"),
        (FIRST, person, manager, "Belge için"),
        (FIRST, other, manager, "Başka biri"),
        (LAST, person, second, "Telefonda doğruladı"),
        (AFTER, person, second, "Haziranda sordu"),
    )
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        for one, number in ((person, NUMBER), (other, "12345678950")):
            services.record_identity(trainee=one, kind="tckn", number=number, by=manager)
    for at, whom, by, reason in looks:
        with time_machine.travel(at, tick=False):
            services.see_identity(trainee=whom, by=by, reason=reason)
    return person


def test_an_auditor_reads_who_saw_a_number_in_may(world, client):
    client.force_login(make.user(Role.AUDITOR))
    page = reverse("admin:trainees_trainee_looks", args=[world.pk])
    days = {"begin": "2026-05-01", "end": "2026-05-31", "action": Access.IDENTITY_SEEN}
    answer = client.get(page, days)
    told = [
        (str(one.by), one.get_action_display(), str(one.of_fields), one.reason)
        for one in answer.context["entries"]
    ]
    seen, number = str(Access.IDENTITY_SEEN.label), "kimlik numarası"
    assert told == [
        ("Kerim Bulut", seen, number, "Telefonda doğruladı"),
        ("Sevgi Arar", seen, number, "Belge için"),
    ]
    page = answer.content.decode()
    assert "31.05.2026 23.59" in page and "01.05.2026 00.01" in page  # the time of the town
    assert NUMBER not in page and "Haziranda" not in page and "Nisanda" not in page


def test_doctor_says_from_which_day_an_entry_was_removed(world, settings, tmp_path):
    settings.ACCESS_LOG_HEADS = str(tmp_path / "seals")
    call_command("seal_access_log", stdout=io.StringIO())
    entry = AccessLog.objects.get(reason="Belge için")
    with opened("destroy"), connection.cursor() as cursor:  # as by who has all rights
        cursor.execute("DELETE FROM izmek_accesslog WHERE id = %s", [entry.pk])
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    assert "2026-05-01: 1 entries, and 2 were sealed" in out.getvalue()
