"""Text messages at the same moment on PostgreSQL: the daily limit, and news that goes once."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from izmek.acts.sms import limit
from izmek.models import Letter, SmsDay
from tests import factories as make
from tests.races.together import Meeting, at_once, before_saving
from trainees import services
from trainees.enums import Purpose

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def emptied():
    yield
    SmsDay.objects.all().delete()


def test_of_many_at_once_none_goes_over(settings):
    settings.SMS_DAILY_LIMIT = 7
    taken = at_once(*[partial(limit.take, 2, timezone.localdate())] * 8)
    assert sorted(taken) == [False] * 5 + [True] * 3
    day = SmsDay.objects.get()
    assert (day.parts, day.over) == (6, 5)


def test_news_that_two_send_at_once_goes_once():
    begin = timezone.localdate() + timedelta(days=30)
    course = make.course(state="open", begin=begin)
    who = make.trainee("Fatma", "Öz", email="f@example.org")
    make.enrolment(who, make.course(centre=course.centre))
    services.give_consent(trainee=who, purpose=Purpose.CONTACT, channel="paper", by=None)
    send = partial(services.send_news, course=course, text="Yeni grup açıldı.", by=None)
    with before_saving(Letter, call=Meeting()):
        sent = at_once(send, send)
    assert sorted(len(one.by_email) for one in sent) == [0, 1]
    assert Letter.objects.filter(kind="news").count() == 1
