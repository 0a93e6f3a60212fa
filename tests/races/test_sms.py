"""The daily limit of text messages, asked by many at the same moment on PostgreSQL."""

from functools import partial

import pytest

from izmek.acts.sms import limit
from izmek.models import SmsDay
from tests.races.together import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def emptied():
    yield
    SmsDay.objects.all().delete()


def test_of_many_at_once_none_goes_over(settings):
    settings.SMS_DAILY_LIMIT = 7
    taken = at_once(*[partial(limit.take, 2)] * 8)
    assert sorted(taken) == [False] * 5 + [True] * 3
    day = SmsDay.objects.get()
    assert (day.parts, day.over) == (6, 5)
