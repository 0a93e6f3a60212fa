"""News of a course goes to those alone who agreed to it, once, and was read before."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from izmek.acts.letters import send_due
from izmek.acts.sms import memory
from izmek.models import Letter, SmsDay
from tests import factories as make
from tests.refusals import refused
from trainees import services
from trainees.enums import Purpose
from trainees.models import Application, Call

pytestmark = pytest.mark.django_db
PHONE, OTHER = "+905321112233", "+905329998877"
TEXT = "İğne oyası için yeni bir grup açıldı; ilk ders 7 Aralık’ta."


@pytest.fixture
def course(settings):
    """A course that takes applications, at a centre where people attended another one."""
    settings.SMS_BACKEND = "memory"
    memory.outbox.clear()
    begin = timezone.localdate() + timedelta(days=30)
    yield make.course(state="open", begin=begin, programme=make.programme("İğne Oyası"))
    memory.outbox.clear()


def reader(course, name="Fatma", agrees=True, at=None, **fields):
    """Somebody who attended at the centre of the course (or in `at`); whether they agreed to news."""
    who = make.trainee(name, "Öz", **fields)
    make.enrolment(who, at or make.course(centre=course.centre))
    if agrees is not None:
        services.give_consent(trainee=who, purpose=Purpose.CONTACT, channel="paper", by=None)
    if agrees is False:
        services.withdraw_consent(trainee=who, purpose=Purpose.CONTACT, channel="phone", by=None)
    return who


def send(course, capture, text=TEXT):
    with capture(execute=True):
        return services.send_news(course=course, text=text, by=None)


def test_it_goes_to_those_alone_who_agreed(course, django_capture_on_commit_callbacks):
    reader(course, "Ayşe", email="a@example.org", phone=OTHER)
    reader(course, phone=PHONE)
    reader(course, "Gül", agrees=None, phone=PHONE)
    reader(course, "Elif", agrees=False, phone=PHONE)
    reader(course, "Nur", phone="")
    send(course, django_capture_on_commit_callbacks)
    assert [one.to for one in mail.outbox] == [["a@example.org"]]
    ((number, text),) = memory.outbox
    assert number == PHONE and "yeni bir grup açıldı" in text
    assert not Call.objects.exists(), "nobody is owed news"


def test_not_to_whom_is_in_it_nor_to_strangers(course, django_capture_on_commit_callbacks):
    attends, applied, far = (
        reader(course, name, phone=PHONE, **fields)
        for name, fields in (("Ayşe", {}), ("Gül", {}), ("Elif", {"at": make.course()}))
    )
    make.enrolment(attends, course)
    facts = {"first_name": "Gül", "last_name": "Öz", "phone": PHONE, "birth_year": 1980}
    Application.objects.create(course=course, trainee=applied, reference="K7RC", **facts)
    send(course, django_capture_on_commit_callbacks)
    assert memory.outbox == [] and far.email == ""
    reader(course, "Nur", phone=OTHER, at=make.course(programme=course.programme))
    send(course, django_capture_on_commit_callbacks)
    assert [number for number, _text in memory.outbox] == [OTHER]


def test_nobody_gets_the_same_twice(course, django_capture_on_commit_callbacks):
    reader(course, phone=PHONE)
    reader(course, "Ayşe", email="a@example.org")
    for _twice in range(2):
        send(course, django_capture_on_commit_callbacks)
    assert len(memory.outbox) == len(mail.outbox) == 1
    send(course, django_capture_on_commit_callbacks, "Bir yer daha açıldı.")
    assert len(memory.outbox) == len(mail.outbox) == 2


def test_a_family_with_one_number_gets_it_once(course, django_capture_on_commit_callbacks):
    reader(course, phone=PHONE)
    reader(course, "Ayşe", phone=PHONE)
    for _twice in range(2):
        send(course, django_capture_on_commit_callbacks)
    assert len(memory.outbox) == 1


@pytest.mark.parametrize("fields", [{"phone": PHONE}, {"email": "f@example.org"}])
def test_who_withdraws_while_it_waits_gets_nothing(fields, course):
    who = reader(course, **fields)
    services.send_news(course=course, text=TEXT, by=None)
    services.withdraw_consent(trainee=who, purpose=Purpose.CONTACT, channel="phone", by=None)
    assert send_due() == 0
    assert memory.outbox == mail.outbox == [] and not Call.objects.exists()


def test_it_takes_no_more_than_half_of_the_days_limit(
    course, settings, django_capture_on_commit_callbacks
):
    reader(course, phone=PHONE)
    settings.SMS_DAILY_LIMIT = 10
    SmsDay.objects.create(day=timezone.localdate(), parts=5)
    send(course, django_capture_on_commit_callbacks)
    letter = Letter.objects.get()
    assert memory.outbox == [] and letter.state == "waiting"
    assert letter.until == course.begin, "then nobody can apply any more"


def test_what_is_empty_too_long_or_of_a_closed_course_is_refused(course):
    for code, text in (("text", "  "), ("long", "ş" * 300), ("long", "a" * 601)):
        refused(code, services.send_news, course=course, text=text, by=None)
    refused("closed", services.send_news, course=make.course(state="finished"), text="a", by=None)


def test_staff_read_it_as_it_will_arrive_before_it_goes(
    client, course, django_capture_on_commit_callbacks
):
    reader(course, phone=PHONE)
    client.force_login(make.user("merkez-sorumlusu", centres=[course.centre]))
    act = reverse("admin:courses_course_act", args=[course.pk, "send_news"])
    assert TEXT not in client.get(act).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(act, {"text": TEXT})
        page = answer.content.decode()
        assert "İZMEK: İğne oyası için yeni bir grup açıldı; ilk ders 7 Aralık&#x27;ta." in page
        assert "1 SMS, " in page and "karakter" in page and "Henüz gönderilmedi" in page
        assert "Hata:" not in page and not Letter.objects.exists()
        answer = client.post(act, {"text": TEXT + " Gelin.", "read": TEXT})
        assert "Gelin." in answer.content.decode() and not Letter.objects.exists()
        read = answer.context["form"]["read"].value()
        answer = client.post(act, {"text": TEXT + " Gelin.", "read": read}, follow=True)
    assert "Gönderiliyor: 0 e-posta, 1 SMS." in answer.content.decode()
    assert len(memory.outbox) == 1
