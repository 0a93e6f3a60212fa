"""gunicorn of one release: `gunicorn izmek.wsgi --config deploy/gunicorn.conf.py`, from its folder.

Each release has a socket of its own, so that two can serve for a moment (deploy/activate.sh); nginx
reaches the one to which the link /srv/izmek/web.sock points.
"""

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile

from izmek.watching.log_lines import logging_of

INSTANCE = os.environ.get("IZMEK_INSTANCE") or Path(__file__).resolve().parent.parent.name

bind = os.environ.get("WEB_BIND") or f"unix:/run/izmek/{INSTANCE}.sock"
workers = int(os.environ.get("WEB_WORKERS") or min(2 * len(os.sched_getaffinity(0)) + 1, 9))
backlog = 2048
timeout = 30  # seconds for a request
graceful_timeout = 40
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 0  # nginx limits the length of an address
control_socket_disable = True
worker_tmp_dir = "/dev/shm"  # noqa: S108 - of a service that has a /tmp of its own
proc_name = f"izmek-web {INSTANCE}"

# What gunicorn says of itself, in the program's lines. The program tells of each request, without query,
# user and address (izmek/watching/visits.py); nginx's log has the address, under the same number.
_level = os.environ.get("LOG_LEVEL") or "INFO"
logconfig_dict = logging_of(os.environ.get("LOG_FORMAT") or "line", _level)
logconfig_dict["root"] = {"handlers": ["console"], "level": _level}
logconfig_dict["loggers"] = {
    "gunicorn.error": {"level": _level, "propagate": True},
    "gunicorn.access": {"level": "CRITICAL"},
}

READY = Path(
    f"/run/izmek/{INSTANCE}.ready"
)  # a line for each process that can answer: for deploy/activate.sh

SEATS = TemporaryFile()  # noqa: SIM115 - open as long as gunicorn runs: whose processes wait


# Each process counts its visits in files there, by its place among the others (izmek/watching/metrics.py).
METRICS = "PROMETHEUS_MULTIPROC_DIR"


def folder_of_metrics():
    """An empty one, private to the program; beside the socket, so that what a killed gunicorn left goes."""
    if not READY.parent.exists():
        return tempfile.mkdtemp(prefix="izmek-metrics-", dir=worker_tmp_dir)
    folder = READY.with_suffix(".metrics")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return str(folder)


def pre_fork(server, worker):
    taken = {one.place for one in server.WORKERS.values()}
    worker.place = next(place for place in count() if place not in taken)


def post_fork(server, worker):
    os.environ["IZMEK_PROCESS"] = str(worker.place)


def on_exit(server):
    if METRICS in os.environ:
        shutil.rmtree(os.environ[METRICS], ignore_errors=True)


def on_starting(server):
    if READY.parent.exists():
        READY.write_text("")
    if any(os.environ.get(f"METRICS_{name}") for name in ("TOKEN", "TOKEN_FILE", "NETWORKS")):
        os.environ[METRICS] = folder_of_metrics()


def post_worker_init(worker):
    from django.conf import settings
    from django.db import connection
    from django.urls import get_resolver

    from izmek.acts.silence import give_up_in_time

    if connection.vendor == "postgresql":
        longest = settings.STATEMENT_SECONDS or timeout
        give_up_in_time(
            statement=longest + 1,  # a server that is there says so before
            connect=float(settings.DATABASES["default"]["OPTIONS"]["connect_timeout"]),
            seats=SEATS,
            at_once=max(1, worker.cfg.workers - 1),
        )
    _ = get_resolver().url_patterns  # else the first visitor of each process waits for all views
    if READY.exists():
        with READY.open("a") as file:
            file.write(f"{worker.pid} of {worker.cfg.workers}\n")
