"""Requests about personal data in the admin: whose they are, and of who has no record of their own."""

import io
import json
from datetime import timedelta

import pytest
import pyzipper
from django.urls import reverse
from django.utils import timezone

from exhibitions import services
from exhibitions.enums import CameBy, Wish
from exhibitions.models import Enquiry
from izmek.accounts.roles import Role
from izmek.models import AccessLog, Job, Letter
from izmek.text.codes import new_code
from tests import factories as make
from tests.exhibitions.admin.desk import page
from trainees.models import Application, Guardian

pytestmark = [pytest.mark.django_db, pytest.mark.both, pytest.mark.usefixtures("media")]

PHONE, EMAIL = "+905321112233", "nurhayat.sonmezoglu@example.org"
NAME = "Nurhayat Sönmezoğlu"


@pytest.fixture
def manager(client):
    user = make.user(Role.MANAGER)
    client.force_login(user)
    return user


def request_of(by, name=NAME, phone=PHONE, email=EMAIL, centre=None):
    return services.enter_request(
        came_by=CameBy.LETTER,
        received_on=timezone.localdate(),
        wish=Wish.ERASE,
        name=name,
        message="Verilerim silinsin.",
        phone=phone,
        email=email,
        centre=centre,
        by=by,
    )


def applied(course=None, first_name="Nurhayat", last_name="Sönmezoğlu", **facts):
    facts = {"phone": PHONE, "birth_year": 1980, "state": "withdrawn", **facts}
    facts.setdefault("reference", new_code())
    course = course or make.course()
    return Application.objects.create(
        course=course, first_name=first_name, last_name=last_name, **facts
    )


def whose(enquiry):
    return page("enquiry_act", enquiry.pk, "whose_data")


def offered(client, enquiry, **data):
    answer = client.post(whose(enquiry), data) if data else client.get(whose(enquiry))
    return [key for key, _label in answer.context["form"].fields["found"].choices]


def found(client, enquiry, key):
    data = {"found": key, "wish": Wish.ERASE, "check": "card"}
    assert client.post(whose(enquiry), data).status_code == 302
    enquiry.refresh_from_db()


def test_whoever_is_reached_by_the_contact_is_offered(client, manager):
    trainee = make.trainee(phone=PHONE)
    teacher = make.teacher(email=EMAIL)
    child = make.trainee("Elif", birth_date=timezone.localdate() - timedelta(days=4000))
    guardian = Guardian.objects.create(trainee=child, name=NAME, phone=PHONE, relation="anne")
    application = applied()
    applied(phone="+905559998877", first_name="Zeynep")
    enquiry = request_of(manager)
    keys = [f"{one._meta.model_name}:{one.pk}" for one in (trainee, teacher, guardian, application)]
    assert offered(client, enquiry) == [*keys, "writer"]
    other = make.trainee("Ayla", phone="+905431112244")
    assert offered(client, enquiry, contact="0543 111 22 44")[-2:] == [
        f"trainee:{other.pk}",
        "writer",
    ]
    answer = client.post(
        whose(enquiry), {"contact": "yok@example.org", "wish": "told", "check": "card"}
    )
    assert answer.context["form"].errors.keys() == {"contact"}
    both = {"found": keys[0], "teacher": teacher.pk, "wish": "told", "check": "card"}
    assert client.post(whose(enquiry), both).context["errors"]
    found(client, enquiry, keys[2])
    assert enquiry.whose == guardian


def test_a_clerk_is_offered_nobody_of_another_centre(client):
    here, there = make.centre(), make.centre()
    officer = make.user(Role.OFFICER, centres=[here])
    client.force_login(officer)
    mine = applied(make.course(centre=here))
    applied(make.course(centre=there))
    foreign = make.trainee(phone=PHONE)
    make.enrolment(foreign, make.course(centre=there))
    Guardian.objects.create(trainee=foreign, name=NAME, phone=PHONE, relation="anne")
    make.teacher(phone=PHONE).centres.set([there])
    enquiry = request_of(officer, centre=here)
    assert offered(client, enquiry) == [f"application:{mine.pk}", "writer"]
    data = {"found": f"trainee:{foreign.pk}", "wish": "told", "check": "card"}
    assert client.post(whose(enquiry), data).context["errors"]


def test_the_steps_stand_in_the_order_in_which_a_clerk_takes_them(client, manager):
    trainee, enquiry = make.trainee(phone=PHONE), request_of(manager)

    def steps():
        buttons = client.get(page("enquiry_change", enquiry.pk)).context["buttons"]
        return [button["action"] for button in buttons]

    assert steps()[:3] == ["whose_data", "note_done", "answer"]
    found(client, enquiry, f"trainee:{trainee.pk}")
    assert steps()[:4] == ["whose_data", "to_the_person", "note_done", "answer"]
    address = client.get(page("enquiry_act", enquiry.pk, "to_the_person"))["Location"]
    assert address == reverse("admin:trainees_trainee_personal_data", args=[trainee.pk])
    found(client, enquiry, "writer")
    assert steps()[:4] == ["whose_data", "hand_over", "note_done", "answer"]
    services.answer_enquiry(enquiry=enquiry, answer="Silinecek.", by=manager)
    assert steps() == ["erase", "reopen"]


@pytest.mark.parametrize("by", ["writer", "application", "guardian"])
def test_who_has_no_record_is_handed_over_and_erased_by_the_request(
    client, manager, by, django_capture_on_commit_callbacks
):
    child = make.trainee("Elif", birth_date=timezone.localdate() - timedelta(days=4000))
    guardian = Guardian.objects.create(trainee=child, name=NAME, phone=PHONE, relation="anne")
    application = applied(email=EMAIL, reference="K7RC-3VTD-MZ4P")
    other = applied(first_name="Zeynep", phone=PHONE)  # a sister with the same telephone
    services.ask(kind="question", topic="", name=NAME, email=EMAIL, message="Kurs var mı?")
    Letter.objects.create(
        kind="received", to=EMAIL, subject="Ön kayıt", text=NAME, object=application
    )
    enquiry = request_of(manager)
    key = {"writer": "writer", "application": f"application:{application.pk}"}
    found(client, enquiry, key.get(by, f"guardian:{guardian.pk}"))

    hand_over = page("enquiry_act", enquiry.pk, "hand_over")
    with django_capture_on_commit_callbacks(execute=True):
        password = client.post(hand_over, {"reason": "Dilekçe"}).context["password"]
    file = client.get(reverse("admin:job_file", args=[Job.objects.get().pk]))
    with pyzipper.AESZipFile(io.BytesIO(b"".join(file.streaming_content))) as archive:
        archive.setpassword(password.encode())
        told = json.loads(archive.read("kisisel-veriler.json"))
    tables = {one["tablo"]: len(one["kayıtlar"]) for one in told["tablolar"]}
    assert told["kişi"] == NAME
    assert (tables["trainees.Application"], tables["trainees.Guardian"]) == (1, 1)
    assert tables["exhibitions.Enquiry"] == 2

    erase = page("enquiry_act", enquiry.pk, "erase")
    preview = client.get(erase, follow=True)  # not while it is open
    assert preview.redirect_chain
    for row in Enquiry.objects.open():
        services.answer_enquiry(enquiry=row, answer=f"Sayın {NAME}", by=manager)
    seat = make.enrolment(child, make.course())
    (why,) = client.get(erase).context["preview"].refusals
    assert "Elif" in why
    seat.delete()
    preview = client.get(erase).context["preview"]
    assert preview.refusals == [] and len(preview.goes) == 3 and preview.kept
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(erase, {"reason": "asked", "sure": "on"})
    assert answer.status_code == 302
    assert not Guardian.objects.exists() and list(Application.objects.all()) == [other]
    assert not Guardian.history.exists() and not Application.history.filter(email=EMAIL).exists()
    for row in Enquiry.objects.all():
        assert (row.name, row.email, row.phone, row.message, row.answer) == ("",) * 5
        assert row.whose is None and row.answered_at
    assert NAME not in json.dumps(list(Enquiry.history.values()), default=str)
    assert not Letter.objects.filter(text__contains=NAME).exists()
    assert AccessLog.objects.filter(action="erased").count() == 1
    assert client.get(page("enquiry_change", enquiry.pk)).status_code == 200


def test_nothing_is_done_with_data_before_somebody_said_whose_they_are(client, manager):
    enquiry = request_of(manager)
    acts = {"hand_over": {"reason": "Dilekçe"}, "erase": {"reason": "asked", "sure": "on"}}
    for act, data in acts.items():
        answer = client.post(page("enquiry_act", enquiry.pk, act), data)
        said = [one.sentence for one in answer.context["wrong"]]
        assert (answer.status_code, said) == (200, ["Önce kimin verisi olduğunu belirtin."])
    assert not Job.objects.exists() and Enquiry.objects.get().name == NAME
    link = client.get(page("enquiry_act", enquiry.pk, "to_the_person"))
    assert link["Location"] == page("enquiry_change", enquiry.pk)


def test_an_officer_neither_hands_over_nor_erases(client):
    here = make.centre()
    officer = make.user(Role.OFFICER, centres=[here])
    client.force_login(officer)
    enquiry = request_of(officer, centre=here)
    found(client, enquiry, "writer")
    for act in ("hand_over", "erase"):
        assert client.get(page("enquiry_act", enquiry.pk, act)).status_code == 403
