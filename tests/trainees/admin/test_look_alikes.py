"""Pairs in the admin, the page on which two are merged, and the way back."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from izmek.models import Merge
from tests import factories as make
from trainees import services
from trainees.models import Enrolment, Guardian, LookAlike, Trainee

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LIST = "admin:trainees_lookalike_changelist"
PHONE = "+905551112233"


@pytest.fixture
def pair():
    one = make.trainee("Ayşe", "Kaya", phone=PHONE)
    other = make.trainee("Ayşe Nur", "Kaya", phone=PHONE, email="ayse@example.com")
    services.find_look_alikes()
    return one, other


@pytest.fixture
def manager(client):
    client.force_login(make.user("yonetici"))
    return client


def both(one, other):
    return reverse("admin:trainees_trainee_merge_with", args=[one.pk, other.pk])


def desk(who, tab="summary"):
    return reverse(f"admin:trainees_trainee_{tab}", args=[who.pk])


def sent(client, address, **answers):
    """The form as the page offers it, with these answers."""
    form = client.get(address).context["form"]
    fields = {name: form[name].initial or "" for name in form.fields}
    return client.post(address, fields | answers)


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_pair_is_shown_side_by_side_with_the_reasons(manager, pair):
    answer = manager.get(reverse(LIST))
    text = text_of(answer)
    assert "0555 111 22 33" in text
    assert "<mark>" not in answer.content.decode()  # what one lacks does not differ
    assert both(*pair) in answer.content.decode()
    assert all(str(reason) in text for reason in LookAlike.objects.get().why)


def test_the_list_costs_the_same_with_one_pair_and_with_three(manager, pair):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            manager.get(reverse(LIST))
        return len(asked)

    queries()
    few = queries()
    for number in range(3):
        for _one in range(2):
            make.trainee(f"Ad{number}", "Ak", phone=f"+90555999000{number}")
    services.find_look_alikes()
    assert LookAlike.objects.count() == 4
    assert queries() == few


def test_not_the_same_is_remembered(manager, pair):
    row = LookAlike.objects.get()
    act = reverse("admin:trainees_lookalike_act", args=[row.pk, "not_the_same"])
    assert manager.get(act).status_code == 200
    assert manager.post(act).status_code == 302
    assert both(*pair) not in manager.get(reverse(LIST)).content.decode()
    assert both(*pair) in manager.get(f"{reverse(LIST)}?answered=yes").content.decode()


def test_two_are_merged_and_separated_on_their_pages(manager, pair):
    one, other = pair
    make.enrolment(other)
    assert "()" not in text_of(manager.get(both(one, other)))  # a row without a question
    answer = sent(manager, both(one, other), first_name="second")
    assert answer.status_code == 302
    person = Trainee.objects.get()
    assert (person, str(person.first_name)) == (one, "Ayşe Nur")
    assert person.enrolments.count() == 1
    made = Merge.objects.get()

    # the second record leads to the first, wherever somebody has kept its address
    for tab in ("summary", "change", "history", "desk"):
        gone = manager.get(desk(other, tab))
        assert (gone.status_code, gone.url) == (302, desk(one, "desk"))
    assert f"{other.pk}" in text_of(manager.get(desk(one, "history")))

    page = reverse("admin:izmek_merge_change", args=[made.pk])
    assert manager.get(page).status_code == 200
    undo = reverse("admin:izmek_merge_act", args=[made.pk, "undo"])
    assert manager.post(undo).status_code == 302
    assert Trainee.objects.count() == 2
    assert Enrolment.objects.get().trainee == other
    assert manager.get(desk(other)).status_code == 200


def test_what_clashes_is_asked_and_nothing_chosen_is_lost(manager, pair):
    one, other = pair
    course = make.course()
    for who in pair:
        make.enrolment(who, course)
        Guardian.objects.create(trainee=who, name=f"Veli {who.pk}", relation="anne")
    page = manager.get(both(one, other))
    assert {"first_name", f"seat_{course.pk}", "guardians"} <= page.context["form"].fields.keys()
    answer = sent(manager, both(one, other), guardians="", first_name="second")
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"guardians"}
    assert answer.context["form"]["first_name"].value() == "second"
    assert Trainee.objects.count() == 2


def test_what_has_changed_meanwhile_is_looked_at_again(manager, pair):
    one, other = pair
    address = both(one, other)
    form = manager.get(address).context["form"]
    fields = {name: form[name].initial or "" for name in form.fields}
    make.enrolment(other)
    answer = manager.post(address, fields)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    fields["seen"] = answer.context["form"]["seen"].value()
    assert manager.post(address, fields).status_code == 302


def test_the_other_one_is_looked_for_without_an_address(manager, pair):
    one, _other = pair
    third = make.trainee("Nurhan", "Öz")
    page = reverse("admin:trainees_trainee_merge", args=[one.pk])
    assert both(*pair) in manager.get(page).content.decode()  # who looks alike is proposed
    found = manager.post(page, {"q": "nurhan oz"})
    assert both(one, third) in found.content.decode()
    refused = manager.post(page, {"q": "10000000146"})
    assert refused.status_code == 302
    assert "10000000146" not in refused.url


def test_an_officer_and_an_auditor_see_and_do_what_is_theirs(client, pair):
    one, other = pair
    course = make.course()
    make.enrolment(one, course)
    officer = make.user("merkez-sorumlusu", centres=[course.centre])
    client.force_login(officer)
    make.enrolment(other)
    assert client.get(both(one, other)).status_code == 404
    make.enrolment(other, course)
    page = client.get(both(one, other))
    assert page.status_code == 200
    assert not page.context["may"]  # the second attends at another centre too
    assert client.post(both(one, other), {}).status_code == 403

    client.force_login(make.user("denetci"))
    answer = client.get(reverse(LIST))
    assert "0555 111 22 33" not in text_of(answer)
    page = client.get(both(one, other))
    assert page.status_code == 200
    assert "ayse@example.com" not in page.content.decode()
    assert client.post(both(one, other), {}).status_code == 403

    client.force_login(make.user("kurator"))
    assert client.get(both(one, other)).status_code == 403


def test_impossible_addresses_are_not_found(manager, pair):
    one, _other = pair
    assert manager.get(both(one, one)).status_code == 404
    for key in ("x", "9" * 30, "0"):
        address = reverse("admin:trainees_trainee_merge_with", args=[one.pk, key])
        assert manager.get(address).status_code == 404
        assert manager.get(reverse("admin:trainees_trainee_summary", args=[key])).status_code == 404
