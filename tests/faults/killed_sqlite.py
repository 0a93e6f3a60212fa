"""`python -m tests.faults.killed_sqlite`: an SQLite whose process is killed 50 times while it writes.

Each process is a fork of one that has read the program, and says by a pipe what it was told is saved.
"""

import os
import random
import signal
import time
from datetime import timedelta
from itertools import count

import django

KILLS = 50


def main():
    django.setup()

    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from tests import factories
    from trainees.models import Application
    from trainees.services import apply

    # Tables from the models: the migrations would take a minute.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    begin = timezone.localdate() + timedelta(days=30)
    course = factories.course(state="open", capacity=100_000, begin=begin)
    numbers, ledger = count(1), []

    def write(told):
        for number in numbers:
            phone = f"+90555{number:07}"
            made = apply(
                course=course, first_name="Zeynep", last_name="Deneme", phone=phone, birth_year=1985
            )
            os.write(told, f"{made.reference}\n".encode())

    for kill in range(KILLS):
        connection.close()
        reads, told = os.pipe()
        process = os.fork()
        if not process:
            write(told)
        os.close(told)
        with os.fdopen(reads) as heard:
            acknowledged = [heard.readline()]  # it has begun
            time.sleep(random.uniform(0, 0.1))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            acknowledged += heard.read().splitlines()
        ledger += [reference.strip() for reference in acknowledged]
        numbers = count((kill + 1) * 10_000)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
        there = list(Application.objects.values_list("reference", flat=True))
        assert set(ledger) <= set(there), "what was acknowledged is lost"
        assert len(ledger) == len(set(ledger))
        # One more may be written that nobody was told of; and each with its history, or not at all.
        assert len(there) <= len(ledger) + kill + 1
        assert Application.history.count() == len(there)
    print(f"{KILLS} kills, {len(ledger)} acknowledged, {len(there)} written")


if __name__ == "__main__":
    main()
