"""What Prometheus reads: for whom it is, what it tells, and that it costs no visit anything."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
from django.core.checks import run_checks
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from izmek.acts import tasks
from izmek.acts.enums import LetterState
from izmek.models import Letter, TaskWorker, Upkeep
from izmek.site import checks
from izmek.site.views import metrics as view
from izmek.watching import metrics
from tests.izmek.watching.test_visits import Door
from tests.site.test_status import certificate

pytestmark = pytest.mark.django_db

AT = "/olcumler/"


@pytest.fixture
def door(settings, media):
    settings.METRICS_NETWORKS = ["127.0.0.0/8"]
    metrics._counted.cache_clear()
    yield Door()
    metrics._counted.cache_clear()


def measured(door):
    """{name with labels: number}"""
    text = door.get(AT).content.decode()
    lines = (line.rpartition(" ") for line in text.splitlines() if line[:1] not in ("#", ""))
    return {name: float(number) for name, _space, number in lines}


@pytest.mark.parametrize(
    ("token", "networks", "given", "status"),
    [
        ("", [], "", 404),
        ("", [], "Bearer ", 404),
        ("gizli", [], "", 404),
        ("gizli", [], "Bearer yanlis", 404),
        ("gizli", [], "Bearer gizli", 200),
        ("", ["10.0.0.0/8"], "", 404),
        ("", ["127.0.0.0/8"], "", 200),
    ],
)
def test_whoever_is_not_named_finds_nothing(client, settings, token, networks, given, status):
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS = token, networks
    assert client.get(AT, headers={"authorization": given}).status_code == status


@pytest.mark.parametrize("proxies", [1, 2])
@pytest.mark.parametrize(("comes_from", "status"), [("127.0.0.1", 200), ("203.0.113.7", 404)])
def test_nginx_leads_the_machine_itself_there_and_nobody_else(
    client, settings, proxies, comes_from, status
):
    """Also behind a balancer, which is one proxy more."""
    settings.TRUSTED_PROXY_COUNT, settings.METRICS_NETWORKS = proxies, ["127.0.0.0/8"]
    server = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text().partition(":9180;")[2]
    told = re.search(r'X-Forwarded-For "?([^";]+)"?;', server)[1].replace(
        "$remote_addr", comes_from
    )
    headers = {"x-forwarded-for": told}
    assert client.get(AT, headers=headers, REMOTE_ADDR="").status_code == status


def test_a_network_that_is_none_stops_the_start(settings):
    settings.METRICS_NETWORKS = ["everywhere"]
    assert [one.id for one in run_checks() if "METRICS_NETWORKS" in one.msg] == ["izmek.E006"]


def test_visits_are_counted_by_view_and_kind_of_answer_kept_ones_too(door):
    for _time in range(3):
        door.get("/merkezler/?q=Zeynep")
    door.get("/boyle-bir-sayfa-yok/")
    told = measured(door)
    assert told['izmek_requests_total{status="2xx",view="centres"}'] == 3
    assert told['izmek_requests_total{status="4xx",view=""}'] == 1
    assert told['izmek_request_seconds_count{view="centres"}'] == 3
    assert told['izmek_request_seconds_bucket{le="+Inf",view="centres"}'] == 3


def test_nothing_is_counted_where_nobody_may_read_it(settings):
    metrics._counted.cache_clear()
    Door().get("/saglik/")
    assert metrics._counted.cache_info().currsize == 0


def test_how_the_system_stands(door, settings, tmp_path):
    settings.TLS_CERTIFICATE = str(tmp_path / "site.pem")
    (tmp_path / "site.pem").write_bytes(certificate(40))
    settings.BACKUP_FOLDER = str(tmp_path)
    for name in ("izmek-20260101T000000Z.tar.age", "izmek-20260101T000000Z.json"):
        (tmp_path / name).touch()
    about = {"kind": "offer", "to": "a@b.example", "subject": "x"}
    Letter.objects.create(state=LetterState.FAILED, **about)
    for state in (tasks.READY, tasks.READY, tasks.FAILED):
        DBTaskResult.objects.create(
            status=state,
            args_kwargs={},
            run_after=get_date_max(),
            task_path="x.y",
            backend_name="default",
        )
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=5))
    TaskWorker.objects.create(id="one", seen_at=timezone.now() - timedelta(seconds=7))
    Upkeep.objects.filter(pk="backup").update(good_at=timezone.now() - timedelta(hours=2))
    told = measured(door)
    assert told["izmek_database_up"] == 1
    assert (told["izmek_tasks_waiting"], told["izmek_tasks_failed"]) == (2, 1)
    assert 300 <= told["izmek_oldest_task_seconds"] < 400
    assert 7 <= told["izmek_worker_heartbeat_seconds"] < 100
    assert told['izmek_letters{state="failed"}'] == 1
    assert told['izmek_letters{state="waiting"}'] == 0
    assert 7200 <= told['izmek_upkeep_age_seconds{command="backup"}'] < 7300
    assert 'izmek_upkeep_age_seconds{command="find_names"}' in told  # it has never run
    assert told["izmek_certificate_days"] == 40
    assert told["izmek_backup_age_seconds"] > 10**6
    assert any(name.startswith("izmek_disk_free_bytes{") for name in told)


def test_what_there_is_not_is_not_told(door, settings):
    settings.TLS_CERTIFICATE, settings.BACKUP_FOLDER = "", "/none"
    told = measured(door)
    assert not {"izmek_certificate_days", "izmek_backup_age_seconds"} & told.keys()


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_while_the_database_is_away_the_rest_is_told(door, monkeypatch, when):
    door.get("/merkezler/")
    away = mock.Mock(side_effect=OperationalError)
    if when == "before":
        monkeypatch.setattr(view, "DATABASE", replace(checks.DATABASE, ask=away))
    else:
        monkeypatch.setattr(view.tasks, "standing", away)
    told = measured(door)
    assert told["izmek_database_up"] == (when == "meanwhile")
    assert told['izmek_requests_total{status="2xx",view="centres"}'] == 1
    assert "izmek_tasks_waiting" not in told


def test_a_scrape_asks_a_handful_of_questions(door, django_assert_max_num_queries):
    door.get(AT)
    with django_assert_max_num_queries(8):
        door.get(AT)


COUNT = """
import sys
from tests import environment
import django
django.setup()
from izmek.watching import metrics
for _time in range(int(sys.argv[1])):
    metrics.count_visit("home", "200", 0.2)
print(metrics.exposition().decode())
"""


def test_processes_count_together_and_a_new_one_goes_on(tmp_path):
    """As under gunicorn: two beside each other, then one in the place of the first."""

    def process(place, visits):
        variables = {metrics.FOLDER: str(tmp_path), metrics.PLACE: place, "METRICS_TOKEN": "x"}
        done = subprocess.run(
            [sys.executable, "-c", COUNT, str(visits)],
            env={**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "izmek.settings"},
            capture_output=True,
            text=True,
            check=True,
        )
        return re.search(r'izmek_requests_total{status="2xx",view="home"} (\S+)', done.stdout)[1]

    assert process("0", 2) == "2.0"
    assert process("1", 3) == "5.0"
    files = set(tmp_path.iterdir())
    assert process("0", 4) == "9.0"
    assert set(tmp_path.iterdir()) == files
