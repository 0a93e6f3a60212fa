"""The view that gives out photos: who gets which bytes, and until when (DESIGN.md §3, Photos)."""

import shutil
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.files.storage import default_storage
from django.urls import reverse

from exhibitions.enums import ExhibitionState, PeopleOn, WorkState
from exhibitions.models import Photo, PhotoPerson
from exhibitions.services import (
    describe_photo,
    set_focal_point,
    unpublish_exhibition,
    withdraw_work,
)
from izmek.accounts.roles import Role
from izmek.media.photos import rendition_names
from izmek.media.room import DiskStorage, StorageAway
from tests import factories as make
from trainees.enums import Purpose
from trainees.services import withdraw_consent

pytestmark = pytest.mark.django_db

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


@pytest.fixture
def work(media):
    return make.work()


@pytest.fixture
def photo(work):
    """A photo of a work in an open exhibition."""
    make.exhibition(works=[work])
    return make.photo(files=True, work=work)


def get(client, photo, name=None, **headers):
    return client.get(photo.url(name or f"{photo.width}.webp"), headers=headers)


def test_every_size_but_the_master_is_given_out(client, photo):
    for name in rendition_names(photo.width):
        answer = get(client, photo, name)
        if name == "master.jpg":
            assert answer.status_code == 404
            continue
        assert answer.status_code == 200
        assert answer["Content-Type"] == TYPES[name.rpartition(".")[2]]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert len(b"".join(answer.streaming_content)) > 100


def test_the_master_is_given_to_nobody(client, photo):
    client.force_login(make.user(Role.MANAGER))
    assert get(client, photo, "master.jpg").status_code == 404


@pytest.mark.parametrize("name", ["5000.webp", "620.png", "..%2fmaster.jpg", "620.webp.jpg", "x"])
def test_no_other_name_is_served(client, photo, name):
    assert client.get(photo.url("620.webp").replace("620.webp", name)).status_code == 404


@pytest.mark.parametrize("key", ["0" * 32, "x" * 32, "1", "%00" * 8])
def test_an_unknown_id_is_not_found(client, db, key):
    assert client.get(f"/gorsel/{key}/620.webp").status_code == 404


def test_public_bytes_are_revalidated_and_read_no_session(client, photo, django_assert_num_queries):
    client.force_login(make.user(Role.MANAGER))
    with django_assert_num_queries(1):
        answer = get(client, photo)
    assert answer["Cache-Control"] == "no-cache"
    assert not answer["ETag"].startswith("W/")
    assert "Vary" not in answer
    assert not answer.cookies
    with django_assert_num_queries(1):
        again = get(client, photo, if_none_match=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "no-cache"


def test_the_share_card_has_a_new_etag_when_it_is_cut_anew(client, photo):
    before = get(client, photo, "share.jpg")["ETag"]
    set_focal_point(photo=photo, focal_point="t", by=None)
    assert get(client, photo, "share.jpg", if_none_match=before).status_code == 200


def test_where_the_share_card_cannot_be_written_the_focal_point_stays(photo, monkeypatch):
    """Else it would be told that nothing was saved, and the card be another or none."""

    def away(*_given):
        raise StorageAway

    before = (photo.focal_point, photo_bytes(photo))
    monkeypatch.setattr(DiskStorage, "_save", away)
    with pytest.raises(StorageAway):
        set_focal_point(photo=photo, focal_point="t", by=None)
    photo.refresh_from_db()
    assert (photo.focal_point, photo_bytes(photo)) == before


def photo_bytes(photo):
    with default_storage.open(f"{photo.folder}/share.jpg") as file:
        return file.read()


def test_unpublished_is_gone_with_the_next_request_even_from_a_cache(client, photo, work):
    etag = get(client, photo)["ETag"]
    unpublish_exhibition(exhibition=work.exhibitions.get(), by=None)
    assert get(client, photo, if_none_match=etag).status_code == 404


def test_a_photo_that_nobody_has_described_waits(client, work):
    at = make.exhibition(works=[work])
    photos = [make.photo(files=True, alt="", **of) for of in ({"work": work}, {"exhibition": at})]
    for page in (work.get_absolute_url(), at.get_absolute_url(), "/sergiler/", "/eserler/"):
        assert b"/gorsel/" not in client.get(page).content
    for photo in photos:
        assert get(client, photo).status_code == 404
        describe_photo(photo=photo, alt="Mavi zeminde karanfil", decorative=False, by=None)
        assert get(client, photo).status_code == 200


def test_withdrawn_work(client, photo, work):
    withdraw_work(work=work, reason="Sahibi istedi", by=None)
    assert get(client, photo).status_code == 404


def test_a_person_on_it_who_withdraws_her_consent(client, work):
    make.exhibition(works=[work])
    person = make.trainee()
    make.consent(person, Purpose.PHOTO)
    photo = make.photo(files=True, work=work, people=PeopleOn.TRAINEES)
    PhotoPerson.objects.create(photo=photo, trainee=person)
    assert get(client, photo).status_code == 200
    withdraw_consent(purpose=Purpose.PHOTO, channel="phone", by=None, trainee=person)
    assert get(client, photo).status_code == 404


def test_drafts_are_for_who_may_see_them(client, work):
    photo = make.photo(files=True, work=work)
    make.exhibition(works=[work], state=ExhibitionState.DRAFT)
    assert get(client, photo).status_code == 404
    for user, status in (
        (make.user(Role.CURATOR), 200),
        (make.user(Role.OFFICER, centres=[work.centre]), 200),
        (make.user(Role.OFFICER, centres=[make.centre()]), 404),
        (make.user(), 404),
    ):
        client.force_login(user)
        answer = get(client, photo)
        assert answer.status_code == status, user.roles
        if status == 200:
            assert answer["Cache-Control"] == "private, no-store"


def test_drafts_need_the_second_factor_that_the_pages_need(client, work, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    photo = make.photo(files=True, work=work)
    for role in (Role.MANAGER, Role.CURATOR, Role.AUDITOR):
        user = make.user(role)
        client.force_login(user)
        assert get(client, photo).status_code == 404
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        assert get(client, photo).status_code == 200


def later(minutes):
    return time_machine.travel(time.time() + minutes * 60)


def test_a_draft_is_not_seen_at_a_screen_that_was_left(client, work, settings):
    settings.STAFF_IDLE_MINUTES, settings.SESSION_COOKIE_AGE = 60, 100 * 3600
    photo = make.photo(files=True, work=work)
    client.force_login(make.user(Role.CURATOR))
    client.get("/yonetim/")
    with later(59):
        assert get(client, photo).status_code == 200
    with later(61):
        assert get(client, photo).status_code == 404
    settings.STAFF_IDLE_MINUTES = 0
    with later(11.9 * 60):
        assert get(client, photo).status_code == 200
    with later(12.1 * 60):
        assert get(client, photo).status_code == 404


def test_photos_of_exhibitions_and_centres(client, media):
    exhibition, centre = make.exhibition(), make.centre()
    of_exhibition, of_centre = (
        make.photo(files=True, exhibition=exhibition),
        make.photo(files=True, centre=centre),
    )
    assert get(client, of_exhibition).status_code == 200
    assert get(client, of_centre).status_code == 200
    centre.in_use = False
    centre.save()
    assert get(client, of_centre).status_code == 404


def test_in_production_nginx_sends_the_bytes(client, photo, settings):
    settings.PHOTO_ACCEL_PREFIX = "/ic/"
    answer = get(client, photo, "share.jpg")
    assert answer["X-Accel-Redirect"] == f"/ic/photos/{photo.id.hex}/share.jpg"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content == b""


def test_a_lost_file_is_not_found(client, photo, media):
    shutil.rmtree(media / photo.folder)
    assert get(client, photo).status_code == 404


@pytest.mark.parametrize("kind", ["work", "exhibition", "coursecentre", "photo"])
def test_the_files_go_with_the_photo_whatever_it_is_deleted_with(
    client, media, kind, django_capture_on_commit_callbacks
):
    owner = {
        "work": lambda: {"work": make.work(state=WorkState.DRAFT)},
        "exhibition": lambda: {"exhibition": make.exhibition(state=ExhibitionState.DRAFT)},
        "coursecentre": lambda: {"centre": make.centre()},
        "photo": lambda: {"centre": make.centre()},
    }[kind]()
    photo = make.photo(files=True, **owner)
    row = photo if kind == "photo" else next(iter(owner.values()))
    client.force_login(make.user(Role.MANAGER))
    url = reverse(f"admin:{row._meta.app_label}_{kind}_delete", args=[row.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"post": "yes"}).status_code == 302
        assert not Photo.objects.exists()
        assert default_storage.exists(f"{photo.folder}/master.jpg")  # until the commit
    assert not default_storage.exists(photo.folder)


def test_a_deleted_photo_is_not_brought_back_as_its_files_are_gone(client, media):
    photo = make.photo(work=make.work())
    photo.delete()
    client.force_login(make.user(Role.MANAGER))
    assert client.get(reverse("admin:exhibitions_photo_deleted")).status_code == 403
    version = Photo.history.latest().pk
    again = client.post(reverse("admin:exhibitions_photo_undelete", args=[version]))
    assert again.status_code == 403
    assert not Photo.objects.exists()
