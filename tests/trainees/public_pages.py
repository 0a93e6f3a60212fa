"""What the tests of the public pages about courses share."""

from datetime import time, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import TimetableSlot
from tests import factories as make
from trainees import services

MONDAY, TUESDAY, SATURDAY = 1, 2, 6


def course(name="İğne Oyası", at="Akmeşe", slots=((MONDAY, 9, 12),), **fields):
    """A course that takes applications and begins in a month, with weekly times (day, from, to)."""
    fields.setdefault("state", "open")
    fields.setdefault("begin", timezone.localdate() + timedelta(days=30))
    if "programme" not in fields:
        fields["programme"] = make.programme(name)
    if "centre" not in fields:
        fields["centre"] = make.centre(neighbourhood=make.neighbourhood(at))
    made = make.course(**fields)
    for day, begin, end in slots:
        TimetableSlot.objects.create(
            course=made, weekday=day, begin=time(begin), end=time(end), lesson_hours=3
        )
    return made


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.get("Location")
    return answer.content.decode()


def queries_of(client, address):
    client.get(address)  # what is asked once per process
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def applied(to=None, name="Ayşe", **fields):
    facts = {"last_name": "Işık", "phone": "05551112233", "birth_year": 1985, **fields}
    return make.confirmed(services.apply(course=to or course(), first_name=name, **facts))
