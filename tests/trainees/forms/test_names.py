"""A person's name, e-mail address and phone, at every door by which they come in."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.models import User
from izmek.text.names import written_name
from tests import factories as make
from tests.classroom import Classroom, signed_in
from tests.forms import added, shown, typed
from trainees import services
from trainees.models import Application, Guardian, Trainee

# Words and pages, the same on either database.
pytestmark = [pytest.mark.django_db]

TURKISH = "10000000146"
ADULT = {"birth_date": "05.06.1985"}


def foreign_number():
    from izmek.secrets.identity import _check_digits

    return "990102030" + _check_digits("990102030")


# Each door: a function (client, number, first, last, **fields) → (answer, the name that was stored)


def at_the_public_form(client, number, first, last, **fields):
    to = make.course(state="open", begin=timezone.localdate() + timedelta(days=30))
    address = f"/kurslar/{to.pk}/basvuru/"
    data = shown(client.get(address)) | {
        "first_name": first,
        "last_name": last,
        "phone": "0555 111 22 33",
        "birth_year": "1985",
        "already_certified": "no",
    }
    answer = client.post(address, data | fields)
    return answer, Application.objects.order_by("pk").last()


def at_the_teacher(client, number, first, last, **fields):
    room = Classroom(trainees=0)
    signed_in(client, room.user)
    card = client.post(reverse("teacher-enrol", args=[room.course.pk]), {"number": number})
    data = {"first_name": first, "last_name": last, "phone": "0555 111 22 33", "education": "3"}
    answer = client.post(card["Location"], data | ADULT | fields)
    return answer, Trainee.objects.order_by("pk").last()


def at_the_counter(client, number, first, last, **fields):
    to = make.course(state="open", begin=timezone.localdate() + timedelta(days=30))
    client.force_login(make.user(Role.OFFICER, centres=[to.centre]))
    names = {"first_name": "Ada", "last_name": "Or", "phone": "05551112233", "birth_year": 1985}
    application = services.apply(course=to, by=None, **names)
    address = reverse("admin:trainees_enrolment_counter")
    data = {"first_name": first, "last_name": last, "identity_number": number, "education": "3"}
    data = shown(client.get(address, {"application": application.pk})) | data | ADULT
    data |= {"is_applicant": "yes"}  # their application had another name
    return client.post(address, data | fields), Trainee.objects.order_by("pk").last()


def in_the_admin(client, number, first, last, **fields):
    client.force_login(make.user(Role.MANAGER))
    address = reverse("admin:trainees_trainee_add")
    kind = "ykn" if number.startswith("99") else "tckn"
    names = {"first_name": first, "last_name": last}
    number = {"identity_number": number, "identity_kind": kind}
    data = typed(client.get(address), **names | number | ADULT | fields)
    if "guardian_name" in fields:
        guardian = {"name": fields["guardian_name"], "relation": "anne"}
        data = added(data, "guardians", guardian)
    return client.post(address, data), Trainee.objects.order_by("pk").last()


DOORS = [at_the_public_form, at_the_teacher, at_the_counter, in_the_admin]
WITH_CARD = DOORS[1:]


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Time enough has passed since a form was opened."""
    monkeypatch.setattr("izmek.public.spam_checks.FASTEST", -1)


@pytest.mark.parametrize("door", WITH_CARD)
@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("MARIA", "O'NEIL", "Maria O'Neil"),
        ("WILLIAM", "D'ANGELO", "William D'Angelo"),
        ("IŞIL", "İREM", "Işıl İrem"),
    ],
)
def test_a_foreigners_name_in_capitals(client, door, first, last, written):
    _answer, who = door(client, foreign_number(), first, last)
    assert str(who) == written


@pytest.mark.parametrize("door", DOORS)
def test_a_turkish_name_in_capitals(client, door):
    _answer, who = door(client, TURKISH, "IŞIL", "İREM  ŞAHİN")
    assert str(who) == "Işıl İrem Şahin"


@pytest.mark.parametrize("door", DOORS)
def test_capitals_that_may_mean_two_names_are_asked(client, door):
    answer, who = door(client, TURKISH, "HATICE", "Or")
    page = answer.content.decode()
    assert "Hatice" in page and "Hatıce" in page
    assert who is None or "Hat" not in str(who)
    _answer, who = door(client, "17291716060", "Hatice", "Or")
    assert str(who) == "Hatice Or"


@pytest.mark.parametrize("door", DOORS)
def test_somebody_may_have_one_name_only(client, door):
    answer, who = door(client, TURKISH, "Suharto", "")
    if door is not in_the_admin:
        assert "“-”" in answer.content.decode()
        _answer, who = door(client, TURKISH, "Suharto", "-")
    assert str(who) == "Suharto"
    assert (who.first_name, who.last_name, who.folded) == ("Suharto", "", "suharto")


@pytest.mark.parametrize("door", WITH_CARD)
def test_a_guardian_is_written_like_everybody(client, door):
    guardian = {"guardian_relation": "anne", "guardian_permits": "on"}
    born = date(timezone.localdate().year - 17, 1, 1).strftime("%d.%m.%Y")
    young = {"birth_date": born, "guardian_name": "WILLIAM O'NEIL", **guardian}
    door(client, foreign_number(), "Ada", "Or", **young)
    assert Guardian.objects.get().name == "William O'Neil"


@pytest.mark.parametrize(
    ("typed_in", "written"),
    [
        ("d'angelo", "D'Angelo"),
        ("McDonald", "McDonald"),
        ("محمد", "محمد"),
        ("ayşe-nur", "Ayşe-Nur"),
    ],
)
def test_other_names(typed_in, written):
    assert written_name(typed_in) == written


def test_the_teacher_mends_a_name_that_was_typed_wrongly(client):
    room = Classroom(trainees=1)
    signed_in(client, room.user)
    who = room.seats[0].trainee
    who.first_name, who.last_name = "Wıllıam", "O'brıen"
    who.save()
    services.record_identity(trainee=who, kind="ykn", number=foreign_number(), by=None)
    page = reverse("teacher-enrolment", args=[room.seats[0].pk])
    address = reverse("teacher-name", args=[room.seats[0].pk])
    assert address in client.get(page).content.decode()
    data = shown(client.get(address))
    assert data["first_name"] == "Wıllıam"
    answer = client.post(address, data | {"first_name": "WILLIAM", "last_name": "O'BRIEN"})
    assert answer["Location"] == page
    who.refresh_from_db()
    assert (str(who), who.folded) == ("William O'Brien", "william o'brien")
    assert [row.first_name for row in who.history.all()][:2] == ["William", "Wıllıam"]
    assert who.history.first().history_user == room.user


# --- E-mail -----------------------------------------------------------------------------------

STRANGE = ["ı@example.org", "İ@example.org", "a@exampıe.org", "A@EXAMPLİ.ORG"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("address", STRANGE)
def test_an_address_with_a_turkish_i_is_refused_with_a_word_on_the_letter(client, door, address):
    answer, who = door(client, TURKISH, "Ada", "Or", email=address)
    page = answer.content.decode()
    letter = next(letter for letter in address if not letter.isascii())
    assert f"“{letter}”" in page
    assert who is None or not who.email


@pytest.mark.parametrize("table", ["courses_teacher", "izmek_user", "courses_coursecentre"])
def test_so_it_is_in_the_admin(client, table):
    client.force_login(make.user(Role.MANAGER))
    address = reverse(f"admin:{table}_add")
    answer = client.post(address, typed(client.get(address), email="AİB@EXAMPLE.ORG"))
    assert "“İ”" in answer.content.decode()


def test_nobody_is_invited_to_an_address_that_cannot_be():
    from courses.models import Teacher
    from izmek.accounts.invitations import invite
    from izmek.acts.refusal import Refusal

    with pytest.raises(Refusal) as refused:
        invite(email="AİB@EXAMPLE.ORG", by=None)
    assert list(refused.value.message_dict) == ["email"]
    for table in (User, Teacher):
        with pytest.raises(ValidationError, match="İ"), transaction.atomic():
            table(first_name="Ada", last_name="Or", email="AİB@EXAMPLE.ORG").save()
    assert invite(email=" AIB@EXAMPLE.ORG ", by=None).email == "aib@example.org"


@pytest.mark.parametrize("address", STRANGE)
def test_whoever_signs_in_with_such_an_address_is_told_that_it_is_wrong(client, address):
    answer = client.post("/hesap/login/", {"login": address, "password": "x" * 12})
    assert answer.status_code == 200


# --- Phones -----------------------------------------------------------------------------------


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "phone",
    ["0555 OOO 11 22", "0262 311 11 11 x12", "0262 311 11 11 dahili 12", "0555 111 22 33 / 44"],
)
def test_a_phone_is_stored_as_typed_or_refused(client, door, phone):
    answer, who = door(client, TURKISH, "Ada", "Or", phone=phone)
    assert "phone_error" in answer.content.decode() or "dahili" in answer.content.decode()
    assert who is None or not who.phone
