"""A task that takes some seconds, and counts how often it came to its end."""

import time

from django.db import transaction
from django_tasks import task

from izmek.models import Counter


@task()
def slow(what, seconds):
    with transaction.atomic():
        for _second in range(seconds):
            Counter.objects.exists()
            time.sleep(1)
        Counter.objects.take(what, 2020)
