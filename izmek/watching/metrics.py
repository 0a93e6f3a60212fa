"""Visits counted for Prometheus, where somebody may read them (settings.METRICS_TOKEN, METRICS_NETWORKS).

Under gunicorn each process counts in files of its own, which all of them read (PROMETHEUS_MULTIPROC_DIR, of
deploy/gunicorn.conf.py). They are named by the place of a process among the others and not by its number: a
process that follows another goes on in its files, so they do not become more.
"""

import os
from functools import cache

from django.conf import settings

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)  # seconds
FOLDER, PLACE = "PROMETHEUS_MULTIPROC_DIR", "IZMEK_PROCESS"


def are_wanted():
    return bool(settings.METRICS_TOKEN or settings.METRICS_NETWORKS)


def count_visit(view, status, seconds):
    """Count a visit; `status`: its three digits. Asks nobody."""
    if are_wanted():
        _registry, visits, duration = _counted()
        visits.labels(view, f"{status[0]}xx").inc()
        duration.labels(view).observe(seconds)


def exposition(*collectors):
    """What was counted, over all processes, and what the collectors tell, as Prometheus reads it."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    own, _visits, _duration = _counted()
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        counted = generate_latest(registry)
    else:
        counted = generate_latest(own)
    told = CollectorRegistry()
    for collector in collectors:
        told.register(collector)
    return counted + generate_latest(told)


@cache
def _counted():
    """(registry, visits by view and status, how long they took by view)."""
    from prometheus_client import CollectorRegistry, Counter, Histogram, values

    if os.environ.get(FOLDER):
        place = os.environ.get(PLACE, "0")
        values.ValueClass = values.MultiProcessValue(lambda: place)
    registry = CollectorRegistry()
    visits = Counter("izmek_requests", "Requests answered.", ["view", "status"], registry=registry)
    duration = Histogram(
        "izmek_request_seconds",
        "Seconds until the answer began.",
        ["view"],
        buckets=BUCKETS,
        registry=registry,
    )
    return registry, visits, duration
