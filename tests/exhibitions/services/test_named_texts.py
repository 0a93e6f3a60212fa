"""Names in public texts without consent are found, kept by keys alone, and gone once they are mended."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from exhibitions.models import NamedText
from izmek.accounts.roles import Role
from tests import factories as make
from tests.forms import shown
from trainees.enums import Purpose
from trainees.services import give_consent, withdraw_consent

pytestmark = pytest.mark.django_db

NAME = "Nevbahar Kırkpınarlı"


@pytest.fixture
def course():
    """A course whose note names somebody who enrolled later, so that no act could refuse it."""
    course = make.course(note=f"{NAME} de bizimle.")
    make.enrolment(make.trainee(*NAME.split()), course)
    return course


def found():
    call_command("find_names", stdout=StringIO())
    return [(row.row, row.place, str(row.who)) for row in NamedText.objects.all()]


def test_what_nobody_could_refuse_is_found_by_night(client, course):
    boss = make.user(Role.MANAGER)
    client.force_login(boss)
    assert "Rızası olmayan birini anan metinler" not in client.get("/yonetim/").content.decode()
    assert found() == found() == [(course, "sitedeki not", NAME)]
    assert "Rızası olmayan birini anan metinler" in client.get("/yonetim/").content.decode()
    told = client.get(reverse("admin:exhibitions_namedtext_changelist")).content.decode()
    page = reverse("admin:courses_course_change", args=[course.pk])
    assert page in told and NAME in told


def test_no_name_is_kept(course):
    found()
    kept = " ".join(map(str, NamedText.objects.values_list()))
    assert "Nevbahar" not in kept and "nevbahar" not in kept


def test_what_is_found_keeps_its_day_and_what_is_gone_goes(course):
    found()
    first = NamedText.objects.get()
    course.centre.text = f"{NAME} bizde."
    course.centre.save()
    found()
    assert NamedText.objects.count() == 2
    assert NamedText.objects.get(course=course).found_at == first.found_at
    type(course).objects.filter(pk=course.pk).update(note="")
    assert [row for row, _place, _who in found()] == [course.centre]


def test_a_text_that_is_mended_waits_for_nobody(client, course):
    found()
    client.force_login(make.user(Role.MANAGER))
    page = reverse("admin:courses_course_change", args=[course.pk])
    data = shown(client.get(page))
    assert client.post(page, data).status_code == 200  # unchanged it is refused
    assert NamedText.objects.exists()
    assert client.post(page, data | {"note": "Kapı arkada."}).status_code == 302
    assert not NamedText.objects.exists()


def test_an_answer_counts_at_once(course):
    who = course.enrolments.get().trainee
    answer = {"trainee": who, "purpose": Purpose.NAME_WEB, "channel": "phone", "by": None}
    found()
    give_consent(**answer)
    assert not NamedText.objects.exists()
    withdraw_consent(**answer)
    assert [row.row for row in NamedText.objects.all()] == [course]


def test_works_and_exhibitions_are_looked_through_too():
    who = make.trainee(*NAME.split())
    work = make.work("Kırkpınarlı oyası", makers=[who])
    fair = make.exhibition(works=[work], text=f"{NAME} açtı.")
    assert {row for row, _place, _who in found()} == {work, fair}
    fair.state = "draft"
    fair.save()
    assert {row for row, _place, _who in found()} == set()


def test_an_officer_sees_those_of_her_centre(client, course):
    other = make.course(note=NAME, begin=timezone.localdate())
    make.enrolment(course.enrolments.get().trainee, other)
    assert len(found()) == 2
    client.force_login(make.user(Role.OFFICER, centres=[course.centre]))
    rows = client.get(reverse("admin:exhibitions_namedtext_changelist")).context["cl"].result_list
    assert [row.course for row in rows] == [course]


LIST = reverse("admin:exhibitions_namedtext_changelist")


def test_whom_the_user_does_not_see_is_not_named(client):
    """A curator mends the text of a work and reads nowhere who attends the courses."""
    work = make.work("Kırkpınarlı oyası", makers=[make.trainee(*NAME.split())])
    make.exhibition(works=[work])
    found()
    own = reverse("admin:exhibitions_namedtext_change", args=[NamedText.objects.get().pk])
    for role, is_named in ((Role.CURATOR, False), (Role.MANAGER, True)):
        client.force_login(make.user(role))
        for address in (LIST, own):
            told = client.get(address).content.decode()
            assert "Kırkpınarlı oyası" in told and (NAME in told) == is_named


def test_each_role_gets_the_texts_that_it_can_mend(client, course):
    centre, who = course.centre, course.enrolments.get().trainee
    work = make.work("Kırkpınarlı oyası", makers=[who], centre=centre)
    fair = make.exhibition(works=[work], text=f"{NAME} açtı.")
    fair.centres.add(centre)
    course.programme.text = NAME
    course.programme.save()
    everything = {course, course.programme, work, fair}
    assert {row for row, _place, _who in found()} == everything
    for role, rows in (
        (Role.MANAGER, everything),
        (Role.OFFICER, {course}),
        (Role.CURATOR, {work, fair}),
    ):
        client.force_login(make.user(role, centres=[centre] if role == Role.OFFICER else ()))
        page = client.get(LIST)
        assert {found.row for found in page.context["cl"].result_list} == rows
        assert (NAME in page.content.decode()) == (role != Role.CURATOR)
