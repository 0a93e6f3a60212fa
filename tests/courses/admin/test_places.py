"""Centres and programmes in the admin."""

import pytest

from courses.models import CourseCentre, Programme
from izmek.models import SlugRedirect
from tests import factories as make
from tests.courses.admin.pages import page
from tests.forms import added, errors, shown, typed

pytestmark = pytest.mark.django_db


def test_a_centre_with_courses_is_not_deleted_and_they_are_named(manager):
    centre = make.centre("Akmeşe Kurs Merkezi")
    for number in range(12):
        make.course(centre=centre, programme=make.programme(f"Kilim {number}"))
    answer = manager.get(page("coursecentre_delete", centre.pk))
    text = answer.content.decode()
    assert "Kilim 3" in text
    assert "Kurs: 2 kayıt daha" in text
    manager.post(page("coursecentre_delete", centre.pk), {"post": "yes"})
    assert CourseCentre.objects.filter(pk=centre.pk).exists()


def test_what_a_deletion_takes_along_names_no_bare_links(manager):
    centre = make.centre()
    make.teacher().centres.add(centre)
    text = manager.get(page("coursecentre_delete", centre.pk)).content.decode()
    assert "object (" not in text
    assert "relationship" not in text


def test_a_centre_without_anything_is_deleted(manager):
    centre = make.centre()
    manager.post(page("coursecentre_delete", centre.pk), {"post": "yes"})
    assert not CourseCentre.objects.filter(pk=centre.pk).exists()


def test_the_address_of_a_centre_is_made_and_the_old_one_kept(manager):
    place = make.neighbourhood()
    data = typed(
        manager.get(page("coursecentre_add")),
        name="Işık Mahallesi Kurs Merkezi",
        neighbourhood=place.pk,
    )
    assert manager.post(page("coursecentre_add"), data).status_code == 302
    centre = CourseCentre.objects.get()
    assert centre.slug == "isik-mahallesi-kurs-merkezi"
    form = manager.get(page("coursecentre_change", centre.pk))
    manager.post(page("coursecentre_change", centre.pk), typed(form, slug="isik"))
    old = SlugRedirect.objects.get()
    assert (old.slug, old.object) == ("isik-mahallesi-kurs-merkezi", centre)


def test_an_address_that_exists_is_refused_at_its_field(manager):
    make.centre("Birinci", slug="akmese")
    second = make.centre("İkinci")
    form = manager.get(page("coursecentre_change", second.pk))
    answer = manager.post(page("coursecentre_change", second.pk), typed(form, slug="akmese"))
    assert list(errors(answer)) == ["slug"]


def test_a_room_of_the_same_name_is_refused_in_its_row(manager):
    centre = make.centre()
    make.room(centre, name="Dokuma atölyesi")
    form = manager.get(page("coursecentre_change", centre.pk))
    data = added(shown(form), "rooms", {"name": "Dokuma atölyesi", "capacity": "10"})
    answer = manager.post(page("coursecentre_change", centre.pk), data)
    assert "Dokuma atölyesi" in answer.content.decode()
    assert answer.status_code == 200
    assert centre.rooms.count() == 1


def test_a_copied_programme_brings_its_modules(manager):
    programme = make.programme("Kilim Dokuma")
    programme.modules.create(name="Çözgü", hours=40, order=1)
    programme.modules.create(name="Dokuma", hours=80, order=2)
    data = shown(manager.get(f"{page('programme_add')}?copy={programme.pk}"))
    answer = manager.post(page("programme_add"), data | {"name": "Kilim Dokuma 2"})
    assert answer.status_code == 302, errors(answer)
    copy = Programme.objects.get(name="Kilim Dokuma 2")
    assert [module.name for module in copy.modules.all()] == ["Çözgü", "Dokuma"]
