"""Pairs that may be one person: which are found, which are not, and what an answer is worth."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from tests.classroom import phone
from tests.refusals import refused
from trainees import services
from trainees.enums import Alike, Certainty
from trainees.models import Identity, LookAlike, Trainee
from trainees.queries.same_person import PersonFacts, another_name, likeness
from trainees.services import look_alikes

BORN = date(1980, 5, 17)
PHONE = "+905551112233"

NAME, SPELLED, SLIP, FIRST = Alike.SAME_NAME, Alike.SPELLING, Alike.SLIP, Alike.FIRST_NAME


def person(name, born=BORN, number=PHONE, **known):
    return PersonFacts.named(name, birth_date=born, phone=number, **known)


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (person("Ayşe Kaya"), person("AYSE KAYA"), (NAME, Alike.BIRTH_DATE, Alike.PHONE)),
        (person("Ayşe Nur Kaya"), person("Kaya Ayşenur", None), (SPELLED, Alike.PHONE)),
        (person("Ayşe Kaya", number=""), person("Ayşe Kaya", number=""), (NAME, Alike.BIRTH_DATE)),
        # A slip in the name is one where the birth date says so, or nothing speaks against it.
        (person("Hatice Demir"), person("Hatce Demir", number=""), (SLIP, Alike.BIRTH_DATE)),
        (person("Hatice Demir", None), person("Hatize Demir"), (SLIP, Alike.PHONE)),
        (person("Selim Ak"), person("Selin Ak", date(1985, 1, 2)), ()),  # brother and sister
        (person("Ali Kaya"), person("Alp Kaya"), ()),  # twins
        # A married woman; but twins on one phone are two.
        (person("Ayşe Kaya"), person("Ayşe Demir"), (FIRST, Alike.BIRTH_DATE, Alike.PHONE)),
        (person("Ayşe Kaya"), person("Fatma Kaya"), ()),
        (person("Ayşe Kaya"), person("Ayşe Demir", number=""), ()),
        # The name alone is nobody's.
        (person("Ayşe Kaya", number=""), person("Ayşe Kaya", date(1981, 5, 17), ""), ()),
        (
            person("Ayşe Kaya", number="", neighbourhood=1),
            person("Ayşe Kaya", date(1981, 5, 17), "", neighbourhood=1),
            (NAME, Alike.NEAR_BIRTH_DATE, Alike.NEIGHBOURHOOD),
        ),
        (
            person("Ayşe Kaya", date(1980, 5, 7), "", email="a@example.com"),
            person("Ayşe Kaya", date(1980, 7, 5), "", email="a@example.com"),
            (NAME, Alike.NEAR_BIRTH_DATE, Alike.EMAIL),
        ),
        # An application knows the year.
        (
            person("Ayşe Kaya", number=""),
            PersonFacts.named("Ayşe Kaya", year=1980),
            (NAME, Alike.BIRTH_YEAR),
        ),
    ],
)
def test_why_two_may_be_one(one, other, reasons):
    assert likeness(one, other) == likeness(other, one) == reasons


@given(*[st.lists(st.sampled_from("abi-"), max_size=8).map("".join)] * 4)
def test_nobody_who_may_be_meant_is_passed_over_as_another(first, last, also, more):
    """The quick look at thousands of names never hides a pair from the question."""
    names = (f"{first} {last}", f"{last}{more} {also}{first}", f"{first}{also} {last} {more}")
    for one, other in permutations((person(name) for name in names), 2):
        if likeness(one, other):
            assert not another_name(one.folded)(other.folded)


def test_the_more_reasons_the_surer():
    whole = likeness(person("Ayşe Kaya"), person("Ayşe Kaya"))
    some = likeness(person("Hatice Demir"), person("Hatce Demir", number=""))
    score = look_alikes.score
    assert Certainty.of(score(whole)) == Certainty.HIGH
    assert Certainty.of(score(some)) == Certainty.POSSIBLE


def found():
    services.find_look_alikes()
    return {(pair.one_id, pair.other_id) for pair in LookAlike.objects.open()}


@pytest.mark.django_db
def test_a_night_finds_them_by_phone_birth_date_and_name():
    where = make.neighbourhood()
    known = make.trainee("Ayşe", "Kaya", phone=PHONE, neighbourhood=where)
    by_phone = make.trainee("Ayşe", "Kaya", birth_date=None, phone=PHONE)
    by_day = make.trainee("Ayşe Nur", "Kaya")
    by_name = make.trainee("Ayşe", "Kaya", birth_date=date(1990, 5, 17), neighbourhood=where)
    make.trainee("Fatma", "Kaya", phone=PHONE)
    make.trainee("Ayşe", "Kaya", birth_date=date(1963, 1, 1))
    assert found() == {(known.pk, by_phone.pk), (known.pk, by_day.pk), (known.pk, by_name.pk)}


@pytest.mark.django_db
def test_two_numbers_of_one_kind_are_two_people_but_a_citizen_was_a_foreigner_once():
    people = [make.trainee("Ayşe", "Kaya", phone=PHONE) for _n in range(3)]
    for who, kind, number in zip(
        people, ("tckn", "tckn", "ykn"), ("10000000146", "17291716060", "99123456740"), strict=True
    ):
        Identity.objects.create(trainee=who, kind=kind, number=number, hash=number)
    assert found() == {(people[0].pk, people[2].pk), (people[1].pk, people[2].pk)}


@pytest.mark.django_db
def test_a_telephone_of_very_many_people_is_left_out_and_said(monkeypatch, capsys):
    monkeypatch.setattr(look_alikes, "MOST", 3)
    for number in range(4):
        make.trainee(f"Ad{number}", "Kaya", phone=PHONE, birth_date=None)
    assert services.find_look_alikes().too_large == 1


@pytest.mark.django_db
def test_not_the_same_holds_until_either_changes():
    one, other = (make.trainee("Ayşe", "Kaya", phone=PHONE) for _n in range(2))
    manager = make.user("yonetici")
    assert found() == {(one.pk, other.pk)}
    pair = LookAlike.objects.get()
    services.not_the_same(pair=pair, by=manager)
    assert found() == set()
    other.email = "ayse@example.com"
    other.save()
    assert found() == {(one.pk, other.pk)}
    other.phone, other.birth_date = phone(), date(1955, 3, 3)
    other.save()
    assert found() == set()
    assert not LookAlike.objects.exists()
    refused("gone", services.not_the_same, pair=pair, by=manager)


@pytest.mark.django_db
def test_an_officer_sees_pairs_of_the_own_centre_alone():
    course = make.course()
    one, other = (make.trainee("Ayşe", "Kaya", phone=PHONE) for _n in range(2))
    make.enrolment(one, course)
    make.enrolment(other)
    officer = make.user("merkez-sorumlusu", centres=[course.centre])
    found()
    assert not LookAlike.objects.visible_to(officer).exists()
    assert LookAlike.objects.visible_to(make.user("denetci")).count() == 1
    make.enrolment(other, course)
    assert LookAlike.objects.visible_to(officer).count() == 1
    # who attends elsewhere too is not for the officer alone to decide
    refused("right", services.not_the_same, pair=LookAlike.objects.get(), by=officer)


@pytest.mark.django_db
def test_every_door_asks_by_the_same_notion():
    known = make.trainee("Hatice", "Demir")
    similar = Trainee.objects.similar
    assert similar(name="Hatce Demir", birth_date=BORN) == [known]
    assert similar(name="Hatce Demir", birth_date=date(1991, 1, 1)) == []
