"""Identity numbers and support needs: changed by acts alone, decrypted only where they are shown."""

import re
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from django.urls import resolve, reverse

from izmek.accounts.roles import Role
from izmek.acts.refusal import Refusal
from izmek.models import AccessLog
from izmek.secrets import encryption
from tests import factories as make
from tests.classroom import Classroom
from tests.refusals import refused
from trainees import services
from trainees.models import Identity, SupportNeed, Trainee

pytestmark = pytest.mark.django_db

FIRST, SECOND = "10000000146", "17291716060"


@pytest.fixture
def zeynep():
    return make.trainee("Zeynep", "Yıldız", phone="+905551112233")


def record(trainee, number=FIRST):
    services.record_identity(trainee=trainee, kind="tckn", number=number, by=None)


def correct(trainee, number=SECOND, reason="Yanlış okundu"):
    services.correct_identity(trainee=trainee, kind="tckn", number=number, reason=reason, by=None)


def log():
    return list(AccessLog.objects.order_by("pk").values_list("action", "reason"))


# --- Recording and correcting -----------------------------------------------------------------


def test_a_number_on_record_is_not_replaced_and_the_same_one_changes_nothing(zeynep):
    record(zeynep)
    record(zeynep)
    refused("recorded", record, trainee=zeynep, number=SECOND)
    assert Identity.objects.get().number == FIRST
    assert log() == [("identity recorded", "")]


def test_a_correction_keeps_its_reason_in_the_access_log(zeynep):
    refused("none", correct, trainee=zeynep)
    record(zeynep)
    refused("reason", correct, trainee=zeynep, reason=" ")
    correct(zeynep)
    assert Identity.objects.get().number == SECOND
    assert log() == [("identity recorded", ""), ("identity corrected", "Yanlış okundu")]


def test_a_correction_to_the_number_of_somebody_else_is_refused(zeynep):
    record(zeynep)
    record(make.trainee("Ayla", "Kaya"), SECOND)
    refused("known", correct, trainee=zeynep)
    assert zeynep.identity.number == FIRST


def test_the_admin_offers_to_record_or_to_correct(client, zeynep):
    def act(name):
        return reverse("admin:trainees_trainee_act", args=[zeynep.pk, name])

    def offered():
        page = client.get(reverse("admin:trainees_trainee_change", args=[zeynep.pk]))
        return [n for n in ("record", "correct") if act(f"{n}_identity") in page.content.decode()]

    client.force_login(make.user("yonetici"))
    assert offered() == ["record"]
    record(zeynep)
    assert offered() == ["correct"]
    typed = {"identity_kind": "tckn", "identity_number": SECOND}
    assert 'id="id_identity_number_error"' in (
        client.post(act("record_identity"), typed).content.decode()
    )
    assert 'id="id_reason_error"' in client.post(act("correct_identity"), typed).content.decode()
    assert Identity.objects.get().number == FIRST
    answer = client.post(act("correct_identity"), typed | {"reason": "Yanlış okundu"})
    assert answer.status_code == 302
    assert Identity.objects.get().number == SECOND


def test_an_applicant_on_record_with_another_number_is_refused_at_the_number(zeynep):
    record(zeynep)
    course = make.course("open")
    application = services.put_on_waiting_list(trainee=zeynep, course=course, by=None)
    enrol = {"course": course, "trainee": zeynep, "application": application, "by": None}
    with pytest.raises(Refusal) as refusal:
        services.enrol_in_person(**enrol, identity={"kind": "tckn", "number": SECOND})
    assert list(refusal.value.error_dict) == ["identity_number"]
    assert Identity.objects.get().number == FIRST


# --- Nothing is lost --------------------------------------------------------------------------


def test_what_a_clerk_corrects_meanwhile_stays(zeynep):
    stale = Trainee.objects.get()
    zeynep.phone = "+905559998877"
    zeynep.save()
    services.record_support(trainee=stale, support="Öne otursun", by=None)
    services.enrol_in_person(
        course=make.course(),
        trainee=stale,
        changes={"email": "zeynep@example.org"},
        identity={"kind": "tckn", "number": FIRST},
        by=None,
    )
    now = Trainee.objects.get()
    assert (now.phone.as_e164, now.email) == ("+905559998877", "zeynep@example.org")
    assert (now.identity.number, now.support_need.text) == (FIRST, "Öne otursun")


def test_a_key_that_does_not_fit_is_told_in_a_sentence(client, settings):
    room = Classroom(trainees=1)
    seat = room.seats[0]
    record(seat.trainee)
    services.record_support(trainee=seat.trainee, support="Öne otursun", by=None)
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode()]

    def act(name):
        return reverse("admin:trainees_trainee_act", args=[seat.trainee.pk, name])

    client.force_login(make.user("yonetici"))
    for name, typed in (
        ("see_identity", {"reason": "Soruldu"}),
        ("see_support", {"reason": "Soruldu"}),
        ("record_support", {"support": "Arkada otursun"}),
    ):
        answer = client.post(act(name), typed)
        assert answer.status_code == 200
        assert "anahtar" in answer.content.decode(), name
    client.force_login(room.user)
    answer = client.post(reverse("teacher-support", args=[seat.pk]), follow=True)
    assert answer.status_code == 200 and "anahtar" in answer.content.decode()
    assert not {"identity seen", "support seen"} & {action for action, _reason in log()}


# --- Looking up by the number -----------------------------------------------------------------


def test_whoever_is_found_by_the_number_is_logged(client, zeynep):
    record(zeynep)
    room = Classroom(trainees=1)
    client.force_login(room.user)
    enrol = reverse("teacher-enrol", args=[room.course.pk])
    assert client.post(enrol, {"number": FIRST}).status_code == 302
    assert client.post(enrol, {"number": SECOND}).status_code == 302  # nobody's
    found = AccessLog.objects.get(action="found by number")
    assert (found.by, found.object_id) == (room.user, str(zeynep.pk))


def test_nobody_looks_up_numbers_without_end(client, monkeypatch, zeynep):
    monkeypatch.setattr("trainees.services.people.LOOKS", 2)
    record(zeynep)
    room = Classroom(trainees=1)
    client.force_login(room.user)
    enrol = reverse("teacher-enrol", args=[room.course.pk])
    answers = [client.post(enrol, {"number": FIRST}) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "bir saat sonra" in answers[-1].content.decode()
    officer = make.user("merkez-sorumlusu", centres=[room.course.centre])
    client.force_login(officer)
    typed = {"identity_kind": "tckn", "identity_number": SECOND}
    find = reverse("admin:trainees_trainee_find")
    assert "bir saat sonra" not in client.post(find, typed).content.decode()  # counted by user
    client.post(find, typed)
    assert "bir saat sonra" in client.post(find, typed).content.decode()


def test_a_support_need_is_deleted_by_an_empty_one(zeynep):
    for text in ("Öne otursun", "Öne otursun", "", ""):
        services.record_support(trainee=zeynep, support=text, by=None)
    assert not SupportNeed.objects.exists()
    assert log() == [("support changed", "")] * 2


# --- What is read -----------------------------------------------------------------------------


def test_public_pages_decrypt_nothing_and_need_no_key(client, zeynep, settings, monkeypatch):
    record(zeynep)
    make.consent(zeynep, "name web")
    work = make.work("Karanfil", [zeynep])
    make.exhibition(works=[work])
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode()]
    decrypted = []
    monkeypatch.setattr(encryption, "decrypt", decrypted.append)
    ahead, seen = ["/"], {"/"}
    while ahead:
        answer = client.get(address := ahead.pop())
        assert answer.status_code < 500, address
        if answer.streaming or "ml" not in answer.get("Content-Type", ""):
            continue
        for link in re.findall(r'href="(/[^"?#]*)', answer.content.decode()):
            if link not in seen and not link.startswith(("/static/", "/yonetim/")):
                seen.add(link)
                ahead.append(link)
    assert any(work.number in address for address in seen)
    assert decrypted == []


# The pages that show a number (masked) or a support need; no other page may decrypt one.
SHOW_SECRETS = {
    "admin:trainees_trainee_changelist",
    "admin:trainees_trainee_change",
    # The head of a person's page shows the masked number on each tab.
    *(
        f"admin:trainees_trainee_{tab}"
        for tab in [
            "summary",
            "seats",
            "consents",
            "works",
            "contacts",
            "history",
            "looks",
            "personal_data",
        ]
    ),
    "admin:trainees_enrolment_counter_form",
    "teacher-enrolment",
    "teacher-form",
}


@pytest.mark.audit
def test_staff_and_teacher_pages_decrypt_only_what_they_show(client, zeynep, monkeypatch):
    record(zeynep)
    services.record_support(trainee=zeynep, support="Öne otursun", by=None)
    teacher = make.teacher(with_user=True)
    seat = make.enrolment(zeynep, make.course("running", teacher=teacher))
    make.session(seat.course)
    services.put_on_waiting_list(
        trainee=make.trainee("Ayla", "Kaya", phone="+905551112244"), course=seat.course, by=None
    )
    make.exhibition(works=[make.work("Karanfil", [zeynep], course=seat.course)])
    decrypting, decrypt = set(), encryption.decrypt
    for user in (make.user("yonetici"), teacher.user):
        client.force_login(user)
        ahead = ["/yonetim/" if user.has_role(Role.MANAGER) else "/ogretmen/"]
        seen = set(ahead)
        while ahead:
            address = ahead.pop()
            name = resolve(address).view_name
            monkeypatch.setattr(
                encryption, "decrypt", lambda *a, name=name: decrypting.add(name) or decrypt(*a)
            )
            answer = client.get(address)
            assert answer.status_code < 500, address
            if answer.streaming or "html" not in answer.get("Content-Type", ""):
                continue
            for link in re.findall(
                r'href="(/(?:yonetim|ogretmen)/[^"?#]*)', answer.content.decode()
            ):
                if link not in seen:
                    seen.add(link)
                    ahead.append(link)
        assert len(seen) > 15
    assert decrypting == SHOW_SECRETS


def test_the_access_log_tells_local_time():
    entry = AccessLog(action="exported", at=datetime(2026, 1, 5, 22, 30, tzinfo=UTC))
    assert str(entry).endswith("06.01.2026 01:30")
